"""May this person do this at the check desk now?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from shuniu import policy
from shuniu.calls import terms
from shuniu.calls.auditing import Standing
from shuniu.calls.entry import checks_apart
from shuniu.calls.models import Application, Call, Decision, Finding, LateRequest, Stage
from shuniu.calls.queries import audit as queries
from shuniu.calls.queries.apply import sections_of
from shuniu.calls.rules.apply import stamp
from shuniu.calls.rules.call import APPROVERS, is_clerk, is_running
from shuniu.calls.sections import SECTION_LABELS, section_label
from shuniu.foundation.access import YES, Verdict, Who, first_refusal, refuse, register_refusals
from shuniu.foundation.accounts.models import Person, same_natural_person
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui import formats
from shuniu.policy.facts import canonical
from shuniu.policy.words import FACT_TYPES
from shuniu.unions.models import Union

register_refusals(
    {
        "calls.checker_only": "这一步由{union}的复核人或领导办理。",
        "calls.desk_only": "这一步由{union}的经办人、复核人或领导办理。",
        "calls.audit_stage": "这份申报现在是“{stage}”，不能办理“{act}”。请刷新页面，看清最新情况。",
        "calls.check_not_open": (
            "现在是“{stage}”环节，补正和审核结论在资格审核环节办理。请先进入资格审核环节。"
        ),
        "calls.audit_moved": "您打开页面后，系统判断已更新（第 {run} 次）。请看过新的判断后再办理。",
        "calls.conclude_left": "还不能作出结论：{left}。请先逐条判断、确定理解，或一次性告知补正。",
        "calls.conclude_not_met": "有不符合的条件（{failed}），不能作出“符合”的结论。",
        "calls.conclude_no_ground": (
            "没有不符合的条件，不能作出“不符合”的结论。材料不足的，请先一次性告知补正。"
        ),
        "calls.conclude_clause": "“不符合”的结论要写明依据的条款。请从不符合的条件或制度条款中选择。",
        "calls.same_checker": "复核人与审核人不能是同一人（按实名和手机核对）。请由另一位复核人办理。",
        "calls.facts_changed": (
            "审核结论作出后情况有了变化，不能直接{act}。请退回，由经办人按最新情况重新审核。"
        ),
        "calls.other_conclusion": "这份申报的审核结论刚被改过。请刷新页面，看过新的结论后再办理。",
        "calls.correction_rounds": (
            "补正次数不超过 {rounds} 次（{basis}），已经用完。请按现有材料作出结论。"
        ),
        "calls.correction_nothing": "请至少选择一项要补正的内容。",
        "calls.correction_item": "“{item}”不是这份申报的内容，不能要求补正。请从清单中选择。",
        "calls.correction_reason": "请写明“{item}”需要补正的原因，申报单位凭此修改。",
        "calls.assign_target": "{name}现在不是{union}的经办人，不能指派。请从名单中选择。",
        "calls.nothing_to_release": "这份申报现在是“{stage}”，没有待生效的审核结论。",
        "calls.released_already": "审核结论已于 {at} 生效并通知，不再重复通知。",
        "calls.no_such_question": "这份申报没有“{fact}”这一项人工判断。请刷新页面后再办理。",
        "calls.answered_meanwhile": "{name}刚刚对这一条作了判断。请对照后再决定是否修改。",
        "calls.answer_type": "“{label}”的答案应为{kind}，请按制度写明的种类和取值填写。",
        "calls.say_why_not": "判断为“不符合”的，请写明理由。",
        "calls.tick_version": "{name}刚刚保存过这一条，您的修改没有保存。请对照后再保存。",
        "calls.no_such_reading": "这一条没有这种理解。请从列出的理解中选择。",
        "calls.late_unknown": "社会组织库里没有代码为“{number}”的组织。请核对统一社会信用代码。",
        "calls.late_until": "延至的时间应晚于现在，也应晚于报名截止（{until}）。",
        "calls.late_over": "现在已进入“{stage}”环节，不能再准许补报。",
        "calls.late_pending": "{organisation}已有一份补报申请在等待批准，不必重复提请。",
        "calls.late_same": "批准人与提请人不能是同一人（按实名和手机核对）。请由另一位复核人或领导批准。",
        "calls.late_decided": "这份补报申请已经办理。请刷新页面查看结果。",
    }
)

DESK = ("clerk", *APPROVERS)
CHECK_KINDS = ("check", "correct")


def is_desk(who: Who, union: Union) -> Verdict:
    """Clerk, checker or leader of the union that checks."""
    return YES if who.acts_for(union.pk, *DESK) else refuse("calls.desk_only", union=union.name)


def is_checker(who: Who, union: Union) -> Verdict:
    """Checker or leader of the union that checks."""
    if who.acts_for(union.pk, *APPROVERS):
        return YES
    return refuse("calls.checker_only", union=union.name)


def at_stage(application: Application, act: str, *stages: str) -> Verdict:
    """The application stands where `act` can be done."""
    if application.stage in stages:
        return YES
    return refuse("calls.audit_stage", stage=application.get_stage_display(), act=act)


def check_is_open(call: Call) -> Verdict:
    """第五条 in order: conclusions and corrections belong to the call's check stage."""
    stage = next((s for s in call.stages.all() if s.key == call.stage), None)
    kinds = CHECK_KINDS if checks_apart(call.stages.all()) else (*CHECK_KINDS, "recommend")
    if stage is not None and stage.kind in kinds:
        return YES
    return refuse("calls.check_not_open", stage=stage.label if stage else call.get_state_display())


