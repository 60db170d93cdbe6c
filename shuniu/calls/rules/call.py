"""May this person do this to this call now?"""

from __future__ import annotations

from shuniu import policy
from shuniu.calls.models import Call
from shuniu.foundation.access import YES, Verdict, Who, first_refusal, refuse, register_refusals
from shuniu.foundation.calendar import clock
from shuniu.foundation.calendar.working_days import table
from shuniu.foundation.ui.formats import until
from shuniu.unions.models import Union

register_refusals(
    {
        "calls.not_issuer": "按《{title}》，只有{level}工会可以据此发出通知，{union}不能发出。",
        "calls.no_document": "制度库里没有本会可以依据的这份制度。请重新选择。",
        "calls.clerk_only": "这件事由{union}的经办人办理。",
        "calls.approver_only": "审签由{union}的复核人或领导办理。",
        "calls.same_person": "审签人与提交人不能是同一人（按实名和手机核对）。请由另一位复核人或领导审签。",
        "calls.not_draft": "这份通知现在是“{state}”，不能再按起草稿修改。需要改动请走“更正”。",
        "calls.not_pending": "这份通知现在是“{state}”，不在待审签状态。",
        "calls.incomplete": "通知还不完整：{missing}。请补齐后再提交审签。",
        "calls.reason_needed": "请写明理由。",
        "calls.not_running": "这份通知现在是“{state}”，不能办理这一步。",
        "calls.window_past": "报名截止时间 {until} 已经过去。请先调整时间表再发布。",
        "calls.stage_unfinished": "“{current}”还没有办完：{left}。",
        "calls.version": "这份通知刚被别人改过，您的修改没有保存。请对照最新内容后再保存。",
        "calls.amend_nothing": "更正没有改变任何内容。请至少修改一项。",
        "calls.question_closed": "报名截止后不再受理提问，请按通知上的电话联系。",
        "calls.answered": "这个问题已经答复并公布，不能再改。答复有误的，请通过“更正”公布。",
    }
)

APPROVERS = ("checker", "leader")


def is_clerk(who: Who, union: Union) -> Verdict:
    """The responsible department's clerk of this very union."""
    return YES if who.acts_for(union.pk, "clerk") else refuse("calls.clerk_only", union=union.name)


def may_compose(who: Who, union: Union, document: policy.Document) -> Verdict:
    """Only a clerk, and only a union that the document allows (第四条; B17: the municipal union)."""
    level = "、".join(policy.LEVELS[x] for x in document.issuer.may_open)
    allowed = (
        YES
        if union.level in document.issuer.may_open
        else refuse(
            "calls.not_issuer",
            clause=document.issuer.clause,
            title=document.title,
            level=level,
            union=union.name,
        )
    )
    return first_refusal([is_clerk(who, union), allowed])


def may_edit(who: Who, call: Call) -> Verdict:
    """A draft is the clerk's; what was published is changed by amendment only."""
    state = YES if call.state == Call.State.DRAFT else refuse("calls.not_draft", state=call.state_word)
    return first_refusal([is_clerk(who, call.union), state])


def may_approve(who: Who, call: Call) -> Verdict:
    """A checker or leader, another natural person than who submitted."""
    if not who.acts_for(call.union_id, *APPROVERS):
        return refuse("calls.approver_only", union=call.union.name)
    if call.state != Call.State.PENDING:
        return refuse("calls.not_pending", state=call.get_state_display())
    person = who.person
    if person is None or person.pk == call.submitted_by_id or person.identity == call.submitted_identity:
        return refuse("calls.same_person")
    return YES


def window_ahead(call: Call) -> Verdict:
    """A call is published before its window ends."""
    if call.apply_until is None or call.apply_until <= clock.now():
        said = until(call.apply_until) if call.apply_until else "未填写"
        return refuse("calls.window_past", until=said)
    return YES


def table_covers(call: Call) -> None:
    """MissingYear when a stage ends in a year whose holidays nobody has confirmed."""
    days = table()
    for stage in call.stages.all():
        if stage.ends_on:
            days.works(stage.ends_on)


def is_running(call: Call) -> Verdict:
    """A published call that is neither finished nor cancelled."""
    if call.state == Call.State.PUBLISHED:
        return YES
    return refuse("calls.not_running", state=call.get_state_display())


def has_reason(reason: str) -> Verdict:
    """A written reason."""
    return YES if reason.strip() else refuse("calls.reason_needed")


def may_ask(call: Call) -> Verdict:
    """Questions are taken while the window is open."""
    now = clock.now()
    open_now = (
        call.state == Call.State.PUBLISHED
        and call.apply_from is not None
        and call.apply_until is not None
        and now < call.apply_until
    )
    return YES if open_now else refuse("calls.question_closed")
