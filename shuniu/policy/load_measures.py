"""Builds deadlines, votes, quotas, score sheets, grades, funding; reports overlaps and gaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from shuniu.policy import measures as ms
from shuniu.policy.load_facts import ClauseOf, unique
from shuniu.policy.load_quotas import fraction, quota
from shuniu.policy.model import Condition, FactSpec
from shuniu.policy.parse_bands import parse_bands
from shuniu.policy.parse_rules import RuleParser
from shuniu.policy.reader import Table, near
from shuniu.policy.rules import Band, Constant
from shuniu.policy.words import ROUNDINGS


@dataclass(frozen=True, slots=True)
class Measures:
    deadlines: tuple[ms.Deadline, ...]
    votes: tuple[ms.Vote, ...]
    quotas: tuple[ms.Quota, ...]
    sheets: tuple[ms.ScoreSheet, ...]
    gradings: tuple[ms.Grading, ...]
    fundings: tuple[ms.Funding, ...]
    warnings: tuple[str, ...]


def load_measures(
    table: Table, rules: RuleParser, facts: Mapping[str, FactSpec], clause: ClauseOf
) -> Measures:
    """All measuring parts; ``warnings`` names overlaps and gaps, which are the document's and stay in it."""
    warnings: list[str] = []
    found = Measures(
        deadlines=tuple(_deadline(row, facts, clause) for row in table.tables("deadlines")),
        votes=tuple(_vote(row, clause) for row in table.tables("votes")),
        quotas=tuple(quota(row, rules, clause) for row in table.tables("quotas")),
        sheets=_sheets(table, rules, clause, warnings),
        gradings=tuple(_grading(row, rules, clause, warnings) for row in table.tables("gradings")),
        fundings=tuple(_funding(row, rules, clause) for row in table.tables("fundings")),
        warnings=(),
    )
    for name, parts in (
        ("deadlines", found.deadlines),
        ("votes", found.votes),
        ("quotas", found.quotas),
        ("score_sheets", found.sheets),
        ("gradings", found.gradings),
        ("fundings", found.fundings),
    ):
        unique(table, name, [part.key for part in parts])
    return Measures(
        found.deadlines,
        found.votes,
        found.quotas,
        found.sheets,
        found.gradings,
        found.fundings,
        tuple(warnings),
    )


def _deadline(row: Table, facts: Mapping[str, FactSpec], clause: ClauseOf) -> ms.Deadline:
    start = row.text("from", limit=60)
    if start and (start not in facts or facts[start].type != "date"):
        row.wrong("from", "应为类型是 date 的事实（起算的那一天）", f"“{start}”" + near(start, facts))
    return ms.Deadline(
        key=row.word("key"),
        clause=clause(row),
        label=row.text("label"),
        start=start,
        n=row.integer("n", low=0, high=10_000),
        unit=row.choice("unit", ("days", "working_days", "months", "years")),
        first_day_counted=row.flag("first_day_counted"),
        month_end=row.flag("to_month_end"),
        roll=row.flag("next_working_day"),
    )


def _vote(row: Table, clause: ClauseOf) -> ms.Vote:
    part, whole = fraction(row, "share", required=True)
    quorum_part, quorum_whole = fraction(row, "quorum", required=False)
    return ms.Vote(
        key=row.word("key"),
        clause=clause(row),
        label=row.text("label"),
        base=row.choice("base", ("all", "present")),
        bound=row.choice("bound", ("at_least", "more_than")),
        part=part,
        whole=whole,
        quorum_part=quorum_part,
        quorum_whole=quorum_whole,
        quorum_bound=row.choice("quorum_bound", ("at_least", "more_than"), default="at_least"),
    )


def matter(row: Table, readings: Sequence[object]) -> str:
    """The matter that readings of several parts share; only where there are readings."""
    name = row.text("matter", required=False, limit=60)
    if name and len(readings) < 2:
        row.wrong("matter", "matter 只用于有两种以上理解（readings）的规则")
    return name


def same_matters(table: Table, conditions: Iterable[Condition], sheets: Iterable[ms.ScoreSheet]) -> None:
    """Parts of one matter offer the same readings, and no two parts are chosen for by one name."""
    parts: list[Condition | ms.Item] = [*conditions, *(item for sheet in sheets for item in sheet.items)]
    offered: dict[str, set[str]] = {}
    for part in parts:
        keys = {reading.key for reading in part.readings}
        if part.matter and offered.setdefault(part.matter, keys) != keys:
            table.wrong("conditions", f"同一 matter“{part.matter}”下的 readings 名称应一致")
    own = [part.key for part in parts if len(part.readings) > 1]
    for name in sorted({name for name in [*own, *offered] if own.count(name) + (name in offered) > 1}):
        table.wrong("conditions", f"有几种理解的规则，名称不得相同：“{name}”")


