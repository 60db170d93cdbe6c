"""媒体报道、经验交流: dated facts by level that feed every later award, each counted once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings

from shuniu import policy
from shuniu.registry import actions
from shuniu.registry.facts import facts_of
from shuniu.registry.queries import snapshot
from shuniu.registry.tests import factories

pytestmark = pytest.mark.django_db
LAW = Path(settings.ROOT) / "policies" / "qingdao-2021"


@pytest.mark.feature("F6")
def test_reports_and_exchanges_count_once_by_level_for_every_award() -> None:
    clerk = factories.staff(factories.union())
    organisation = factories.organisation(clerk)
    report = {"title": "心理驿站进港区", "level": "city", "medium": "望海日报", "on": dt.date(2025, 6, 1)}
    exchange = {
        "title": "全国经验交流会",
        "level": "nation",
        "host": "中华全国总工会",
        "on": dt.date(2025, 7, 1),
    }
    for kind, values in (("report", report), ("report", report), ("exchange", exchange)):
        actions.add_fact(by=clerk, organisation=organisation, kind=kind, values=values, basis="剪报")
    given = facts_of(snapshot(organisation, dt.date(2025, 12, 31)))
    assert given["reports"].value == [  # type: ignore[attr-defined]
        {"on": dt.date(2025, 6, 1), "level": "设区市级", "title": "心理驿站进港区"}
    ]
    assert [r["level"] for r in given["exchanges"].value] == ["国家级"]  # type: ignore[attr-defined]
    score = policy.judge(policy.load(LAW), "score", given, dt.date(2025, 12, 31))
    points = {line.key: line.points for line in score.lines}
    assert points["media"] == 1 and 3 in points.values()
