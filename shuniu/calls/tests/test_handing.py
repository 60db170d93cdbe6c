"""转办: an approval goes to a colleague who may decide it; refusals, rounds, who sees it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from shuniu.calls.actions import audit, scoring
from shuniu.calls.actions import call as calls
from shuniu.calls.models import Call
from shuniu.calls.tests import cast, reviews
from shuniu.calls.tests.test_audit import at_desk, concluded
from shuniu.foundation.access import Refused, Who
from shuniu.foundation.notices.models import Message
from shuniu.foundation.ui import slots
from shuniu.foundation.ui.slots import Todo
from shuniu.unions import actions
from shuniu.unions.actions.roles import revoke_role
from shuniu.unions.models import Handover, RoleGrant
from shuniu.unions.tests import cast as unions
from shuniu.unions.tests.cast import SETUP, log_in, me

pytestmark = pytest.mark.django_db


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(Refused) as caught, transaction.atomic():
        yield
    assert caught.value.verdict.code == code


def pending(of: cast.Office) -> Call:
    call = cast.draft_call(of)
    return calls.submit(by=of.clerk, call_id=call.pk)


def hand(by: Who, call: Call, to: Who, note: str = "请你审签") -> Handover:
    return actions.hand_on(by=by, kind="call", pk=call.pk, to_person_id=me(to).pk, note=note)


def todo_of(who: Who, url: str) -> Todo:
    return next(t for t in slots.todos_for(who) if t.url == url)


@pytest.mark.feature("C3")
@pytest.mark.refusal(
    "unions.hand_on_gone", "unions.hand_on_self", "unions.hand_on_target", "unions.hand_on_barred",
    "unions.hand_on_already",
)  # fmt: skip
def test_every_refusal_and_nothing_is_written() -> None:
    of = cast.office()
    call = pending(of)
    other = cast.office("邻海市总工会")
    with refused("unions.hand_on_gone"):
        hand(other.leader, call, other.checker)
    with refused("calls.approver_only"):
        hand(of.clerk, call, of.checker)
    with refused("unions.hand_on_self"):
        hand(of.leader, call, of.leader)
    with refused("unions.hand_on_target"):
        hand(of.leader, call, of.clerk)
    with refused("unions.hand_on_target"):
        hand(of.leader, call, other.checker)
    unions.grant(me(of.clerk), of.union, "checker")
    with refused("unions.hand_on_barred"):
        hand(of.leader, call, of.clerk)
    with refused("unions.no_reason"):
        hand(of.leader, call, of.checker, " ")
    assert not Handover.objects.exists()
    hand(of.leader, call, of.checker)
    with refused("unions.hand_on_already"):
        hand(of.leader, call, of.checker)
    calls.publish(by=of.checker, call_id=call.pk)
    with refused("calls.not_pending"):
        hand(of.leader, call, of.checker2)
    assert Handover.objects.count() == 1


@pytest.mark.feature("C3")
def test_a_new_round_and_a_lost_role_give_it_back_to_everybody() -> None:
    of = cast.office()
    call = pending(of)
    url = f"/calls/{call.pk}/approve/"
    hand(of.leader, call, of.checker)
    assert todo_of(of.leader, url).waiting and not todo_of(of.checker, url).waiting
    calls.return_to_draft(by=of.leader, call_id=call.pk, reason="请改标题")  # the right stays with the leader
    again = Call.objects.get(pk=call.pk)
    calls.change_basics(by=of.clerk, call_id=call.pk, version=again.version, values={"title": "新的标题"})
    calls.submit(by=of.clerk, call_id=call.pk)
    assert not todo_of(of.leader, url).waiting
    hand(of.leader, call, of.checker2)
    assert todo_of(of.leader, url).waiting
    given = RoleGrant.objects.get(person=me(of.checker2))
    revoke_role(by=SETUP, grant=given, reason="调离")
    assert not todo_of(of.leader, url).waiting


@pytest.mark.feature("C8")
def test_a_check_is_handed_on_by_its_page(client: Client) -> None:
    of = cast.office()
    made = at_desk(of)
    concluded(of, made)
    url = f"/calls/applications/{made.pk}/check/"
    log_in(client, of.leader)
    assert f"/work/hand-on/check/{made.pk}/" in client.get(url).content.decode()
    sent = {"to": me(of.checker).pk, "note": "请你复核"}
    assert client.post(f"/work/hand-on/check/{made.pk}/", sent).status_code == 303
    assert todo_of(of.leader, url).waiting and not todo_of(of.checker, url).waiting
    audit.confirm(by=of.checker, application_id=made.pk)
    over = client.get(f"/work/hand-on/check/{made.pk}/").content.decode()
    assert "现在是" in over and 'name="to"' not in over
    log_in(client, cast.office("邻海市总工会").leader)
    for address in (
        f"/work/hand-on/check/{made.pk}/",
        f"/work/hand-on/call/{made.call_id}/",
        "/work/hand-on/no/1/",
    ):
        assert client.get(address).status_code == 404
    log_in(client, of.clerk)
    assert client.get(f"/work/hand-on/call/{made.call_id}/").status_code == 403


@pytest.mark.feature("C6")
def test_a_late_request_is_handed_on_from_its_page(client: Client) -> None:
    of = cast.office()
    call = cast.published_call(of)
    assert call.apply_until is not None
    row = audit.ask_late(
        by=of.clerk, call_id=call.pk, code=cast.organisation_of(cast.applicant(of)).code or "",
        until=call.apply_until + dt.timedelta(days=2), reason="停电",
    )  # fmt: skip
    url = f"/calls/{call.pk}/late/{row.pk}/"
    assert Message.objects.get(person=me(of.leader), kind="calls.late").url == url
    log_in(client, of.leader)
    assert f"/work/hand-on/late/{row.pk}/" in client.get(url).content.decode()
    sent = {"to": me(of.checker).pk, "note": "请你办"}
    assert client.post(f"/work/hand-on/late/{row.pk}/", sent).status_code == 303
    assert todo_of(of.leader, url).waiting and not todo_of(of.checker, url).waiting
    assert "转办周复核" in client.get(url).content.decode(), "its 时间线 tells"
    audit.decide_late(by=of.checker, request_id=row.pk, granted=False, answer="理由不足")
    assert "已经办理" in client.get(f"/work/hand-on/late/{row.pk}/").content.decode()
    log_in(client, cast.office("邻海市总工会").leader)
    assert client.get(f"/work/hand-on/late/{row.pk}/").status_code == 404


@pytest.mark.feature("D4")
def test_a_reopening_is_handed_on_and_shows_its_end(travel: Any, client: Client) -> None:
    of = reviews.review(travel, applications=1, until="closed")
    leader, checker = of.office.leader, of.office.checker
    row = scoring.ask_reopening(by=of.office.clerk, committee_id=of.pk, reason="委员要修改")
    url = f"/calls/panels/{of.pk}/reopen/{row.pk}/"
    log_in(client, leader)
    assert f"/work/hand-on/reopening/{row.pk}/" in client.get(url).content.decode()
    actions.hand_on(by=leader, kind="reopening", pk=row.pk, to_person_id=me(checker).pk, note="请你办")
    assert todo_of(leader, url).waiting and not todo_of(checker, url).waiting
    scoring.decide_reopening(by=checker, reopening_id=row.pk, granted=False, answer="不必")
    assert "已经办理" in client.get(f"/work/hand-on/reopening/{row.pk}/").content.decode()
    page = client.get(url).content.decode()
    assert "不必" in page and "<textarea" not in page, "what is decided has no form"


def test_the_table_is_only_added_to() -> None:
    of = cast.office()
    hand(of.leader, pending(of), of.checker)
    for sql in ("UPDATE unions_handover SET note = 'x'", "DELETE FROM unions_handover"):
        with pytest.raises(DatabaseError, match=r"append-only|permission denied"), transaction.atomic():
            connection.cursor().execute(sql)
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.create(
            union=of.union, matter="x", from_person=me(of.leader), to_person=me(of.leader), note="x"
        )
