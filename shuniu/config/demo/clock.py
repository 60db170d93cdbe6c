"""The time machine: the database's clock goes through the story's days, and what runs by the clock runs."""

from __future__ import annotations

import contextlib
import datetime as dt
import heapq
import itertools
from collections.abc import Generator, Iterator
from typing import Any

from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from shuniu.calls.models import Call
from shuniu.foundation import jobs
from shuniu.foundation.calendar import clock, working_days

Line = Generator[dt.datetime, None, Any]
"""A thread of the story: it yields the instant at which it wants to go on."""

_REAL = "select clock_timestamp()"
_BY_CLOCK = ("calls.", "recognition.", "registry.")  # sweeps that change records; the others belong to today


def _set_source(source: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION shuniu.now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE"
            f" AS $${source}$$"
        )
    clock.forget()


@contextlib.contextmanager
def travelling() -> Iterator[Travel]:
    """A time machine inside the caller's transaction; afterwards the clock is real, also after a failure."""
    travel = Travel()
    try:
        yield travel
    finally:
        if not connection.needs_rollback:  # a transaction that is lost takes the bent clock with it
            _set_source(_REAL)
        clock.forget()
        working_days.forget()


class Travel:
    """Moves the clock forward only, and never past the real one."""

    def __init__(self) -> None:
        """The real instant at the beginning is the story's last one."""
        _set_source(_REAL)
        self.present = clock.now()
        self._there = False

    def begin(self, at: dt.datetime) -> None:
        """Jump back to where the story begins."""
        self._jump(at)

    def _jump(self, to: dt.datetime) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM %s - clock_timestamp())::float8", [to])
            ahead = float((cursor.fetchone() or [0.0])[0])
        _set_source(_REAL if ahead >= 0 else f"{_REAL} + interval '{ahead:.3f} seconds'")

    def go(self, to: dt.datetime) -> None:
        """Go on to `to`, midnight by midnight while a call is running; never backwards."""
        now = clock.now()
        if to <= now:
            return
        midnight = clock.end_of_day(now.date())
        while midnight < to:
            if midnight + dt.timedelta(days=1) > to or _something_runs():
                self._jump(midnight + dt.timedelta(seconds=30))
                run_by_clock()
            midnight += dt.timedelta(days=1)
        self._jump(to)

    def play(self, *lines: Line) -> None:
        """Tell all threads of the story in the order of their instants."""
        order = itertools.count()
        waiting: list[tuple[dt.datetime, int, Line]] = []
        for line in lines:
            _push(waiting, line, order)
        while waiting:
            at, _, line = heapq.heappop(waiting)
            self.go(min(at, self.present))
            _push(waiting, line, order)
            run_jobs()
            _check_now()


def _push(waiting: list[tuple[dt.datetime, int, Line]], line: Line, order: Iterator[int]) -> None:
    with contextlib.suppress(StopIteration):
        heapq.heappush(waiting, (next(line), next(order), line))


def _check_now() -> None:
    """What the database checks at a commit is checked at the end of every step, on the step's own day."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _something_runs() -> bool:
    return Call.objects.filter(state=Call.State.PUBLISHED).exists()


def run_by_clock() -> None:
    """Every sweep that changes records, then the jobs that came of it."""
    for name in sorted(jobs.SWEEPS):
        if name.startswith(_BY_CLOCK):
            jobs.SWEEPS[name]()
    run_jobs()


def run_jobs() -> None:
    """Do at once, on the story's day, what a worker would do; the queue forgets it."""
    while rows := list(ProcrastinateJob.objects.filter(status="todo", queue_name="work").order_by("id")):
        for row in rows:
            jobs.app.tasks[row.task_name].func(**row.args)
            jobs.app.job_manager.cancel_job_by_id(row.pk, delete_job=True)
