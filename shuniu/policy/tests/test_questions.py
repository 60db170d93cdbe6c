"""What a document says itself is never answered with 未规定, and nothing that an author wrote is left unasked."""

from __future__ import annotations

from datetime import date

import pytest

from shuniu import policy
from shuniu.policy.explain import explain
from shuniu.policy.tests.build import ON, condition, document

pytestmark = pytest.mark.feature("B5")

DAYS = "stated:\n  - {key: publicity_days, clause: 第一条, label: 公示天数, value: 7, unit: 个工作日}\n"
LATE = "  - {key: late, clause: 第一条, label: 逾期, value: 视为放弃, questions: [correction]}\n"
ROUNDS = (
    "not_stated:\n"
    "  - {key: rounds, label: 补正几次, filled_by: call, kind: number, questions: [correction]}\n"
)
CONDITION = (
    "conditions:\n  - {key: c, clause: 第一条, label: 条件, asks: [%s], rule: {fact: flag, is: true}}\n"
)


def test_what_is_stated_is_answered_with_its_clause() -> None:
    found = policy.judge(document(DAYS), "publicity", {}, ON)
    assert (found.value, found.result, found.clauses) == ("yes", 7, ("第一条",))
    assert found.findings[0].reason == "本办法规定：7个工作日"
    assert policy.judge(document(DAYS), "publicity_days", {}, ON).result == 7
    assert policy.judge(document(DAYS), "correction", {}, ON).value == "silent"


def test_what_is_stated_in_part_stays_open_and_shows_both() -> None:
    found = policy.judge(document(DAYS + LATE + ROUNDS), "correction", {}, ON)
    assert found.value == "open"
    assert [(each.key, each.status) for each in found.findings] == [("late", "met"), ("rounds", "silent")]


@pytest.mark.parametrize("question", ["renewal", "appeal", "restoration", "reapplication"])
def test_conditions_settle_what_comes_after(question: str) -> None:
    law = document(CONDITION % question)
    assert policy.judge(law, question, {"flag": True}, ON).value == "yes"
    assert policy.judge(law, question, {"flag": False}, ON).value == "no"
    assert policy.judge(document(), question, {}, ON).value == "silent"


@pytest.mark.parametrize("question", ["open_call", "use"])
def test_conditions_stand_beside_the_level_of_the_union(question: str) -> None:
    law = document(CONDITION % question)
    facts = {"union_level": "city", "flag": False}
    found = policy.judge(law, question, facts, ON)
    assert found.value == "no" and found.finding("c").status == "not_met"
    assert policy.judge(law, question, {**facts, "flag": True}, ON).value == "yes"
    if question == "open_call":
        assert policy.judge(law, question, {"union_level": "unit", "flag": True}, ON).value == "no"


FUNDING = """\
fundings:
  - {key: first, clause: 第一条, label: 首付, amount: {calc: subtract, of: [{fact: n}, {fact: m}]}, when: {fact: flag, is: true}}
  - {key: rest, clause: 第一条, label: 余款, amount: 500, when: {fact: other, is: true}}
"""


@pytest.mark.parametrize(
    ("flag", "other", "asked", "answer", "result"),
    [
        (True, False, "", "yes", 100),
        (False, False, "", "no", None),
        (True, True, "", "yes", None),
        (True, True, "rest", "yes", 500),
        (True, False, "rest", "no", None),
    ],
)
def test_money_that_is_not_due_is_answered_with_no(
    flag: bool, other: bool, asked: str, answer: str, result: int | None
) -> None:
    facts = {"n": 300, "m": 200, "flag": flag, "other": other, **({"funding": asked} if asked else {})}
    found = policy.judge(document(FUNDING), "funding", facts, ON)
    assert (found.value, found.result) == (answer, result)


def test_money_is_never_below_nothing() -> None:
    facts = {"n": 100, "m": 200, "flag": True, "other": False}
    found = policy.judge(document(FUNDING), "funding", facts, ON)
    assert found.result == 0
    assert found.finding("first").reason == "应得 0 元，已付 0 元，本次 0 元"


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{none: {of: events, within: {n: 24, unit: months}}}", "没有判断日往前 24个月内的事件"),
        (
            "{none: {of: events, where: {field: kind, is: 罚}, within: {n: 2, unit: years}}}",
            "没有判断日往前 2年内、种类为“罚”的事件",
        ),
        ("{none: {of: events, within: {n: 1, unit: quarters}}}", "没有判断日所在的季度之前 1个季度内的事件"),
        (
            "{none: {of: events, within: {n: 4, unit: calendar_years, current: true}}}",
            "没有连同判断日所在的自然年在内 4个自然年内的事件",
        ),
        ("{calc: share, of: [{fact: n}, {fact: m}], at_least: 30}", "数占另一数的百分比不少于 30%"),
        ("{calc: remainder, of: [{fact: n}, 2], is: 1}", "数除以2的余数为1"),
        ("{record: {of: yearly, years_before: 1, field: result}, is: 好}", "上一年度年度记录的结论为“好”"),
        (
            "{consecutive: {of: yearly, n: 3, ending_years_before: 1, that: {field: result, is: 好}}}",
            "年度记录到上一年度为止连续 3 年符合：结论为“好”",
        ),
        (
            "{fact: n, at_most: {choose: {when: {fact: flag, is: true}, then: 1, otherwise: 3}}}",
            "数不超过（如果是否，为 1；否则为 3）",
        ),
    ],
)
def test_rules_are_said_as_they_count(rule: str, said: str) -> None:
    assert said in explain(condition(rule))


def test_a_part_that_the_document_does_not_have_is_refused_not_silent() -> None:
    with pytest.raises(policy.FactError, match="first"):
        policy.judge(document(FUNDING), "funding", {"funding": "frist"}, ON)


def test_a_gate_of_points_is_said_with_its_mark() -> None:
    sheet = (
        "score_sheets:\n  - key: s\n    clause: 第一条\n    label: 评分\n    total: 100\n    pass_mark: 70\n"
        "    items: [{key: i, clause: 第一条, label: 方案, points: 100}]\n"
        "procedure:\n  - {key: a, kind: apply, label: 申报, actor: applicant, clause: 第一条}\n"
        "  - {key: v, kind: vote, label: 表决, actor: committee, clause: 第一条, gate: s}\n"
    )
    assert "    先要：“评分”达到 70 分" in explain(document(sheet)).splitlines()


BAR = (
    "consequences:\n  - {key: bar, clause: 第一条, label: 一年内不得申报, ground: {fact: flag, is: true}, effect: bar,"
    " scope: all, begins: day, lasts: {n: 1, unit: years}}\n"
    "  - {key: pause, clause: 第一条, label: 暂停, ground: {fact: other, is: true}, effect: suspend, scope: all}\n"
)


@pytest.mark.parametrize(
    ("facts", "again", "paused"),
    [
        ({"flag": True, "other": False, "day": date(2025, 7, 2)}, "no", "no"),  # its last day is 1 July 2026
        ({"flag": True, "other": True, "day": date(2025, 7, 1)}, "yes", "yes"),
        ({"flag": True, "other": False}, "open", "no"),
        ({"flag": False}, "yes", "open"),
        ({}, "open", "open"),
    ],
)
def test_bars_and_suspensions_are_not_called_unregulated(
    facts: dict[str, object], again: str, paused: str
) -> None:
    law = document(BAR)
    assert policy.judge(law, "reapplication", facts, ON).value == again
    assert policy.judge(law, "suspension", facts, ON).value == paused
    assert policy.judge(document(), "suspension", facts, ON).value == "silent"
