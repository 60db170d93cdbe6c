"""May this person write, release, ask for improvement, report, look again?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shuniu.calls.models import Application, Call, Feedback, Improvement
from shuniu.calls.queries.apply import is_told
from shuniu.calls.queries.feedback import DECIDED, OFFICE, expert_names, scorers_of
from shuniu.calls.queries.outcome import stage_word
from shuniu.calls.rules.call import APPROVERS, is_clerk
from shuniu.foundation.access import YES, Verdict, Who, first_refusal, refuse, register_refusals
from shuniu.foundation.accounts.models import same_natural_person

register_refusals(
    {
        "calls.feedback_early": "结果告知申报单位以后才能反馈。这份申报现在是“{stage}”，还没有告知结果。",
        "calls.feedback_state": "这份反馈现在是“{state}”，不能办理这一步。请刷新页面。",
        "calls.feedback_empty": "请写综合意见，再提交审签。",
        "calls.feedback_names": "反馈中出现了评审专家的姓名（{where}）。请删去：不得让申报单位知道哪位专家说了什么。",
        "calls.feedback_same": "审签人与提交人不能是同一人（按实名和手机核对）。请由另一位复核人或领导审签。",
        "calls.feedback_stays": "反馈已经发出，不能再改。确有错误的，请另行书面更正。",
        "calls.feedback_version": "这份反馈刚被别人改过，您的修改没有保存。请对照最新内容后再保存。",
        "calls.improvement_office": "这件改进事项由{union}的经办人、复核人或领导办理。",
        "calls.improvement_early": "结果告知申报单位以后，才能列改进事项。",
        "calls.improvement_state": "这件改进事项现在是“{state}”，不能办理这一步。请刷新页面。",
        "calls.improvement_words": "请写明{what}。",
        "calls.improvement_days": "改进期限应为 1 至 {most} 个工作日。",
        "calls.improvement_row": "评分表没有这一项。请从列表中选择。",
        "calls.improvement_evidence": "这件事项要求提交佐证（{wants}）。请先上传文件，再报告。",
        "calls.improvement_scored": "您给这家单位打过分，不能复查它的改进。请由没有打过分的人复查。",
        "calls.improvement_stays": "改进事项已经办结或者记录在案，不能改写或删除。",
    }
)

MOST_DAYS = 250


def is_decided(application: Application) -> Verdict:
    """Decided, and the applicant has been told."""
    if application.stage in DECIDED and application.released_at is not None and is_told(application):
        return YES
    return refuse("calls.feedback_early", stage=stage_word(application))


def feedback_in(row: Feedback | None, *states: str) -> Verdict:
    """The feedback is in one of these states; none yet counts as a draft."""
    state = row.state if row else Feedback.State.DRAFT
    if state in states:
        return YES
    return refuse("calls.feedback_state", state=Feedback.State(state).label)


def may_write(who: Who, application: Application, row: Feedback | None) -> Verdict:
    """The clerk of the union that runs the call, once the result is told."""
    return first_refusal(
        [
            is_clerk(who, application.call.union),
            is_decided(application),
            feedback_in(row, Feedback.State.DRAFT),
        ]
    )


def is_fit(application: Application, summary: str, comments: Mapping[str, str]) -> Verdict:
    """Something is said, and no expert is named."""
    if not summary.strip():
        return refuse("calls.feedback_empty")
    names = expert_names(application)
    labels = dict(application.call.rubric.values_list("key", "label"))
    for key, text in (("", summary), *comments.items()):
        if any(name in text for name in names):
            return refuse("calls.feedback_names", where=labels.get(key, "综合意见"))
    return YES


def may_release(who: Who, row: Feedback) -> Verdict:
    """A checker or leader, another natural person than who submitted."""
    call: Call = row.application.call
    if not who.acts_for(call.union_id, *APPROVERS):
        return refuse("calls.approver_only", union=call.union.name)
    me, first = who.person, row.submitted_by
    same = me is not None and first is not None and same_natural_person(me, first)
    return first_refusal(
        [feedback_in(row, Feedback.State.SUBMITTED), refuse("calls.feedback_same") if same else YES]
    )


def holder_of(application: Application) -> int:
    """The union that looks after improvements: the one that recommended, else the one that runs the call."""
    return application.recommender_id or application.call.union_id


def may_ask(who: Who, application: Application) -> Verdict:
    """The clerk of the union that recommends or that runs the call, once the result is told."""
    if not any(who.acts_for(pk, "clerk") for pk in (holder_of(application), application.call.union_id)):
        union = application.recommender or application.call.union
        return refuse("calls.improvement_office", union=union.name)
    return YES if is_decided(application) else refuse("calls.improvement_early")


def may_offer(who: Who, application: Application) -> Verdict:
    """A member of the organisation itself, once the result is told."""
    if who.organisation_id != application.organisation_id:
        return refuse("calls.not_member", organisation=application.organisation.name)
    return YES if is_decided(application) else refuse("calls.improvement_early")


def improvement_in(row: Improvement, state: str) -> Verdict:
    """The improvement is in this state."""
    return YES if row.state == state else refuse("calls.improvement_state", state=row.get_state_display())


def is_office(who: Who, row: Improvement) -> Verdict:
    """The office of the union that looks again."""
    if who.acts_for(row.union_id, *OFFICE):
        return YES
    return refuse("calls.improvement_office", union=row.union.name)


def may_settle(who: Who, row: Improvement) -> Verdict:
    """Take what the organisation offered, or not: the union's office."""
    return first_refusal([is_office(who, row), improvement_in(row, Improvement.State.PROPOSED)])


def may_report(who: Who, row: Improvement) -> Verdict:
    """The organisation tells what it did."""
    if who.organisation_id != row.application.organisation_id:
        return refuse("calls.not_member", organisation=row.application.organisation.name)
    return improvement_in(row, Improvement.State.OPEN)


def may_recheck(who: Who, row: Improvement) -> Verdict:
    """Somebody of the union's office who has given this organisation no points in the call."""
    return first_refusal(
        [
            is_office(who, row),
            improvement_in(row, Improvement.State.REPORTED),
            refuse("calls.improvement_scored") if has_scored(who, scorers_of(row.application)) else YES,
        ]
    )


def has_scored(who: Who, scorers: Iterable[object]) -> bool:
    """Whether the asker is one of them, as a natural person."""
    me = who.person
    return me is not None and any(same_natural_person(me, other) for other in scorers)  # type: ignore[arg-type]


def has_words(text: str, what: str) -> Verdict:
    """Something is written."""
    return YES if text.strip() else refuse("calls.improvement_words", what=what)


def are_days(days: int) -> Verdict:
    """A number of working days that somebody can work with."""
    return YES if 1 <= days <= MOST_DAYS else refuse("calls.improvement_days", most=MOST_DAYS)
