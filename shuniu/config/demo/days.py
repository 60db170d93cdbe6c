"""Days of the story, counted from the day on which it is told."""

from __future__ import annotations

import datetime as dt

from shuniu.foundation.calendar import clock, working_days

DAY = dt.timedelta(days=1)


def at(day: dt.date, time: str) -> dt.datetime:
    """The instant of `day` at "09:30"."""
    hour, minute = time.split(":")
    return dt.datetime.combine(day, dt.time(int(hour), int(minute)), clock.TZ)


def on_or_before(day: dt.date) -> dt.date:
    """The last working day up to `day`."""
    while not working_days.is_working(day):
        day -= DAY
    return day


def on_or_after(day: dt.date) -> dt.date:
    """The first working day from `day` on."""
    return working_days.next_working_day(day)


def back(day: dt.date, n: int) -> dt.date:
    """The n-th working day before `day`."""
    for _ in range(n):
        day = on_or_before(day - DAY)
    return day


def ahead(day: dt.date, n: int) -> dt.date:
    """The n-th working day after `day`."""
    return working_days.add(day, n) if n else day
