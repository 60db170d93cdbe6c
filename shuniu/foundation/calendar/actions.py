"""Changing the working calendar: by the year from the State Council's notice, or one day of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import chinese_calendar.constants as known
from django.db import transaction

from shuniu.foundation.access import Refused, Who, first_refusal, refuse, require
from shuniu.foundation.calendar import clock, rules, working_days
from shuniu.foundation.calendar.models import Day, Year
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.ui import slots
from shuniu.foundation.ui.versions import require_unchanged

Exceptional = tuple[dt.date, bool, str]
"""A day that differs from the week's rule: date, whether people work, why."""


def _changed() -> None:
    working_days.forget()
    transaction.on_commit(slots.tell_calendar_changed)


def _check(year: int, days: list[Exceptional]) -> None:
    seen: set[dt.date] = set()
    for date, working, note in days:
        shown = f"{date:%Y-%m-%d}"
        usual = "上班的日子" if working else "不上班的日子"
        require(
            first_refusal(
                refuse(code, date=shown, year=year, usual=usual)
                for code, wrong in (
                    ("calendar.other_year", date.year != year),
                    ("calendar.twice", date in seen),
                    ("calendar.same_as_week", working == working_days.usually_works(date)),
                    ("calendar.no_note", not note.strip()),
                )
                if wrong
            )
        )
        seen.add(date)


def entered(row: Year | None) -> dict[str, object]:
    """What was entered for a year, as the form says it: a line for each day."""
    if row is None:
        return {"source": "", "days": ""}
    words = {True: "上班", False: "放假"}
    found = Day.objects.filter(date__year=row.year).order_by("date")
    lines = [f"{d.date:%Y-%m-%d} {words[d.working]} {d.note}" for d in found]
    return {"source": row.source, "days": "\n".join(lines)}


@transaction.atomic
def confirm_year(
    *, by: Who, year: int, source: str, days: Iterable[Exceptional], seen: str | None = None
) -> Year:
    """M3: enter and confirm the holidays and 调休 of `year`, replacing what was entered for it before.

    `days` are only those that differ from the week's rule; `source` names the notice. Refused with
    `calendar.*` for a day of another year, a day given twice, a day that follows the week, a missing note.
    `seen`: what the form was read with; Refused("version.changed") when somebody entered the year since.
    """
    require(rules.may_edit(by))
    days = sorted(days)
    if not source.strip():
        raise Refused(refuse("calendar.no_source"))
    _check(year, days)
    row, new = Year.objects.get_or_create(year=year, defaults={"source": source.strip()})
    row = Year.objects.select_for_update().get(pk=row.pk)
    require_unchanged(seen, entered(None if new else row))
    row.source, row.confirmed_at = source.strip(), clock.now()
    row.save()
    Day.objects.filter(date__year=year).delete()
    Day.objects.bulk_create([Day(date=d, working=w, note=n.strip()) for d, w, n in days])
    journal.record(
        by=by, verb="confirm_year", subject=row,
        text=f"确认 {year} 年工作日历：{sum(not w for _, w, _ in days)} 个工作日放假，"
        f"{sum(w for _, w, _ in days)} 个周末上班，依据《{source.strip()}》",
        facts={"days": [[f"{d:%Y-%m-%d}", w] for d, w, _ in days]},
    )  # fmt: skip
    _changed()
    return row


@transaction.atomic
def set_day(*, by: Who, date: dt.date, working: bool, note: str) -> None:
    """M3: change one day of a confirmed year; a day that follows the week's rule again leaves the table.

    MissingYear when the year is not confirmed; refused `calendar.no_note` without a note.
    """
    require(rules.may_edit(by))
    row = Year.objects.select_for_update().filter(year=date.year).first()
    if row is None:
        raise working_days.MissingYear(date.year)
    if not note.strip():
        raise Refused(refuse("calendar.no_note", date=f"{date:%Y-%m-%d}"))
    before = Day.objects.filter(date=date).first()
    was = before.working if before else working_days.usually_works(date)
    if working == working_days.usually_works(date):
        Day.objects.filter(date=date).delete()
    else:
        Day.objects.update_or_create(date=date, defaults={"working": working, "note": note.strip()})
    words = {True: "上班", False: "放假"}
    journal.record(
        by=by, verb="set_day", subject=row,
        text=f"{date:%Y-%m-%d} 由{words[was]}改为{words[working]}：{note.strip()}",
        facts={"date": f"{date:%Y-%m-%d}", "was": was, "working": working},
    )  # fmt: skip
    _changed()


def seed_known_years(*, by: Who, first_year: int, last_year: int) -> list[int]:
    """M3: confirm from the library `chinesecalendar` the years that it knows and nobody entered yet.

    The years that were added. A year that the library does not know stays missing.
    """
    exceptional: dict[int, list[Exceptional]] = {}
    for table, works, note in ((known.holidays, False, "法定节假日"), (known.workdays, True, "调休上班")):
        for date in table:
            if first_year <= date.year <= last_year:
                days = exceptional.setdefault(date.year, [])
                if works != working_days.usually_works(date):
                    days.append((date, works, note))
    entered = set(Year.objects.values_list("year", flat=True))
    added = [year for year in sorted(exceptional) if year not in entered]
    for year in added:
        source = f"国务院办公厅关于{year}年部分节假日安排的通知"
        confirm_year(by=by, year=year, source=source, days=exceptional[year])
    return added


__all__ = ["Exceptional", "confirm_year", "entered", "seed_known_years", "set_day"]
