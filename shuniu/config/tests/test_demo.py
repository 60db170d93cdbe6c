"""The demonstration: told once by the actions, whole or not at all, on true days; everybody finds work."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from shuniu.calls.models import Application, Call, Submission
from shuniu.config.demo import accounts, cast, objects
from shuniu.config.management.commands import demo_accounts
from shuniu.foundation.access import who_is
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import words
from shuniu.foundation.journal.models import Entry
from shuniu.foundation.ui import slots
from shuniu.recognition.models import Honour, Recognition
from shuniu.unions.queries import home_url

pytestmark = [pytest.mark.feature("O4")]
ROOT = Path(__file__).resolve().parents[3]
REAL = "select clock_timestamp()"
# The calendar's confirmation tells its listeners on commit; what they do has been done already.
AFTER_THE_COMMIT = {"calls.audit_calendar", "calls.recompute_publicity"}

Owner = psycopg.Connection[tuple[Any, ...]]


def as_owner(owner: Owner, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run python in a process whose default connection is the owner's, in a demonstration."""
    info = owner.info
    url = f"postgresql://{info.user}:{info.password}@{info.host}:{info.port}/{info.dbname}"
    surroundings = dict(os.environ, SHUNIU_ENV="demo", SHUNIU_DATABASE_URL=url)
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=900
    )


def clock_source(owner: Owner) -> str:
    """What `shuniu.now()` is made of."""
    row = owner.execute("SELECT prosrc FROM pg_proc WHERE oid = 'shuniu.now()'::regprocedure").fetchone()
    assert row is not None
    return str(row[0]).strip()


@pytest.fixture
def told(owner_connection: Owner) -> Iterator[Owner]:
    """A database of its own in which the story was told."""
    done = as_owner(owner_connection, "manage.py", "demo")
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    clock.forget()
    yield owner_connection


def counts() -> tuple[int, int, int]:
    return Entry.objects.count(), Application.objects.count(), Person.objects.count()


@pytest.mark.seconds(180)
@pytest.mark.real_transactions
def test_the_demonstration(told: Owner) -> None:
    assert clock_source(told) == REAL
    _one_selection_in_every_stage()
    _true_days()
    _everybody_finds_work()
    _named_and_listed()
    _an_award_to_its_end()
    _the_journal_is_in_words()
    before = counts()
    again = as_owner(told, "manage.py", "demo")
    assert again.returncode == 0, again.stderr
    assert counts() == before


def _the_journal_is_in_words() -> None:
    """No act and no fact of the whole story is left as a code."""
    rows = list(Entry.objects.order_by("id"))
    assert len(rows) > 1000
    assert {row.verb for row in rows if words.verb_label(row.verb) == row.verb} == set()
    assert {
        (row.verb, name) for row in rows for name in row.facts if words.word_of(row, name) is None
    } == set()
    seen: dict[str, Entry] = {row.verb: row for row in rows}
    codes = re.compile(r"\b[a-z]{2,}[_.][a-z_.]+\b")
    said = {f"{v}: {s.label} {s.value}" for v, row in seen.items() for s in words.said(row)}
    assert len(said) > 60 and {line for line in said if codes.search(line.partition(": ")[2])} == set()


def _one_selection_in_every_stage() -> None:
    found = {(c.state, c.stage) for c in Call.objects.all()}
    running = {stage for state, stage in found if state == "published"}
    assert {"apply", "check", "review", "publicity"} <= running
    assert {"draft", "pending", "finished", "cancelled"} <= {state for state, _ in found}
    assert Call.objects.filter(title__contains="望海").count() == 0  # titles speak of the year and the batch
    assert len(set(Call.objects.values_list("title", flat=True))) == Call.objects.count()


