"""Targets and recurring duties, with the readings that a paper bears."""

from __future__ import annotations

from datetime import date

import pytest

from shuniu import policy
from shuniu.policy.explain import explain
from shuniu.policy.tests.build import ON, document, problems, status

pytestmark = pytest.mark.feature("B5")

DUTY = "duties:\n  - {key: d, clause: 第一条, label: 会议, who: 联合会, words: 开会, %s}\n"


@pytest.mark.parametrize(
    ("rhythm", "last", "due"),
    [
        ("every: {n: 6, unit: months}", date(2026, 8, 31), date(2027, 2, 28)),
        ("every: {n: 1, unit: years}", date(2024, 2, 29), date(2025, 2, 28)),
        ('by: "11-30"', date(2026, 11, 29), date(2026, 11, 30)),
        ('by: "11-30"', date(2026, 11, 30), date(2027, 11, 30)),
        ("binding: in_principle", date(2026, 1, 1), None),
    ],
)
def test_when_a_duty_is_next_due(rhythm: str, last: date, due: date | None) -> None:
    assert policy.next_due(document(DUTY % rhythm).duties[0], last) == due


@pytest.mark.parametrize(
    ("rhythm", "said"),
    [
        ('by: "02-29"', "每年都有的月日"),
        ('by: "11-31"', "每年都有的月日"),
        ('by: "11-30", every: {n: 6, unit: months}', "只写一个"),
    ],
)
def test_a_rhythm_that_cannot_be(rhythm: str, said: str) -> None:
    assert said in problems(DUTY % rhythm)[0].expected


TARGET = """\
conditions:
  - key: t
    clause: 第一条
    label: 每年不少于三件
    asks: [target]
    readings:
      - key: each
        words: 按件数
        rule: {count: {of: events, within: {n: 1, unit: calendar_years, current: true}}, at_least: 3}
      - key: worth
        words: 按金额
        rule: {sum: {of: events, field: amount}, at_least: 3}
"""


def test_a_target_with_two_readings_counts_both() -> None:
    events = [{"on": date(2026, 3, 1), "kind": "奖", "amount": 1}] * 3
    assert policy.judge(document(TARGET), "target", {"events": events}, ON).value == "yes"
    heavier = [{"on": date(2026, 3, 1), "kind": "奖", "amount": 9}]
    assert policy.judge(document(TARGET), "target", {"events": heavier}, ON).value == "ambiguous"
    assert policy.judge(document(TARGET), "target", {"events": []}, ON).value == "no"


def test_the_length_of_validity_stands_in_one_place() -> None:
    parts = (
        "outcome: {kind: recognition, label: 认定, clause: 第一条, per: category, validity: "
        "{n: 18, unit: months, clause: 第一条, first_day: first_day}}\n"
        "not_stated:\n  - {key: first_day, label: 起算日, filled_by: call, kind: date}\n"
        "conditions:\n  - {key: c, clause: 第一条, label: 未到期, asks: [status], "
        "rule: {date: on, on_or_before: {validity_end: {fact: day}}}}\n"
    )
    law = document(parts)
    assert policy.judge(law, "status", {"day": date(2025, 1, 2)}, ON).value == "yes"
    assert policy.judge(law, "status", {"day": date(2025, 1, 1)}, ON).value == "no"


def test_a_measure_names_its_units_and_a_goal_its_last_day() -> None:
    law = document(
        DUTY % "lead: 基层工作部, responsible: [区总工会, 产业工会]"
        + "horizon: {until: 2022-12-31, clause: 第一条, words: 到该年年底}\n"
    )
    assert (law.duties[0].lead, law.duties[0].responsible) == (("基层工作部",), ("区总工会", "产业工会"))
    assert law.horizon is not None
    assert law.horizon.until == date(2022, 12, 31)
    said = explain(law)
    assert "牵头单位：基层工作部；责任单位：区总工会、产业工会" in said
    assert "目标期限：2022年12月31日" in said


DIFFERENT = "{count: {of: events, distinct: kind}, at_least: 2}"


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([{"kind": "罚"}, {"kind": "奖"}], "met"),
        ([{"kind": "罚"}, {"kind": "罚"}], "not_met"),
        ([{"kind": "罚"}, {}], "unknown"),  # the nameless one may repeat the other
        ([{}, {}], "unknown"),
        ([], "not_met"),
    ],
)
def test_different_values_are_counted_once(events: list[dict[str, object]], expected: str) -> None:
    assert status(DIFFERENT, {"events": [{"on": ON, **each} for each in events]}) == expected


def test_different_values_of_a_filter_that_is_not_decided() -> None:
    rule = "{count: {of: events, distinct: kind, where: {field: amount, at_least: 5}}, at_least: 1}"
    sure = {"on": ON, "kind": "罚", "amount": 9}
    open_ = {"on": ON, "kind": "罚"}
    assert status(rule, {"events": [sure, open_]}) == "met"
    assert status(rule, {"events": [open_]}) == "unknown"
    assert status(rule.replace("least: 1", "least: 3"), {"events": [sure, open_]}) == "not_met"
