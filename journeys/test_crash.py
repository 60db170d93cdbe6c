"""`kill -9` of the web server, the database and the worker in the middle of submit, score, publish and pay.

A trigger lets the acts wait inside their transactions for a lock that the test holds; then one dies.
Nothing acknowledged is lost, nothing is half done, and the same request again does nothing twice.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import time
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, connections
from django.test import Client

from benchmarks.processes import tree
from journeys.conftest import BACKEND, _travel
from journeys.crash_steps import (
    AT_COMMIT,
    FUNCTION,
    INSIDE,
    NOT_AT_ALL,
    Acts,
    Answer,
    Process,
    held,
    until,
)
from shuniu.calls.actions import listing
from shuniu.calls.queries.scoring import rubric_of
from shuniu.calls.tests import cast, cast_listing, reviews
from shuniu.config.environment import ROOT
from shuniu.config.postgres import Server, live_postmaster
from shuniu.foundation.access import Who
from shuniu.foundation.papers.models import Paper
from shuniu.funds.tests import cast as money
from shuniu.recognition.models import Recognition
from tools.pytest_database import Worker

pytestmark = [pytest.mark.real_transactions]


def ready(worker: Worker, port: int) -> Acts:
    """A whole draft in an open window, a sheet to be scored, a formal list that waits, a payment that is due."""
    travel = _travel(worker)
    under = reviews.review(travel, applications=1, experts=5, until="declared")
    of = under.office
    call, _, publicity = cast_listing.on_view(of, n=1)
    travel(publicity.closes_at)
    listing.close_due()
    formal = listing.freeze_formal(by=of.clerk, call_id=call.pk)
    who = cast.applicant(of)
    application = cast.filled_application(who, cast.published_call(of))
    seat = under.seats()[0]
    expert = next(w for w in under.members() if w.person == seat.expert.person)
    marks = {f"p{pk}": str(item.weight // 2) for pk, item in rubric_of(under.call.pk).items()}
    cookies = {"applicant": _session(who), "expert": _session(expert), "checker": _session(of.checker)}
    treasury = money.treasury(name="邻海市总工会")
    treasury.honour("city")
    subsidy = treasury.subsidy()
    treasury.payee(subsidy)
    due = treasury.settle(subsidy)
    assert due is not None
    cookies["finance"] = _session(treasury.finance)
    return Acts(port, application, seat.sheets.get(), formal, due, cookies, marks, str(uuid.uuid4()))


def _session(who: Who) -> str:
    assert who.person is not None and who.hat is not None
    client = Client()
    client.force_login(who.person, backend=BACKEND)
    kept = client.session
    kept["hat"] = who.hat.key
    # As if the password had just been given once more: publishing asks for it.
    proof = {"method": "password", "at": time.time() + 600, "reauthenticated": True}
    kept["account_authentication_methods"] = [proof]
    kept["account_authentication_methods_user"] = str(who.person.pk)
    kept.save()
    return str(kept.session_key)


def begun(pool: ThreadPoolExecutor, acts: Acts) -> list[Answer]:
    """All at once."""
    return [pool.submit(act) for act in (acts.submit, acts.score, acts.publish, acts.pay)]


def kill_database(server: Server) -> None:
    """`kill -9` of every process of the server, then start it again at its address."""
    port = server.port
    for pid in tree(live_postmaster(server.data)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    server.stop()
    server.start(port)
    connections.close_all()


@pytest.mark.seconds(45)
@pytest.mark.feature("O4")
@pytest.mark.skipif(not Path("/proc").exists(), reason="reads /proc")
def test_kill_9_in_the_middle_of_submit_score_publish_and_pay(
    own_server: tuple[Server, Worker], tmp_path: Path
) -> None:
    server, databases = own_server
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    web = Process([sys.executable, "-m", "shuniu.config.processes.web"], port, tmp_path / "web.log")
    worker = Process([sys.executable, str(ROOT / "manage.py"), "work"], port, tmp_path / "worker.log")
    web.start()
    try:
        acts = ready(databases, port)
        _serving(web)
        with ThreadPoolExecutor(4) as pool:
            _kill_web_and_database(server, databases, web, acts, pool)
        _kill_worker(databases, worker, acts)
    except AssertionError:
        for log in (web.log, worker.log, server.log):
            sys.stderr.write(log.read_text(errors="replace")[-3000:] if log.exists() else "")
        raise
    finally:
        for process in (web, worker):
            if process.running is not None:
                process.kill()


def _serving(web: Process) -> None:
    def answers() -> bool:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{web.port}/health/", timeout=10).close()
            return True
        return False

    until(answers)


def _kill_web_and_database(
    server: Server, databases: Worker, web: Process, acts: Acts, pool: ThreadPoolExecutor
) -> None:
    nothing, once = dict.fromkeys(acts.left(), 0), dict.fromkeys(acts.left(), 1)
    assert acts.left() == nothing
    with databases.owner() as owner:
        owner.execute(FUNCTION)
        owner.execute(INSIDE)
        assert acts.save("网页服务中断以前保存的。") == 204
        with held(owner) as wait:
            answers = begun(pool, acts)
            wait(answers)
            web.kill()
            assert [a.result() for a in answers] == [0, 0, 0, 0]
        assert acts.left() == nothing, "the web server was killed inside: not half, not at all"
        assert acts.saved() == "网页服务中断以前保存的。"
    web.start()
    _serving(web)
    with databases.owner() as owner, held(owner) as wait:
        assert acts.save("数据库中断以前保存的。") == 204
        answers = begun(pool, acts)
        wait()
        kill_database(server)
        assert all(a.result() in (0, 500, 503) for a in answers), "nothing was acknowledged"
        owner.close()
    assert acts.left() == nothing, "the database was killed inside: not half, not at all"
    assert acts.saved() == "数据库中断以前保存的。", "what was acknowledged a moment before is there"
    _serving(web)  # the same web server, over the database that has come back
    with databases.owner() as owner:
        owner.execute(NOT_AT_ALL)
        owner.execute(AT_COMMIT)
        with held(owner) as wait:
            answers = begun(pool, acts)
            wait(answers)
            web.kill()
            assert [a.result() for a in answers] == [0, 0, 0, 0]
        assert acts.left() == once, "killed in the commit: done, and nobody was told"
        owner.execute(NOT_AT_ALL)
    web.start()
    _serving(web)
    # The same requests again: the receipt as it is; what is locked or published already is said to be so.
    assert acts.submit() == 303
    assert acts.score() in (303, 409)
    assert acts.publish() in (303, 409)
    assert acts.pay() == 409, acts.said[-800:]
    assert acts.left() == once, "the same requests again did nothing twice"


def _kill_worker(databases: Worker, worker: Process, acts: Acts) -> None:
    """Judging, the paper of the sheet and the certificate: each is made once, by the worker that comes after."""
    with databases.owner() as owner:
        for table in ("calls_judgerun", "papers_paper"):
            owner.execute(
                f"CREATE TRIGGER wait_here BEFORE INSERT ON {table} FOR EACH ROW"
                " EXECUTE FUNCTION shuniu.wait_here()"
            )
        with held(owner) as wait:
            worker.start()
            wait(least=3)
            worker.kill()
        assert acts.application.judge_runs.count() == 0
        assert acts.sheet.records.get().paper is None and Recognition.objects.get().paper is None
        worker.start()
        until(lambda: _waiting() == 0)
        worker.kill()
    assert acts.application.judge_runs.count() == 1
    record, recognition = acts.sheet.records.get(), Recognition.objects.get()
    assert record.paper is not None and recognition.paper is not None
    for kind in (record.paper.kind, recognition.paper.kind):
        assert Paper.objects.filter(kind=kind).count() == 1, kind


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND queue_name = 'work'"
        )
        return int((cursor.fetchone() or [0])[0])
