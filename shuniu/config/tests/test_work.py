"""Jobs and sweeps: enqueued with the act, run by the worker, taken up again when the worker was killed."""

from __future__ import annotations

import functools
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from shuniu.foundation import jobs
from shuniu.foundation.access import Who
from shuniu.foundation.files import actions as files
from shuniu.foundation.files import kinds
from shuniu.foundation.files.models import Blob
from shuniu.foundation.files.tests import samples
from shuniu.foundation.files.tests.clamd import Clamd
from shuniu.foundation.notices.models import SweepRun

pytestmark = [pytest.mark.django_db, pytest.mark.feature("O4")]
ROOT = Path(__file__).resolve().parents[3]


def queue() -> list[tuple[str, str, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status::text, attempts FROM procrastinate_jobs ORDER BY id")
        return [(str(name), str(status), int(n)) for name, status, n in cursor.fetchall()]


def waiting(name: str) -> list[tuple[str, str, int]]:
    return [row for row in queue() if row[0] == name]


def test_a_job_exists_exactly_when_its_act_does() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        jobs.enqueue("files.scan", blob_id=1)
        assert len(queue()) == 1
        raise RuntimeError
    assert queue() == []


def test_a_key_that_waits_does_not_spoil_the_act() -> None:
    with transaction.atomic():
        for _ in range(2):
            jobs.enqueue("files.scan", once="scan:1", blob_id=1)
        assert len(queue()) == 1


def test_every_sweep_is_known_and_runs_by_hand() -> None:
    for name in ("journal.seal", "notices.deliver", "files.scan_waiting", "jobs.rescue"):
        assert name in jobs.SWEEPS
        call_command("sweep", name, stdout=io.StringIO())
        assert SweepRun.objects.filter(name=name).exists()
    with pytest.raises(CommandError, match="没有名为 nonsense 的巡检"):
        call_command("sweep", "nonsense")


def test_nightly_is_at_night_in_shanghai() -> None:
    from croniter import croniter  # type: ignore[import-untyped]

    hour = (croniter(jobs.NIGHTLY).get_next(float, start_time=1_795_000_000) // 3600 + 8) % 24
    assert hour == 2


def _orphan(name: str, *, status: str = "doing", attempts: int = 0, key: str | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts, queueing_lock)"
            " VALUES ('work', %s, %s, %s, %s)",
            [name, status, attempts, key],
        )


def test_orphans_go_back_on_the_queue_and_twins_do_not() -> None:
    _orphan("plain")
    _orphan("killer", attempts=5)
    _orphan("twin", key="k")
    _orphan("twin", status="todo", key="k")
    _orphan("older", key="m")
    _orphan("newer", key="m")
    assert jobs.rescue() == 2
    assert queue() == [
        ("plain", "todo", 1),
        ("killer", "failed", 5),
        ("twin", "failed", 0),
        ("twin", "todo", 0),
        ("older", "failed", 0),
        ("newer", "todo", 1),
    ]


def test_the_jobs_of_a_living_worker_stay_with_it() -> None:
    _orphan("busy")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        worker = (cursor.fetchone() or [0])[0]
        cursor.execute("UPDATE procrastinate_jobs SET worker_id = %s", [worker])
        assert jobs.rescue() == 0
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
    assert jobs.rescue() == 1


# --- the process itself -------------------------------------------------------------------------------


def until(true: Callable[[], bool], seconds: float) -> float:
    """Wait until it is true; how long that took."""
    start = time.monotonic()
    while not true():
        assert time.monotonic() - start < seconds, "it did not happen in time"
        time.sleep(0.05)
    return time.monotonic() - start


@pytest.fixture
def clamd(settings: Any) -> Iterator[Clamd]:
    server = Clamd()
    settings.CLAMAV = server.address
    yield server
    server.may_answer.set()
    server.stop()


@pytest.fixture
def start(clamd: Clamd, settings: Any) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts a worker on this test's database."""
    started: list[subprocess.Popen[bytes]] = []

    def work() -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "work"], cwd=ROOT,
            env=dict(os.environ, SHUNIU_CLAMAV=clamd.address, SHUNIU_DATA=str(settings.DATA)),
        )  # fmt: skip
        started.append(process)
        return process

    yield work
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


def upload(note: str) -> Blob:
    return files.store(
        by=Who(),
        upload=io.BytesIO(samples.pdf(note=note)),
        owner="test:1",
        name="a.pdf",
        allowed=kinds.EVIDENCE,
    ).blob


def decided(blob: Blob) -> bool:
    blob.refresh_from_db()
    return blob.scan == Blob.Scan.CLEAN


@pytest.mark.real_transactions
def test_the_worker_listens_sweeps_and_ends_gracefully(
    start: Callable[[], subprocess.Popen[bytes]], clamd: Clamd
) -> None:
    worker = start()
    until(lambda: SweepRun.objects.filter(name="journal.seal").exists(), 60)
    took = []
    for n in range(4):
        blob = upload(f"at once {n}")
        took.append(until(functools.partial(decided, blob), 30))
    # What comes right after a job would wait five seconds for the next poll.
    assert min(took[1:]) < 4, "told by NOTIFY, not found by polling"

    clamd.asked.clear()
    clamd.may_answer.clear()
    blob = upload("second")
    assert clamd.asked.wait(60)
    worker.send_signal(signal.SIGTERM)
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(1)
    assert not decided(blob), "the job is still running"
    clamd.may_answer.set()
    assert worker.wait(60) == 0
    assert decided(blob)
    assert not [row for row in queue() if row[1] == "doing"]


@pytest.mark.real_transactions
def test_what_a_killed_worker_left_is_done_by_the_next(
    start: Callable[[], subprocess.Popen[bytes]], clamd: Clamd
) -> None:
    worker = start()
    clamd.may_answer.clear()
    blob = upload("third")
    assert clamd.asked.wait(60)
    worker.kill()
    worker.wait()
    assert waiting("files.scan") == [("files.scan", "doing", 0)]
    clamd.may_answer.set()
    start()
    until(lambda: decided(blob), 60)
    until(lambda: not waiting("files.scan"), 60)