def filed_under_rows(table: Table, facts: Mapping[str, FactSpec], sheets: Iterable[ms.ScoreSheet]) -> None:
    """Facts counted from papers are records, and their field `item` names rows of a score sheet."""
    labels = {item.label for sheet in sheets for item in sheet.items}
    for spec in facts.values():
        if spec.source != "evidence":
            continue
        if spec.type != "records":
            table.wrong("facts", f"“{spec.name}”来自佐证材料（evidence），类型应为 records", spec.type)
        elif not labels:
            table.wrong("facts", f"“{spec.name}”来自佐证材料（evidence），须有评分表（score_sheets）")
        field = spec.fields.get("item")
        strangers = [each for each in field.values if each not in labels] if field is not None else []
        if strangers:
            told = "、".join(strangers)
            table.wrong("facts", f"“{spec.name}”的 item 应为评分表各行的 label", f"“{told}”")


def _amount(row: Table, key: str, *, required: bool = True, most: Decimal | None = None) -> Decimal | None:
    """Points: never below nothing, and a mark never above what can be reached."""
    found = row.decimal(key, required=required)
    if found is not None and found < 0:
        row.wrong(key, "分数不应小于零；扣分写 kind: deduction，分数照写正数", f"“{found}”")
    elif found is not None and most is not None and found > most:
        row.wrong(key, f"合格线不应高于能得的最高分 {most}", f"“{found}”")
    return found


def _scoring(row: Table, rules: RuleParser) -> ms.Scoring | None:
    """How a row, or one reading of it, becomes points; ``None`` where it says nothing of the kind."""
    bands = parse_bands(row, "table") if row.has("table") else ()
    take = rules.value_at if bands else rules.number_at
    value = take(row, "of", None) if row.has("of") else None
    per = _amount(row, "per", required=False)
    if bands and per is not None:
        row.wrong("per", "table 与 per 只写一个")
    if (bands or per is not None) and value is None:
        row.wrong("of", "按表或按件得分时，必须写明 of（看哪个数）", "缺少")
    for band in bands:
        if isinstance(band.gives, bool) or not isinstance(band.gives, int | Decimal):
            row.wrong("table", "评分表每一档的 gives 应为分数")
    return None if value is None else ms.Scoring(value, bands, per)


def _item_readings(row: Table, rules: RuleParser) -> tuple[ms.ItemReading, ...]:
    found = []
    for each in row.tables("readings"):
        scoring = _scoring(each, rules)
        if scoring is None:
            each.wrong("of", "每种理解必须写明 of（看哪个数）", "缺少")
            continue
        found.append(ms.ItemReading(each.word("key"), each.text("words"), scoring))
    if row.has("readings") and len(found) < 2:
        row.wrong("readings", "readings 至少要有两种理解")
    unique(row, "readings", [reading.key for reading in found])
    return tuple(found)


def _item(row: Table, rules: RuleParser, clause: ClauseOf, warnings: list[str]) -> ms.Item:
    label = row.text("label")
    kind = row.choice("kind", ("points", "bonus", "deduction"), default="points")
    scoring, readings = _scoring(row, rules), _item_readings(row, rules)
    points, veto = _amount(row, "points") or Decimal(0), row.get("veto")
    if scoring is None and not readings and veto is not None and points == 0:
        scoring = ms.Scoring(Constant(0), (), None)  # a row that only stops: 一票否决，不计分
    if scoring is not None:
        warnings.extend(band_problems(label, scoring.bands))
    return ms.Item(
        key=row.word("key"),
        clause=clause(row),
        label=label,
        points=points,
        scoring=scoring,
        readings=readings,
        matter=matter(row, readings),
        group=row.text("group", required=False, limit=60),
        words=row.text("words", required=False),
        evidence=row.text("evidence", required=False),
        kind=kind,
        mandatory=row.flag("mandatory"),
        veto=None if veto is None else rules.rule(veto, row.at("veto")),
    )


def _groups(row: Table, items: Sequence[ms.Item]) -> tuple[ms.Group, ...]:
    """The groups of a sheet: every row in one of them, each adding up to its points."""
    found = tuple(
        ms.Group(
            key=each.word("key"),
            label=each.text("label"),
            points=(points := _amount(each, "points") or Decimal(0)),
            pass_mark=_amount(each, "pass_mark", required=False, most=points),
        )
        for each in row.tables("groups")
    )
    known = [group.key for group in found]
    unique(row, "groups", known)
    for item in items:
        wanted = bool(item.group) or (bool(found) and item.kind == "points")
        if wanted and item.group not in known:
            row.wrong("items", f"“{item.label}”的 group 应为 groups 中的名称", f"“{item.group}”")
    for group in found:
        added = sum((i.points for i in items if i.group == group.key and i.kind == "points"), Decimal(0))
        if added != group.points:
            row.wrong("groups", f"“{group.label}”各项合计应为 {group.points}", f" {added}")
    return found


