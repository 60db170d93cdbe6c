"""`manage.py work`: the worker (jobs) and the scheduler (sweeps) in one process."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from shuniu.config.safety import refuse_unsafe_start
from shuniu.foundation.jobs import app


class Command(BaseCommand):
    help = "运行后台任务和定时巡检。"

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_unsafe_start()
        # A killed worker leaves its jobs in `doing`: with one worker, whatever is so at the start is stuck.
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'todo' WHERE status = 'doing'")
        connection.close()
        app.with_connector(app.connector.get_worker_connector()).run_worker(  # type: ignore[attr-defined]
            concurrency=2, name="shuniu", delete_jobs="successful"
        )
