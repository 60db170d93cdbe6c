"""What tests of a crash need: processes to kill, acts as requests with all that they leave, a lock to die at."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
from django.conf import settings
from django.db import connection

from benchmarks.processes import tree
from shuniu.calls.models import Application, PublicList, ScoreSheet, Submission
from shuniu.config.environment import ROOT
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.models import Entry
from shuniu.foundation.notices.models import Message
from shuniu.funds.models import Payment, Posting
from shuniu.recognition.models import Recognition

LOCK = 4711
TOKEN = "c" * 32
VERBS = ("calls.submit", "calls.sheet_submit", "calls.publish_list", "funds.pay")
PATIENCE = 90.0  # seconds, on a machine that does much else

Answer = Future[int]


class Process:
    """The web server or the worker of the product, over the test's own database."""

    def __init__(self, command: list[str], port: int, log: Path) -> None:
        self.command, self.port, self.log = command, port, log
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it as people run it: with its pool of connections."""
        surroundings = dict(
            os.environ, SHUNIU_ENV="demo", SHUNIU_SECRET_KEY=settings.SECRET_KEY, PORT=str(self.port)
        )
        with self.log.open("ab") as output:
            self.running = subprocess.Popen(
                self.command, cwd=ROOT, env=surroundings, stdout=output, stderr=output
            )

    def kill(self) -> None:
        """`kill -9` of it and what it has started."""
        assert self.running is not None
        for pid in tree(self.running.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.running.wait()
        self.running = None


@dataclass
class Acts:
    """The acts as requests, who sends them, and what they leave behind."""

    port: int
    application: Application
    sheet: ScoreSheet
    formal: PublicList
    payment: Payment
    cookies: dict[str, str]
    marks: dict[str, str]
    key: str
    said: str = ""  # the last page that came back

    def post(self, who: str, path: str, fields: dict[str, str]) -> int:
        """The status of the answer; 0 when the line broke."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        body = urlencode({"csrfmiddlewaretoken": TOKEN} | fields)
        head = {
            "Cookie": f"shuniu_{self.port}={self.cookies[who]}; shuniu_csrf_{self.port}={TOKEN}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            line.request("POST", path, body, head)
            answer = line.getresponse()
            self.said = answer.read().decode(errors="replace")
            return answer.status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            line.close()

    def submit(self) -> int:
        fields = {"key": self.key, "signatory": "何法人", "undertaken": "on"}
        return self.post("applicant", f"/apply/{self.application.pk}/check/", fields)

    def score(self) -> int:
        path = f"/review/{self.sheet.seat.committee_id}/{self.sheet.application_id}/"
        return self.post("expert", path, self.marks | {"action": "submit", "comment": "方案可行。"})

    def publish(self) -> int:
        return self.post("checker", f"/calls/lists/{self.formal.pk}/", {"do": "approve"})

    def pay(self) -> int:
        fields = {"do": "pay", "paid_on": f"{clock.today():%Y-%m-%d}", "voucher": "PZ-1"}
        return self.post("finance", f"/subsidies/{self.payment.subsidy_id}/", fields)

    def save(self, text: str) -> int:
        """Autosave of one field: acknowledged with 204."""
        fields = {"_changed": "text", "text": text}
        return self.post("applicant", f"/apply/{self.application.pk}/plan/autosave/", fields)

    def saved(self) -> str:
        """The field as the database has it."""
        return str(Application.objects.get(pk=self.application.pk).draft["plan"]["text"])

    def left(self) -> dict[str, int]:
        """How often each effect of the acts is there."""
        entries = Entry.objects.filter(verb__in=VERBS)
        return {
            "submission": Submission.objects.filter(application=self.application).count(),
            "decision": self.application.decisions.filter(verb="submit").count(),
            "receipt": Message.objects.filter(
                effect_key__startswith=f"calls.receipt:{self.application.pk}:"
            ).count(),
            "submission told": entries.filter(subject=f"calls.application:{self.application.pk}").count(),
            "judging": _jobs("calls.judge", application_id=self.application.pk),
            "record": self.sheet.records.count(),
            "sheet": ScoreSheet.objects.filter(pk=self.sheet.pk, state="submitted").count(),
            "sheet told": entries.filter(verb="calls.sheet_submit").count(),
            "sheet paper": _jobs("calls.sheet_paper"),
            "published": PublicList.objects.filter(pk=self.formal.pk, published_at__isnull=False).count(),
            "recognition": Recognition.objects.count(),
            "publication told": entries.filter(verb="calls.publish_list").count(),
            "certificate": _jobs("recognition.certificate"),
            "payment": Payment.objects.filter(pk=self.payment.pk, state="paid").count(),
            "posting": Posting.objects.filter(kind="pay").count(),
            "payment told": entries.filter(verb="funds.pay").count(),
        }


def _jobs(task: str, **arguments: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = %s", [task])
        return sum(1 for (args,) in cursor.fetchall() if arguments.items() <= _plain(args).items())


def _plain(args: Any) -> dict[str, Any]:
    return dict(json.loads(args)) if isinstance(args, str) else dict(args)


def until(true: Callable[[], bool]) -> None:
    """Wait for it."""
    limit = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < limit, "it did not come to that"
        time.sleep(0.02)


@contextlib.contextmanager
def held(owner: psycopg.Connection[tuple[Any, ...]]) -> Iterator[Callable[..., None]]:
    """Hold the lock that the triggers wait for; gives a wait until the transactions of all acts do so."""
    owner.execute("SELECT pg_advisory_lock(%s)", [LOCK])

    def waiting(least: int) -> bool:
        found = owner.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted", [LOCK]
        ).fetchone()
        return found is not None and found[0] >= least

    def wait(answers: Sequence[Answer] = (), least: int = len(VERBS)) -> None:
        until(lambda: waiting(least) or any(a.done() for a in answers))
        assert not [a.result() for a in answers if a.done()], "an act came to its end"

    yield wait
    if not owner.closed:
        owner.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        # What lost its client comes to its end: one way or the other.
        until(lambda: owner.execute(_BUSY).fetchone() == (0,))


# Transactions that have written; pg_stat_activity does not tell one role of another's.
_BUSY = (
    "SELECT count(*) FROM pg_locks WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock' AND granted"
)
FUNCTION = (
    "CREATE FUNCTION shuniu.wait_here() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS"
    f" $$BEGIN PERFORM pg_advisory_xact_lock_shared({LOCK}); RETURN NEW; END$$"
)
_WHEN = f"WHEN (NEW.verb IN {VERBS}) EXECUTE FUNCTION shuniu.wait_here()"
INSIDE = f"CREATE TRIGGER wait_here BEFORE INSERT ON journal_entry FOR EACH ROW {_WHEN}"
AT_COMMIT = (
    "CREATE CONSTRAINT TRIGGER wait_here AFTER INSERT ON journal_entry DEFERRABLE INITIALLY DEFERRED"
    f" FOR EACH ROW {_WHEN}"
)
NOT_AT_ALL = "DROP TRIGGER wait_here ON journal_entry"