def _sheets(
    table: Table, rules: RuleParser, clause: ClauseOf, warnings: list[str]
) -> tuple[ms.ScoreSheet, ...]:
    """The score sheets; each may look at those above it, so that none looks at itself."""
    all_of_them, rules.sheets = rules.sheets, ()
    found = []
    for row in table.tables("score_sheets"):
        found.append(_sheet(row, rules, clause, warnings))
        rules.sheets = (*rules.sheets, found[-1].key)
    rules.sheets = all_of_them
    return tuple(found)


def _sheet(row: Table, rules: RuleParser, clause: ClauseOf, warnings: list[str]) -> ms.ScoreSheet:
    items = tuple(_item(each, rules, clause, warnings) for each in row.tables("items", required=True))
    unique(row, "items", [item.key for item in items])
    total = row.decimal("total") or Decimal(0)
    added = sum((item.points for item in items if item.kind == "points"), Decimal(0))
    if added != total:
        row.wrong("total", f"各项分值合计应等于总分 {total}", f" {added}")
    above = row.flag("bonus_above_total")
    extra = sum((item.points for item in items if item.kind == "bonus"), Decimal(0)) if above else Decimal(0)
    return ms.ScoreSheet(
        groups=_groups(row, items),
        key=row.word("key"),
        clause=clause(row),
        label=row.text("label"),
        total=total,
        items=items,
        bonus_above_total=above,
        pass_mark=_amount(row, "pass_mark", required=False, most=max(total, added) + extra),
        digits=row.integer("digits", high=6) if row.has("digits") else None,
        way=row.choice("way", ROUNDINGS, default="half_up"),
        ours=row.flag("ours"),
    )


def _grading(row: Table, rules: RuleParser, clause: ClauseOf, warnings: list[str]) -> ms.Grading:
    label, bands = row.text("label"), parse_bands(row, "table")
    warnings.extend(band_problems(label, bands))
    when = row.get("when")
    otherwise = row.text("otherwise", required=False, limit=60)
    if otherwise and when is None:
        row.wrong("otherwise", "otherwise 是 when 不成立时的等级，必须写明 when")
    return ms.Grading(
        key=row.word("key"),
        clause=clause(row),
        label=label,
        of=rules.value_at(row, "of", None),
        bands=bands,
        when=None if when is None else rules.rule(when, row.at("when")),
        otherwise=otherwise,
    )


def _funding(row: Table, rules: RuleParser, clause: ClauseOf) -> ms.Funding:
    when = row.get("when")
    return ms.Funding(
        key=row.word("key"),
        clause=clause(row),
        label=row.text("label"),
        amount=rules.number_at(row, "amount", None),
        already=rules.number_at(row, "already", None) if row.has("already") else None,
        cap=row.decimal("cap", required=False),
        when=None if when is None else rules.rule(when, row.at("when")),
        uses=row.texts("uses"),
    )


def band_problems(label: str, bands: tuple[Band, ...]) -> list[str]:
    """Overlaps and gaps between the bands of a table, in words."""
    found = []
    ranges = [band for band in bands if band.key is None]
    ranges.sort(key=lambda band: (band.low is not None, band.low or Decimal(0)))
    for lower, upper in pairwise(ranges):
        if lower.high is None or upper.low is None or lower.high > upper.low:
            found.append(f"“{label}”的档次重叠：{_said(lower)} 与 {_said(upper)}")
        elif lower.high == upper.low and lower.high_included and upper.low_included:
            found.append(f"“{label}”的档次重叠：{lower.high} 同时属于两档")
        elif lower.high < upper.low:
            found.append(f"“{label}”的档次之间有空缺：{lower.high} 与 {upper.low} 之间")
        elif not lower.high_included and not upper.low_included:
            found.append(f"“{label}”的档次之间有空缺：{lower.high} 不属于任何一档")
    keys = [band.key for band in bands if band.key is not None]
    found.extend(
        f"“{label}”的档次重叠：“{key}”出现两次" for key in dict.fromkeys(keys) if keys.count(key) > 1
    )
    return found


def _said(band: Band) -> str:
    return f"{'' if band.low is None else band.low}–{'' if band.high is None else band.high}"
