"""The product's only clock: the SQL function `shuniu.now()`, and a process clock kept beside it.

Test databases and the building of demonstration data create `shuniu.now()` with an offset; everything
follows, because nothing else asks for the time.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import DateField, DateTimeField, Func

TZ = ZoneInfo("Asia/Shanghai")
_REFRESH = 20.0  # seconds between comparisons with the database

_lock = threading.Lock()
_offset = 0.0  # seconds to add to time.time()
_checked = -1e9  # time.monotonic() of the last comparison


class Now(Func):
    """`shuniu.now()` in a query or as a database default."""

    template = "shuniu.now()"
    output_field = DateTimeField()


class Today(Func):
    """The current day in Asia/Shanghai, in a query: for conditions that are written down once."""

    template = "(shuniu.now() AT TIME ZONE 'Asia/Shanghai')::date"
    output_field = DateField()


def now() -> dt.datetime:
    """The current instant, aware, within 50 ms of the database's clock."""
    if time.monotonic() - _checked > _REFRESH:
        synchronise(unless_within=_REFRESH)
    return dt.datetime.fromtimestamp(time.time() + _offset, TZ)


def stamp() -> dt.datetime:
    """Like now(), but never waits for the database (except the very first time)."""
    if _checked < 0:
        synchronise(unless_within=_REFRESH)
    return dt.datetime.fromtimestamp(time.time() + _offset, TZ)


def today() -> dt.date:
    """The current day in Asia/Shanghai."""
    return now().date()


def synchronise(*, unless_within: float = 0.0) -> None:
    """Compare the process clock with the database's; the best of three readings counts.

    `unless_within`: not when somebody did so in the last seconds, so that a crowd asks once and not each.
    """
    global _offset, _checked
    with _lock:
        if time.monotonic() - _checked < unless_within:
            return
        best: tuple[float, float] | None = None
        with connection.cursor() as cursor:
            for _ in range(3):
                before = time.time()
                cursor.execute("SELECT extract(epoch FROM shuniu.now())::float8")
                row = cursor.fetchone()
                after = time.time()
                assert row is not None
                trip = after - before
                if best is None or trip < best[0]:
                    best = (trip, float(row[0]) - (before + after) / 2)
        assert best is not None
        _offset = best[1]
        _checked = time.monotonic()


def forget() -> None:
    """Compare again at the next question (after the database's clock was moved)."""
    global _checked
    _checked = -1e9


def start_of_day(day: dt.date) -> dt.datetime:
    """00:00 of `day` in Asia/Shanghai."""
    return dt.datetime.combine(day, dt.time.min, TZ)


def end_of_day(day: dt.date) -> dt.datetime:
    """24:00 of `day`: the first instant after it, as windows are half-open."""
    return start_of_day(day + dt.timedelta(days=1))


def local_last_day(until: dt.datetime) -> dt.date:
    """The last day that a half-open window up to `until` includes."""
    return (until.astimezone(TZ) - dt.timedelta(microseconds=1)).date()
