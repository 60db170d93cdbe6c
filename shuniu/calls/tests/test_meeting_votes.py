"""Attendance and votes; two who act at once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.test import Client

from shuniu.calls import demo_review as demo
from shuniu.calls.actions import panel, scoring
from shuniu.calls.models import Application, Decision, Meeting, Vote
from shuniu.calls.tests import reviews
from shuniu.calls.tests.reviews import race, refused
from shuniu.calls.tests.test_meeting import begun, everybody, keys, settle
from shuniu.foundation.notices.models import Message
from shuniu.unions.tests import cast as unions

pytestmark = pytest.mark.django_db


@pytest.mark.feature("D8")
@pytest.mark.refusal(
    "calls.cut_missing",
    "calls.cut_why",
    "calls.cut_beyond",
    "calls.vote_missing",
    "calls.conflict",
    "calls.unvoted_none",
)
def test_the_line(travel: Any, client: Client) -> None:
    of = begun(travel)
    everybody(of)

    def propose() -> Meeting:
        return scoring.propose(by=of.office.clerk, committee_id=of.pk)

    settle(of, cut_after=None)
    with refused("calls.cut_missing"):
        propose()
    settle(of, cut_reason="")
    with refused("calls.cut_why"):
        propose()
    settle(of, cut_after=4)
    with refused("calls.cut_beyond"):
        propose()
    settle(of, cut_after=3)
    with refused("calls.vote_missing"):
        propose()
    gone, *others = of.seats()
    for n, seat in enumerate(others):
        votes = dict.fromkeys(keys(of), "for") | {keys(of)[-1]: "for" if n < 2 else "against"}
        scoring.vote(by=demo.as_expert(seat.expert), committee_id=of.pk, choices=votes)
    with refused("calls.vote_missing"):
        propose()
    unions.log_in(client, of.office.clerk)
    page = f"/calls/panels/{of.pk}/meeting/"
    assert client.get(page).content.decode().count("记为弃权") == 1, "one left without voting"
    left = f"{page}attend/{gone.pk}/"
    assert client.post(left, {"reason": " "}).status_code == 409
    assert client.post(left, {"reason": "因急事离会"}).status_code == 303
    assert Message.objects.get(kind="calls.unvoted").person == gone.expert.person
    with refused("calls.unvoted_none"):
        scoring.mark_unvoted(by=of.office.clerk, committee_id=of.pk, seat_id=gone.pk, reason="再记")
    with refused("calls.conflict"):
        scoring.settle(by=of.office.clerk, committee_id=of.pk, version=1, minutes="旧页面", cut_after=1)
    outcome = {row["application"]: row for row in propose().outcome}
    first, second, last = (outcome[pk] for pk in keys(of))
    assert first["in"] and second["in"] and first["votes"] == {"for": 4, "abstain": 1}
    assert last["votes"] == {"for": 2, "against": 2, "abstain": 1}
    assert not last["in"] and last["why"] == "表决未过到会委员半数"


@pytest.mark.feature("D8")
@pytest.mark.refusal(
    "calls.not_present", "calls.attended", "calls.voted", "calls.vote_choice", "calls.vote_unknown"
)
def test_voting(travel: Any, client: Client) -> None:
    of = begun(travel)
    one = keys(of)[0]
    seat, member = of.seats()[0], of.members()[0]
    with refused("calls.not_present"):
        scoring.vote(by=member, committee_id=of.pk, choices={one: "for"})
    meeting = Meeting.objects.get(committee_id=of.pk)
    with pytest.raises(DatabaseError, match=r"calls\.not_present"), transaction.atomic():
        Vote.objects.create(meeting=meeting, application_id=one, seat=seat, choice="for")
    scoring.attend(by=of.office.clerk, committee_id=of.pk, seat_id=seat.pk)
    with refused("calls.attended"):
        scoring.attend(by=member, committee_id=of.pk, seat_id=seat.pk)
    with refused("calls.vote_choice"):
        scoring.vote(by=member, committee_id=of.pk, choices={one: "maybe"})
    with refused("calls.vote_unknown"):
        scoring.vote(by=member, committee_id=of.pk, choices={10**6: "for"})
    unions.log_in(client, member)
    page = f"/review/{of.pk}/meeting/"
    assert client.post(page, {"action": "vote"}).status_code == 422
    assert client.post(page, {"action": "vote", f"v{one}": "for"}).status_code == 303
    assert "赞成" in client.get(page).content.decode()
    with refused("calls.voted"):
        scoring.vote(by=member, committee_id=of.pk, choices={one: "against"})
    meeting.refresh_from_db()
    assert (meeting.expected, meeting.present) == (5, 1)
    with pytest.raises(DatabaseError), transaction.atomic():
        Vote.objects.update(choice="against")


@pytest.mark.feature("D3", "D8")
def test_a_recused_member_neither_votes_nor_is_counted(travel: Any) -> None:
    of = reviews.review(travel, applications=2, until="declared")
    one, two = keys(of)
    seat, member = of.seats()[0], of.members()[0]
    panel.recuse(by=member, application_id=one, detail="配偶任理事")
    reviews.run(of, "closed", marks=reviews.same_marks(0.8))
    scoring.open_meeting(by=of.office.clerk, committee_id=of.pk)
    scoring.attend(by=member, committee_id=of.pk, seat_id=seat.pk)
    with refused("calls.vote_unknown"):
        scoring.vote(by=member, committee_id=of.pk, choices={one: "for"})
    meeting = Meeting.objects.get(committee_id=of.pk)
    with pytest.raises(DatabaseError, match=r"calls\.recused"), transaction.atomic():
        Vote.objects.create(meeting=meeting, application_id=one, seat=seat, choice="for")
    scoring.vote(by=member, committee_id=of.pk, choices={two: "for"})
    for seat in of.seats()[1:]:
        who = demo.as_expert(seat.expert)
        scoring.attend(by=who, committee_id=of.pk, seat_id=seat.pk)
        scoring.vote(by=who, committee_id=of.pk, choices={one: "for", two: "for"})
    settle(of, cut_after=2)
    outcome = scoring.propose(by=of.office.clerk, committee_id=of.pk).outcome
    assert {r["application"]: r["in"] for r in outcome} == {one: True, two: True}


@pytest.mark.real_transactions
@pytest.mark.django_db(transaction=True)
def test_two_who_sign_at_once_sign_once(travel: Any) -> None:
    of = reviews.review(travel, applications=2, until="proposed")
    outcomes = race(
        lambda: scoring.sign(by=of.office.checker, committee_id=of.pk),
        lambda: scoring.sign(by=of.office.leader, committee_id=of.pk),
    )
    assert sorted(outcomes) == ["calls.meeting_closed", "done"]
    assert Decision.objects.filter(verb="shortlist").count() == 2


@pytest.mark.real_transactions
@pytest.mark.django_db(transaction=True)
def test_a_vote_cast_while_the_result_is_handed_in_is_counted_or_refused(travel: Any) -> None:
    of = reviews.review(travel, applications=1, until="closed", marks=reviews.same_marks(0.8))
    scoring.open_meeting(by=of.office.clerk, committee_id=of.pk)
    one = of.applications[0].pk
    members = of.members()
    for seat, who in zip(of.seats(), members, strict=True):
        scoring.attend(by=who, committee_id=of.pk, seat_id=seat.pk)
    for who in members[1:]:
        scoring.vote(by=who, committee_id=of.pk, choices={one: "for"})
    settle(of, cut_after=1)
    outcomes = race(
        lambda: scoring.vote(by=members[0], committee_id=of.pk, choices={one: "against"}),
        lambda: scoring.propose(by=of.office.clerk, committee_id=of.pk),
    )
    assert outcomes[0] == "done"  # without this vote the result is refused
    assert outcomes[1] in ("done", "calls.vote_missing")
    if outcomes[1] == "done":
        row = Meeting.objects.get(committee_id=of.pk).outcome[0]
        assert row["votes"] == {"for": 4, "against": 1}
    assert Decimal(str(Application.objects.get(pk=one).score)) == Decimal("80.00")
