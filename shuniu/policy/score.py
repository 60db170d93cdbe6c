"""Score sheets: tables, counts, caps, bonus, deduction, mandatory items, veto. A missing item is not 0."""

from __future__ import annotations

from decimal import Decimal

from shuniu.policy.arithmetic import calculate, round_to
from shuniu.policy.decision import Finding, Line, Missing, Status
from shuniu.policy.evaluate import judge_rule
from shuniu.policy.measures import Item, ScoreSheet
from shuniu.policy.problems import FactError, Problem
from shuniu.policy.values import Context, measure


def score_sheet(sheet: ScoreSheet, context: Context) -> tuple[Finding, tuple[Line, ...], Decimal | None]:
    """The finding, the lines and the total; no total while an item is missing or ambiguous."""
    context.used = {}
    lines: list[Line] = []
    missing: dict[str, Missing] = {}
    ambiguous: list[str] = []
    failed: list[str] = []
    open_veto = False
    for item in sheet.items:
        line, needs, doubtful = _line(item, context)
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
                missing.update({name: _missing(name, context) for name in veto.missing})
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
    return finding, tuple(lines), total


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


def _line(item: Item, context: Context) -> tuple[Line, tuple[Missing, ...], bool]:
    """A line, what it still needs, and whether its bands answer twice or not at all."""
    if item.of is None:
        return _given(item, context)
    value = measure(item.of, context)
    if not value.known:
        needs = tuple(_missing(name, context) for name in value.missing)
        return _row(item, None, value.note or f"{value.label}未知"), needs, False
    if not item.bands:
        number = Decimal(value.value)
        points = number if item.per is None else calculate("multiply", [number, item.per]) or Decimal(0)
        return (
            _row(
                item,
                min(points, item.points),
                f"{value.label} {value.said}，得 {min(points, item.points)} 分",
            ),
            (),
            False,
        )
    gives = sorted({Decimal(str(band.gives)) for band in item.bands if band.covers(value.value)})
    if len(gives) == 1:
        points = min(gives[0], item.points)
        return _row(item, points, f"{value.label} {value.said}，得 {points} 分"), (), False
    said = f"同时属于 {'、'.join(map(str, gives))} 分两档" if gives else "不属于任何一档"
    return _row(item, None, f"“{item.label}”{value.label} {value.said} {said}"), (), True


def _given(item: Item, context: Context) -> tuple[Line, tuple[Missing, ...], bool]:
    """Points that a person gives, handed in as ``points.<item>``."""
    name = f"points.{item.key}"
    given = context.given.get(name)
    if given is None:
        return (
            _row(item, None, "尚未评分"),
            (Missing(name, item.label, "judgement", f"“{item.label}”得几分？"),),
            False,
        )
    if isinstance(given, bool) or not isinstance(given, int | Decimal) or not 0 <= given <= item.points:
        raise FactError(
            [Problem("facts", 0, name, f"应为 0 到 {item.points} 的分数", f"“{str(given)[:40]}”")]
        )
    return _row(item, Decimal(given), f"评分 {given}"), (), False


def _row(item: Item, points: Decimal | None, reason: str) -> Line:
    return Line(item.key, item.label, item.clause, points, item.points, reason, item.kind)


def _missing(name: str, context: Context) -> Missing:
    spec = context.document.facts[name]
    return Missing(spec.name, spec.label, spec.source, spec.question)
