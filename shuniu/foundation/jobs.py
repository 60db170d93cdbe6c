"""Jobs and sweeps behind one module: the house knows `job`, `sweep` and `enqueue`, not the library.

A job is enqueued in the transaction of the act that wants it, so it exists exactly when the act does. A
sweep is idempotent and runs on a schedule; each of its effects carries a UNIQUE key.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from procrastinate.contrib.django import app

MINUTE = "* * * * *"
NIGHTLY = "10 2 * * *"

SWEEPS: dict[str, Callable[[], object]] = {}
"""Every sweep by name: the health page, tests and `manage.py sweep` run them by it."""


def job(name: str) -> Callable[[Callable[..., None]], Any]:
    """`@job("registry.import")`: a task that `enqueue` names; arguments are JSON (ids, never objects)."""

    def register(function: Callable[..., None]) -> Any:
        return app.task(name=name, queue="work", retry=3)(function)

    return register


def sweep(name: str, cron: str = MINUTE) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """`@sweep("calls.close_publicity")`: runs by the clock, again and again, with the same outcome."""

    def register(function: Callable[[], object]) -> Callable[[], object]:
        SWEEPS[name] = function

        def run(timestamp: int) -> None:
            from shuniu.foundation.notices.actions import note_sweep

            function()
            note_sweep(name)

        app.periodic(cron=cron, periodic_id=name)(
            app.task(name=f"sweep.{name}", queue="sweep", queueing_lock=f"sweep.{name}", pass_context=False)(
                run
            )
        )
        return function

    return register


def enqueue(name: str, *, once: str = "", **arguments: Any) -> None:
    """Put a job on the queue in the current transaction; `once`: skip when one with this key waits."""
    from procrastinate.exceptions import AlreadyEnqueued

    configured = app.configure_task(name, queueing_lock=once or None)
    try:
        configured.defer(**arguments)
    except AlreadyEnqueued:
        return


__all__ = ["MINUTE", "NIGHTLY", "SWEEPS", "app", "enqueue", "job", "sweep"]
