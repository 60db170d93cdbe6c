"""Judges one condition: applicability, readings, soft rules, and who has to say what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shuniu.policy.decision import Answer, Chosen, Finding, Missing, NormResult, ReadingResult, Status
from shuniu.policy.evaluate import Judged, judge_rule
from shuniu.policy.facts import FactUse
from shuniu.policy.model import Condition, Consequence, Reading
from shuniu.policy.values import Context

_OF_TRUTH: dict[bool | None, Status] = {True: "met", False: "not_met", None: "unknown"}


def judge_condition(condition: Condition, context: Context, chosen: Chosen | None = None) -> Finding:
    """The finding of a condition; reads every fact it names, so that all of them are shown."""
    found = judge_readings(condition, condition.readings, context, chosen)
    if found.status == "not_met" and condition.binding == "in_principle":
        found = _soft(condition, found, context)
    if condition.above and found.status != "not_applicable":
        found = _give_way(condition, found, context)
    if found.status in ("unknown", "judged"):
        for hint in condition.hints:
            if judge_rule(hint.when, context).truth is True:
                return replace(found, reason=hint.say)
    return found


def _give_way(condition: Condition, found: Finding, context: Context) -> Finding:
    """The highest norm decides; where the document says otherwise both are cited and the conflict is said."""
    judged = [(each, judge_rule(each.rule, context)) for each in condition.above]
    norms = tuple(
        NormResult(each.norm.key, each.norm.title, each.number, _OF_TRUTH[j.truth], _told(j.reasons))
        for each, j in judged
    )
    above, top = judged[0]
    said = "；".join(f"{each.cited}：{_told(j.reasons)}" for each, j in judged)
    if top.truth is None:
        waiting = _open(condition, top, context)
        return replace(waiting, reason=f"{above.cited}：{waiting.reason}", norms=norms)
    own = {"met": True, "soft_passed": True, "not_met": False}.get(found.status)
    others = {own, *(j.truth for _, j in judged[1:])} - {None}
    conflict = others - {top.truth} != set()
    if own is top.truth and not conflict:
        return replace(found, facts=_uses(context), norms=norms)
    tail = f"规定不一致，以{above.cited}为准" if conflict else f"以{above.cited}为准"
    reason = f"{condition.clause}：{found.reason}；{said}；{tail}"
    decided = _finding(condition, _OF_TRUTH[top.truth], top, context)
    return replace(decided, reason=reason, norms=norms, conflict=conflict, readings=found.readings)


def judge_readings(
    part: Condition | Consequence, readings: Sequence[Reading], context: Context, chosen: Chosen | None
) -> Finding:
    """The finding of a rule: where its readings decide alike that is the answer, else ambiguous."""
    context.used = {}
    if part.applies is not None:
        applies = judge_rule(part.applies, context)
        if applies.truth is False:
            return _finding(part, "not_applicable", applies, context)
        if applies.truth is None:
            return _open(part, applies, context)
    if chosen is not None:
        readings = [reading for reading in readings if reading.key == chosen.reading]
    judged = [judge_rule(reading.rule, context) for reading in readings]
    first = judged[0]
    if len(judged) == 1 or all(each.truth is first.truth for each in judged):
        found = (
            _open(part, first, context)
            if first.truth is None
            else _finding(part, _OF_TRUTH[first.truth], first, context)
        )
        return found if chosen is None else _with_choice(found, chosen, readings[0])
    if chosen is None and isinstance(part, Condition) and part.taken:
        return _taken(part, readings, judged, context)
    results = tuple(
        ReadingResult(reading.key, reading.words, _OF_TRUTH[each.truth], _told(each.reasons))
        for reading, each in zip(readings, judged, strict=True)
    )
    if any(each.truth is None for each in judged):
        # One reading still waits for a fact; once it is known the readings may yet agree.
        waiting = next(each for each in judged if each.truth is None)
        return replace(_open(part, waiting, context), readings=results)
    said = "；".join(f"按“{each.words}”{_said(each.status)}" for each in results)
    return replace(
        _finding(part, "ambiguous", first, context), reason=f"条文有两种理解：{said}", readings=results
    )


def _taken(
    part: Condition, readings: Sequence[Reading], judged: Sequence[Judged], context: Context
) -> Finding:
    """The reading that the file states until a call chooses, and that others would come out otherwise."""
    at = next(n for n, reading in enumerate(readings) if reading.key == part.taken)
    own = judged[at]
    found = (
        _open(part, own, context) if own.truth is None else _finding(part, _OF_TRUTH[own.truth], own, context)
    )
    results = tuple(
        ReadingResult(reading.key, reading.words, _OF_TRUTH[each.truth], _told(each.reasons))
        for reading, each in zip(readings, judged, strict=True)
    )
    reason = f"{found.reason}（条文没有写明，这里按“{readings[at].words}”理解；按其他理解结论不同）"
    return replace(found, reason=reason, readings=results)


def _told(reasons: Sequence[str]) -> str:
    """Several reasons as one sentence; a question keeps its own mark."""
    return "；".join(reasons).replace("？；", "？")


def _said(status: Status) -> str:
    return "符合" if status == "met" else "不符合"


def _soft(condition: Condition, found: Finding, context: Context) -> Finding:
    """A written reason passes an in-principle rule; without one it is open, with a blank one refused."""
    spec = context.document.facts[condition.passed_by]
    written = context.fact(condition.passed_by)
    uses = (*found.facts, *written.uses)
    if written.known and str(written.value).strip():
        reason = f"{found.reason}；属“原则上”的要求，已写明理由：{written.value}"
        return replace(found, status="soft_passed", reason=reason, facts=uses)
    if written.known:
        return replace(found, reason=f"{found.reason}；属“原则上”的要求，须写明理由，理由为空", facts=uses)
    missing = (Missing(spec.name, spec.label, spec.source, spec.question),)
    reason = f"{found.reason}；属“原则上”的要求，须写明理由方可通过"
    return replace(
        found, status="unknown", reason=reason, facts=uses, missing=missing, question=spec.question
    )


def _uses(context: Context) -> tuple[FactUse, ...]:
    return tuple(use for uses in context.used.values() for use in uses)


def _finding(part: Condition | Consequence, status: Status, judged: Judged, context: Context) -> Finding:
    return Finding(
        key=part.key,
        clause=part.clause,
        label=part.label,
        status=status,
        reason=_told(judged.reasons) or part.label,
        facts=_uses(context),
        binding=part.binding if isinstance(part, Condition) else "must",
        quote=part.quote,
    )


def _open(part: Condition | Consequence, judged: Judged, context: Context) -> Finding:
    """*judged* where only a person's answers are missing, else *unknown*."""
    missing = []
    contradicted = False
    for name in judged.missing:
        found = context.cache.get(name)
        contradicted = contradicted or (found is not None and found.contradicted)
        missing.append(context.missing(name))
    person = bool(missing) and all(each.source == "judgement" for each in missing) and not contradicted
    question = "；".join(each.question for each in missing if each.question)
    base = _finding(part, "judged" if person else "unknown", judged, context)
    return replace(base, missing=tuple(missing), question=question)


def _with_choice(found: Finding, chosen: Chosen, reading: Reading) -> Finding:
    reason = f"{found.reason}（按本次通知选定的理解“{reading.words}”，{chosen.by}：{chosen.why}）"
    return replace(found, reason=reason, chosen=chosen)


def decide(findings: Sequence[Finding]) -> Answer:
    """A refusal stands whatever else is open; readings that part weigh more than facts still to come."""
    statuses = {each.status for each in findings}
    if "not_met" in statuses:
        return "no"
    if "ambiguous" in statuses:
        return "ambiguous"
    if statuses & {"unknown", "judged"}:
        return "open"
    if "silent" in statuses:
        return "silent"
    return "yes"


def missing_of(findings: Sequence[Finding]) -> tuple[Missing, ...]:
    """What would have to be known, each fact once."""
    return tuple({each.name: each for found in findings for each in found.missing}.values())
