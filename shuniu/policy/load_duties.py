"""Builds what stands after the recognition: withdrawal, name use, duties; and what a document replaces."""

from __future__ import annotations

from datetime import date

from shuniu.policy import model as m
from shuniu.policy import words
from shuniu.policy.load_facts import ClauseOf, unique
from shuniu.policy.reader import Table


def withdrawal(table: Table, clause: ClauseOf) -> m.Withdrawal | None:
    row = table.table("withdrawal")
    if row is None:
        return None
    found = m.Withdrawal(
        clause=clause(row),
        label=row.text("label"),
        written=row.flag("written"),
        effective=row.choice("effective", ("on_approval", "on_application")),
        approved_by=row.choice("approved_by", words.LEVELS),
    )
    row.close()
    return found


def name_use(table: Table, clause: ClauseOf) -> m.NameUse | None:
    row = table.table("name_use")
    if row is None:
        return None
    found = m.NameUse(clause(row), row.text("label"), row.choice("permitted_by", words.LEVELS))
    row.close()
    return found


def duties(table: Table, clause: ClauseOf) -> tuple[m.Duty, ...]:
    found = tuple(_duty(row, clause) for row in table.tables("duties"))
    unique(table, "duties", [duty.key for duty in found])
    return found


def _duty(row: Table, clause: ClauseOf) -> m.Duty:
    inner = row.table("every")
    every = None
    if inner is not None:
        every = inner.integer("n", low=1, high=120, default=1), inner.choice("unit", ("months", "years"))
        inner.close()
    by = _month_day(row)
    if every is not None and by is not None:
        row.wrong("by", "every 与 by 只写一个")
    return m.Duty(
        key=row.word("key"),
        clause=clause(row),
        label=row.text("label"),
        who=row.text("who"),
        words=row.text("words"),
        binding=m.binding_of(row.choice("binding", m.BINDINGS, default="must")),
        every=every,
        by=by,
        lead=row.texts("lead", limit=40),
        responsible=row.texts("responsible", limit=40),
    )


def _month_day(row: Table) -> tuple[int, int] | None:
    said = row.text("by", required=False, limit=5)
    if not said:
        return None
    try:
        day = date.fromisoformat(f"2023-{said}")
    except ValueError:
        row.wrong("by", '应为每年都有的月日，如 "11-30"', f"“{said}”")
        return None
    return day.month, day.day


def succession(table: Table, clause: ClauseOf) -> m.Succession | None:
    row = table.table("supersedes")
    if row is None:
        return None
    judged_by = row.choice("judged_by", words.JUDGED_BY)
    found = m.Succession(row.word("key"), judged_by, clause(row))
    if found.key and found.key == table.word("key"):
        row.wrong("key", "本办法不能代替自己，应为原办法的 key", f"“{found.key}”")
    row.close()
    return found


def horizon(table: Table, clause: ClauseOf) -> m.Horizon | None:
    row = table.table("horizon")
    if row is None:
        return None
    found = m.Horizon(row.day("until") or date.max, clause(row), row.text("words"))
    row.close()
    return found
