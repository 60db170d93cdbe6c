"""Days that the document itself states: taken over where they are still ahead, and told where a call differs (C9)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from shuniu.calls.actions import call as calls
from shuniu.calls.models import Call
from shuniu.calls.queries import windows
from shuniu.calls.tests import award, cast
from shuniu.foundation.calendar import clock
from shuniu.unions.tests import cast as unions
from shuniu.unions.tests.cast import log_in

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C9")]


def province(monkeypatch: Any) -> cast.Office:
    monkeypatch.setattr(cast, "LAW", "jiangsu")
    cast.confirm_years()
    union = unions.union(
        "海东省总工会", level="province", responsible_department="权益保障部", contact_phone="0500-88001234",
        paper_code="海工办",
    )  # fmt: skip
    return award.office(union)


def composed(of: cast.Office) -> Call:
    return calls.compose(by=of.clerk, union=of.union, document_key="jiangsu", year=clock.today().year)


def test_days_that_are_ahead_are_taken_over_from_the_document(monkeypatch: Any, travel: Any) -> None:
    year = travel(dt.datetime(2026, 10, 8, 1, tzinfo=dt.UTC)).year
    of = province(monkeypatch)
    call = composed(of)
    days = {s.key: (s.starts_on, s.ends_on) for s in call.stages.all()}
    assert days["apply"] == (dt.date(year, 11, 10), dt.date(year, 11, 20))
    assert days["recommend"] == (None, dt.date(year, 11, 30)) and days["check"] == (None, None)
    assert windows.differences(call) == []
    page = log_in(Client(), of.clerk).get(f"/calls/{call.pk}/timetable/").content.decode()
    assert f"条文：{year}年11月10日至{year}年11月20日（末）" in page


def test_a_call_outside_them_says_so_to_who_drafts_and_who_approves(monkeypatch: Any) -> None:
    of = province(monkeypatch)
    call = cast.draft_call(of, starts=dt.date(clock.today().year, 12, 5))
    told = windows.differences(call)
    assert [t.split("”")[0] for t in told] == ["“网上申报", "“择优推荐"]
    calls.submit(by=of.clerk, call_id=call.pk)
    for who, path in ((of.clerk, f"/calls/{call.pk}/"), (of.checker, f"/calls/{call.pk}/approve/")):
        assert "的日期与条文不同" in log_in(Client(), who).get(path).content.decode()
