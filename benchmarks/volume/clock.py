"""The database's clock, moved inside one transaction of shuniu_owner: nobody else ever sees it bent.

A submission is refused by the database outside its window and 60 s after its stamp, whoever writes it. So a
volume that was handed in during the window is written while the clock stands in the window.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator

from django.db import connection

from benchmarks.volume.rows import settle
from shuniu.foundation.calendar import clock, working_days

_REAL = "select clock_timestamp()"


def _source(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION shuniu.now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE"
            f" AS $${text}$$"
        )
    clock.forget()


def stand_at(day: dt.date, hour: float = 9.0) -> dt.datetime:
    """Check what was written, then set the clock to this day and hour; the instant."""
    settle()
    at = clock.start_of_day(day) + dt.timedelta(hours=hour)
    ahead = (at - dt.datetime.now(clock.TZ)).total_seconds()
    _source(f"{_REAL} + interval '{ahead:.3f} seconds'")
    return clock.now()


@contextlib.contextmanager
def travelling() -> Iterator[None]:
    """Inside the caller's transaction `stand_at` may be used; afterwards the clock is real again."""
    try:
        yield
        settle()
    finally:
        if not connection.needs_rollback:  # a transaction that is lost takes the bent clock with it
            _source(_REAL)
        clock.forget()
        working_days.forget()
