"""Questions with a part of their own in the document: consequences, validity, who may open and use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from shuniu.policy.conditions import decide, judge_readings
from shuniu.policy.dates import period_end, say
from shuniu.policy.decision import Answer, Chosen, Effect, Finding, Line, Missing
from shuniu.policy.evaluate import judge_rule
from shuniu.policy.facts import FactUse
from shuniu.policy.model import Consequence, Document, NotStated
from shuniu.policy.problems import FactError, Problem
from shuniu.policy.procedure import validity_period, window_on
from shuniu.policy.reader import near
from shuniu.policy.values import Context
from shuniu.policy.words import JUDGED_BY, LEVELS, SOURCES


@dataclass(frozen=True, slots=True)
class Part:
    """What a question's own judge found, before it becomes a ``Decision``."""

    findings: tuple[Finding, ...]
    value: Answer
    state: str = ""
    effects: tuple[Effect, ...] = ()
    lines: tuple[Line, ...] = ()
    result: date | Decimal | int | str | None = None


def silent_finding(point: NotStated) -> Finding:
    """本办法未规定: names who fills it, and our default where there is one."""
    ours = f"；默认 {point.default}{point.unit}（本产品的默认值，可改）" if point.default is not None else ""
    note = f"。{point.note}" if point.note else ""
    return Finding(
        key=point.key,
        clause=point.near,
        label=point.label,
        status="silent",
        reason=f"本办法未规定{point.label}，{point.filled_by_label}{ours}{note}",
    )


def silent_findings(document: Document, question: str) -> tuple[Finding, ...]:
    """The open points that leave a question without an answer; at least one finding in any case."""
    points = [
        p for p in document.not_stated if (question in p.questions and p.when is None) or p.key == question
    ]
    if points:
        return tuple(silent_finding(point) for point in points)
    return (Finding(question, "", "本办法未规定", "silent", "本办法对此没有规定，不作推断"),)


def settled(document: Document, question: str) -> Part | None:
    """What the document says itself of the procedure; open as long as it leaves a part of the matter open."""
    stated = [each for each in document.stated if question in (each.key, *each.questions)]
    if not stated:
        return None
    findings = [
        Finding(each.key, each.clause, each.label, "met", f"本办法规定：{each.value}{each.unit}")
        for each in stated
    ]
    points = [p for p in document.not_stated if question in p.questions and p.when is None]
    findings += map(silent_finding, points)
    result = stated[0].value if len(stated) == 1 else None
    return Part(tuple(findings), "open" if points else "yes", result=result)


def named(context: Context, what: str, parts: Iterable[Named]) -> str | None:
    """The key of the one part that is asked about; ``None`` where all are. Raises ``FactError`` for a stranger."""
    wanted = context.given.get(what)
    keys = [each.key for each in parts]
    if wanted is None or wanted in keys:
        return None if wanted is None else str(wanted)
    found = f"“{str(wanted)[:40]}”" + near(wanted, keys)
    raise FactError([Problem("facts", 0, what, f"应为以下之一：{'、'.join(keys) or '本办法没有'}", found)])


class Named(Protocol):
    @property
    def key(self) -> str: ...


def state(document: Document, question: str, findings: tuple[Finding, ...], value: Answer) -> str:
    """The word for a recognition: in force, or the state of the first condition that is not met."""
    if question != "status":
        return ""
    if value == "yes" and document.outcome is not None:
        return document.outcome.in_force
    words = {each.key: each.state for each in document.conditions}
    return next((words[each.key] for each in findings if each.status == "not_met"), "")


