"""Rows of a score sheet whose words bear several readings, and what each record is worth."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuniu import policy
from shuniu.policy.tests.build import ON, document, problems

pytestmark = pytest.mark.feature("B5")

SHEET = """\
score_sheets:
  - key: s
    clause: 第一条
    label: 评分
    total: 20
    items:
      - key: rate
        clause: 第一条
        label: 满意率
        points: 10
        of: {fact: n}
        table: [{to: 70, gives: 0}, {from: 70, to: 79, gives: 6}, {from: 80, gives: 10}]
        readings:
          - key: upper
            words: 归上档，小数舍去
            of: {round: {value: {fact: n}, way: down}}
            table: [{to: 70, to_included: false, gives: 0}, {from: 70, to: 79, gives: 6}, {from: 80, gives: 10}]
          - key: lower
            words: 归下档，小数舍去
            of: {round: {value: {fact: n}, way: down}}
            table: [{to: 70, gives: 0}, {from: 71, to: 79, gives: 6}, {from: 80, gives: 10}]
      - key: papers
        clause: 第一条
        label: 材料
        points: 10
        readings:
          - {key: pieces, words: 按件计, of: {count: {of: events}}, per: 5}
          - {key: kinds, words: 按种计, of: {count: {of: events, distinct: kind}}, per: 5}
"""
LAW = document(SHEET)
TWO = [{"on": ON, "kind": "罚"}, {"on": ON, "kind": "奖"}]
UPPER = {"rate": policy.Chosen("upper", "社会联络部", "下限写明的一档更具体")}


def score(n: object, events: object = TWO, chosen: dict[str, policy.Chosen] | None = None) -> policy.Decision:
    return policy.judge(LAW, "score", {"n": n, "events": events}, ON, chosen)


def line(n: object, chosen: dict[str, policy.Chosen] | None = None) -> Decimal | None:
    return score(n, chosen=chosen).lines[0].points


def test_the_table_as_written_reports_its_overlap_and_gap() -> None:
    assert LAW.warnings == (
        "“满意率”的档次重叠：70 同时属于两档",
        "“满意率”的档次之间有空缺：79 与 80 之间",
    )


def test_where_the_table_is_clear_no_reading_is_asked() -> None:
    assert [line(Decimal(n)) for n in ("69.99", "71", "79", "80")] == [0, 6, 6, 10]


def test_where_all_readings_agree_that_is_the_answer() -> None:
    assert line(Decimal("79.5")) == 6


def test_where_they_part_the_row_is_ambiguous_until_one_is_chosen() -> None:
    found = score(70)
    assert (found.value, found.result) == ("ambiguous", None)
    assert "归上档，小数舍去”得 6 分" in found.lines[0].reason and "归下档" in found.lines[0].reason
    settled = score(70, chosen=UPPER)
    assert (settled.value, settled.result) == ("yes", Decimal(16))
    assert "社会联络部：下限写明的一档更具体" in settled.lines[0].reason


def test_a_choice_never_overrules_clear_words() -> None:
    assert line(Decimal("69.99"), UPPER) == 0


def test_a_row_of_readings_alone() -> None:
    same = [{"on": ON, "kind": "罚"}] * 2
    assert score(90, same).value == "ambiguous"
    assert score(90, same, {"papers": policy.Chosen("kinds", "评审组", "按种")}).result == Decimal(15)
    assert score(90, []).result == Decimal(10)
    assert score(90, [{"on": ON}] * 2).value == "open", "the kinds are not known"


def test_who_chooses_says_why_and_only_among_what_the_row_offers() -> None:
    for choice in (policy.Chosen("other", "a", "b"), policy.Chosen("upper", "", "b")):
        with pytest.raises(policy.PolicyError):
            score(70, chosen={"rate": choice})


@settings(max_examples=60, deadline=None)
@given(st.decimals(0, 100, places=2))
def test_a_chosen_reading_always_scores_and_agrees_with_any_clear_answer(n: Decimal) -> None:
    free, fixed = line(n), line(n, UPPER)
    assert fixed is not None
    assert free is None or free == fixed


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("          - {key: kinds,", "          - {key: pieces,", "名称不得重复"),
        ("of: {count: {of: events}}, per: 5", "per: 5", "必须写明 of"),
        ("        label: 满意率\n", "        label: 满意率\n        matter: m\n", "matter"),
    ],
)
def test_what_is_refused(old: str, new: str, said: str) -> None:
    parts = SHEET.replace(old, new)
    if said == "matter":
        parts = parts.replace("        label: 材料\n", "        label: 材料\n        matter: m\n")
    found = problems(parts)
    assert any(said in str(p) for p in found), found


MATTER = """\
conditions:
  - key: one
    clause: 第一条
    label: 甲
    asks: [eligibility]
    matter: contents
    readings: [{key: bar, words: 是条件, rule: {fact: flag, is: true}}, {key: points, words: 只计分, rule: {always: true}}]
  - key: two
    clause: 第一条
    label: 乙
    asks: [eligibility]
    matter: contents
    readings: [{key: bar, words: 是条件, rule: {fact: other, is: true}}, {key: points, words: 只计分, rule: {always: true}}]
