"""Closing and reopening; races with real threads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.test import Client

from shuniu.calls import demo_review as demo
from shuniu.calls.actions import panel, scoring
from shuniu.calls.models import Application, Committee, ScoreDraft, ScoreSheet, SheetRecord, Stage
from shuniu.calls.queries.scoring import sheets_of
from shuniu.calls.tests import reviews
from shuniu.calls.tests.reviews import race, refused
from shuniu.foundation.access import Refused, Who
from shuniu.foundation.calendar import clock
from shuniu.unions.tests import cast as unions

db = pytest.mark.django_db


def after_due(of: reviews.Review) -> dt.datetime:
    """The first instant after the day by which the sheets are due."""
    due = of.again().due_on
    assert due is not None
    return clock.end_of_day(due)


# --- closing and reopening --------------------------------------------------------------------------


@db
@pytest.mark.feature("D5")
@pytest.mark.refusal(
    "calls.sheets_open", "calls.unscored_none", "calls.scoring_closed", "calls.review_not_open",
    "calls.missing_early",
)  # fmt: skip
def test_closing_waits_for_every_sheet_and_a_missing_one_is_not_nought(travel: Any) -> None:
    of = reviews.review(travel, until="drawn")
    clerk = of.office.clerk
    with refused("calls.review_not_open"):
        scoring.close_scoring(by=clerk, committee_id=of.pk)
    reviews.run(of, "open")
    with refused("calls.sheets_open"):  # nobody declared yet
        scoring.close_scoring(by=clerk, committee_id=of.pk)
    reviews.run(of, "declared")
    silent = of.seats()[0]
    for who in of.members()[1:]:
        for a in of.applications:
            scoring.submit_sheet(by=who, application_id=a.pk, points=of.marks(0.8))
    with refused("calls.sheets_open"):
        scoring.close_scoring(by=clerk, committee_id=of.pk)
    with pytest.raises(DatabaseError, match=r"calls\.sheets_open"), transaction.atomic():
        Committee.objects.filter(pk=of.pk).update(closed_at=of.again().opened_at)
    with refused("calls.missing_early"):
        scoring.mark_missing(by=clerk, seat_id=silent.pk, reason="嫌他打分低")
    travel(after_due(of))
    with refused("calls.reason_needed"):
        scoring.mark_missing(by=clerk, seat_id=silent.pk, reason="")
    assert scoring.mark_missing(by=clerk, seat_id=silent.pk, reason="联系三次没有回复") == 3
    with refused("calls.unscored_none"):
        scoring.mark_missing(by=clerk, seat_id=silent.pk, reason="再记")
    scoring.close_scoring(by=clerk, committee_id=of.pk)
    with refused("calls.scoring_closed"):
        scoring.close_scoring(by=clerk, committee_id=of.pk)
    with refused("calls.scoring_closed"):
        scoring.save_points(by=of.members()[1], application_id=of.applications[0].pk, points={})
    assert set(Application.objects.values_list("score", "rank")) == {(Decimal("80.00"), 1)}
    assert SheetRecord.objects.filter(kind="missing").count() == 3


@db
@pytest.mark.feature("D5")
def test_the_score_is_the_calls_own_way(travel: Any) -> None:
    of = reviews.review(travel, until="drawn")
    Committee.objects.filter(pk=of.pk).update(aggregation="trimmed")
    shares = dict(zip([s.expert_id for s in of.seats()], (0.2, 0.7, 0.8, 0.9, 1.0), strict=True))

    def marks(expert: Any, application: Any, item: Any) -> Decimal:
        return Decimal(item.weight) * Decimal(str(shares[expert.pk]))

    reviews.run(of, "closed", marks=marks)
    assert set(Application.objects.values_list("score", flat=True)) == {Decimal("80.00")}


@db
@pytest.mark.feature("D4")
@pytest.mark.refusal(
    "calls.reopen_not_in", "calls.reopen_pending", "calls.reopen_self", "calls.reopen_decided"
)
def test_reopening_a_sheet_takes_a_reason_and_a_second_person(travel: Any, client: Client) -> None:
    of = reviews.review(travel, until="declared")
    member, key = of.members()[0], of.applications[0].pk
    clerk, checker = of.office.clerk, of.office.checker
    sheet = sheets_of(member).get(application_id=key)

    def ask(reason: str = "专家来电，第二项填错") -> Any:
        return scoring.ask_reopening(by=clerk, committee_id=of.pk, sheet_id=sheet.pk, reason=reason)

    with refused("calls.reopen_not_in"):
        ask()
    scoring.submit_sheet(by=member, application_id=key, points=of.marks(0.5))
    with refused("calls.reason_needed"):
        ask("")
    row = ask()
    with refused("calls.reopen_pending"):
        ask()
    assert clerk.person is not None
    unions.grant(clerk.person, of.office.union, "checker")
    with refused("calls.reopen_self"):
        scoring.decide_reopening(
            by=unions.as_role(clerk.person, of.office.union, "checker"), reopening_id=row.pk, granted=True
        )
    unions.log_in(client, checker)
    address = f"/calls/panels/{of.pk}/reopen/{row.pk}/"
    assert "第二项填错" in client.get(address).content.decode()
    assert client.post(address, {"do": "return", "reason": ""}).status_code == 422
    assert client.post(address, {"do": "approve"}).status_code == 303
    with refused("calls.reopen_decided"):
        scoring.decide_reopening(by=checker, reopening_id=row.pk, granted=True)
    scoring.submit_sheet(by=member, application_id=key, points=of.marks(0.9))
    kinds = list(SheetRecord.objects.filter(sheet=sheet).values_list("kind", "total"))
    assert kinds == [("submit", Decimal("50.00")), ("reopen", None), ("submit", Decimal("90.00"))]


@db
@pytest.mark.feature("D4")
@pytest.mark.refusal(
    "calls.meeting_begun",
    "calls.scoring_open",
    "calls.approver_only",
    "calls.closing_stays",
    "calls.reopen_waiting",
)
def test_scoring_opens_again_by_two_people_until_the_meeting_begins(travel: Any) -> None:
    of = reviews.review(travel, until="scored")
    clerk = of.office.clerk
    with refused("calls.scoring_open"):
        scoring.ask_reopening(by=clerk, committee_id=of.pk, reason="提前结束")
    sheet = sheets_of(of.members()[0])[0]
    row = scoring.ask_reopening(by=clerk, committee_id=of.pk, sheet_id=sheet.pk, reason="填错一项")
    with refused("calls.reopen_waiting"):  # afterwards nobody could answer it
        scoring.close_scoring(by=clerk, committee_id=of.pk)
    scoring.decide_reopening(by=of.office.leader, reopening_id=row.pk, granted=False, answer="不影响结果")
    scoring.close_scoring(by=clerk, committee_id=of.pk)
    with pytest.raises(DatabaseError, match=r"calls\.closing_stays"), transaction.atomic():
        Committee.objects.filter(pk=of.pk).update(closed_at=None)
    row = scoring.ask_reopening(by=clerk, committee_id=of.pk, reason="误操作，还有委员要修改")
    with refused("calls.approver_only"):
        scoring.decide_reopening(by=of.office.clerk2, reopening_id=row.pk, granted=True)
    scoring.decide_reopening(by=of.office.leader, reopening_id=row.pk, granted=True)
    assert of.again().closed_at is None
    assert set(Application.objects.values_list("score", "rank")) == {(None, None)}
    scoring.close_scoring(by=clerk, committee_id=of.pk)
    row = scoring.ask_reopening(by=clerk, committee_id=of.pk, reason="又想改")
    with refused("calls.reopen_waiting"):
        scoring.open_meeting(by=clerk, committee_id=of.pk)
    scoring.decide_reopening(by=of.office.leader, reopening_id=row.pk, granted=False, answer="不再改")
    scoring.open_meeting(by=clerk, committee_id=of.pk)
    with refused("calls.meeting_begun"):
        scoring.ask_reopening(by=clerk, committee_id=of.pk, reason="再改")


# --- races ------------------------------------------------------------------------------------------


@pytest.mark.real_transactions
@pytest.mark.feature("D5")
def test_a_score_saved_while_the_committee_closes(travel: Any) -> None:
    of = reviews.review(travel, until="declared")
    members = of.members()
    for who in members:
        for a in of.applications:
            scoring.save_points(by=who, application_id=a.pk, points=of.marks(0.5))

    def hand_in(who: Who, application: Application) -> Callable[[], object]:
        return lambda: scoring.submit_sheet(by=who, application_id=application.pk, points=of.marks(0.9))

    acts = [hand_in(who, a) for who in members for a in of.applications]
    closings: list[str] = []

    def close() -> None:
        for _ in range(200):
            try:
                scoring.close_scoring(by=of.office.clerk, committee_id=of.pk)
            except Refused as refusal:
                closings.append(refusal.verdict.code)
            else:
                return

    outcomes = race(*acts, close)
    assert outcomes == ["done"] * 16, outcomes  # closing waited for the last one, nobody was late
    assert set(closings) <= {"calls.sheets_open"}
    closed_at = of.again().closed_at
    assert closed_at is not None
    assert SheetRecord.objects.filter(kind="submit", at__lte=closed_at).count() == 15
    assert set(Application.objects.values_list("score", flat=True)) == {Decimal("90.00")}


@pytest.mark.real_transactions
@pytest.mark.feature("D5")
def test_after_the_closing_a_score_is_late_and_before_it_is_not_lost(travel: Any) -> None:
    of = reviews.review(travel, applications=2, until="declared")
    slow, *others = of.members()
    for who in others:
        for a in of.applications:
            scoring.submit_sheet(by=who, application_id=a.pk, points=of.marks(0.5))
    scoring.submit_sheet(by=slow, application_id=of.applications[1].pk, points=of.marks(0.5))
    last = of.applications[0].pk
    seat = of.seats()[0]
    clerk = of.office.clerk
    travel(after_due(of))

    def close() -> None:
        scoring.mark_missing(by=clerk, seat_id=seat.pk, reason="到期没有提交")
        scoring.close_scoring(by=clerk, committee_id=of.pk)

    outcomes = race(lambda: scoring.submit_sheet(by=slow, application_id=last, points=of.marks(1)), close)
    sheet = ScoreSheet.objects.get(seat=seat, application_id=last)
    score = Application.objects.get(pk=last).score
    if outcomes[0] == "done":  # it was first: it counts, and there was nothing left to mark
        assert outcomes[1] == "calls.unscored_none"
        assert sheet.state == "submitted"
        scoring.close_scoring(by=clerk, committee_id=of.pk)
        assert Application.objects.get(pk=last).score == Decimal("60.00")
    else:
        assert outcomes == ["calls.sheet_locked", "done"] or outcomes == ["calls.scoring_closed", "done"]
        assert sheet.state == "missing"
        assert score == Decimal("50.00")


@pytest.mark.real_transactions
def test_concurrent_autosaves_of_one_sheet_lose_nothing(travel: Any) -> None:
    of = reviews.review(travel, applications=1, until="declared")
    member, key = of.members()[0], of.applications[0].pk
    marks = of.marks(0.6)
    acts = [lambda pk=pk, v=v: scoring.save_points(by=member, application_id=key, points={pk: v})
            for pk, v in marks.items() for _ in range(3)]  # fmt: skip
    assert race(*acts) == ["done"] * len(acts)
    sheet = sheets_of(member).get()
    assert dict(ScoreDraft.objects.filter(sheet=sheet).values_list("item_id", "points")) == marks
    assert set(race(*[lambda: scoring.submit_sheet(by=member, application_id=key)] * 4)) == {
        "done",
        "calls.sheet_locked",
    }
    assert SheetRecord.objects.filter(sheet=sheet).count() == 1


@pytest.mark.real_transactions
def test_two_who_decline_at_once_get_two_different_followers(travel: Any) -> None:
    of = reviews.review(travel, applications=1, until="open")
    one, two = of.members()[:2]
    outcomes = race(
        lambda: panel.decline(by=one, committee_id=of.pk, reason="出差"),
        lambda: panel.decline(by=two, committee_id=of.pk, reason="住院"),
    )
    assert outcomes == ["done", "done"]
    assert len({s.expert_id for s in of.seats()}) == 5


@db
def test_the_whole_review_can_be_driven(travel: Any) -> None:
    of = reviews.review(travel, until="signed")
    stages = {a.stage for a in Application.objects.all()}
    assert stages <= {Stage.SHORTLISTED, Stage.NOT_SHORTLISTED}
    assert Stage.SHORTLISTED in stages
    assert demo.STEPS[-1] == "signed"
    assert of.again().meeting.paper is not None
