"""The next band of a row, the next grade of a total."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu import policy
from shuniu.policy.tests.build import document

pytestmark = pytest.mark.feature("D10")

LAW = """\
score_sheets:
  - key: s
    clause: 第一条
    label: 评分
    total: 100
    pass_mark: 60
    items:
      - {key: rate, clause: 第一条, label: 满意率, points: 10, of: {fact: n}, table: [{to: 70, to_included: false, gives: 0}, {from: 70, to: 90, to_included: false, gives: 6}, {from: 90, gives: 10}]}
      - {key: media, clause: 第一条, label: 报道, points: 10, per: 2, of: {count: {of: events}}}
      - {key: visit, clause: 第一条, label: 现场, points: 80}
gradings:
  - {key: g, clause: 第一条, label: 等级, of: {total_of: s}, table: [{from: 90, gives: 5A}, {from: 80, to: 90, to_included: false, gives: 4A}, {to: 80, to_included: false, gives: 无}]}
"""  # noqa: E501


@pytest.fixture(scope="module")
def law() -> policy.Document:
    return document(LAW)


def said(law: policy.Document, row: int, points: str) -> str:
    found = policy.next_points(law.sheets[0].items[row], Decimal(points))
    return found.words if found else ""


def test_the_least_that_scores_more(law: policy.Document) -> None:
    assert said(law, 0, "0") == "70 至 90（不含） 得 6 分" and said(law, 0, "6") == "90 以上得 10 分"
    assert said(law, 0, "10") == "" and said(law, 2, "10") == "", "at its top; given by a person"
    assert said(law, 1, "4") == "每增加一件得 2 分，最多 10 分"


@given(st.decimals(0, 100, places=1))
def test_the_gap_to_the_next_grade_is_exact(total: Decimal) -> None:
    law = document(LAW)
    found = policy.next_grades(law, law.sheets[0], total)
    for each in found:
        reached = {n.words for n in policy.next_grades(law, law.sheets[0], total + (each.gap or 0))}
        assert each.gap is not None and each.gap > 0 and each.words not in reached
    assert bool(found) == (total < 90)
