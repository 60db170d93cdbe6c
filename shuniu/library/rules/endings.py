"""May a published document be taken out of use, and may something new begin under it?"""

from __future__ import annotations

from shuniu.foundation.access import YES, Verdict, Who, first_refusal, refuse, register_refusals
from shuniu.library.models import Ending, Release
from shuniu.library.rules.documents import in_use
from shuniu.library.rules.uploads import APPROVERS
from shuniu.unions.rules import second_person

register_refusals(
    {
        "library.end_shipped": "随系统提供的制度不在这里停用。不再采用的，不据此发起通知即可。",
        "library.end_keeper": "停用由发布这份制度的工会（{union}）的安全管理员提请。",
        "library.end_approver": "停用由{union}的复核人、领导或另一位安全管理员确认。",
        "library.end_reason": "没有写理由。请写明，停用的理由所有人都能看到。",
        "library.end_waits": "《{title}》已经提请停用，正在等待确认。",
        "library.end_state": "这次停用现在是“{state}”，不能再办理。请刷新页面核对。",
    }
)


def may_end(who: Who, release: Release | None) -> Verdict:
    """The security administrator of the union that published it, while it is in use."""
    if release is None:
        return refuse("library.end_shipped")
    if not who.acts_for(release.union_id, "sec_admin"):
        return refuse("library.end_keeper", union=release.union.name)
    return first_refusal((in_use(release), _is_free(release)))


def _is_free(release: Release) -> Verdict:
    if release.endings.filter(state=Ending.State.PROPOSED).exists():
        return refuse("library.end_waits", title=release.document.title)
    return YES


def may_decide_end(who: Who, ending: Ending) -> Verdict:
    """Another natural person of the union than the one who proposed."""
    if not who.acts_for(ending.union_id, *APPROVERS):
        return refuse("library.end_approver", union=ending.union.name)
    if ending.state != Ending.State.PROPOSED:
        return refuse("library.end_state", state=ending.get_state_display())
    return second_person(who, ending.proposed_by_id)
