"""M1, M2: the inbox in the act's transaction, the channels after it, nobody told twice."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction

from shuniu.foundation.access import Who
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.foundation.notices import actions, queries
from shuniu.foundation.notices.channels import Channel, Hook, Mail, channels
from shuniu.foundation.notices.models import Delivery, Message, SweepRun

pytestmark = [pytest.mark.django_db, pytest.mark.feature("M2")]


class Gateway:
    """A union's own SMS gateway on a local port; `status` is what it answers."""

    def __init__(self) -> None:
        self.received: list[dict[str, str]] = []
        self.status = 200
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.headers["Content-Type"] == "application/json"
                if gateway.status == 200:
                    gateway.received.append(json.loads(body))
                self.send_response(gateway.status)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    server = Gateway()
    yield server
    server.server.shutdown()
    server.server.server_close()


@pytest.fixture
def hooked(gateway: Gateway, settings: Any) -> Gateway:
    """The gateway as a channel of this copy."""
    from dataclasses import replace

    settings.ENV = replace(settings.ENV, hook_url=gateway.address)
    return gateway


@pytest.fixture
def person() -> Person:
    return Person.objects.create(username="w", name="王芳", email="w@example.org", phone="13900000001")


# --- the contract of every channel --------------------------------------------------------------------


@pytest.fixture(params=["mail", "hook"])
def channel(request: pytest.FixtureRequest, gateway: Gateway) -> Channel:
    return Mail() if request.param == "mail" else Hook(gateway.address)


def test_every_channel_reaches_whom_it_can(channel: Channel, gateway: Gateway, person: Person) -> None:
    assert channel.address_of(Person(name="无")) == "", "nobody without an address"
    address = channel.address_of(person)
    assert address
    channel.send(address=address, title="补正通知", body="请在 5 个工作日内补正。", url="/calls/1/")
    if channel.name == "mail":
        (sent,) = mail.outbox
        said = {"to": str(sent.to[0]), "title": str(sent.subject), "body": str(sent.body)}
    else:
        (said,) = gateway.received
    assert said["to"] == address
    assert "补正通知" in said["title"]
    assert "5 个工作日" in said["body"]
    assert "/calls/1/" in said.get("url", "") + said["body"]


def test_every_channel_raises_when_it_fails(channel: Channel, gateway: Gateway, settings: Any) -> None:
    gateway.status = 500
    settings.EMAIL_BACKEND = "nowhere.Backend"
    with pytest.raises((OSError, ImportError)):
        channel.send(address="x@example.org", title="t", body="b", url="")


def test_every_channel_has_a_name_of_its_own(hooked: Gateway) -> None:
    assert [c.name for c in channels()] == ["mail", "hook"]


def test_a_gateway_that_is_no_web_address_is_refused() -> None:
    with pytest.raises(ValueError, match="http"):
        Hook("file:///etc/passwd")


# --- telling ------------------------------------------------------------------------------------------


def tell(person: Person, **more: Any) -> int:
    return actions.tell([person], title="补正通知", kind="calls.correct", body="请补正。", url="/a/", **more)


def test_inbox_and_queue_belong_to_the_act(person: Person, hooked: Gateway) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        assert tell(person) == 1
        raise RuntimeError
    assert not Message.objects.exists()
    assert actions.deliver_queued() == 0
    tell(person, due=dt.date(2026, 12, 1))
    assert not mail.outbox, "nothing leaves before the worker"
    assert actions.deliver_queued() == 2
    assert len(mail.outbox) == len(hooked.received) == 1
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    assert actions.deliver_queued() == 0


def test_the_same_effect_is_told_once(person: Person) -> None:
    other = Person.objects.create(username="z", name="张明")
    assert tell(person, effect_key="call:1:closed") == 1
    assert actions.tell([person, other], title="t", kind="k", effect_key="call:1:closed") == 1
    assert Message.objects.filter(person=person).count() == 1
    assert tell(person) == tell(person) == 1


def test_people_who_left_are_not_told(person: Person) -> None:
    person.is_active = False
    person.save()
    assert tell(person) == 0


def test_one_reads_one_s_own(person: Person) -> None:
    other = Person.objects.create(username="z", name="张明")
    tell(person)
    message = Message.objects.get()
    mine, theirs = Who(person=person), Who(person=other)
    assert queries.unread_count(mine) == 1
    assert not queries.inbox_of(theirs).exists()
    assert actions.mark_read(by=theirs, message_id=message.pk) == 0
    assert actions.mark_read(by=Who()) == 0
    assert actions.mark_read(by=mine) == 1
    assert queries.unread_count(mine) == 0


def test_a_gateway_that_is_down_is_given_time(person: Person, hooked: Gateway) -> None:
    person.email = ""
    person.save()
    tell(person)
    hooked.status = 503
    for attempt in range(6):
        assert actions.deliver_queued() == 0
        row = Delivery.objects.get()
        assert row.attempts == attempt + 1
        assert "503" in row.error
        assert actions.deliver_queued() == 0
        row.refresh_from_db()
        assert row.attempts == attempt + 1, "not again before its time"
        Delivery.objects.update(try_after=clock.now() - dt.timedelta(seconds=1))
    assert row.state == Delivery.State.FAILED
    assert not hooked.received


def test_after_an_hour_of_silence_it_still_arrives(person: Person, hooked: Gateway) -> None:
    tell(person)
    hooked.status = 503
    assert actions.deliver_queued() == 1, "mail went out"
    hooked.status = 200
    Delivery.objects.update(try_after=clock.now() - dt.timedelta(seconds=1))
    assert actions.deliver_queued() == 1
    assert hooked.received[0]["to"] == "13900000001"


@pytest.mark.real_transactions
def test_two_workers_send_nothing_twice(person: Person, hooked: Gateway) -> None:
    for n in range(10):
        tell(person, effect_key=str(n))

    def work() -> None:
        try:
            actions.deliver_queued()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(hooked.received) == 10
    assert Delivery.objects.filter(state="sent").count() == 20


def test_the_health_page_knows_the_last_sweep() -> None:
    actions.note_sweep("journal.seal")
    actions.note_sweep("journal.seal")
    assert SweepRun.objects.get().name == "journal.seal"
