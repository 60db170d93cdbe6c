"""What a document is given of the platform's own: the registry's facts, and the rate of a counted survey."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from shuniu import policy
from shuniu.calls.known import known
from shuniu.foundation.access import system
from shuniu.foundation.calendar import clock
from shuniu.library import actions as library
from shuniu.library.queries import on_disk
from shuniu.recognition.actions import honours
from shuniu.surveys import actions
from shuniu.surveys.tests import cast

pytestmark = pytest.mark.django_db


@pytest.mark.feature("J1")
@pytest.mark.parametrize(
    ("levels", "points"), [("5551", 6), ("5555555111", None), ("44451", 8), ("5555555551", 10)]
)
def test_a_counted_survey_feeds_the_rubric_of_the_document(levels: str, points: int | None) -> None:
    of = cast.office()
    org = cast.rated(of)[1]
    it = cast.opened(of, org, people=len(levels))
    for code, level in zip(it.codes, levels, strict=True):
        cast.rate(code, int(level))
    law, today = on_disk("qingdao-2021"), clock.today()
    assert "satisfaction_rate" not in known([org], today, [law])[org.pk], "nothing before the count"
    actions.close(by=of.clerk, survey_id=it.row.pk)
    facts: dict[str, Any] = known([org], today, [law])[org.pk]
    rate = facts["satisfaction_rate"]
    good = sum(level in "45" for level in levels)
    assert (rate.value, rate.as_of, rate.verified) == (Decimal(100 * good) / len(levels), today, True)
    line = next(x for x in policy.judge(law, "score", facts, today).lines if x.key == "satisfaction")
    assert line.points == points, line  # exactly 70 stands in two bands: nothing decides it silently
    assert facts["surveyed_by"].value == "其他"


def test_a_document_that_asks_for_no_survey_is_given_none() -> None:
    of = cast.office()
    org = cast.rated(of)[1]
    facts = known([org], clock.today() - dt.timedelta(days=1), [on_disk("beijing-2017")])[org.pk]
    assert not any(name.startswith("survey") or name == "satisfaction_rate" for name in facts)


@pytest.mark.feature("F3")
@pytest.mark.feature("F6")
def test_honours_in_force_are_the_awards_of_a_document() -> None:
    of = cast.office()
    org = cast.rated(of)[1]
    law, today = on_disk("jiangsu"), clock.today()

    def awards(on: dt.date) -> list[dict[str, Any]]:
        facts: dict[str, Any] = known([org], on, [law])[org.pk]
        return list(facts["awards"].value)

    assert awards(today) == []
    document = library.store(by=system("测试准备"), key="jiangsu")
    award = honours.Award("city", "优秀社会组织", of.union.name, "望工发〔2026〕3号", today)
    kept = honours.grant(
        by=of.clerk, union=of.union, document=document, organisation=org, subject=honours.of_organisation(org),
        award=award, effect_key="test:1",
    )  # fmt: skip
    assert awards(today) == [{"on": today, "level": "设区市级", "title": "优秀社会组织"}]
    assert awards(today - dt.timedelta(days=1)) == []
    facts: dict[str, Any] = known([org], today, [law])[org.pk]
    line = next(x for x in policy.judge(law, "score", facts, today).lines if x.key == "awards")
    assert line.points == 1
    honours.revoke(by=of.checker, honour_id=kept.pk, reason="材料不实")
    assert awards(today) == []
