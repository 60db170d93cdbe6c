"""`manage.py work`: the worker (jobs) and the scheduler (sweeps) in one process.

SIGTERM and SIGINT let running jobs come to their end, for at most 20 seconds.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from shuniu.config.safety import refuse_unsafe_start
from shuniu.foundation import jobs

_GRACE = 20.0  # seconds for running jobs after SIGTERM
_THREADS = 4


class Command(BaseCommand):
    help = "运行后台任务和定时巡检。"
    requires_system_checks = ()  # the web process has made them; a worker imports no pages

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_unsafe_start()
        jobs.claim_worker()
        # The worker listens over a connector of its own; jobs enqueue over Django's, in their transaction.
        connector = jobs.app.connector.get_worker_connector()  # type: ignore[attr-defined]
        jobs.app.with_connector(connector).run_worker(
            concurrency=_THREADS, name="shuniu", delete_jobs="successful", shutdown_graceful_timeout=_GRACE
        )
