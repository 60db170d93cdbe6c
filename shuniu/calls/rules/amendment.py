"""What of a published call may be amended, and by whom."""

from __future__ import annotations

from shuniu.calls.models import Amendment
from shuniu.calls.rules.call import APPROVERS, is_running
from shuniu.foundation.access import YES, Verdict, Who, refuse, register_refusals

register_refusals(
    {
        "calls.amend_done": "这份更正已经办结，不能再审签。",
        "calls.amend_backwards": "更正不能把截止时间提前，也不能改成已经过去的时间。",
        "calls.amend_stale": "提出这份更正以后，“{what}”又有了变动，不能按原来的内容公布。请不同意，由经办人重新提出。",
    }
)


def may_approve(who: Who, amendment: Amendment) -> Verdict:
    """A checker or leader, another natural person than who proposed it."""
    if not who.acts_for(amendment.call.union_id, *APPROVERS):
        return refuse("calls.approver_only", union=amendment.call.union.name)
    if amendment.published_at is not None or amendment.refused_reason:
        return refuse("calls.amend_done")
    if not (running := is_running(amendment.call)):
        return running
    person = who.person
    if (
        person is None
        or person.pk == amendment.proposed_by_id
        or person.identity == amendment.proposed_identity
    ):
        return refuse("calls.same_person")
    return YES
