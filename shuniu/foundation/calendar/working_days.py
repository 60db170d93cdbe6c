"""Counting working days by the table. A year that nobody confirmed is missing, never guessed.

One query per call at most; within one HTTP request the table is read once (apps.py says when one begins).
"""

from __future__ import annotations

import datetime as dt
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connection

from shuniu.foundation.access import Refused, refuse
from shuniu.foundation.calendar import rules  # noqa: F401 - registers the sentence

_FURTHEST = 2000  # working days that anybody may ask for: eight years


class MissingYear(Refused):
    """The calendar of a year is needed and nobody has confirmed it; pages show the sentence as a refusal."""

    def __init__(self, year: int) -> None:
        super().__init__(refuse("calendar.missing_year", year=year))
        self.year = year


@dataclass(frozen=True)
class Table:
    """The calendar as read: confirmed years, and the days that differ from the week's rule."""

    years: frozenset[int]
    exceptions: dict[dt.date, bool]

    def works(self, day: dt.date) -> bool:
        """MissingYear when the day's year is not confirmed, at a weekend too (it may be worked)."""
        if day.year not in self.years:
            raise MissingYear(day.year)
        return self.exceptions.get(day, usually_works(day))


# None outside a request: there every call reads; else the box that holds what this request has read.
_box: ContextVar[list[Table] | None] = ContextVar("working_calendar", default=None)


def usually_works(day: dt.date) -> bool:
    """The week's rule: Monday to Friday."""
    return day.weekday() < 5


def table() -> Table:
    """The whole calendar in one query, once per request."""
    box = _box.get()
    if box:
        return box[0]
    years: set[int] = set()
    exceptions: dict[dt.date, bool] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT y.year, d.date, d.working FROM calendar_year y LEFT JOIN calendar_day d"
            " ON d.date >= make_date(y.year, 1, 1) AND d.date < make_date(y.year + 1, 1, 1)"
        )
        for year, day, working in cursor.fetchall():
            years.add(year)
            if day is not None:
                exceptions[day] = working
    found = Table(frozenset(years), exceptions)
    if box is not None:
        box.append(found)
    return found


def begin_request(**_: object) -> None:
    """A request begins: what it reads first, it keeps."""
    _box.set([])


def end_request(**_: object) -> None:
    """The request is over."""
    _box.set(None)


def forget() -> None:
    """Read the table again at the next question (after it was changed)."""
    if box := _box.get():
        box.clear()


def is_working(day: dt.date) -> bool:
    """Whether people work on `day`. MissingYear when its year is not confirmed."""
    return table().works(day)


def add(start_day: dt.date, n: int, first_day_counts: bool = False) -> dt.date:
    """The last day of a term of `n` working days (n ≥ 1).

    The start day is not counted unless `first_day_counts` (and it is a working day): five working days
    from Thursday 4 June 2026 end on Thursday the 11th, with the first day counted on Wednesday the 10th.
    MissingYear when a year on the way is not confirmed; ValueError for n < 1 or more than 2000.
    """
    if not 1 <= n <= _FURTHEST:
        raise ValueError(f"a term has between 1 and {_FURTHEST} working days, not {n}")
    calendar = table()
    day = start_day if first_day_counts else start_day + dt.timedelta(days=1)
    left = n
    while True:
        left -= calendar.works(day)
        if left == 0:
            return day
        day += dt.timedelta(days=1)


def count(first: dt.date, last: dt.date, *, first_day_counts: bool = True) -> int:
    """How many working days lie from `first` to `last`, both included; 0 when `last` is before.

    MissingYear when a year between is not confirmed.
    """
    calendar = table()
    start = 0 if first_day_counts else 1
    return sum(
        calendar.works(first + dt.timedelta(days=n))
        for n in range(start, max((last - first).days + 1, start))
    )


def next_working_day(day: dt.date) -> dt.date:
    """`day` itself when people work on it, else the first working day after it. MissingYear as above."""
    calendar = table()
    while not calendar.works(day):
        day += dt.timedelta(days=1)
    return day
