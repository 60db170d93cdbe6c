"""Arithmetic of whole days: periods, windows, deadlines. No clock: every date is an argument."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, timedelta

WorkingDay = Callable[[date], bool]

UNITS = {
    "days": "日",
    "working_days": "个工作日",
    "months": "个月",
    "years": "年",
    "calendar_years": "个自然年",
    "half_years": "个半年",
    "quarters": "个季度",
}
# Periods that begin with the calendar, in months.
_CALENDAR = {"calendar_years": 12, "half_years": 6, "quarters": 3}
# A calendar that never says "working day" must not loop for ever.
MAX_SPAN_DAYS = 4_000


class DateRangeError(ValueError):
    """The arithmetic leaves the years 1–9999, or the working-day table does not reach that far."""


def last_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def shift(day: date, n: int, unit: str, working_day: WorkingDay | None = None) -> date:
    """The day ``n`` units later (earlier when negative); a missing date becomes the last of its month.

    Working days do not count the starting day and need the calendar ``working_day``.
    """
    try:
        if unit == "days":
            return day + timedelta(days=n)
        if unit == "working_days":
            return _shift_working(day, n, working_day)
        months = n * (12 if unit == "years" else _CALENDAR.get(unit, 1))
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError) as error:
        raise DateRangeError(str(error)) from error


def _shift_working(day: date, n: int, working_day: WorkingDay | None) -> date:
    if working_day is None:
        raise DateRangeError("no calendar of working days")
    step = timedelta(days=1 if n >= 0 else -1)
    left = abs(n)
    for _ in range(MAX_SPAN_DAYS):
        if left == 0:
            return day
        day += step
        if working_day(day):
            left -= 1
    raise DateRangeError("the calendar of working days does not reach that far")


def period_end(start: date, n: int, unit: str) -> date:
    """The last day of a period whose first day is ``start`` and counts.

    For months and years this is the day before the same date; where that date does not exist
    (29 February, the 31st), the last day of that month.
    """
    if unit in ("days", "working_days"):
        return shift(start, n - 1, "days") if unit == "days" else start
    same = shift(start, n, unit)
    return same if same.day != start.day else same - timedelta(days=1)


def whole_units(since: date, until: date, unit: str) -> int:
    """How many whole units have passed; negative when ``until`` lies before ``since``."""
    if unit == "days":
        return (until - since).days
    if until < since:
        return -1
    months = (until.year - since.year) * 12 + until.month - since.month
    while months > 0 and shift(since, months, "months") > until:
        months -= 1
    return months if unit == "months" else months // 12


def window(n: int, unit: str, anchor: date, current: bool) -> tuple[date, date]:
    """The look-back window of ``n`` units before ``anchor``, both ends included.

    Calendar years (half-years, quarters) are the ``n`` whole ones before the anchor's, or, with ``current``,
    those that end with it. Other units run from the same date ``n`` units earlier to the anchor.
    """
    if unit in _CALENDAR:
        months = _CALENDAR[unit]
        begins = anchor.replace(month=(anchor.month - 1) // months * months + 1, day=1)
        if current:
            return shift(begins, 1 - n, unit), anchor
        return shift(begins, -n, unit), shift(begins, -1, "days")
    return shift(anchor, -n, unit), anchor


def say(day: date) -> str:
    """A date as prose writes it: 2026年6月4日."""
    return f"{day.year}年{day.month}月{day.day}日"
