"""What the loader refuses of shares, norms and sheets that are looked at, and what is said and asked for."""

from __future__ import annotations

import pytest

from shuniu import policy
from shuniu.policy.explain import explain
from shuniu.policy.tests.build import ON, document, problems

pytestmark = pytest.mark.feature("B5")
QUOTA = "quotas: [{key: q, clause: 第一条, label: 名额, holder: group, share: 30%, of: {fact: n}, way: down, at_least: 1}]\n"
SHEETS = """\
score_sheets:
  - key: first
    clause: 第一条
    label: 首表
    total: 10
    items: [{key: one, clause: 第一条, label: 甲, points: 10, of: {fact: m}}]
  - key: second
    clause: 第一条
    label: 次表
    total: 10
    items: [{key: two, clause: 第一条, label: 乙, points: 10, of: {total_of: first}, veto: {not: {passes: first}}}]
conditions:
  - {key: c, clause: 第一条, label: 次表八分, asks: [eligibility], rule: {total_of: second, at_least: 8}}
"""
GRADING = """\
gradings:
  - {key: g, clause: 第一条, label: 等级, of: {fact: n}, table: [{from: 1, gives: 甲}], otherwise: 乙}
"""
NORMS = """\
norms: [{key: act, title: 条例, rank: paper, level: province, clause: 第一条}]
conditions:
  - {key: c, clause: 第一条, label: 会员, asks: [eligibility], rule: {fact: n, at_least: 3},
     above: [{norm: act, number: 第十条, rule: {fact: n, at_least: 4}}]}
"""


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (QUOTA.replace("share: 30%", "share: 130%"), "不大于一"),
        (QUOTA.replace("share: 30%", "share: 三成"), "不大于一"),
        (QUOTA.replace(", of: {fact: n}", ""), "必须写明一个值"),
        (QUOTA.replace("way: down", "way: floor"), "way"),
        (QUOTA.replace("share: 30%, ", ""), "只与 share"),
        (QUOTA.replace("share: 30%, of: {fact: n}, way: down, at_least: 1", ""), "at_most"),
        (QUOTA.replace("at_least: 1", "at_least: 3, at_most: 2"), "不应小于"),
        (SHEETS.replace("total_of: first", "total_of: second"), "排在前面"),
        (SHEETS.replace("total_of: first", "total_of: third"), "排在前面"),
        (SHEETS.replace("passes: first", "passes: second"), "排在前面"),
        (SHEETS.replace("total_of: second, at_least: 8", "total_of: secnd, at_least: 8"), "second"),
        (NORMS.replace("norm: act", "norm: ac"), "act"),
        (NORMS.replace("level: province", "level: city"), "上位"),
        (NORMS.replace(", level: province", ""), "层级"),
        (GRADING, "when"),
    ],
)  # fmt: skip
def test_what_is_refused(parts: str, said: str) -> None:
    assert any(said in str(each) for each in problems(parts)), problems(parts)


def test_what_a_sheet_needs_is_asked_for_where_its_total_is_used() -> None:
    law = document(SHEETS)
    assert [spec.name for spec in policy.facts_for(law, "eligibility")] == ["m"]
    found = policy.judge(law, "eligibility", {"m": 9}, ON).finding("c")
    assert found.status == "met" and [use.name for use in found.facts] == ["m"]
    assert policy.judge(law, "eligibility", {}, ON).finding("c").missing[0].name == "m"


def test_one_of_several_parts_is_asked_for_by_name() -> None:
    both = QUOTA.rstrip("]\n") + ", {key: r, clause: 第一条, label: 另一名额, holder: group, at_most: 9}]\n"
    law = document(both.replace("at_least: 1, ", "at_least: 1}, "))
    assert policy.judge(law, "quota", {"n": 10, "used": 0}, ON).result == 3
    assert policy.judge(law, "quota", {"n": 10, "used": 0, "quota": "r"}, ON).result == 9


def test_a_conflict_cites_both_and_is_printed() -> None:
    law = document(NORMS)
    found = policy.judge(law, "eligibility", {"n": 3}, ON)
    assert found.value == "no"
    finding = found.as_json()["findings"][0]
    assert finding["conflict"] is True
    assert finding["norms"] == [
        {
            "norm": "act",
            "title": "条例",
            "number": "第十条",
            "status": "not_met",
            "reason": "数：3（要求：不少于4）",
        }
    ]
    assert "第一条" in finding["reason"] and "以《条例》第十条为准" in finding["reason"]
    assert "《条例》第十条：数不少于4；不一致的，以它为准" in explain(law).replace(" ", "")


def test_how_shares_and_totals_are_said() -> None:
    assert "数的 30%（舍去），至少 1" in explain(document(QUOTA))
    said = explain(document(SHEETS))
    assert "“次表”合计不少于" in said and "“首表”合格" in said
    silent = document(QUOTA.replace(", way: down", ""))
    assert "没有写明怎样取整" in explain(silent)
    open_one = policy.judge(silent, "quota", {"n": 5, "used": 1}, ON).findings[0]
    assert open_one.status == "ambiguous" and "舍去是 1，进一是 2" in open_one.reason
