"""Jobs and sweeps behind one module: the house knows `job`, `sweep` and `enqueue`, not the library.

A job is enqueued in the transaction of the act that wants it, so it exists exactly when the act does. A
sweep is idempotent and runs on a schedule; each of its effects carries a UNIQUE key.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, transaction
from procrastinate.contrib.django import app

# The library reads these in UTC.
MINUTE = "* * * * *"
NIGHTLY = "10 18 * * *"  # 02:10 in Shanghai

_MOST_ATTEMPTS = 5
_WORKER_ALIVE = 700_001  # advisory lock: shared by every living worker

SWEEPS: dict[str, Callable[[], object]] = {}
"""Every sweep by name: the health page, tests and `manage.py sweep` run them by it."""


def job(name: str) -> Callable[[Callable[..., None]], Any]:
    """`@job("registry.import")`: a task that `enqueue` names; arguments are JSON (ids, never objects)."""

    def register(function: Callable[..., None]) -> Any:
        return app.task(name=name, queue="work", retry=3)(function)

    return register


def sweep(
    name: str, cron: str = MINUTE, *, alone: bool = True
) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """`@sweep("calls.close_publicity")`: runs by the clock, again and again, with the same outcome.

    `alone`: a slow run is not overtaken by the next one.
    """

    def register(function: Callable[[], object]) -> Callable[[], object]:
        SWEEPS[name] = function

        def run(timestamp: int) -> None:
            run_sweep(name)

        task = app.task(
            name=f"sweep.{name}", queue="sweep", queueing_lock=f"sweep.{name}",
            lock=f"sweep.{name}" if alone else None,
        )(run)  # fmt: skip
        app.periodic(cron=cron, periodic_id=name)(task)
        return function

    return register


def run_sweep(name: str) -> object:
    """Run one sweep now and note that it came to its end; KeyError for a name that nobody registered."""
    from shuniu.foundation.notices.actions import note_sweep

    outcome = SWEEPS[name]()
    note_sweep(name)
    return outcome


def enqueue(name: str, *, once: str = "", **arguments: Any) -> None:
    """Put a job on the queue in the current transaction; `once`: skip when one with this key waits.

    The one that waits may start before the current transaction is visible: where it must see what was
    written, enqueue with `once` in `transaction.on_commit`.
    """
    from procrastinate.exceptions import AlreadyEnqueued

    configured = app.configure_task(name, queueing_lock=once or None)
    try:
        with transaction.atomic():  # a savepoint: a key that waits must not spoil the act
            configured.defer(**arguments)
    except AlreadyEnqueued:
        return


def enqueue_all(name: str, each: Sequence[dict[str, Any]]) -> None:
    """One job for each set of arguments, in one statement per thousand, in the current transaction."""
    for start in range(0, len(each), 1000):
        app.configure_task(name).batch_defer(*each[start : start + 1000])


def claim_worker() -> None:
    """Say on this thread's connection, for as long as it lives, that a worker lives.

    The only living worker takes up what a killed one left in `doing` (reliability.md, fact 12).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_WORKER_ALIVE])
        if (cursor.fetchone() or [False])[0]:
            rescue(everything=True)
            cursor.execute("SELECT pg_advisory_lock_shared(%s), pg_advisory_unlock(%s)", [_WORKER_ALIVE] * 2)
        else:
            cursor.execute("SELECT pg_advisory_lock_shared(%s)", [_WORKER_ALIVE])


def rescue(*, everything: bool = False) -> int:
    """Put the jobs of dead workers back on the queue; the number of jobs.

    A worker is dead without a heartbeat for 30 seconds; `everything`: nobody else is alive, so every job in
    `doing` is an orphan. One that has brought five workers down is given up; one whose key waits again is not
    needed any more.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM procrastinate_jobs j"
            " WHERE status = 'doing' AND (%s OR NOT EXISTS (SELECT 1 FROM procrastinate_workers w"
            "  WHERE w.id = j.worker_id AND w.last_heartbeat > clock_timestamp() - interval '30 seconds'))"
            " FOR UPDATE SKIP LOCKED",
            [everything],
        )
        orphans = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "UPDATE procrastinate_jobs j SET status = 'failed' WHERE id = ANY(%s) AND (attempts >= %s"
            " OR EXISTS (SELECT 1 FROM procrastinate_jobs t WHERE t.queueing_lock = j.queueing_lock"
            "  AND (t.status = 'todo' OR t.status = 'doing' AND t.id > j.id)))",
            [orphans, _MOST_ATTEMPTS],
        )
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'todo', attempts = attempts + 1, worker_id = NULL,"
            " abort_requested = false WHERE id = ANY(%s) AND status = 'doing'",
            [orphans],
        )
        return int(cursor.rowcount)


def forget_old(*, days: int = 30) -> int:
    """Delete what failed or was given up more than `days` ago; the number of jobs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs j WHERE status IN ('failed', 'cancelled', 'aborted', 'succeeded')"
            " AND NOT EXISTS (SELECT 1 FROM procrastinate_events e WHERE e.job_id = j.id"
            " AND e.at > clock_timestamp() - make_interval(days => %s))",
            [days],
        )
        return int(cursor.rowcount)


__all__ = [
    "MINUTE", "NIGHTLY", "SWEEPS", "app", "claim_worker", "enqueue", "forget_old", "job", "rescue",
    "run_sweep", "sweep",
]  # fmt: skip
