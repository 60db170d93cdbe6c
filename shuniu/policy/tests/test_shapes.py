"""Shapes that documents share: a last day of force, consequences that last, groups of rows with a mark of their own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuniu import policy
from shuniu.policy.explain import explain
from shuniu.policy.tests.build import HEAD, ON, document, problems

pytestmark = pytest.mark.feature("B5")


@pytest.mark.parametrize(
    ("on", "value"),
    [
        (date(2019, 12, 31), "no"),
        (date(2020, 1, 1), "yes"),
        (date(2025, 12, 31), "yes"),
        (date(2026, 1, 1), "no"),
    ],
)
def test_a_document_with_a_last_day(on: date, value: str) -> None:
    head = HEAD.replace("from: 2020-01-01,", "from: 2020-01-01, until: 2025-12-31,")
    law = policy.load_bytes({"document.yaml": head.encode()})
    assert policy.judge(law, "applicable_law", {}, on).value == value
    assert "有效期至2025年12月31日" in explain(law)


BAR = """\
consequences:
  - key: fraud
    clause: 第一条
    label: 弄虚作假
    effect: bar
    scope: all
    begins: day
    lasts: {n: 3, unit: years}
    ground: {fact: flag, is: true}
  - key: poor
    clause: 第一条
    label: 不合格
    effect: lower
    scope: honour
    grades: 1
    ground: {fact: other, is: true}
"""
LAW = document(BAR)


@settings(max_examples=40, deadline=None)
@given(st.dates(date(2000, 1, 1), date(2080, 12, 31)))
def test_a_bar_lasts_whole_years_and_names_its_last_day(day: date) -> None:
    found = policy.judge(LAW, "consequence", {"flag": True, "other": False, "day": day}, ON)
    until = found.effects[0].until
    assert until is not None
    leap = (day.month, day.day) == (2, 29)
    assert until == (
        date(day.year + 3, 2, 28) if leap else day.replace(year=day.year + 3) - timedelta(days=1)
    )


def test_a_bar_from_a_day_that_is_not_known_has_no_last_day() -> None:
    found = policy.judge(LAW, "consequence", {"flag": True, "other": True}, ON)
    assert [(each.until, each.grades) for each in found.effects] == [(None, 0), (None, 1)]
    assert found.as_json()["effects"][1]["grades"] == 1
    assert "限制申报，所有类别，自某日起 3年" in explain(LAW) and "降级 1 级，该荣誉" in explain(LAW)


GROUPS = """\
score_sheets:
  - key: s
    clause: 第一条
    label: 评分
    total: 20
    groups: [{key: a, label: 基础, points: 12, pass_mark: 6}, {key: b, label: 成效, points: 8}]
    items:
      - {key: one, clause: 第一条, label: 甲, points: 8, group: a}
      - {key: two, clause: 第一条, label: 乙, points: 4, group: a}
      - {key: three, clause: 第一条, label: 丙, points: 8, group: b}
      - {key: more, clause: 第一条, label: 加分, points: 2, kind: bonus, group: a}
"""


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 8), st.integers(0, 4), st.integers(0, 8), st.integers(0, 2))
def test_a_group_must_reach_its_own_mark(one: int, two: int, three: int, more: int) -> None:
    facts = {"points.one": one, "points.two": two, "points.three": three, "points.more": more}
    found = policy.judge(document(GROUPS), "score", facts, ON)
    assert found.value == ("yes" if one + two >= 6 else "no"), "a bonus does not lift a group"
    assert ("“基础”" in found.findings[0].reason) is (one + two < 6)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (BAR.replace("    begins: day\n", ""), "begins"),
        (BAR.replace("begins: day", "begins: free"), "begins"),
        (GROUPS.replace("points: 12, pass", "points: 11, pass"), "合计应为"),
        (GROUPS.replace("points: 8, group: b", "points: 8"), "group"),
        (GROUPS.replace("points: 8, group: b", "points: 8, group: c"), "group"),
    ],
)
def test_what_is_refused(parts: str, said: str) -> None:
    found = problems(parts)
    assert any(said in str(p) for p in found), found


def test_a_last_day_before_the_first_is_refused() -> None:
    head = HEAD.replace("from: 2020-01-01,", "from: 2020-01-01, until: 2019-12-31,")
    with pytest.raises(policy.PolicyError, match="失效日期"):
        policy.load_bytes({"document.yaml": head.encode()})
