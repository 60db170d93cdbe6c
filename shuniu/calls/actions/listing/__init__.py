"""名单: freezing, 公示, publication, correction."""

from shuniu.calls.actions.listing.corrections import (
    propose_correction,
    publish_correction,
    refuse_correction,
)
from shuniu.calls.actions.listing.formal import freeze_formal, publish_formal
from shuniu.calls.actions.listing.publicity import (
    approve_shortlist,
    close_due,
    recompute_open,
    tell_outcomes,
)
from shuniu.calls.actions.listing.shortlist import freeze_shortlist, return_list

__all__ = [
    "approve_shortlist", "close_due", "freeze_formal", "freeze_shortlist", "propose_correction",
    "publish_correction", "publish_formal", "recompute_open", "refuse_correction", "return_list",
    "tell_outcomes",
]  # fmt: skip
