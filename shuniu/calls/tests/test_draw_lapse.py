"""A party that learns the outcome first and refuses to tell its number: costly, visible, replaced (D2)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from shuniu.calls import demo_review as demo
from shuniu.calls import draw as drawing
from shuniu.calls.actions import call as calls
from shuniu.calls.actions import panel
from shuniu.calls.models import Draw, DrawLapse
from shuniu.calls.rules.panel import APPLICANT, AUDITOR, DEPARTMENT, next_parties
from shuniu.calls.tests import cast, reviews
from shuniu.calls.tests.reviews import refused
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock, working_days
from shuniu.foundation.journal.models import Entry
from shuniu.foundation.notices.models import Message
from shuniu.unions.tests import cast as unions
from shuniu.unions.tests.cast import me

pytestmark = [pytest.mark.django_db, pytest.mark.feature("D2")]

VALUES = {"department": "4711:四海为家的暗语", "auditor": "1234:另一方自己的暗语"}


def frozen(travel: Any) -> tuple[cast.Office, Draw, Who]:
    """A draw whose two parties have committed."""
    of = cast.office()
    call = cast.published_call(of, days=3)
    category = call.categories.all()[0]
    cast.submitted_application(cast.applicant(of), call)
    committee = panel.establish(by=of.clerk, category_id=category.pk)
    reviews.pool(of, 7, category=category.key)
    travel(days=4)
    draw = panel.freeze(by=of.clerk, committee_id=committee.pk)
    auditor = unions.who("auditor", of.union, unions.person("秦经审"))
    for party, who in (("department", of.clerk), ("auditor", auditor)):
        panel.commit(by=who, draw_id=draw.pk, party=party, digest=drawing.committed(VALUES[party]))
    draw.refresh_from_db()
    return of, draw, auditor


@pytest.mark.refusal("calls.draw_running")
def test_whoever_knows_the_outcome_cannot_have_another_draw_instead(travel: Any) -> None:
    of, draw, auditor = frozen(travel)
    assert draw.reveal_by == clock.end_of_day(working_days.add(clock.today(), 1))
    panel.reveal(by=auditor, draw_id=draw.pk, party="auditor", value=VALUES["auditor"])
    with refused("calls.draw_running"):
        panel.freeze(by=of.clerk, committee_id=draw.committee_id, reason="想重新抽取")
    assert panel.lapse_due() == 0
    panel.reveal(by=of.clerk, draw_id=draw.pk, party="department", value=VALUES["department"])
    travel(days=5)
    assert panel.lapse_due() == 0, "a draw that came to its end does not lapse"


@pytest.mark.refusal("calls.party_lapsed", "calls.reveal_too_late")
def test_who_refuses_is_named_replaced_and_never_asked_again(travel: Any, client: Client) -> None:
    of, draw, auditor = frozen(travel)
    panel.reveal(by=of.clerk, draw_id=draw.pk, party="department", value=VALUES["department"])
    assert draw.reveal_by is not None
    travel(draw.reveal_by + dt.timedelta(seconds=1))
    with refused("calls.reveal_too_late"):
        panel.reveal(by=auditor, draw_id=draw.pk, party="auditor", value=VALUES["auditor"])
    assert panel.lapse_due() == 1
    assert panel.lapse_due() == 0, "a second run changes nothing"
    lapse = DrawLapse.objects.get()
    assert (lapse.party, lapse.name, lapse.draw_id) == (AUDITOR, "秦经审", draw.pk)
    page = client.get(f"/draws/{draw.pk}/").content.decode()
    assert "经审或审计管理员秦经审逾期没有公布号码" in page and "作废" in page
    again = Draw.objects.get(committee=draw.committee_id, number=2)
    assert [p["key"] for p in again.parties] == [DEPARTMENT, APPLICANT]
    assert "秦经审" in again.reason and again.frozen_by is None
    assert "秦经审" in client.get(f"/draws/{again.pk}/").content.decode()
    assert Message.objects.filter(person=me(auditor), title__startswith="专家抽取作废").exists()
    assert Entry.objects.filter(verb="calls.draw_lapse").count() == 1
    with refused("calls.not_party"):
        panel.commit(by=auditor, draw_id=again.pk, party=AUDITOR, digest="a" * 64)
    member = unions.as_role(me(auditor), of.union, "clerk")
    with refused("calls.party_lapsed"):
        panel.commit(by=member, draw_id=again.pk, party=DEPARTMENT, digest="a" * 64)
    applicant = reviews_member(of)
    demo.give_numbers(again, clerk=of.clerk2, second=applicant)
    again.refresh_from_db()
    assert again.result.order and again.drawn_seats.count() == again.seats


def reviews_member(of: cast.Office) -> Who:
    """Somebody who acts for the organisation under review."""
    from shuniu.calls.models import Application
    from shuniu.registry.tests import factories

    return factories.member(Application.objects.get().organisation)


def test_a_cancelled_call_asks_nobody_for_numbers(travel: Any) -> None:
    of, draw, _ = frozen(travel)
    calls.cancel(by=of.leader, call_id=draw.committee.call_id, reason="经费调整")
    travel(days=9)
    assert panel.lapse_due() == 0 and not DrawLapse.objects.exists()


def test_parties_after_a_refusal() -> None:
    assert next_parties(set()) == [DEPARTMENT, AUDITOR]
    assert next_parties(set(), APPLICANT) == [DEPARTMENT, APPLICANT]
    assert next_parties({DEPARTMENT}) == [AUDITOR, APPLICANT]
    assert next_parties({APPLICANT}, APPLICANT) == [DEPARTMENT, AUDITOR]
    assert next_parties({DEPARTMENT, AUDITOR}) == [APPLICANT, DEPARTMENT], (
        "by another person of the department"
    )


def test_the_database_keeps_the_deadline_and_the_refusal(travel: Any) -> None:
    _, draw, auditor = frozen(travel)
    with pytest.raises(DatabaseError, match=r"append-only|permission"), transaction.atomic():
        Draw.objects.filter(pk=draw.pk).update(reveal_by=clock.now() + dt.timedelta(days=9))
    travel(days=9)
    assert panel.lapse_due() == 1
    with pytest.raises(DatabaseError, match=r"calls\.reveal_too_late"), transaction.atomic():
        draw.commitments.create(
            party="auditor",
            kind="reveal",
            value=VALUES["auditor"],
            by=me(auditor),
            identity=me(auditor).identity,
        )
    assert DrawLapse.objects.count() == 2, "neither told its number"
    with pytest.raises(DatabaseError, match=r"append-only|permission"), transaction.atomic():
        DrawLapse.objects.update(name="别人")