def consequence(context: Context, chosen: Mapping[str, Chosen]) -> Part | None:
    """Every ground; yes where a recognition is affected, no where at most a record follows."""
    document = context.document
    if not document.consequences:
        return None
    findings = [
        judge_readings(each, each.readings, context, chosen.get(each.key)) for each in document.consequences
    ]
    by_key = {each.key: each for each in document.consequences}
    met = [by_key[each.key] for each in findings if each.status == "met"]
    effects = tuple(_effect(each, context) for each in met)
    statuses = {each.status for each in findings}
    for point in document.not_stated:
        if point.when is None or "consequence" not in point.questions:
            continue
        if judge_rule(point.when, context).truth is True:
            findings.append(silent_finding(point))
    value: Answer
    if any(each.effect != "record" for each in met):
        value = "yes"
    elif "ambiguous" in statuses:
        value = "ambiguous"
    elif statuses & {"unknown", "judged"}:
        value = "open"
    elif any(each.status == "silent" for each in findings):
        value = "silent"
    else:
        value = "no"
    return Part(tuple(findings), value, effects=effects)


_FOLLOWS = {"suspension": "suspend", "reapplication": "bar"}


def following(context: Context, chosen: Mapping[str, Chosen], question: str) -> Part | None:
    """Whether a suspension follows; whether one may apply again, which no bar in force allows.

    From the consequences alone: a document that has none of the kind, or leaves the matter open, is asked elsewhere.
    """
    document, effect = context.document, _FOLLOWS.get(question)
    found = [each for each in document.consequences if each.effect == effect]
    if not found or any(question in point.questions for point in document.not_stated):
        return None
    findings = tuple(judge_readings(each, each.readings, context, chosen.get(each.key)) for each in found)
    met = [each for each, finding in zip(found, findings, strict=True) if finding.status == "met"]
    effects = tuple(_effect(each, context) for each in met)
    if question == "suspension":
        statuses = {each.status for each in findings}
        unsettled: Answer = "open" if statuses & {"unknown", "judged"} else "no"
        value: Answer = "yes" if met else "ambiguous" if "ambiguous" in statuses else unsettled
        return Part(findings, value, effects=effects)
    until = {each.key: each.until for each in effects}
    lasting = {each.key: each.lasts is not None for each in found}
    findings = tuple(_allows(each, context.on, until.get(each.key), lasting[each.key]) for each in findings)
    return Part(findings, decide(findings), effects=effects)


def _allows(found: Finding, on: date, until: date | None, lasts: bool) -> Finding:
    """What the ground of a bar means for whoever applies again."""
    if found.status == "not_met":
        return replace(found, status="not_applicable")
    if found.status != "met":
        return found
    if until is None and lasts:
        return replace(found, status="unknown", reason=f"{found.reason}；不知道从哪一天起算")
    if until is not None and until < on:
        return replace(found, reason=f"{found.reason}；限制已于{say(until)}届满")
    return replace(found, status="not_met", reason=found.reason + (f"；限制至{say(until)}" if until else ""))


def _effect(each: Consequence, context: Context) -> Effect:
    until = None
    if each.lasts is not None:
        start = context.fact(each.begins)
        until = period_end(start.value, *each.lasts) if isinstance(start.value, date) else None
    return Effect(
        each.key, each.clause, each.label, each.effect, each.scope, each.automatic, until, each.grades
    )


def validity(context: Context, chosen: Mapping[str, Chosen]) -> Part | None:
    """The last day of a recognition that begins on the fact ``first_day``."""
    document = context.document
    spec = document.outcome.validity if document.outcome else None
    if spec is None or "first_day" not in document.facts:
        return None
    context.used = {}
    start = context.fact("first_day")
    uses = context.used["first_day"]
    label = f"有效期{spec.n}{'年' if spec.unit == 'years' else '个月' if spec.unit == 'months' else '天'}"
    if not start.known or not isinstance(start.value, date):
        missing = (
            Missing("first_day", document.facts["first_day"].label, document.facts["first_day"].source),
        )
        finding = Finding("validity", spec.clause, label, "unknown", start.note, uses, missing)
        return Part((finding,), "open")
    first, last = validity_period(document, start.value)
    reason = f"自{say(first)}至{say(last)}"
    finding = Finding("validity", spec.clause, label, "met", reason, uses)
    return Part((finding,), "yes", result=last)


