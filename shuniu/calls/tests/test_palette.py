"""Where an expert's work begins; search finds applications, and not for whoever may not open them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shuniu.calls.tests import cast
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.unions.tests import cast as unions
from shuniu.unions.tests.cast import log_in

pytestmark = pytest.mark.django_db


@pytest.mark.feature("C8")
def test_the_palette_finds_applications_by_name_and_code_for_their_own_union_only() -> None:
    of, other = cast.office(), cast.office("邻海市总工会")
    made = cast.submitted_application(
        cast.applicant(of, "望海市晨曦职工心理关爱中心"), cast.published_call(of)
    )

    def found(who: Who, text: str) -> bool:
        results = log_in(Client(), who).get("/palette/", {"q": text}).json()["results"]
        return f"/calls/applications/{made.pk}/audit/" in [r["url"] for r in results]

    assert found(of.clerk, "晨曦") and found(of.checker, "心理关爱")
    assert found(of.clerk, str(made.organisation.code)[:12]) and found(of.clerk, "望")
    assert not found(of.clerk, "晚霞") and not found(of.clerk, "")
    assert not found(other.clerk, "晨曦"), "another union's application"


@pytest.mark.feature("C8")
def test_the_palette_asks_as_often_for_one_as_for_many() -> None:
    of = cast.office()
    call = cast.published_call(of)
    client = log_in(Client(), of.clerk)
    asked = []
    for name in ("望海市晨曦一社", "望海市晨曦二社", "望海市晨曦三社"):
        cast.submitted_application(cast.applicant(of, name), call)
        clock.forget()
        clock.now()
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/palette/", {"q": "晨曦"}).status_code == 200
        asked.append(len(caught))
    assert asked[1] == asked[2] and asked[2] <= 16, asked


@pytest.mark.feature("D1")
def test_an_expert_begins_at_the_review() -> None:
    expert = unions.who("expert", cast.office().union)
    assert log_in(Client(), expert).get("/home/")["Location"] == "/review/"