def fits(law: policy.Document, fact: str, value: object) -> Verdict:
    """第七条: the answer is of the type and among the values that the document declares."""
    spec = law.facts[fact]
    try:
        known, why = canonical(law, spec, value)
    except policy.FactError:
        known, why = None, ""
    empty = value is None or value == "" or value == []
    if empty or known is None or why:
        return refuse("calls.answer_type", label=spec.label, kind=FACT_TYPES[spec.type])
    return YES


def may_judge(who: Who, application: Application) -> Verdict:
    """Answer questions, tick, choose a reading: a clerk, while the application waits at the desk."""
    return first_refusal(
        [
            is_clerk(who, application.desk_union),
            is_running(application.call),
            at_stage(application, "审核", Stage.SUBMITTED),
        ]
    )


def may_fix_reading(who: Who, call: Call) -> Verdict:
    """One reading for everybody in the call is fixed by a checker or leader."""
    return first_refusal([is_checker(who, call.union), is_running(call)])


def rounds_left(application: Application) -> int:
    """How many corrections may still be asked for; the call's own term."""
    return max(
        terms.number_of(application.call, terms.CORRECTION_ROUNDS) - application.corrections.count(), 0
    )


def may_correct(who: Who, application: Application) -> Verdict:
    """Ask for a correction: a clerk, in the check stage, within the rounds of the call."""
    rounds = terms.number_of(application.call, terms.CORRECTION_ROUNDS)
    basis = terms.basis(application.call, terms.CORRECTION_ROUNDS)
    return first_refusal(
        [
            is_clerk(who, application.desk_union),
            is_running(application.call),
            at_stage(application, "一次性补正", Stage.SUBMITTED),
            check_is_open(application.call),
            YES
            if rounds_left(application)
            else refuse("calls.correction_rounds", rounds=rounds, basis=basis),
        ]
    )


def correctable(application: Application) -> dict[str, str]:
    """What can be asked to be mended, by key: parts of the form, and each of the call's materials."""
    parts = {key: SECTION_LABELS[key] for key in sections_of(application) if key != "materials"}
    return parts | {f"material:{m.key}": m.label for m in application.call.materials.all()}


def items_are_good(items: list[dict[str, str]], known: dict[str, str]) -> Verdict:
    """At least one item, each of this application, each with its reason. `known`: key → label."""
    if not items:
        return refuse("calls.correction_nothing")
    for item in items:
        if item["key"] not in known:
            return refuse("calls.correction_item", item=section_label(item["key"]))
        if not item["reason"].strip():
            return refuse("calls.correction_reason", item=known[item["key"]])
    return YES


def may_conclude(who: Who, application: Application) -> Verdict:
    """Conclude at all: a clerk, in the check stage, an application that waits."""
    return first_refusal(
        [
            is_clerk(who, application.desk_union),
            is_running(application.call),
            at_stage(application, "审核结论", Stage.SUBMITTED),
            check_is_open(application.call),
        ]
    )


def conclusion_fits(
    application: Application, standing: Standing, *, qualified: bool, note: str, clause: str
) -> Verdict:
    """Qualified: nothing open, nothing failed. Unqualified: a ground, with reason and clause.

    A condition that stayed unknown is a ground once a correction was asked for; a question that only a person
    can answer is answered first, unless something failed already.
    """
    if qualified:
        if standing.failed:
            return refuse("calls.conclude_not_met", failed=_labels(standing.failed))
        return refuse("calls.conclude_left", left=_labels(standing.left)) if standing.left else YES
    if not standing.failed:
        if standing.unjudged:
            return refuse("calls.conclude_left", left=_labels(standing.unjudged))
        if not standing.left or not application.corrections.exists():
            return refuse("calls.conclude_no_ground")
    if not note.strip():
        return refuse("calls.reason_needed")
    return YES if clause.strip() else refuse("calls.conclude_clause")


