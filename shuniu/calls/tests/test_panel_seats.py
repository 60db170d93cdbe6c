"""Seats: replacement, opening, undertaking, declaration, recusal."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.test import Client

from shuniu.calls import demo_review as demo
from shuniu.calls.actions import panel
from shuniu.calls.models import (
    Committee,
    Draw,
    Expert,
    Recusal,
    ScoreSheet,
    Seat,
    YearlyUndertaking,
)
from shuniu.calls.tests import reviews
from shuniu.calls.tests.reviews import refused
from shuniu.calls.tests.test_word import said_in
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.models import Entry
from shuniu.foundation.notices.models import Message
from shuniu.registry import actions as registry
from shuniu.unions.tests import cast as unions

pytestmark = pytest.mark.django_db


# --- replacement ------------------------------------------------------------------------------------


@pytest.mark.feature("D2")
def test_whoever_declines_is_followed_by_the_next_of_the_order(travel: Any) -> None:
    of = reviews.review(travel, until="open")
    draw = Draw.objects.get(committee_id=of.pk)
    leaver, member = of.seats()[0], of.members()[0]
    following = panel.decline(by=member, committee_id=of.pk, reason="出国访学")
    assert following is not None
    assert following.expert.number == draw.result.order[5]
    assert following.replaces_id == leaver.pk
    assert Entry.objects.filter(verb="calls.leave_seat").count() == 1
    with pytest.raises(Seat.DoesNotExist):
        panel.decline(by=of.office.clerk, committee_id=of.pk, reason="不是我")


@pytest.mark.feature("D2")
def test_an_exhausted_order_asks_for_another_draw(travel: Any) -> None:
    of = reviews.review(travel, experts=5, until="open")
    assert panel.decline(by=of.members()[0], committee_id=of.pk, reason="出国访学") is None
    assert Message.objects.filter(person=of.office.clerk.person, title__contains="再次抽取").exists()
    reviews.pool(of.office, 1, category=of.again().category.key)
    demo.hold_draw(of.again(), clerk=of.office.clerk, second=of.auditor, reason="候补已用完")
    assert len(of.seats()) == 5


@pytest.mark.refusal("calls.seat_has_scores", "calls.seat_left")
def test_scores_cannot_be_swept_away_by_replacing(travel: Any) -> None:
    of = reviews.review(travel, until="scored")
    seat = of.seats()[0]
    with refused("calls.seat_has_scores"):
        panel.replace(by=of.office.clerk, seat_id=seat.pk, reason="想换人")
    with refused("calls.seat_has_scores"):
        panel.decline(by=of.members()[0], committee_id=of.pk, reason="不想评了")


@pytest.mark.feature("D2")
def test_a_replaced_member_is_out(travel: Any, client: Client) -> None:
    of = reviews.review(travel, until="declared")
    seat, member = of.seats()[0], of.members()[0]
    panel.replace(by=of.office.clerk, seat_id=seat.pk, reason="联系不上")
    with refused("calls.seat_left"):
        panel.replace(by=of.office.clerk, seat_id=seat.pk, reason="再换")
    unions.log_in(client, member)
    assert client.get(f"/review/{of.pk}/").status_code == 404
    assert client.get(f"/review/{of.pk}/{of.applications[0].pk}/").status_code == 404


# --- opening ----------------------------------------------------------------------------------------


@pytest.mark.refusal(
    "calls.audit_open", "calls.nothing_to_review", "calls.committee_short", "calls.review_open"
)
def test_what_must_be_there_before_a_review(travel: Any) -> None:
    of = reviews.review(travel, until="established")
    clerk = of.office.clerk
    with refused("calls.committee_short"):
        panel.open_scoring(by=clerk, committee_id=of.pk)
    empty = panel.establish(by=clerk, category_id=of.call.categories.all()[1].pk)
    with refused("calls.nothing_to_review"):
        panel.open_scoring(by=clerk, committee_id=empty.pk)
    reviews.run(of, "drawn")
    first = of.applications[0]
    first.refresh_from_db()
    first.released_at = None
    first.save()
    with refused("calls.audit_open"):
        panel.open_scoring(by=clerk, committee_id=of.pk)
    first.released_at = clock.now()
    first.save()
    panel.open_scoring(by=clerk, committee_id=of.pk)
    with refused("calls.review_open"):
        panel.open_scoring(by=clerk, committee_id=of.pk)


@pytest.mark.refusal("calls.committee_fixed")
def test_size_and_way_are_fixed_once_opened(travel: Any) -> None:
    of = reviews.review(travel, until="open")
    for change in ({"size": 1}, {"aggregation": "trimmed"}, {"digits": 0}):
        with pytest.raises(DatabaseError, match=r"calls\.committee_fixed"), transaction.atomic():
            Committee.objects.filter(pk=of.pk).update(**change)


# --- undertaking and declaration --------------------------------------------------------------------


@pytest.mark.feature("D9")
@pytest.mark.refusal(
    "calls.signed_this_year", "calls.not_expert", "calls.undertaking_first", "calls.declare_first"
)
def test_nothing_is_served_before_undertaking_and_declaration(travel: Any, client: Client) -> None:
    of = reviews.review(travel, until="open")
    member = of.members()[0]
    unions.log_in(client, member)
    material = of.applications[0].materials.all()[0]
    desk = f"/review/{of.pk}/{of.applications[0].pk}/"
    doors = (f"/review/{of.pk}/", desk, f"{desk}files/{material.attachment_id}/", f"{desk}abstain/", f"{desk}recuse/",
             f"/review/{of.pk}/hand-in/")  # fmt: skip
    for door in doors:
        answer = client.get(door)
        assert answer.status_code == 403, door
        assert "/review/undertaking/" in answer.content.decode()
        assert of.applications[0].organisation.name not in answer.content.decode()
    assert client.get(f"/review/{of.pk}/declare/").status_code == 403
    wrong = client.post("/review/undertaking/", {"agree": "on", "name": "别人"})
    assert wrong.status_code == 422
    assert member.person is not None
    assert client.post("/review/undertaking/", {"agree": "on", "name": member.person.name}).status_code == 303
    with refused("calls.signed_this_year"):
        panel.sign_undertaking(by=member)
    with refused("calls.not_expert"):
        panel.sign_undertaking(by=of.office.clerk)
    for door in doors:
        answer = client.get(door)
        assert answer.status_code == 403, door
        assert f"/review/{of.pk}/declare/" in answer.content.decode()
    names = client.get(f"/review/{of.pk}/declare/").content.decode()
    assert of.applications[0].organisation.name in names
    assert "职工心理驿站" not in names
    data = {"none": "on", f"c{of.applications[0].pk}": "on"}
    assert client.post(f"/review/{of.pk}/declare/", data).status_code == 422
    data[f"d{of.applications[0].pk}"] = "本人是该单位理事"
    assert client.post(f"/review/{of.pk}/declare/", data).status_code == 303
    assert client.get(desk).status_code == 404
    other = f"/review/{of.pk}/{of.applications[1].pk}/"
    assert client.get(other).status_code == 200
    answer = client.get(f"{other}files/{of.applications[1].materials.all()[0].attachment_id}/?inline")
    assert answer.status_code == 200
    assert Entry.objects.filter(verb="calls.read_sealed", is_reading=True).count() == 1
    # The file of a recused application is not served through another application's address either.
    assert client.get(f"{other}files/{material.attachment_id}/").status_code == 404
    # documents.md §2: the roster of the office says who promised what and from whom they are recused.
    roster = f"/calls/panels/{of.pk}/roster"
    assert client.get(f"{roster}.docx").status_code == 403
    unions.log_in(client, of.office.clerk)
    told = said_in(client.get(f"{roster}.docx"))
    assert f"{of.applications[0].organisation.name}：本人是该单位理事" in told and "还没有签署" in told
    assert client.get(f"{roster}.pdf").content.startswith(b"%PDF")


@pytest.mark.feature("D9")
def test_last_years_undertaking_does_not_count(travel: Any, client: Client) -> None:
    of = reviews.review(travel, until="declared")
    member = of.members()[0]
    unions.log_in(client, member)
    assert client.get(f"/review/{of.pk}/").status_code == 200
    seat = of.seats()[0]
    travel(dt.datetime(clock.today().year + 1, 1, 2, 9, tzinfo=clock.TZ))
    assert YearlyUndertaking.objects.filter(expert=seat.expert).count() == 1
    assert client.get(f"/review/{of.pk}/").status_code == 403


def _hit(of: reviews.Review, expert: Expert, **change: Any) -> Recusal | None:
    panel.change_expert(by=of.office.clerk, expert_id=expert.pk, **change)
    who = demo.as_expert(Expert.objects.select_related("person", "union").get(pk=expert.pk))
    panel.sign_undertaking(by=who)
    panel.declare(by=who, committee_id=of.pk, conflicts={})
    return Recusal.objects.filter(seat__expert=expert, application=of.applications[0]).first()


@pytest.mark.feature("D3")
@pytest.mark.parametrize(
    "kind", ["employer", "code", "telephone", "contact", "past_post", "past_project", "none"]
)
def test_the_registry_finds_conflicts(travel: Any, kind: str) -> None:
    of = reviews.review(travel, applications=2, until="open")
    organisation = of.applications[0].organisation
    expert = of.seats()[0].expert
    member = of.applicants[0].person
    assert isinstance(member, Person)
    if kind == "past_project":
        registry.add_fact(
            by=of.office.clerk, organisation=organisation, kind="project", basis="合同",
            values={"name": "心理驿站", "client_kind": "other", "client": f"（{expert.employer}）", "year": 2025},
        )  # fmt: skip
    changes: dict[str, dict[str, Any]] = {
        "employer": {"employer": organisation.name},
        "code": {"employer_code": organisation.code},
        "telephone": {"phone": member.phone},
        "contact": {"phone": organisation.contact_phone},
        "past_post": {"past_posts": f"望海市图书馆\n{organisation.name}"},
        "past_project": {"position": "教授"},
        "none": {"position": "教授"},
    }
    found = _hit(of, expert, **changes[kind])
    if kind == "none":
        assert found is None
        return
    assert found is not None
    assert found.kind == {"code": "employer", "contact": "telephone"}.get(kind, kind)
    assert ScoreSheet.objects.filter(seat__expert=expert).count() == (0 if kind == "contact" else 1)
    assert Message.objects.filter(person=of.office.clerk.person, title__startswith="回避").exists()


@pytest.mark.feature("D3")
def test_changed_particulars_are_compared_again(travel: Any) -> None:
    of = reviews.review(travel, until="declared")
    seat = of.seats()[0]
    panel.change_expert(
        by=of.office.clerk, expert_id=seat.expert_id, past_posts=of.applications[1].organisation.name
    )
    assert Recusal.objects.get(seat=seat).application == of.applications[1]


@pytest.mark.feature("D3")
@pytest.mark.refusal("calls.recusal_why", "calls.recusal_unknown", "calls.declared_already")
def test_declaring(travel: Any) -> None:
    of = reviews.review(travel, until="open")
    member, first = of.members()[0], of.applications[0]
    panel.sign_undertaking(by=member)
    with refused("calls.recusal_why"):
        panel.declare(by=member, committee_id=of.pk, conflicts={first.pk: ""})
    with refused("calls.recusal_unknown"):
        panel.declare(by=member, committee_id=of.pk, conflicts={first.pk + 1000: "理事"})
    panel.declare(by=member, committee_id=of.pk, conflicts={first.pk: "理事"})
    with refused("calls.declared_already"):
        panel.declare(by=member, committee_id=of.pk, conflicts={})


@pytest.mark.feature("D3")
def test_whoever_is_recused_from_everything_is_replaced(travel: Any) -> None:
    of = reviews.review(travel, until="open")
    seat, member = of.seats()[0], of.members()[0]
    panel.sign_undertaking(by=member)
    panel.declare(by=member, committee_id=of.pk, conflicts={a.pk: "理事" for a in of.applications})
    seat.refresh_from_db()
    assert seat.state == "declined"
    assert len(of.seats()) == 5


@pytest.mark.feature("D3")
def test_a_recusal_is_irrevocable(travel: Any) -> None:
    of = reviews.review(travel, until="declared")
    member, first = of.members()[0], of.applications[0]
    row = panel.recuse(by=member, application_id=first.pk, detail="刚得知配偶任职")
    for act in (row.delete, lambda: Recusal.objects.filter(pk=row.pk).update(detail="")):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


@pytest.mark.feature("D3")
def test_a_recused_person_sees_nothing_by_any_door(travel: Any, client: Client) -> None:
    of = reviews.review(travel, until="scoring", share=1.0)
    member, first = of.members()[0], of.applications[0]
    name = first.organisation.name
    unions.log_in(client, member)
    desk = f"/review/{of.pk}/{first.pk}/"
    file = first.materials.all()[0].attachment_id
    assert name in client.get(f"/review/{of.pk}/").content.decode()  # there was something to hide
    assert client.get(desk).status_code == 200
    assert client.get(f"{desk}sheet.pdf").status_code == 200
    panel.recuse(by=member, application_id=first.pk, detail="刚得知配偶任职")
    for door in (desk, f"{desk}files/{file}/", f"{desk}sheet.pdf", f"{desk}abstain/", f"{desk}recuse/"):
        assert client.get(door).status_code == 404, door
    assert client.post(f"{desk}save/", {"_changed": "comment", "comment": "x"}).status_code in (404, 409)
    reviews.run(of, "meeting")
    for page in ("/review/", f"/review/{of.pk}/", f"/review/{of.pk}/hand-in/", f"/review/{of.pk}/meeting/"):
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert name not in answer.content.decode(), page
