"""Deadlines, votes, quotas, score sheets, grades and funding of an invented document."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from shuniu import policy
from shuniu.policy.tests.build import ON, document, problems

pytestmark = pytest.mark.feature("B5")


def weekday(day: date) -> bool:
    return day.weekday() < 5


def ask(parts: str, question: str, facts: dict[str, object], on: date = ON) -> policy.Decision:
    return policy.judge(document(parts), question, facts, on, working_day=weekday)


def deadline(extra: str) -> str:
    return f"deadlines:\n  - {{key: d, clause: 第一条, label: 期限, from: day, {extra}}}\n"


@pytest.mark.parametrize(
    ("extra", "start", "last"),
    [
        ("n: 5, unit: days", date(2026, 6, 1), date(2026, 6, 6)),
        ("n: 5, unit: days, first_day_counted: true", date(2026, 6, 1), date(2026, 6, 5)),
        ("n: 5, unit: working_days", date(2026, 6, 5), date(2026, 6, 12)),
        ("n: 5, unit: working_days, first_day_counted: true", date(2026, 6, 5), date(2026, 6, 11)),
        ("n: 1, unit: months", date(2026, 1, 31), date(2026, 2, 28)),
        ("n: 1, unit: months, first_day_counted: true", date(2026, 1, 15), date(2026, 2, 14)),
        ("n: 0, unit: months, to_month_end: true", date(2026, 2, 3), date(2026, 2, 28)),
        ("n: 1, unit: months, to_month_end: true", date(2026, 1, 3), date(2026, 2, 28)),
        ("n: 1, unit: years", date(2024, 2, 29), date(2025, 2, 28)),
        ("n: 5, unit: days, next_working_day: true", date(2026, 6, 1), date(2026, 6, 8)),
    ],
)
def test_deadline(extra: str, start: date, last: date) -> None:
    on_time = ask(deadline(extra), "deadline", {"day": start}, on=last)
    assert (on_time.value, on_time.result) == ("yes", last)
    late = ask(deadline(extra), "deadline", {"day": start}, on=date.fromordinal(last.toordinal() + 1))
    assert late.value == "no"


def test_a_deadline_in_working_days_without_a_calendar_is_open() -> None:
    found = policy.judge(document(deadline("n: 5, unit: working_days")), "deadline", {"day": ON}, ON)
    assert (found.value, found.missing[0].name) == ("open", "working_days")


@pytest.mark.parametrize(
    ("rule", "facts", "value"),
    [
        ("base: present, bound: more_than, share: 1/2", {"present": 10, "for": 5}, "no"),
        ("base: present, bound: more_than, share: 1/2", {"present": 10, "for": 6}, "yes"),
        ("base: present, bound: at_least, share: 2/3", {"present": 9, "for": 6}, "yes"),
        ("base: all, bound: at_least, share: 2/3", {"members": 10, "present": 9, "for": 6}, "no"),
        ("base: all, bound: at_least, share: 2/3", {"members": 10, "present": 9, "for": 7}, "yes"),
        ("base: all, bound: at_least, share: 2/3", {"present": 9, "for": 7}, "open"),
        (
            "base: present, bound: more_than, share: 1/2, quorum: 2/3",
            {"members": 9, "present": 5, "for": 5},
            "no",
        ),
        (
            "base: present, bound: more_than, share: 1/2, quorum: 2/3",
            {"members": 9, "present": 6, "for": 4},
            "yes",
        ),
    ],
)
def test_vote(rule: str, facts: dict[str, object], value: str) -> None:
    parts = f"votes:\n  - {{key: v, clause: 第一条, label: 表决, {rule}}}\n"
    assert ask(parts, "vote", facts).value == value


QUOTAS = """\
quotas:
  - {key: city, clause: 第一条, label: 每市, holder: recommender, at_most: 2, applies: {fact: word, is: 甲}}
  - {key: trade, clause: 第一条, label: 每产业, holder: group, at_most: 1, applies: {fact: word, is: 乙}}
