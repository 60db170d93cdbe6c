"""The last second of a window, through HTTP: 500 organisations click twice, at the product's own web server."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import re
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction

from benchmarks.processes import MIB, Watch, web_server
from benchmarks.volume.office import Office
from benchmarks.volume.registry import add_organisations
from benchmarks.volume.rows import copy, keys, values
from shuniu.calls.models import Application, Call, Decision, Material, Submission
from shuniu.calls.rules.apply import stamp
from shuniu.calls.tests import cast
from shuniu.foundation.accounts.models import Person, identity_of
from shuniu.foundation.calendar import clock
from shuniu.foundation.files.models import Attachment
from shuniu.foundation.journal.models import Entry
from shuniu.foundation.notices.models import Message
from shuniu.foundation.ui.formats import until
from shuniu.registry.models import Membership

pytestmark = [pytest.mark.real_transactions]

COUNT = 500
SPREAD = 1.0  # seconds before and after the deadline over which the first clicks fall
DOUBLE = 0.15  # seconds between the two clicks of a double click
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TOKEN = "r" * 32  # a csrf token is what cookie and form agree on
NAMED = re.compile("报名已于 (.{16}) 截止，您的操作到达于 (.{19})，没有受理。")


@dataclass
class Click:
    """One POST of one browser, when it left and what came back."""

    application: int
    request: bytes
    after: float  # seconds after the deadline, when it is to leave
    left_at: dt.datetime | None = None
    seconds: float = 0.0  # until the answer
    status: int = 0
    body: str = ""


def crowd(of: cast.Office, call: Call) -> dict[int, str]:
    """Whole drafts of 500 organisations and a session of each: application → session key.

    One is filled in by the actions, the others are cast from it (docs/decisions/volume-in-bulk.md).
    """
    pattern = cast.filled_application(cast.applicant(of), call)
    staff = {role: who.person for role, who in (("clerk", of.clerk), ("checker", of.checker)) if who.person}
    organisations = add_organisations(Office(of.union, staff), COUNT, clock.today())
    people, ids = keys(Person, COUNT), keys(Application, COUNT)
    phones = [f"137{n:08d}" for n in people]
    row = values(Person(username="", name="何专员", password="!none"))
    copy(
        Person,
        (
            row | {"id": pk, "username": f"crowd-{pk}", "phone": phone, "identity": identity_of(phone)}
            for pk, phone in zip(people, phones, strict=True)
        ),
    )
    copy(
        Membership,
        (
            {"organisation_id": organisation, "person_id": pk, "role": "org_owner", "note": ""}
            for organisation, pk in zip(organisations, people, strict=True)
        ),
    )
    base = values(pattern)
    copy(
        Application,
        (
            base | {"id": pk, "organisation_id": organisation, "created_by_id": person}
            for pk, organisation, person in zip(ids, organisations, people, strict=True)
        ),
    )
    _files(pattern, ids, organisations, people)
    return _sessions(ids, people, organisations)


def _files(pattern: Application, ids: list[int], organisations: list[int], people: list[int]) -> None:
    for material in pattern.materials.select_related("attachment"):
        file, place = values(material.attachment, without={"uploaded_at"}), values(material, without={"id"})
        own = {pk: uuid.uuid4() for pk in ids}
        copy(
            Attachment,
            (
                file
                | {
                    "id": own[pk], "owner": f"calls.application:{pk}", "organisation_id": organisation,
                    "uploaded_by_id": person,
                }
                for pk, organisation, person in zip(ids, organisations, people, strict=True)
            ),
        )  # fmt: skip
        copy(Material, (place | {"application_id": pk, "attachment_id": own[pk]} for pk in ids))


def _sessions(ids: list[int], people: list[int], organisations: list[int]) -> dict[int, str]:
    found, store = {}, SessionStore()
    persons = Person.objects.in_bulk(people)
    rows = []
    for pk, person, organisation in zip(ids, people, organisations, strict=True):
        found[pk] = uuid.uuid4().hex
        said = {
            "_auth_user_id": str(person),
            "_auth_user_backend": BACKEND,
            "_auth_user_hash": persons[person].get_session_auth_hash(),
            "hat": f"organisation:{organisation}:org_owner",
        }
        ends = dt.datetime.now(dt.UTC) + dt.timedelta(hours=8)
        rows.append(Session(session_key=found[pk], session_data=store.encode(said), expire_date=ends))
    Session.objects.bulk_create(rows)
    return found


def clicks(sessions: dict[int, str], port: int) -> list[Click]:
    """Two clicks with one key for each application, the first ones evenly around the deadline."""
    made = []
    for n, (application, session) in enumerate(sessions.items()):
        body = urlencode(
            {
                "csrfmiddlewaretoken": TOKEN, "v-key": str(uuid.uuid4()), "key": str(uuid.uuid4()),
                "signatory": "何法人", "undertaken": "on",
            }
        ).encode()  # fmt: skip
        head = (
            f"POST /apply/{application}/check/ HTTP/1.1\r\nHost: localhost:{port}\r\n"
            f"Cookie: shuniu_{port}={session}; shuniu_csrf_{port}={TOKEN}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
            "Connection: close\r\n\r\n"
        ).encode()
        after = SPREAD * (2 * n / (len(sessions) - 1) - 1)
        made += [Click(application, head + body, after), Click(application, head + body, after + DOUBLE)]
    return made


async def fire(planned: list[Click], port: int, deadline: dt.datetime) -> None:
    """Connections first, then every click at its instant; until every answer is whole."""

    async def one(click: Click) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.sleep((deadline - clock.stamp()).total_seconds() + click.after)
        click.left_at = clock.stamp()
        writer.write(click.request)
        answer = await reader.read()
        click.seconds = (clock.stamp() - click.left_at).total_seconds()
        writer.close()
        click.status = int(answer.split(b" ", 2)[1]) if answer else 0
        click.body = answer.decode(errors="replace")

    await asyncio.gather(*(one(click) for click in planned))


@pytest.mark.seconds(48)
@pytest.mark.feature("C2")
def test_500_organisations_click_twice_from_a_second_before_the_deadline_to_a_second_after(
    travel: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Stamped before: one receipt. At or after: a refusal that names both times. Nothing double, no failure."""
    of = cast.office()
    call = cast.published_call(of)
    with transaction.atomic():
        sessions = crowd(of, call)
    deadline = Call.objects.values_list("apply_until", flat=True).get(pk=call.pk)
    assert deadline is not None
    monkeypatch.setenv("SHUNIU_ENV", "demo")  # as people run it: with its pool of connections
    monkeypatch.setenv("SHUNIU_SECRET_KEY", settings.SECRET_KEY)
    with web_server(os.environ["SHUNIU_DATABASE_URL"], tmp_path) as (port, pid):
        planned = clicks(sessions, port)
        travel(deadline - dt.timedelta(seconds=SPREAD + 3))
        urllib.request.urlopen(
            f"http://127.0.0.1:{port}/health/", timeout=30
        ).close()  # it reads the clock anew
        watch = Watch(pid, every=0.25)
        watch.start()
        with ThreadPoolExecutor(1) as own:  # a browser of another test may hold this thread's loop
            own.submit(asyncio.run, fire(planned, port, deadline)).result()
        assert watch.end() < 350 * MIB, "a thread for each of them"
    by_application: dict[int, list[Click]] = {}
    for click in planned:
        by_application.setdefault(click.application, []).append(click)
    arrived = dict(Submission.objects.values_list("application_id", "arrived_at"))
    assert len(arrived) == Submission.objects.count(), "one receipt each"
    for application, pair in by_application.items():
        check_pair(pair, arrived.get(application), deadline)
    # What left in time and was refused names a later stamp (check_pair): a busy machine takes its time to it.
    assert len(arrived) > COUNT / 5, "hardly anybody was in time: the crowd shows nothing"
    for effect in (
        Decision.objects.filter(verb="submit"),
        Entry.objects.filter(verb="calls.submit", subject__startswith="calls.application:"),
        Message.objects.filter(kind="calls.receipt"),
    ):
        assert effect.count() == len(arrived), effect.model


def check_pair(pair: list[Click], arrived: dt.datetime | None, deadline: dt.datetime) -> None:
    """What the two clicks of one organisation brought."""
    for click in pair:
        assert click.status in (303, 409, 422), (click.status, click.body[:400])
        if click.status == 422:  # only on a machine that is too slow for a crowd
            assert click.seconds > 60 and "此后 60 秒内没有保存成功" in click.body
        elif click.status == 303:
            assert f"/apply/{click.application}/receipt/" in click.body.split("\r\n\r\n")[0]
            assert arrived is not None and arrived < deadline
        else:
            named = NAMED.search(click.body)
            assert named is not None, click.body[-1500:]
            assert named[1] == until(deadline) and named[2] >= stamp(deadline)
    assert (arrived is not None) == any(click.status == 303 for click in pair)
    if all(c.left_at is not None and c.left_at > deadline + dt.timedelta(seconds=0.1) for c in pair):
        assert arrived is None, "nothing that left after the deadline was stamped before it"
