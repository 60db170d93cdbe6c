"""Reading the working calendar."""

from __future__ import annotations

import datetime as dt

from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.calendar.models import Day, Year


def years_for(who: Who) -> list[Year]:
    """The confirmed years, newest first: open to everybody, like the calendar on the wall."""
    return list(Year.objects.order_by("-year"))


def exceptions_of(who: Who, year: int) -> list[Day]:
    """The days of `year` that differ from the week's rule, in order."""
    return list(Day.objects.filter(date__year=year).order_by("date"))


def missing_years_for(who: Who, *, ahead_days: int = 60) -> list[int]:
    """Years that will be needed within `ahead_days` and are not confirmed: what warns the administrator."""
    today = clock.today()
    last = today + dt.timedelta(days=ahead_days)
    needed = range(today.year, last.year + 1)
    known = set(Year.objects.filter(year__in=needed).values_list("year", flat=True))
    return [year for year in needed if year not in known]