"""


@pytest.mark.parametrize(
    ("kind", "used", "value", "limit"),
    [("甲", 1, "yes", 2), ("甲", 2, "no", 2), ("乙", 0, "yes", 1), ("乙", 1, "no", 1)],
)
def test_quota_by_kind_of_recommender(kind: str, used: int, value: str, limit: int) -> None:
    found = ask(QUOTAS, "quota", {"word": kind, "used": used})
    assert (found.value, found.result) == (value, limit)


SHEET = """\
score_sheets:
  - key: s
    clause: 第一条
    label: 评分
    total: 30
    pass_mark: 18
    items:
      - {key: judged, clause: 第一条, label: 评委给分, points: 10}
      - {key: per, clause: 第一条, label: 每件两分, points: 10, per: 2, of: {count: {of: events}}}
      - key: banded
        clause: 第一条
        label: 满意度
        points: 10
        of: {fact: n}
        table:
          - {to: 70, gives: 0}
          - {from: 70, to: 79, gives: 6}
          - {from: 80, gives: 10}
      - {key: extra, clause: 第一条, label: 加分, points: 2, kind: bonus, of: {fact: m}}
"""
FULL = {"points.judged": Decimal("8.5"), "events": [{"on": ON}] * 7, "n": 85, "m": 1}


def test_score_adds_caps_and_shows_its_lines() -> None:
    found = ask(SHEET, "score", FULL)
    assert (found.value, found.result) == ("yes", Decimal("29.5"))
    assert [line.points for line in found.lines] == [Decimal("8.5"), Decimal(10), Decimal(10), Decimal(1)]


def test_bonus_stays_inside_the_total() -> None:
    assert ask(SHEET, "score", {**FULL, "points.judged": 10, "m": 2}).result == Decimal(30)


def test_a_missing_item_is_not_zero() -> None:
    facts = {name: value for name, value in FULL.items() if name != "points.judged"}
    found = ask(SHEET, "score", facts)
    assert (found.value, found.result) == ("open", None)
    assert [each.name for each in found.missing] == ["points.judged"]


@pytest.mark.parametrize("number", [70, Decimal("79.5")])
def test_overlap_and_gap_are_ambiguous(number: int | Decimal) -> None:
    assert ask(SHEET, "score", {**FULL, "n": number}).value == "ambiguous"


def test_overlap_and_gap_are_reported_when_the_document_is_loaded() -> None:
    assert document(SHEET).warnings == (
        "“满意度”的档次重叠：70 同时属于两档",
        "“满意度”的档次之间有空缺：79 与 80 之间",
    )


def test_below_the_pass_mark() -> None:
    assert ask(SHEET, "score", {**FULL, "n": 10, "events": []}).value == "no"


def test_points_that_do_not_total_are_refused() -> None:
    found = problems(SHEET.replace("total: 30", "total: 100"))
    assert [each.expected for each in found] == ["各项分值合计应等于总分 100"]


GRADES = """\
gradings:
  - key: g
    clause: 第一条
    label: 等级
    of: {fact: n}
    table:
      - {from: 90, gives: 优秀}
      - {from: 60, to: 90, to_included: false, gives: 合格}
      - {to: 60, to_included: false, gives: 不合格}
"""


@pytest.mark.parametrize(
    ("n", "grade"), [("90", "优秀"), ("89.99", "合格"), ("60", "合格"), ("59.9", "不合格")]
)
def test_grade(n: str, grade: str) -> None:
    found = ask(GRADES, "grade", {"n": Decimal(n)})
    assert (found.value, found.result) == ("yes", grade)


FUNDING = """\
fundings:
  - key: f
    clause: 第一条
    label: 补助
    amount:
      lookup:
        by: {fact: word}
        table: [{is: 甲, gives: 30000}, {is: 乙, gives: 20000}, {is: 丙, gives: 10000}]
    already: {fact: m}
"""


@pytest.mark.parametrize(("word", "paid", "left"), [("甲", 10000, 20000), ("丙", 20000, 0), ("乙", 0, 20000)])
def test_funding_pays_the_difference(word: str, paid: int, left: int) -> None:
    assert ask(FUNDING, "funding", {"word": word, "m": paid}).result == Decimal(left)


def test_funding_without_what_was_paid_is_open() -> None:
    assert ask(FUNDING, "funding", {"word": "甲"}).value == "open"