"""


def test_one_choice_settles_every_rule_of_a_matter() -> None:
    law = document(MATTER)
    facts = {"flag": False, "other": False}
    assert policy.judge(law, "eligibility", facts, ON).value == "ambiguous"
    for reading, value in (("bar", "no"), ("points", "yes")):
        chosen = {"contents": policy.Chosen(reading, "社会联络部", "通知写明")}
        assert policy.judge(law, "eligibility", facts, ON, chosen).value == value
    assert policy.judge(law, "eligibility", {"flag": True, "other": True}, ON).value == "yes"


def test_a_reading_that_the_file_states_decides_and_shows_the_other() -> None:
    stated = MATTER.replace("    matter: contents\n", "    taken: points\n")
    found = policy.judge(document(stated), "eligibility", {"flag": False, "other": True}, ON)
    assert found.value == "yes"
    first, second = found.findings
    assert "按“只计分”理解" in first.reason and [r.status for r in first.readings] == ["not_met", "met"]
    assert second.readings == ()
    chosen = {"one": policy.Chosen("bar", "社会联络部", "通知写明")}
    assert (
        policy.judge(document(stated), "eligibility", {"flag": False, "other": True}, ON, chosen).value
        == "no"
    )
    assert any("taken" in str(p) for p in problems(stated.replace("taken: points", "taken: none")))


WORTH = """\
fundings:
  - key: f
    clause: 第一条
    label: 补助
    when: {exists: {of: events}}
    amount: {largest: {of: events, each: {lookup: {by: {field: kind}, table: [{is: 奖, gives: 30}, {is: 罚, gives: 10}]}}}}
    already: {fact: m}
score_sheets:
  - key: s
    clause: 第一条
    label: 评分
    total: 10
    items:
      - key: worth
        clause: 第一条
        label: 件
        points: 10
        of: {sum: {of: events, each: {lookup: {by: {field: kind}, table: [{is: 奖, gives: 3}, {is: 罚, gives: 1}]}}}}
"""
KINDS = st.lists(st.sampled_from(["罚", "奖"]), max_size=6)


@settings(max_examples=60, deadline=None)
@given(KINDS, st.integers(0, 40))
def test_each_record_is_worth_what_the_table_gives(kinds: list[str], paid: int) -> None:
    law = document(WORTH)
    events: list[dict[str, object]] = [{"on": ON, "kind": kind} for kind in kinds]
    facts: dict[str, object] = {"events": events, "m": paid}
    assert policy.judge(law, "score", facts, ON).result == min(10, sum(3 if k == "奖" else 1 for k in kinds))
    found = policy.judge(law, "funding", facts, ON)
    highest = max((30 if k == "奖" else 10 for k in kinds), default=0)
    assert found.result == (max(highest - paid, 0) if kinds else None)
    facts["events"] = [*events, {"on": ON}]
    assert policy.judge(law, "score", facts, ON).value == "open", "one record's worth is not known"


def test_what_an_empty_field_stands_for() -> None:
    parts = """\
  - name: lists
    type: records
    label: 名录
    source: registry
    fields:
      - {name: from, type: date, label: 列入日期}
      - {name: to, type: date, label: 移出日期, missing_is: 9999-12-31}
conditions:
  - key: c
    clause: 第一条
    label: 不在名录
    asks: [eligibility]
    rule: {none: {of: lists, where: {field: to, after: {date: on}}}}
"""
    law = document(parts)
    for rows, value in (([{"to": None}], "no"), ([{}], "no"), ([{"to": ON}], "yes"), ([], "yes")):
        assert policy.judge(law, "eligibility", {"lists": rows}, ON).value == value
    assert any("missing_is" in str(p) for p in problems(parts.replace("9999-12-31", "没有")))
