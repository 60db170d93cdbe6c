"""May this person propose, change, submit or confirm an assignment?"""

from __future__ import annotations

from collections.abc import Collection

from shuniu.calls.models import AssignmentPlan, Call
from shuniu.calls.rules import panel
from shuniu.calls.rules.scoring import APPROVERS
from shuniu.foundation.access import YES, Verdict, Who, first_refusal, refuse, register_refusals

register_refusals(
    {
        "calls.no_assignment": "这份通知没有正在评分、由部分委员评审的类别，不用分派。",
        "calls.plan_open": "第 {number} 次分派还没有办完。请先审签或放弃，再重新分派。",
        "calls.plan_undeclared": "还有 {n} 位委员没有作回避声明，不知道他们能评哪些单位。请等声明，或替换委员。",
        "calls.nothing_short": "各家单位的评审委员都已够数，不用再分派。",
        "calls.plan_stays": "这份分派方案已经提交、生效或放弃，不能再改。需要修改的，请由审签人退回，或另行分派。",
        "calls.plan_gaps_why": "还有 {n} 家单位的评审委员不够数。请补派，或写明缺额提交的理由。",
        "calls.plan_self": "审签人与提交人不能是同一人，也不能是评审委员（按实名和手机核对）。",
        "calls.plan_decided": "这份分派方案不在等待审签。请刷新页面查看当前状态。",
        "calls.plan_stale": "方案中有 {n} 处已不成立：委员退出，或与单位存在回避情形。请放弃这份方案，重新分派。",
        "calls.plan_overload": "超过了每位委员最多评审的份数，没有办理。请改派给其他委员。",
        "calls.plan_foreign": "委员不在这家单位所属类别的评审委员会，不能分派。",
        "calls.change_unfit": "这位委员不能评审这家单位：已退出、应当回避，或已经在评。请从列出的委员中选择。",
        "calls.change_unknown": "方案里没有这一处分派，或这家单位不缺评审委员。请刷新页面后再调整。",
        "calls.not_assigned": "这家单位没有分派给这位委员，不能评分。",
        "calls.reviews_short": "还有 {n} 家单位的评审委员不够数。请先补派并审签，再结束评分。",
    }
)  # fmt: skip


def may_ask(
    who: Who, call: Call, *, committees: int, waiting: AssignmentPlan | None, undeclared: int, missing: int
) -> Verdict:
    """The clerk has an assignment computed: everybody declared, something is missing, no other one is open."""
    verdicts = [panel.may_run(who, call)]
    if not committees:
        verdicts.append(refuse("calls.no_assignment"))
    if waiting is not None:
        verdicts.append(refuse("calls.plan_open", number=waiting.number))
    if undeclared:
        verdicts.append(refuse("calls.plan_undeclared", n=undeclared))
    if not missing:
        verdicts.append(refuse("calls.nothing_short"))
    return first_refusal(verdicts)


def may_change(who: Who, plan: AssignmentPlan) -> Verdict:
    """The clerk, while the proposal lies with them."""
    mine = YES if plan.state == AssignmentPlan.State.PROPOSED else refuse("calls.plan_stays")
    return first_refusal([panel.may_run(who, plan.call), mine])


def may_drop(who: Who, plan: AssignmentPlan) -> Verdict:
    """The clerk, before it was submitted."""
    early = plan.state in {AssignmentPlan.State.COMPUTING, AssignmentPlan.State.PROPOSED}
    return first_refusal([panel.may_run(who, plan.call), YES if early else refuse("calls.plan_stays")])


def may_submit(who: Who, plan: AssignmentPlan, *, gaps: int, stale: int, reason: str) -> Verdict:
    """What two people let pass is said with its reason."""
    verdicts = [may_change(who, plan)]
    if stale:
        verdicts.append(refuse("calls.plan_stale", n=stale))
    if gaps and not reason.strip():
        verdicts.append(refuse("calls.plan_gaps_why", n=gaps))
    return first_refusal(verdicts)


def may_decide(who: Who, plan: AssignmentPlan, *, experts: Collection[str]) -> Verdict:
    """A checker or leader, neither who submitted nor a member (`experts`: their identities)."""
    call = plan.call
    if not who.acts_for(call.union_id, *APPROVERS):
        return refuse("calls.approver_only", union=call.union.name)
    if plan.state != AssignmentPlan.State.SUBMITTED:
        return refuse("calls.plan_decided")
    identity = who.person.identity if who.person else ""
    if not identity or identity == plan.submitted_identity or identity in experts:
        return refuse("calls.plan_self")
    return YES
