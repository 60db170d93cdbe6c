"""Governance, capability, union building and party record: each fact with its day and source, on the page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from shuniu.registry import actions
from shuniu.registry.queries import snapshot
from shuniu.registry.tests import factories
from shuniu.unions.tests.cast import log_in

pytestmark = pytest.mark.django_db
DAY = dt.date(2025, 9, 1)

KINDS: list[Any] = [
    pytest.param(
        "governance", {"item": "charter", "title": "服务中心章程", "in_force_from": dt.date(2024, 5, 1)},
        "服务中心章程", marks=pytest.mark.feature("A3"), id="governance",
    ),
    pytest.param(
        "specialist", {"person_name": "何督导", "role": "specialist", "certificate": "二级心理咨询师"},
        "二级心理咨询师", marks=pytest.mark.feature("A6"), id="specialist",
    ),
    pytest.param(
        "project", {"name": "港区心理驿站", "client_kind": "union", "client": "东港区总工会", "year": 2024,
                    "amount_fen": 6_500_000, "headcount": 3260, "result": "验收合格"},
        "港区心理驿站", marks=pytest.mark.feature("A6"), id="project",
    ),
    pytest.param(
        "union", {"status": "own", "approval": "东总组〔2023〕8号", "chair": "高主席", "members": 11},
        "东总组〔2023〕8号", marks=pytest.mark.feature("A7"), id="union",
    ),
    pytest.param(
        "party", {"record": "study", "title": "季度专题学习", "on": dt.date(2025, 6, 1)},
        "季度专题学习", marks=pytest.mark.feature("A8"), id="party",
    ),
    pytest.param(
        "report", {"title": "心理驿站进港区", "level": "city", "medium": "望海日报", "on": dt.date(2025, 6, 1),
                   "link": "https://example.cn/1"},
        "心理驿站进港区", marks=pytest.mark.feature("F6"), id="report",
    ),
    pytest.param(
        "exchange", {"title": "全省工会社会组织工作会", "level": "province", "host": "海东省总工会",
                     "on": dt.date(2025, 6, 1)},
        "全省工会社会组织工作会", marks=pytest.mark.feature("F6"), id="exchange",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "values", "words"), KINDS)
def test_a_fact_has_its_day_and_source_and_is_judged_as_of_a_day(
    kind: str, values: dict[str, Any], words: str, client: Client
) -> None:
    clerk = factories.staff(factories.union())
    organisation = factories.organisation(clerk)
    actions.add_fact(
        by=clerk, organisation=organisation, kind=kind, values=values, as_of=DAY, basis="现场查阅原件"
    )
    rows = snapshot(organisation, DAY).rows[kind]
    assert [row.as_of for row in rows] == [DAY] and "现场查阅原件" in rows[0].source_text
    assert snapshot(organisation, DAY - dt.timedelta(days=1)).rows[kind] == []
    page = log_in(client, clerk).get(f"/organisations/{organisation.pk}/").content.decode()
    assert words in page and "2025-09-01" in page and "现场查阅原件" in page
    stranger = factories.staff(factories.union("邻海市总工会"))
    assert log_in(client, stranger).get(f"/organisations/{organisation.pk}/").status_code == 404