def window(context: Context, chosen: Mapping[str, Chosen]) -> Part | None:
    """Whether each stage with a window (the one named by ``stage``) is open; the result is its last day."""
    wanted = named(context, "stage", context.document.stages)
    found = []
    last: date | None = None
    for stage in context.document.stages:
        if stage.window is None or wanted not in (None, stage.key):
            continue
        first, last = window_on(stage.window, context.on)
        met = (first is None or first <= context.on) and context.on <= last
        begins = f"{say(first)}至" if first is not None else ""
        noted = f"；{stage.window.words}" if stage.window.words else ""
        reason = f"办理时间：{begins}{say(last)}（含当日）{noted}"
        clause = stage.window.clause or stage.clause
        found.append(Finding(stage.key, clause, stage.label, "met" if met else "not_met", reason))
    if not found:
        return None
    return Part(tuple(found), decide(found), result=last if len(found) == 1 else None)


def applicable_law(context: Context, chosen: Mapping[str, Chosen]) -> Part | None:
    """Whether this document judges: the day that its transition names (else ``on``) lies in its force.

    The day is handed in as ``application_day``, ``publication_day`` or ``decision_day``.
    """
    document, clause = context.document, context.document.effective_clause
    if document.effective is None:
        return Part(silent_findings(document, "applicable_law"), "silent")
    label = f"自{say(document.effective)}起施行"
    day, name = context.on, "判断日"
    if document.succession is not None:
        asked = document.succession.judged_by
        name, clause = JUDGED_BY[asked], document.succession.clause
        given = context.given.get(asked)
        if given is None:
            missing = (Missing(asked, name, "call"),)
            finding = Finding("applicable_law", clause, label, "unknown", f"{name}没有记录", (), missing)
            return Part((finding,), "open")
        if isinstance(given, datetime) or not isinstance(given, date):
            raise FactError([Problem("facts", 0, asked, f"{name}应为日期", f"“{str(given)[:40]}”")])
        day = given
    ended = document.effective_until is not None and day > document.effective_until
    met = day >= document.effective and not ended
    reason = f"{name}：{say(day)}（要求：不早于{say(document.effective)}）"
    if document.effective_until is not None:
        reason = reason.removesuffix("）") + f"，不晚于{say(document.effective_until)}）"
    if not met and not ended and document.succession is not None:
        reason += f"，仍依原文件 {document.succession.key} 判断"
    finding = Finding("applicable_law", clause, label, "met" if met else "not_met", reason)
    return Part((finding,), "yes" if met else "no")


def open_call(context: Context, chosen: Mapping[str, Chosen]) -> Part | None:
    issuer = context.document.issuer
    return _level(context, "open_call", issuer.may_open, "开展统一遴选和认定")


def use(context: Context, chosen: Mapping[str, Chosen]) -> Part | None:
    issuer = context.document.issuer
    return _level(context, "use", issuer.may_use, "与合作单位开展项目合作")


def _level(context: Context, key: str, allowed: tuple[str, ...], act: str) -> Part | None:
    """Whether a union of the level given as ``union_level`` may act."""
    if not allowed:
        return None
    issuer = context.document.issuer
    given = context.given.get("union_level")
    said = "、".join(LEVELS[level] for level in allowed)
    label = f"可以{act}的工会：{said}"
    if given is None:
        missing = (Missing("union_level", "工会层级", "union"),)
        return Part((Finding(key, issuer.clause, label, "unknown", "工会层级没有记录", (), missing),), "open")
    if given not in LEVELS:
        expected = f"工会层级应为：{'、'.join(LEVELS)}"
        raise FactError([Problem("facts", 0, "union_level", expected, f"“{str(given)[:40]}”")])
    level = LEVELS[str(given)]
    met = given in allowed
    reason = f"工会层级：“{level}”（要求：属于{said}）"
    used = FactUse("union_level", "工会层级", given, level, SOURCES["union"], context.on)
    finding = Finding(key, issuer.clause, label, "met" if met else "not_met", reason, (used,))
    return Part((finding,), "yes" if met else "no")
