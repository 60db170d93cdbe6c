"""The provincial award as its own document says it, up to the experts: what the folder alone brings about."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from shuniu import policy
from shuniu.calls import counting, self_assessment
from shuniu.calls.actions import apply
from shuniu.calls.models import Application, Call
from shuniu.calls.queries.apply import sections_of
from shuniu.calls.queries.call import law_of
from shuniu.calls.queries.recommend import calls_recommended_in, recommenders_of
from shuniu.calls.tests import award, cast
from shuniu.foundation.calendar import clock
from shuniu.library.queries import on_disk
from shuniu.unions.tests import cast as unions

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F1"), pytest.mark.feature("C9")]


@pytest.fixture
def province(monkeypatch: Any) -> cast.Office:
    monkeypatch.setattr(cast, "LAW", "jiangsu")
    cast.confirm_years()
    union = unions.union(
        "海东省总工会", level="province", responsible_department="权益保障部", contact_phone="0500-88001234",
        paper_code="海工办",
    )  # fmt: skip
    return award.office(union)


def test_the_pages_of_an_award_speak_of_an_award(province: cast.Office, client: Client) -> None:
    call = cast.draft_call(province)
    unions.log_in(client, province.clerk)
    for address in (f"/calls/{call.pk}/", f"/calls/{call.pk}/timetable/"):
        page = client.get(address).content.decode()
        assert '<li><a href="/calls/">评选</a></li>' in page
        assert "遴选" not in page.replace("遴选评选", ""), "the menu names both"


def test_the_folder_brings_stages_places_sheet_and_form(province: cast.Office) -> None:
    city = award.below(province, "望海市总工会", "city")
    trade = award.below(province, "海东省港航工会", "industry")
    citys = award.below(city, "望海市港航工会", "industry")
    call = cast.published_call(province)
    assert [s.kind for s in call.stages.order_by("order")] == [
        "notice", "self_assess", "apply", "check", "site_visit", "recommend", "review", "name", "publicity", "promote",
    ]  # fmt: skip
    assert dict(call.quotas.values_list("level", "at_most")).items() >= {"city": 2, "industry": 1}.items()
    assert "district" not in dict(call.quotas.values_list("level", "at_most"))
    assert set(recommenders_of(call)) == {city.union, trade.union}
    recommending = [call.pk in calls_recommended_in(o.clerk) for o in (city, trade, citys)]
    assert recommending == [True, True, False], "a city's trade is none of the province's"
    assert sum(item.weight for item in call.rubric.all()) == 100
    assert [c.label for c in call.categories.all()] == ["服务职工优秀社会组织"]
    # The other clauses are proved under the rows of the score sheet: nobody is asked for their papers twice.
    assert [m.label for m in call.materials.all()] == ["申报对象的证明材料"]
    who = cast.applicant(province)
    made = apply.start(
        by=who, call_id=call.pk, category_id=call.categories.get().pk, arrived_at=clock.now(),
        recommender_id=city.union.pk,
    )  # fmt: skip
    assert "directions" not in sections_of(made) and "self" in sections_of(made)
    sheet = self_assessment.sheet_of(law_of(call))
    assert sheet is not None
    full = {f"points_{item.key}": str(item.points) for item in self_assessment.given_items(sheet)}
    apply.save_section(by=who, application_id=made.pk, section="self", values=full)
    found = self_assessment.assess(Application.objects.get(), clock.today())
    assert found is not None
    assert found.total is None and "评估等级" in found.said, "what the registry does not know is no zero"
    reasons = {line.key: line.reason for line in found.lines}
    assert "请所在工会组织测评" in reasons["satisfied"], "what to do about it"
    none = {line.key: line.points for line in found.lines if line.key in ("media", "exchange", "awards")}
    assert set(none.values()) == {0}, "an empty ledger is"
    assert not found.reached and Call.objects.get().quotas.exists()


def test_what_the_platform_knows_is_counted_for_the_experts_and_told_in_few_digits() -> None:
    law, day = on_disk("jiangsu"), dt.date(2026, 11, 15)
    facts = {
        "rating": "4A", "satisfaction_rate": Decimal(59) * 100 / Decimal(69), "trainings": 2, "reports": [],
        "awards": [{"on": dt.date(2025, 5, 1), "level": "省部级", "title": "先进"}],
    }  # fmt: skip
    found = {c.item.key: c.points for c in counting.count(law, facts, day, {})}
    assert found == {"grade": 3, "training": 6, "satisfied": 4, "awards": 2, "media": 0, "exchange": None}
    asked = policy.judge(law, "eligibility", {"satisfaction_rate": Decimal(209999999) / 3000000}, day)
    reason = next(f.reason for f in asked.findings if f.key == "satisfaction")
    assert "69.9999…%" in reason, "cut, not rounded to what would be enough"
