"""Score sheets: tables, counts, caps, bonus, deduction, mandatory items, veto. A missing item is not 0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from shuniu.policy import rules as r
from shuniu.policy.arithmetic import calculate, round_to
from shuniu.policy.decision import Chosen, Finding, Line, Missing, Status
from shuniu.policy.evaluate import Judged, judge_rule, register_rule
from shuniu.policy.measures import Item, ScoreSheet, Scoring
from shuniu.policy.problems import FactError, Problem
from shuniu.policy.values import Context, Measured, measure, register


def score_sheet(
    sheet: ScoreSheet, context: Context, chosen: Mapping[str, Chosen]
) -> tuple[Finding, tuple[Line, ...], Decimal | None]:
    """The finding, the lines and the total; no total while an item is missing or ambiguous."""
    found = _scored(sheet, context, chosen)
    return found.finding, found.lines, found.total


@dataclass(frozen=True, slots=True)
class _Scored:
    finding: Finding
    lines: tuple[Line, ...]
    total: Decimal | None
    missing: tuple[str, ...]  # what would settle it, also where it has failed already


def _scored(sheet: ScoreSheet, context: Context, chosen: Mapping[str, Chosen]) -> _Scored:
    context.used, before = {}, context.used
    lines: list[Line] = []
    missing: dict[str, Missing] = {}
    ambiguous: list[str] = []
    failed: list[str] = []
    open_veto = False
    for item in sheet.items:
        line, needs, doubtful = _line(item, context, chosen)
        lines.append(line)
        missing.update({each.name: each for each in needs})
        if doubtful:
            ambiguous.append(line.reason)
        if item.mandatory and line.points == 0:
            failed.append(f"必备项“{item.label}”为 0 分")
        if item.veto is not None:
            veto = judge_rule(item.veto, context)
            if veto.truth is True:
                failed.append(f"触发一票否决“{item.label}”：{'；'.join(veto.reasons)}")
            elif veto.truth is None:
                open_veto = True
                missing.update({name: context.missing(name) for name in veto.missing})
    failed.extend(_short_groups(sheet, lines))
    uses = tuple(use for found in context.used.values() for use in found)
    total = None if any(line.points is None for line in lines) else _total(sheet, lines)
    status, reason = _verdict(sheet, total, failed, ambiguous, open_veto)
    finding = Finding(
        sheet.key,
        sheet.clause,
        sheet.label,
        status,
        reason,
        uses,
        tuple(missing.values()) if status == "unknown" else (),
    )
    context.used = before | context.used
    return _Scored(finding, tuple(lines), total, tuple(missing))


def _sheet(key: str, context: Context) -> _Scored:
    """The sheet that a rule names; what it used counts for the rule."""
    sheet = next(each for each in context.document.sheets if each.key == key)
    return _scored(sheet, context, context.chosen)


def _total_of(value: r.SheetTotal, context: Context) -> Measured:
    found = _sheet(value.sheet, context)
    label = f"{found.finding.label}合计"
    if found.total is not None:
        return Measured(found.total, label=label, said=str(found.total))
    note = f"{label}：{found.finding.reason}"
    return Measured(None, False, label=label, said="未知", note=note, missing=found.missing)


def _passes(rule: r.Passes, context: Context) -> Judged:
    found = _sheet(rule.sheet, context)
    truth = {"met": True, "not_met": False}.get(found.finding.status)
    reason = f"{found.finding.label}：{found.finding.reason}"
    return Judged(truth, (reason,), found.missing if truth is None else ())


register(r.SheetTotal, _total_of)
register_rule(r.Passes, _passes)


def _short_groups(sheet: ScoreSheet, lines: list[Line]) -> list[str]:
    """Groups of rows that stay below what they must reach together, where all of them are scored."""
    found = []
    for group in sheet.groups:
        rows = [
            line.points
            for item, line in zip(sheet.items, lines, strict=True)
            if item.group == group.key and item.kind == "points"
        ]
        known = [points for points in rows if points is not None]
        if group.pass_mark is not None and len(known) == len(rows) and sum(known) < group.pass_mark:
            found.append(f"“{group.label}”得 {sum(known)} 分，少于 {group.pass_mark} 分")
    return found


def _verdict(
    sheet: ScoreSheet, total: Decimal | None, failed: list[str], ambiguous: list[str], open_veto: bool
) -> tuple[Status, str]:
    if failed:
        return "not_met", "；".join(failed)
    if ambiguous:
        return "ambiguous", "；".join(ambiguous)
    if total is None or open_veto:
        return "unknown", "还有评分项没有结果，缺项不作零分"
    if sheet.pass_mark is None:
        return "met", f"合计 {total} 分（总分 {sheet.total}）"
    met = total >= sheet.pass_mark
    return ("met" if met else "not_met"), f"合计 {total} 分（要求：不少于 {sheet.pass_mark} 分）"


def _total(sheet: ScoreSheet, lines: list[Line]) -> Decimal:
    sums = {"points": Decimal(0), "bonus": Decimal(0), "deduction": Decimal(0)}
    for line in lines:
        sums[line.kind] += line.points or Decimal(0)
    total = sums["points"] + sums["bonus"] - sums["deduction"]
    if not sheet.bonus_above_total:
        total = min(total, sheet.total)
    total = max(total, Decimal(0))
    return total if sheet.digits is None else round_to(total, sheet.digits, sheet.way)


def _line(
    item: Item, context: Context, chosen: Mapping[str, Chosen]
) -> tuple[Line, tuple[Missing, ...], bool]:
    """A line, what it still needs, and whether its words answer twice or not at all."""
    if item.scoring is None and not item.readings:
        return _given(item, context)
    found = _Points(None, "", doubtful=True)
    if item.scoring is not None:
        found = _points(item, item.scoring, context)
    if found.doubtful and item.readings:
        found = _by_readings(item, context, chosen.get(item.key) or chosen.get(item.matter))
    return _row(item, found.points, found.reason), found.missing, found.doubtful


@dataclass(frozen=True, slots=True)
class _Points:
    points: Decimal | None
    reason: str
    missing: tuple[Missing, ...] = ()
    doubtful: bool = False


def _points(item: Item, scoring: Scoring, context: Context) -> _Points:
    value = measure(scoring.of, context)
    if not value.known:
        needs = tuple(map(context.missing, value.missing))
        return _Points(None, value.note or f"{value.label}未知", needs)
    if not scoring.bands:
        number = Decimal(value.value)
        earned = number if scoring.per is None else calculate("multiply", [number, scoring.per]) or Decimal(0)
        points = min(earned, item.points)
        return _Points(points, f"{value.label} {value.said}，得 {points} 分")
    gives = sorted({Decimal(str(band.gives)) for band in scoring.bands if band.covers(value.value)})
    if len(gives) == 1:
        points = min(gives[0], item.points)
        return _Points(points, f"{value.label} {value.said}，得 {points} 分")
    said = f"同时属于 {'、'.join(map(str, gives))} 分两档" if gives else "不属于任何一档"
    return _Points(None, f"“{item.label}”{value.label} {value.said} {said}", doubtful=True)


def _by_readings(item: Item, context: Context, choice: Chosen | None) -> _Points:
    """The points on which all readings agree, or those of the chosen one, shown with its author."""
    readings = [each for each in item.readings if choice is None or each.key == choice.reading]
    found = [_points(item, each.scoring, context) for each in readings]
    if choice is not None:
        by = f"（按本次通知选定的理解“{readings[0].words}”，{choice.by}：{choice.why}）"
        return replace(found[0], reason=found[0].reason + by)
    waiting = next((each for each in found if each.missing), None)
    if waiting is not None:
        return waiting
    if not any(each.doubtful for each in found) and len({each.points for each in found}) == 1:
        return found[0]
    said = "；".join(
        f"按“{reading.words}”" + (f"得 {each.points} 分" if each.points is not None else "也没有结果")
        for reading, each in zip(readings, found, strict=True)
    )
    return _Points(None, f"“{item.label}”条文有几种理解：{said}", doubtful=True)


def _given(item: Item, context: Context) -> tuple[Line, tuple[Missing, ...], bool]:
    """Points that a person gives, handed in as ``points.<item>``."""
    name = f"points.{item.key}"
    given = context.given.get(name)
    if given is None:
        return _row(item, None, "尚未评分"), (context.missing(name),), False
    if isinstance(given, bool) or not isinstance(given, int | Decimal) or not 0 <= given <= item.points:
        raise FactError(
            [Problem("facts", 0, name, f"应为 0 到 {item.points} 的分数", f"“{str(given)[:40]}”")]
        )
    return _row(item, Decimal(given), f"评分 {given}"), (), False


def _row(item: Item, points: Decimal | None, reason: str) -> Line:
    return Line(item.key, item.label, item.clause, points, item.points, reason, item.kind)
