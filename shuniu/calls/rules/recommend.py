"""May this union visit, recommend, confirm now?"""

from __future__ import annotations

from shuniu.calls.models import Application, Call, CallStage, Recommendation, Stage, Visit
from shuniu.calls.rules.call import APPROVERS, is_running
from shuniu.foundation.access import YES, Verdict, Who, first_refusal, refuse, register_refusals
from shuniu.foundation.calendar import clock

register_refusals(
    {
        "calls.recommender_only": "这份申报由{union}推荐，只有该工会的{office}可以办理。",
        "calls.no_recommender": "请选择推荐工会：申报经所选工会审核、推荐后，才进入评议。",
        "calls.wrong_recommender": "{union}不能推荐本次申报。请从名单中选择推荐工会。",
        "calls.recommender_stays": "申报提交后不能更换推荐工会。确需更换的，请先撤回申报再重新申报。",
        "calls.no_quota": "办法没有给{union}推荐名额，不能推荐。",
        "calls.quota_full": "{union}的推荐名额已满（{used}/{at_most}）。要换一家，请先收回一个推荐。",
        "calls.not_to_recommend": "只有审核通过并已生效、由本工会推荐的申报才能推荐。请先完成审核。",
        "calls.not_visited": "办法要求先实地评估，双方签字后才能推荐。请先办理“{organisation}”的实地评估。",
        "calls.recommend_late": "推荐已于 {last} 截止，不能再推荐或审签。",
        "calls.recommend_stage": "本次评选现在是“{stage}”环节，实地评估和推荐不在这一环节办理。",
        "calls.recommended_already": "这份申报已经推荐，不能重复办理。",
        "calls.recommendation_stays": "推荐已经办结，不能改动或删除。",
        "calls.recommendation_over": "这份推荐已经{state}，不能再办理。请刷新页面。",
        "calls.recommend_same": "审签人与提请推荐的人不能是同一人（按实名和手机核对）。请由另一位复核人或领导审签。",
        "calls.visit_stays": "实地评估已经签字，不能再改。",
        "calls.visit_marks_left": "还有没打分的项目：{left}。请逐项打分后再签字。",
        "calls.visit_opinion": "请写明评估意见，再签字。",
        "calls.visit_early": "评估时间是 {at}，到时才能打分和签字。",
        "calls.visit_unsigned": "评估工会还没有签字。签字后会通知您核对。",
        "calls.visit_photos": "请至少上传一张现场照片，再签字。",
    }
)

ROUND = ("check", "correct", "site_visit", "recommend")
"""The stages in which each recommending union goes at its own pace: check, visit, recommend."""


def stage_of(call: Call) -> CallStage | None:
    """Where the call stands."""
    return next((s for s in call.stages.all() if s.key == call.stage), None)


def in_round(call: Call) -> Verdict:
    """The recommending unions are at work, and their last day is not over."""
    running = is_running(call)
    if not running:
        return running
    stage = stage_of(call)
    if stage is None or stage.kind not in ROUND:
        return refuse("calls.recommend_stage", stage=stage.label if stage else call.get_state_display())
    last = next((s.ends_on for s in call.stages.all() if s.kind == "recommend"), None)
    if last is not None and clock.today() > last:
        return refuse("calls.recommend_late", last=f"{last:%Y-%m-%d} 24:00")
    return YES


def is_recommender(who: Who, application: Application, *roles: str) -> Verdict:
    """The office of the union through which the application goes."""
    union = application.recommender
    if union is not None and who.acts_for(union.pk, *roles):
        return YES
    office = "复核人或领导" if set(roles) == set(APPROVERS) else "经办人"
    return refuse("calls.recommender_only", union=union or "推荐工会", office=office)


def passed(application: Application) -> Verdict:
    """The check is over, well, and told."""
    if application.stage == Stage.QUALIFIED and application.released_at is not None:
        return YES
    return refuse("calls.not_to_recommend")


def visits_first(call: Call) -> bool:
    """Whether the document wants a visit before a recommendation."""
    return any(s.kind == "site_visit" for s in call.stages.all())


def may_visit(who: Who, application: Application) -> Verdict:
    """Plan, score and sign a visit: the recommending union's clerk, after the check."""
    return first_refusal(
        [is_recommender(who, application, "clerk"), in_round(application.call), passed(application)]
    )


def may_change_visit(who: Who, visit: Visit) -> Verdict:
    """Until the union's side has signed."""
    return first_refusal(
        [may_visit(who, visit.application), YES if visit.signed_at is None else refuse("calls.visit_stays")]
    )


def may_answer(who: Who, visit: Visit) -> Verdict:
    """The organisation's own member signs what the union has signed, once."""
    if who.organisation_id != visit.application.organisation_id:
        return refuse("calls.not_member", organisation=visit.application.organisation.name)
    if visit.signed_at is None:
        return refuse("calls.visit_unsigned")
    return YES if visit.answered_at is None else refuse("calls.visit_stays")


def may_propose(who: Who, application: Application, visit: Visit | None) -> Verdict:
    """One of the union's places for this application: its clerk, in time, after check and visit."""
    visited = YES
    if visits_first(application.call) and (visit is None or visit.answered_at is None):
        visited = refuse("calls.not_visited", organisation=application.organisation.name)
    return first_refusal(
        [
            is_recommender(who, application, "clerk"),
            in_round(application.call),
            passed(application),
            visited,
        ]
    )


def is_waiting(row: Recommendation) -> Verdict:
    """Proposed, neither confirmed nor taken back."""
    if row.ended_at is not None:
        return refuse("calls.recommendation_over", state="收回")
    return YES if row.confirmed_at is None else refuse("calls.recommendation_over", state="审签")


def may_confirm(who: Who, row: Recommendation) -> Verdict:
    """The second person of the recommending union, in time."""
    me = who.person.identity if who.person else ""
    return first_refusal(
        [
            is_recommender(who, row.application, *APPROVERS),
            in_round(row.application.call),
            is_waiting(row),
            refuse("calls.recommend_same") if me == row.proposed_identity else YES,
        ]
    )


def may_take_back(who: Who, row: Recommendation) -> Verdict:
    """A proposal by the office, a confirmed one by its approvers, while the round lasts."""
    if row.ended_at is not None:
        return refuse("calls.recommendation_over", state="收回")
    roles = APPROVERS if row.confirmed_at is not None else ("clerk", *APPROVERS)
    return first_refusal([is_recommender(who, row.application, *roles), in_round(row.application.call)])
