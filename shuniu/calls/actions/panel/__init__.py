"""The review's people: pool, committee and draw, seats and recusals."""

from shuniu.calls.actions.panel.draws import commit, establish, freeze, reveal
from shuniu.calls.actions.panel.lapses import lapse_due
from shuniu.calls.actions.panel.pool import (
    add_expert,
    change_expert,
    invite_expert,
    particulars_of,
    retire_expert,
    sign_undertaking,
)
from shuniu.calls.actions.panel.seats import (
    declare,
    decline,
    open_scoring,
    recuse,
    replace,
)

__all__ = [
    "add_expert", "change_expert", "commit", "declare", "decline", "establish", "freeze", "invite_expert", "lapse_due",
    "open_scoring", "particulars_of", "recuse", "replace", "retire_expert", "reveal", "sign_undertaking",
]  # fmt: skip