def _true_days() -> None:
    """Every act stands on its own day, every submission inside its window, nothing is to come."""
    entries = Entry.objects.order_by("at").values_list("at", flat=True)
    first, last = entries[0], entries.reverse()[0]
    assert (last - first).days > 700
    assert last <= clock.now()
    for row in Submission.objects.filter(round=0).select_related("application__call"):
        call = row.application.call
        assert call.apply_from is not None and call.apply_until is not None
        assert call.apply_from <= row.arrived_at < call.apply_until
    today = clock.today()
    in_force = Recognition.objects.filter(state="valid", first_day__lte=today, last_day__gte=today)
    assert in_force.count() >= 10
    assert any((r.last_day - today).days <= 90 for r in in_force)
    assert all(r.paper_id for r in in_force)
    for application in Application.objects.exclude(stage="draft"):
        decision = application.decisions.last()
        assert decision is not None and decision.to_stage == application.stage
    waiting = set(ProcrastinateJob.objects.filter(queue_name="work").values_list("task_name", flat=True))
    assert waiting <= AFTER_THE_COMMIT


def _everybody_finds_work() -> None:
    for username, role in (
        ("linjb", "clerk"), ("wujb", "clerk"), ("zhoufh", "checker"), ("zhengfh", "checker"),
        ("chenzr", "leader"), ("qianxt", "sys_admin"), ("lianq", "sec_admin"),
    ):  # fmt: skip
        person = Person.objects.get(username=username)
        union = person.grants.get(role=role, union__name=cast.CITY).union_id
        assert slots.todos_for(who_is(person, f"union:{union}:{role}")), username
    names = objects.named_objects()
    for key in ("expert", "owner_draft", "owner_correcting"):
        who = who_is(Person.objects.get(username=str(names[key])))
        assert slots.todos_for(who), key
        assert home_url(who) == ("/review/" if key == "expert" else "/org/"), "where the work is"


def _an_award_to_its_end() -> None:
    """Three of five were named, the fourth was told why, improved and was looked at again."""
    names = objects.named_objects()
    for key in ("application_award", "committee_awarded", "list_named", "improvement", "improvement_own"):
        assert key in names, key
    over = Call.objects.get(pk=names["call_awarded"])
    rows = Application.objects.filter(call=over)
    assert sorted(rows.values_list("stage", flat=True)) == ["not_shortlisted"] * 2 + ["recognised"] * 3
    assert Honour.objects.filter(union=over.union, state="in_force").count() == 3
    own = rows.get(pk=names["application_awarded"])
    assert own.stage == "not_shortlisted" and own.feedback.state == "released"
    assert sorted(own.improvements.values_list("state", flat=True)) == ["done", "open", "proposed"]


def _named_and_listed() -> None:
    names = objects.named_objects()
    for key in (
        "call_open",
        "application_waiting",
        "sheet",
        "shortlist",
        "formal",
        "objection",
        "certificate",
    ):
        assert key in names, key
    rows = list(accounts.accounts())
    assert len({row.username for row in rows}) == len(rows) >= 24
    assert all(row.waits for row in rows)


@pytest.mark.real_transactions
def test_a_story_that_fails_leaves_nothing(owner_connection: Owner) -> None:
    script = """
import django; django.setup()
from django.db import transaction
from shuniu.config.demo import cast, clock, days
from shuniu.foundation.calendar import clock as time
with transaction.atomic(), clock.travelling() as travel:
    travel.begin(days.at(travel.present.date().replace(year=travel.present.year - 2, day=1), "09:00"))
    who = cast.Cast()
    cast.build_unions(who)
    assert (travel.present - time.now()).days > 600
    raise RuntimeError("broken on the way")
"""
    done = as_owner(owner_connection, "-c", script)
    assert "broken on the way" in done.stderr
    assert clock_source(owner_connection) == REAL
    assert Entry.objects.count() == 0


@pytest.mark.django_db
def test_only_in_a_demonstration() -> None:
    with pytest.raises(CommandError, match="演示环境"):
        call_command("demo")
    assert list(accounts.accounts()) == []


@pytest.mark.django_db
def test_the_application_role_is_told_why(owner_connection: Owner) -> None:
    """The role that serves pages cannot move the clock, so it cannot tell the story."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(current_user, proowner, 'USAGE') FROM pg_proc"
            " WHERE oid = 'shuniu.now()'::regprocedure"
        )
        assert cursor.fetchone() == (False,)


def test_columns_stand_under_one_another() -> None:
    told = demo_accounts.table([("身份", "登录名"), ("经办人 林", "lin")]).splitlines()
    assert told == ["身份       登录名", "经办人 林  lin"]
