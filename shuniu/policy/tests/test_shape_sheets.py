"""Shapes of score sheets (docs/policy-format.md): what they answer is what plain Python answers, for any facts."""

from __future__ import annotations

import functools
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuniu import policy
from shuniu.policy.tests import build
from shuniu.policy.tests.build import ON, yes

pytestmark = pytest.mark.feature("B5")
document = functools.cache(build.document)  # the same text is read once
few = settings(max_examples=60, deadline=None)
DAYS = st.dates(date(2020, 1, 1), date(2026, 12, 31))
NUMBERS = st.integers(0, 60)
TYPES = st.sampled_from(["甲", "乙", "丙"])


THOUSAND = document(
    """\
score_sheets:
  - key: s
    clause: 第一条
    label: 千分
    total: 1000
    pass_mark: 600
    items:
      - {key: one, clause: 第一条, label: 甲, points: 400}
      - {key: two, clause: 第一条, label: 乙, points: 600}
"""
)


@few
@given(st.integers(0, 400), st.integers(0, 600))
def test_shape_sheet_total(one: int, two: int) -> None:
    found = policy.judge(THOUSAND, "score", {"points.one": one, "points.two": two}, ON)
    assert found.result == one + two and found.value == ("yes" if one + two >= 600 else "no")
    assert policy.judge(THOUSAND, "score", {"points.one": one}, ON).value == "open", (
        "a missing row is not nought"
    )


COUNTED = document(
    """\
score_sheets:
  - key: s
    clause: 第一条
    label: 评分
    total: 30
    items:
      - key: level
        clause: 第一条
        label: 级别
        points: 20
        of: {fact: word}
        table: [{is: 甲, gives: 20}, {is: 乙, gives: 10}, {is: 丙, gives: 5}]
      - key: pieces
        clause: 第一条
        label: 件数
        points: 10
        per: 3
        of: {count: {of: events, where: {field: kind, is: 奖}}}
"""
)


@few
@given(TYPES, st.lists(st.sampled_from(["奖", "罚"]), max_size=8))
def test_shape_counts_and_caps(word: str, kinds: list[str]) -> None:
    facts = {"word": word, "events": [{"on": ON, "kind": kind} for kind in kinds]}
    points = {"甲": 20, "乙": 10, "丙": 5}[word] + min(10, 3 * kinds.count("奖"))
    assert policy.judge(COUNTED, "score", facts, ON).result == points


BONUS = """\
score_sheets:
  - key: s
    clause: 第一条
    label: 评分
    total: 100
    bonus_above_total: ABOVE
    items:
      - {key: base, clause: 第一条, label: 基础, points: 100}
      - {key: more, clause: 第一条, label: 加分, points: 10, kind: bonus, of: {fact: n}}
      - {key: less, clause: 第一条, label: 扣分, points: 30, kind: deduction, per: 5, of: {count: {of: events}}}
"""
INSIDE, ABOVE = (document(BONUS.replace("ABOVE", word)) for word in ("false", "true"))


@few
@given(st.integers(0, 100), st.integers(0, 20), st.integers(0, 9))
def test_shape_bonus_and_deduction(base: int, more: int, events: int) -> None:
    facts = {"points.base": base, "n": more, "events": [{"on": ON}] * events}
    total = base + min(more, 10) - min(5 * events, 30)
    assert policy.judge(ABOVE, "score", facts, ON).result == max(total, 0)
    assert policy.judge(INSIDE, "score", facts, ON).result == max(min(total, 100), 0)


VETO = """\
score_sheets:
  - key: s
    clause: 第一条
    label: 评分
    total: 100
    pass_mark: 60
    items:
      - {key: base, clause: 第一条, label: 基础, points: 90, mandatory: true}
      - {key: rest, clause: 第一条, label: 其余, points: 10, veto: {fact: flag, is: true}}
"""
VETOED = document(VETO)


@few
@given(st.integers(0, 90), st.integers(0, 10), st.one_of(st.none(), st.booleans()))
def test_shape_mandatory_and_veto(base: int, rest: int, flag: bool | None) -> None:
    facts: dict[str, Any] = {"points.base": base, "points.rest": rest} | (
        {} if flag is None else {"flag": flag}
    )
    found = policy.judge(VETOED, "score", facts, ON).findings[0].status
    if base == 0 or flag:
        assert found == "not_met"
    elif flag is None:
        assert found == "unknown", "a veto that may still come leaves the sheet open"
    else:
        assert found == yes(base + rest >= 60)


USED = document(
    VETO
    + """\
gradings:
  - key: g
    clause: 第一条
    label: 等级
    of: {total_of: s}
    table: [{from: 90, gives: 优}, {to: 90, to_included: false, gives: 良}]
    when: {passes: s}
    otherwise: 差
conditions:
  - {key: c, clause: 第一条, label: 八十分, asks: [eligibility], rule: {total_of: s, at_least: 80}}
"""
)


@few
@given(st.one_of(st.none(), st.integers(0, 90)), st.integers(0, 10), st.booleans())
def test_shape_sheet_as_value(base: int | None, rest: int, flag: bool) -> None:
    facts: dict[str, Any] = {"points.rest": rest, "flag": flag} | (
        {} if base is None else {"points.base": base}
    )
    grade = policy.judge(USED, "grade", facts, ON)
    finding = policy.judge(USED, "eligibility", facts, ON).finding("c")
    if base is None:
        assert finding.status == "judged" and [each.name for each in finding.missing] == ["points.base"]
        assert grade.result == ("差" if flag else None)
        return
    total = base + rest
    assert finding.status == yes(total >= 80), "the total is the total, whatever was vetoed"
    passed = base > 0 and not flag and total >= 60
    assert grade.result == ("差" if not passed else "优" if total >= 90 else "良")


TICKED = document(
    """\
score_sheets:
  - key: s
    clause: 第一条
    label: 评分
    total: 20
    items:
      - key: papers
        clause: 第一条
        label: 两样齐全
        points: 20
        of: {choose: {when: {all_of: [{fact: flag, is: true}, {fact: other, is: true}]}, then: 20, otherwise: 0}}
      - {key: stop, clause: 第一条, label: 否决, points: 0, veto: {fact: word, is: 丙}}
"""
)
MAYBE = st.sampled_from([True, False, None])


@few
@given(MAYBE, MAYBE, TYPES)
def test_shape_tick_all(one: bool | None, two: bool | None, word: str) -> None:
    facts = {key: each for key, each in (("flag", one), ("other", two)) if each is not None}
    found = policy.judge(TICKED, "score", {**facts, "word": word}, ON)
    points = 0 if False in (one, two) else None if None in (one, two) else 20
    assert found.result == points
    assert found.value == ("no" if word == "丙" else "open" if points is None else "yes")
    asked = {each.name for each in found.missing}
    assert asked == ({"flag", "other"} - set(facts) if found.value == "open" else set())
