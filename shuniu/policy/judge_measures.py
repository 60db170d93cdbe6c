"""Questions that measure: deadlines, votes, quotas, scores, grades, funding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from shuniu.policy import dates
from shuniu.policy.arithmetic import calculate, ceiling
from shuniu.policy.conditions import decide
from shuniu.policy.decision import Chosen, Finding, Line, Missing, Status
from shuniu.policy.evaluate import judge_rule
from shuniu.policy.facts import FactUse
from shuniu.policy.judge_parts import Part, named, silent_findings
from shuniu.policy.measures import Deadline, Grading, Vote
from shuniu.policy.problems import FactError, Problem
from shuniu.policy.score import score_sheet
from shuniu.policy.values import Context, measure


def whole_number(context: Context, name: str) -> int | None:
    """A plain number that the question itself takes (votes, places), not a declared fact."""
    given = context.given.get(name)
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int) or given < 0:
        raise FactError([Problem("facts", 0, name, "应为不小于零的整数", f"“{str(given)[:40]}”")])
    return given


def open_finding(key: str, clause: str, label: str, names: Sequence[str]) -> Finding:
    missing = tuple(Missing(name, _ASKED.get(name, name), "call") for name in names)
    said = "、".join(each.label for each in missing)
    return Finding(key, clause, label, "unknown", f"缺少：{said}", (), missing)


_ASKED = {
    "members": "应到人数",
    "present": "实到人数",
    "for": "同意票数",
    "used": "已用名额",
    "working_days": "工作日历",
}


def part_of(findings: Sequence[Finding], result: date | Decimal | int | str | None = None) -> Part:
    return Part(tuple(findings), decide(findings), result=result)


def _earned(findings: Sequence[Finding], result: Decimal | str | None) -> Part:
    """A grade or an amount; no where none of those asked about applies: nothing is due."""
    nothing = all(each.status == "not_applicable" for each in findings)
    return Part(tuple(findings), "no" if nothing else decide(findings), result=result)


def deadline(context: Context, chosen: Mapping[str, Chosen]) -> Part | None:
    """The last day of each deadline (of the one named by ``deadline``); met while ``on`` is not after it."""
    wanted = named(context, "deadline", context.document.deadlines)
    found = [each for each in context.document.deadlines if wanted in (None, each.key)]
    if not found:
        return Part(silent_findings(context.document, "deadline"), "silent")
    findings, last = [], None
    for each in found:
        finding, last = _deadline(each, context)
        findings.append(finding)
    return part_of(findings, last if len(found) == 1 else None)


def _deadline(each: Deadline, context: Context) -> tuple[Finding, date | None]:
    context.used = {}
    start = context.fact(each.start)
    uses = context.used[each.start]
    if not start.known or not isinstance(start.value, date):
        spec = context.document.facts[each.start]
        missing = (Missing(spec.name, spec.label, spec.source, spec.question),)
        return Finding(each.key, each.clause, each.label, "unknown", start.note, uses, missing), None
    try:
        last = last_day(each, start.value, context.working_day)
    except dates.DateRangeError:
        return open_finding(each.key, each.clause, each.label, ["working_days"]), None
    status: Status = "met" if context.on <= last else "not_met"
    reason = f"自{dates.say(start.value)}起 {each.n}{dates.UNITS[each.unit]}，截止{dates.say(last)}（含当日）"
    return Finding(each.key, each.clause, each.label, status, reason, uses), last


def last_day(each: Deadline, start: date, working_day: dates.WorkingDay | None) -> date:
    """The last day on which the deadline is kept. Raises ``DateRangeError`` without a calendar it needs."""
    n = each.n
    begin = start
    if each.first_day_counted and n > 0:
        begin, n = (start - timedelta(days=1), n) if each.unit == "days" else (start, n)
        if each.unit == "working_days":
            begin = start - timedelta(days=1)
    if each.first_day_counted and each.unit in ("months", "years") and n > 0:
        last = dates.period_end(start, n, each.unit)
    else:
        last = dates.shift(begin, n, each.unit, working_day)
    if each.month_end:
        last = dates.last_of_month(last)
    if each.roll and working_day is not None and not working_day(last):
        last = dates.shift(last, 1, "working_days", working_day)
    elif each.roll and working_day is None:
        raise dates.DateRangeError("no calendar of working days")
    return last


def vote(context: Context, chosen: Mapping[str, Chosen]) -> Part | None:
    """Whether a vote (the one named by ``vote``) carries: ``members`` entitled, ``present``, ``for``."""
    wanted = named(context, "vote", context.document.votes)
    votes = [each for each in context.document.votes if wanted in (None, each.key)]
    if not votes:
        return None
    return part_of([_vote(each, context) for each in votes])


def _vote(each: Vote, context: Context) -> Finding:
    members, present, ayes = (whole_number(context, name) for name in ("members", "present", "for"))
    needs = ["for"] if ayes is None else []
    if present is None:
        needs.append("present")
    if members is None and (each.base == "all" or each.quorum_part):
        needs.append("members")
    if needs or ayes is None or present is None:
        return open_finding(each.key, each.clause, each.label, needs)
    if ayes > present or (members is not None and present > members):
        raise FactError([Problem("facts", 0, "for", "同意票数不应多于实到人数，实到人数不应多于应到人数")])
    if each.quorum_part and members is not None:
        quorum = ceiling(
            each.quorum_part, each.quorum_whole, members, more_than=each.quorum_bound == "more_than"
        )
        if present < quorum:
            reason = f"应到 {members} 人，实到 {present} 人，少于须到的 {quorum} 人，表决无效"
            return Finding(each.key, each.clause, each.label, "not_met", reason)
    base = members if each.base == "all" and members is not None else present
    needed = ceiling(each.part, each.whole, base, more_than=each.bound == "more_than")
    status: Status = "met" if ayes >= needed else "not_met"
    reason = f"计票基数 {base} 人，须 {needed} 票，同意 {ayes} 票"
    return Finding(each.key, each.clause, each.label, status, reason)


def score(context: Context, chosen: Mapping[str, Chosen]) -> Part | None:
    """The score of each sheet (of the one named by ``sheet``), with its lines."""
    wanted = named(context, "sheet", context.document.sheets)
    sheets = [sheet for sheet in context.document.sheets if wanted in (None, sheet.key)]
    if not sheets:
        return None
    findings: list[Finding] = []
    lines: list[Line] = []
    total: Decimal | None = None
    for sheet in sheets:
        finding, rows, total = score_sheet(sheet, context, chosen)
        findings.append(finding)
        lines.extend(rows)
    return Part(
        tuple(findings), decide(findings), lines=tuple(lines), result=total if len(sheets) == 1 else None
    )


def grade(context: Context, chosen: Mapping[str, Chosen]) -> Part | None:
    """The grade that a number earns; a number in two bands is ambiguous, one in none has no grade stated.

    ``grading`` names one of several.
    """
    wanted = named(context, "grading", context.document.gradings)
    gradings = [each for each in context.document.gradings if wanted in (None, each.key)]
    if not gradings:
        return None
    findings, result = [], None
    for each in gradings:
        finding, given = _grade(each, context)
        findings.append(finding)
        result = given or result
    return _earned(findings, result)


def _grade(each: Grading, context: Context) -> tuple[Finding, str | None]:
    context.used = {}
    gate = judge_rule(each.when, context) if each.when is not None else None
    value = measure(each.of, context)
    uses = tuple(use for found in context.used.values() for use in found)

    def finding(status: Status, reason: str, missing: tuple[Missing, ...] = ()) -> Finding:
        return Finding(each.key, each.clause, each.label, status, reason, uses, missing)

    if gate is not None and gate.truth is False:
        reason = "；".join(gate.reasons)
        if each.otherwise:
            return finding("met", f"{reason}：{each.otherwise}"), each.otherwise
        return finding("not_applicable", reason), None
    if not value.known or (gate is not None and gate.truth is None):
        names = dict.fromkeys((*(gate.missing if gate is not None else ()), *value.missing))
        note = value.note or "；".join(gate.reasons if gate is not None else ())
        return finding("unknown", note, tuple(map(context.missing, names))), None
    given = list(dict.fromkeys(str(band.gives) for band in each.bands if band.covers(value.value)))
    measured = f"{value.label} {value.said}："
    if len(given) == 1:
        return finding("met", measured + given[0]), given[0]
    if given:
        return finding("ambiguous", f"{measured}同时属于 {'、'.join(given)}"), None
    return finding("silent", f"{measured}不属于任何一档，本办法未规定"), None


def funding(context: Context, chosen: Mapping[str, Chosen]) -> Part | None:
    """The amount in yuan that may still be paid, never less than nothing.

    ``funding`` names one of several; without it the result is there only where a single one applies.
    """
    wanted = named(context, "funding", context.document.fundings)
    fundings = [each for each in context.document.fundings if wanted in (None, each.key)]
    if not fundings:
        return None
    findings: list[Finding] = []
    amounts: list[Decimal] = []
    for each in fundings:
        context.used = {}
        gate = judge_rule(each.when, context) if each.when is not None else None
        amount = measure(each.amount, context)
        already = measure(each.already, context) if each.already is not None else None
        uses: tuple[FactUse, ...] = tuple(use for found in context.used.values() for use in found)
        if gate is not None and gate.truth is False:
            findings.append(
                Finding(each.key, each.clause, each.label, "not_applicable", "；".join(gate.reasons), uses)
            )
            continue
        parts = [part for part in (amount, already) if part is not None]
        unknown = [name for part in parts if not part.known for name in part.missing]
        unknown += list(gate.missing) if gate is not None and gate.truth is None else []
        if unknown or any(not part.known for part in parts):
            missing = tuple(context.missing(name) for name in dict.fromkeys(unknown))
            note = next((part.note for part in parts if part.note), "缺少计算所需的事实")
            findings.append(Finding(each.key, each.clause, each.label, "unknown", note, uses, missing))
            continue
        due = max(Decimal(amount.value), Decimal(0))
        due = due if each.cap is None else min(due, each.cap)
        paid = Decimal(already.value) if already is not None else Decimal(0)
        left = max(calculate("subtract", [due, paid]) or Decimal(0), Decimal(0))
        reason = f"应得 {due} 元，已付 {paid} 元，本次 {left} 元"
        findings.append(Finding(each.key, each.clause, each.label, "met", reason, uses))
        amounts.append(left)
    return _earned(findings, amounts[0] if len(amounts) == 1 else None)
