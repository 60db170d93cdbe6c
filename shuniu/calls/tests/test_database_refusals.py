"""Refusals that only the database can be asked for, and doors that the wrong role meets."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from shuniu.calls.actions import procedure
from shuniu.calls.demo_audit import conclude_one
from shuniu.calls.models import Correction, Recusal, ScoreSheet, Submission
from shuniu.calls.tests import cast, reviews
from shuniu.calls.tests.test_call import refused
from shuniu.foundation.calendar import clock
from shuniu.unions.tests.cast import log_in

pytestmark = pytest.mark.django_db


@pytest.mark.refusal("access.role")
def test_the_wrong_role_is_told_which_role_it_is(client: Client) -> None:
    of = cast.office()
    made = cast.draft_call(of)
    answer = log_in(client, of.checker).get(f"/calls/{made.pk}/basics/")
    assert answer.status_code == 403
    assert "这一页由经办人办理" in answer.content.decode() and "复核人" in answer.content.decode()


@pytest.mark.refusal("calls.correction_too_late")
def test_a_correction_after_its_deadline_is_refused_by_the_database() -> None:
    of = cast.office()
    who = cast.applicant(of)
    made = cast.submitted_application(who, cast.published_call(of))
    assert who.person is not None and of.clerk.person is not None
    Correction.objects.create(
        application=made, round=1, items=[{"kind": "section", "key": "plan", "label": "方案", "reason": "不清"}],
        sent_by=of.clerk.person, due_at=clock.now() - dt.timedelta(seconds=1),
    )  # fmt: skip
    with pytest.raises(DatabaseError, match=r"calls\.correction_too_late"), transaction.atomic():
        Submission.objects.create(
            application=made, round=1, arrived_at=clock.now(), snapshot={}, digest="0" * 64, by=who.person
        )


@pytest.mark.refusal("calls.not_back")
def test_a_stage_with_results_is_not_taken_back(travel: Any) -> None:
    of = cast.office()
    call = cast.published_call(of, days=2)
    made = cast.submitted_application(cast.applicant(of), call)
    travel(days=3)
    procedure.advance_by_clock()
    conclude_one(made, of.clerk)
    with refused("calls.not_back"):
        procedure.go_back(by=of.checker, call_id=call.pk, reason="误操作")


@pytest.mark.refusal("calls.recused")
def test_no_sheet_begins_for_a_recused_application(travel: Any) -> None:
    of = reviews.review(travel, until="open")
    assert of.committee is not None
    seat = of.committee.seats.first()
    assert seat is not None
    ScoreSheet.objects.filter(seat=seat).delete()
    application = of.applications[0]
    Recusal.objects.create(seat=seat, application=application, kind="declared", detail="曾任顾问")
    with pytest.raises(DatabaseError, match=r"calls\.recused"), transaction.atomic():
        ScoreSheet.objects.create(seat=seat, application=application)