_WORDS = {
    "unknown": "不明",
    "judged": "待判断",
    "ambiguous": "理解不一",
    "silent": "本办法未规定",
    "soft_passed": "理由待认可",
}


def _labels(rows: list[Finding]) -> str:
    return "；".join(
        f"{row.clause} {row.label}" + (f"（{_WORDS[row.status]}）" if row.status in _WORDS else "")
        for row in rows
    )


def is_other(who: Who, *people: Person | None) -> Verdict:
    """Another natural person than all of these."""
    same = who.person is None or any(p is not None and same_natural_person(who.person, p) for p in people)
    return refuse("calls.same_checker") if same else YES


def may_check(who: Who, application: Application, conclusion: Decision | None) -> Verdict:
    """Agree or return: checker or leader, neither who concluded nor the clerk of the application."""
    return first_refusal(
        [
            is_checker(who, application.desk_union),
            is_running(application.call),
            at_stage(application, "复核", Stage.CHECKING),
            is_other(who, conclusion.by if conclusion else None, application.clerk),
        ]
    )


def may_reopen(who: Who, application: Application) -> Verdict:
    """Take a conclusion back that nobody was told of."""
    verdict = first_refusal(
        [
            is_checker(who, application.desk_union),
            is_running(application.call),
            at_stage(application, "退回重新审核", Stage.QUALIFIED, Stage.UNQUALIFIED),
        ]
    )
    if verdict and application.released_at is not None:
        return refuse("calls.released_already", at=stamp(application.released_at))
    return verdict


def may_release(who: Who, application: Application) -> Verdict:
    """统一生效并通知: the desk, a checked conclusion that was not told yet."""
    if application.stage not in (Stage.QUALIFIED, Stage.UNQUALIFIED):
        state = refuse("calls.nothing_to_release", stage=application.get_stage_display())
    elif application.released_at is not None:
        state = refuse("calls.released_already", at=stamp(application.released_at))
    else:
        state = YES
    return first_refusal([is_desk(who, application.desk_union), is_running(application.call), state])


def may_release_each(who: Who, rows: Sequence[Application]) -> list[Verdict]:
    """A verdict per row, with the second check that nothing has changed; constant queries."""
    decided = [a for a in rows if a.stage in (Stage.QUALIFIED, Stage.UNQUALIFIED) and a.released_at is None]
    stand = queries.facts_stand(decided, queries.conclusions_of(decided))
    return [
        refuse("calls.facts_changed", act="生效") if verdict and not stand[a.pk] else verdict
        for a, verdict in ((a, may_release(who, a)) for a in rows)
    ]


def may_assign(who: Who, application: Application) -> Verdict:
    """Give an application to a clerk: the desk, while it is not decided."""
    return first_refusal(
        [
            is_desk(who, application.desk_union),
            at_stage(application, "指派", Stage.SUBMITTED, Stage.CORRECTING, Stage.CHECKING),
        ]
    )


def may_ask_late(who: Who, call: Call, until: dt.datetime) -> Verdict:
    """Propose a late entry: a clerk, before the check is over, until an instant still to come."""
    stage = next((s for s in call.stages.all() if s.key == call.stage), None)
    kinds: tuple[str, ...] = ("notice", "apply", *CHECK_KINDS)
    if not checks_apart(call.stages.all()):
        kinds = (*kinds, "recommend")
    early = stage is not None and stage.kind in kinds
    return first_refusal(
        [
            is_clerk(who, call.union),
            is_running(call),
            YES if early else refuse("calls.late_over", stage=stage.label if stage else ""),
            late_is_ahead(call, until),
        ]
    )


def late_is_ahead(call: Call, until: dt.datetime) -> Verdict:
    """An instant to come, after the end of the window."""
    end = call.apply_until
    if until > clock.now() and (end is None or until > end):
        return YES
    return refuse("calls.late_until", until=formats.until(end))


def may_decide_late(who: Who, request: LateRequest) -> Verdict:
    """Grant or refuse a late entry: checker or leader, another natural person."""
    if request.granted is not None:
        return refuse("calls.late_decided")
    same = who.person is None or same_natural_person(who.person, request.asked_by)
    return first_refusal(
        [
            is_checker(who, request.call.union),
            is_running(request.call),
            refuse("calls.late_same") if same else YES,
        ]
    )
