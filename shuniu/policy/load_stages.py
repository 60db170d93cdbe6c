"""Builds the procedure: stages with window, gate, sheet and quotas; the outcome; the forms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from shuniu.policy import model as m
from shuniu.policy import words
from shuniu.policy.load_facts import ClauseOf, unique
from shuniu.policy.load_measures import Measures
from shuniu.policy.measures import ScoreSheet
from shuniu.policy.reader import Table, near


@dataclass(frozen=True, slots=True)
class Known:
    """What a stage may refer to."""

    points: Sequence[str]
    conditions: Sequence[m.Condition]
    measures: Measures


def load_stages(table: Table, clause: ClauseOf, known: Known) -> tuple[m.Stage, ...]:
    quotas = [quota.key for quota in known.measures.quotas]
    votes = [vote.key for vote in known.measures.votes]
    sheets = [sheet.key for sheet in known.measures.sheets]
    marked = [sheet.key for sheet in known.measures.sheets if sheet.pass_mark is not None]
    gates = [*(each.key for each in known.conditions), *marked]
    found = tuple(
        m.Stage(
            key=row.word("key"),
            kind=row.choice("kind", words.STAGE_KINDS),
            label=row.text("label"),
            actor=row.choice("actor", words.ACTORS),
            clause=clause(row),
            words=row.text("words", required=False),
            asks=row.choices("asks", known.points),
            window=_window(row, clause),
            gate=_named(row, "gate", gates, "conditions、score_sheets"),
            sheet=_named(row, "sheet", sheets, "score_sheets"),
            quotas=row.choices("quotas", quotas),
            vote=_named(row, "vote", votes, "votes"),
        )
        for row in table.tables("procedure")
    )
    unique(table, "procedure", [stage.key for stage in found])
    return found


def _named(row: Table, key: str, known: Sequence[str], where: str) -> str:
    name = row.text(key, required=False, limit=60)
    if name and name not in known:
        row.wrong(key, f"应为 {where} 中的名称", f"“{name}”" + near(name, known))
    return name


def _window(row: Table, clause: ClauseOf) -> m.Window | None:
    inner = row.table("window")
    if inner is None:
        return None
    first, last = _boundary(inner, "from", required=False), _boundary(inner, "to", required=True)
    included = inner.flag("to_included", default=True)
    said, number = inner.text("words", required=False), clause(inner, required=False)
    if isinstance(first, date) and isinstance(last, date) and first > last:
        inner.wrong("to", "结束日期不应早于开始日期")
    if first is not None and last is not None and isinstance(first, date) is not isinstance(last, date):
        inner.wrong("to", "from 与 to 都写日期，或都写月日")
    inner.close()
    return None if last is None else m.Window(last, first, included, said, number)


def _boundary(row: Table, key: str, *, required: bool) -> tuple[int, int] | date | None:
    """A date, or a month and day that every year has."""
    node = row.get(key, required=required, what='一个日期，或每年的月日（如 "11-20"）')
    if node is None or isinstance(node.value, date):
        return node.value if node is not None and isinstance(node.value, date) else None
    try:
        day = date.fromisoformat(f"2023-{node.value}")
    except ValueError:
        row.wrong(key, '应为日期，或每年都有的月日，如 "11-20"', node.said())
        return None
    return day.month, day.day


_AREAS = ("district", "city", "province", "national")


def load_outcome(table: Table, clause: ClauseOf, points: list[str]) -> m.Outcome | None:
    row = table.table("outcome")
    if row is None:
        return None
    inner = row.table("validity")
    validity = None
    if inner is not None:
        validity = m.Validity(
            n=inner.integer("n", low=1, high=100, default=1),
            unit=inner.choice("unit", ("years", "months", "days")),
            clause=clause(inner),
            first_day=inner.choice("first_day", points or ["first_day"]),
            words=inner.text("words", required=False),
        )
        inner.close()
    levels = tuple(
        m.HonourLevel(
            level=each.choice("level", words.LEVELS),
            label=each.text("label"),
            clause=clause(each),
            from_above=each.flag("from_above"),
        )
        for each in row.tables("levels")
    )
    unique(row, "levels", [each.level for each in levels])
    ranks = [_AREAS.index(each.level) for each in levels if each.level in _AREAS]
    if ranks != sorted(ranks):
        row.wrong("levels", "各级应从低到高写：" + "、".join(_AREAS))
    outcome = m.Outcome(
        kind=row.choice("kind", ("recognition", "honour", "grade", "funding")),
        label=row.text("label"),
        clause=clause(row),
        per=row.choice("per", ("category", "applicant", "project")),
        validity=validity,
        in_force=row.text("in_force", required=False, limit=20, default="有效"),
        code=row.word("code", required=False),
        levels=levels,
    )
    if len(outcome.code) > 8:
        row.wrong("code", "证书编号的开头不超过 8 个字母")
    row.close()
    return outcome


def load_templates(table: Table, clause: ClauseOf, sheets: Iterable[ScoreSheet]) -> tuple[m.Template, ...]:
    known = [sheet.key for sheet in sheets]
    found = []
    for row in table.tables("templates"):
        template = m.Template(
            key=row.word("key"),
            kind=row.choice("kind", words.TEMPLATE_KINDS),
            label=row.text("label"),
            clause=clause(row),
            annex=row.text("annex", required=False, limit=20),
            file=row.text("file", required=False, limit=200),
            sheet=_named(row, "sheet", known, "score_sheets"),
            ours=row.flag("ours"),
            words=row.text("words", required=False),
        )
        if not template.file and not template.sheet:
            row.wrong("file", "必须写明 file（同一文件夹中的文件）或 sheet（评分表）", "缺少")
        found.append(template)
    unique(table, "templates", [each.key for each in found])
    return tuple(found)
