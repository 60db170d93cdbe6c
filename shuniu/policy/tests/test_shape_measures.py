"""Shapes of what measures (docs/policy-format.md): what they answer is what plain Python answers, for any facts."""

from __future__ import annotations

import calendar
import functools
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuniu import policy
from shuniu.policy.tests import build
from shuniu.policy.tests.build import ON, answer, condition, yes

pytestmark = pytest.mark.feature("B5")
document = functools.cache(build.document)  # the same text is read once
few = settings(max_examples=60, deadline=None)
DAYS = st.dates(date(2020, 1, 1), date(2026, 12, 31))
NUMBERS = st.integers(0, 60)
TYPES = st.sampled_from(["甲", "乙", "丙"])


def calendar_of(day: date) -> bool:
    """Working days from Monday to Friday."""
    return day.weekday() < 5


QUOTAS = {
    holder: document(
        f"quotas: [{{key: q, clause: 第一条, label: 名额, holder: {holder}, at_most: 3, applies: {{fact: word, is: 甲}}}}]\n"
    )
    for holder in ("recommender", "category", "applicant", "group")
}


@few
@given(st.sampled_from(sorted(QUOTAS)), st.integers(0, 6), TYPES)
def test_shape_quota_by_holder(holder: str, used: int, word: str) -> None:
    found = policy.judge(QUOTAS[holder], "quota", {"used": used, "word": word}, ON)
    expected = "not_applicable" if word != "甲" else yes(used < 3)
    assert found.findings[0].status == expected
    assert found.result == (3 if word == "甲" else None)


_WAYS = {"down": ROUND_FLOOR, "up": ROUND_CEILING, "half_up": ROUND_HALF_UP}


@few
@given(
    st.integers(0, 400),
    st.integers(0, 140),
    st.sampled_from([7, 30, 50]),
    st.sampled_from(["", *_WAYS]),
    st.sampled_from([0, 2]),
)
def test_shape_quota_share(of: int, used: int, percent: int, way: str, least: int) -> None:
    said = f", way: {way}" if way else ""
    row = f"{{key: q, clause: 第一条, label: 名额, holder: group, share: {percent}%, of: {{fact: n}}{said}, at_least: {least}}}"
    found = policy.judge(document(f"quotas: [{row}]\n"), "quota", {"n": of, "used": used}, ON)
    exact = Decimal(of * percent) / 100
    low, high = (
        max(least, int(exact.to_integral_value(rounding=_WAYS[way or end]))) for end in ("down", "up")
    )
    status = "ambiguous" if low <= used < high else yes(used < low)
    assert found.findings[0].status == status
    assert found.result == (low if low == high else None)


BANDS = """\
gradings:
  - {key: g, clause: 第一条, label: 等级, of: {fact: n}, table: [{from: 80, gives: 优}, {from: LOW, to: 80, gives: 良}]}
"""


@few
@given(st.integers(0, 100), st.sampled_from([60, 70]))
def test_shape_bands(n: int, low: int) -> None:
    law = document(BANDS.replace("LOW", str(low)))
    assert any("80 同时属于两档" in each for each in law.warnings), "an overlap is reported when it is loaded"
    found = policy.judge(law, "grade", {"n": n}, ON).findings[0].status
    assert found == ("ambiguous" if n == 80 else "silent" if n < low else "met")


CEILING = document(
    "fundings: [{key: f, clause: 第一条, label: 补助, amount: {fact: n}, already: {fact: m}, cap: 30}]\n"
)


@few
@given(NUMBERS, NUMBERS)
def test_shape_ceiling(amount: int, paid: int) -> None:
    assert policy.judge(CEILING, "funding", {"n": amount, "m": paid}, ON).result == max(
        min(amount, 30) - paid, 0
    )


SHARE = condition("{calc: share, of: [{fact: n}, {fact: m}], at_least: 30}")


@few
@given(NUMBERS, NUMBERS)
def test_shape_own_share(own: int, all_of_it: int) -> None:
    expected = "unknown" if all_of_it == 0 else yes(own * 100 >= 30 * all_of_it)
    assert answer(SHARE, {"n": own, "m": all_of_it}) == expected


CLASSES = condition(
    "{fact: n, at_most: {lookup: {by: {fact: word}, table: [{is: 甲, gives: 50}, {is: 乙, gives: 30}]}}}"
)


@few
@given(TYPES, NUMBERS)
def test_shape_per_class(word: str, n: int) -> None:
    most = {"甲": 50, "乙": 30}.get(word)
    assert answer(CLASSES, {"word": word, "n": n}) == ("unknown" if most is None else yes(n <= most))


NEW = document("supersedes: {key: old, judged_by: application_day, clause: 第一条}\n")


@few
@given(st.dates(date(2019, 6, 1), date(2020, 6, 1)), DAYS)
def test_shape_successor(applied: date, on: date) -> None:
    found = policy.judge(NEW, "applicable_law", {"application_day": applied}, on)
    assert found.value == ("yes" if applied >= date(2020, 1, 1) else "no"), (
        "the day of judging does not matter"
    )
    assert ("仍依原文件 old" in found.findings[0].reason) is (found.value == "no")


RANKED = document(
    """\
norms:
  - {key: act, title: 条例, rank: regulation, clause: 第一条}
  - {key: upper, title: 省办法, rank: paper, level: province, clause: 第一条}
conditions:
  - key: c
    clause: 第一条
    label: 会员
    asks: [eligibility]
    rule: {fact: n, at_least: 30}
    above:
      - {norm: upper, number: 第二条, rule: {fact: m, at_least: 10}}
      - {norm: act, number: 第十条, rule: {fact: n, at_least: 40}}
"""
)


@few
@given(st.one_of(st.none(), NUMBERS), st.one_of(st.none(), NUMBERS))
def test_shape_rank(n: int | None, m: int | None) -> None:
    facts = {k: v for k, v in (("n", n), ("m", m)) if v is not None}
    found = policy.judge(RANKED, "eligibility", facts, ON).finding("c")
    if n is None:
        assert found.status == "unknown"
        return
    assert found.status == yes(n >= 40), "the highest norm decides, whatever the order in the file"
    others = {n >= 30} | (set() if m is None else {m >= 10})
    assert found.conflict is (others != {n >= 40})
    assert [each.norm for each in found.norms] == ["act", "upper"]
    if found.conflict:
        assert "第一条" in found.reason and "《条例》第十条" in found.reason and "不一致" in found.reason


VOTES = {
    base: document(
        f"votes: [{{key: v, clause: 第一条, label: 表决, base: {base}, bound: more_than, share: 1/2, quorum: 2/3}}]\n"
    )
    for base in ("all", "present")
}


@few
@given(st.integers(1, 30), st.data())
def test_shape_votes(members: int, data: st.DataObject) -> None:
    present = data.draw(st.integers(0, members))
    ayes = data.draw(st.integers(0, present))
    for base, law in VOTES.items():
        found = policy.judge(law, "vote", {"members": members, "present": present, "for": ayes}, ON)
        of = members if base == "all" else present
        assert found.value == ("yes" if present * 3 >= members * 2 and ayes * 2 > of else "no")


DEADLINES = document(
    """\
deadlines:
  - {key: days, clause: 第一条, label: 天, from: day, n: 10, unit: days}
  - {key: work, clause: 第一条, label: 工作日, from: day, n: 10, unit: working_days}
  - {key: end, clause: 第一条, label: 月底, from: day, n: 1, unit: months, to_month_end: true}
  - {key: roll, clause: 第一条, label: 顺延, from: day, n: 10, unit: days, next_working_day: true}
"""
)


@few
@given(DAYS)
def test_shape_deadlines(day: date) -> None:
    last = {
        key: policy.judge(
            DEADLINES, "deadline", {"day": day, "deadline": key}, ON, working_day=calendar_of
        ).result
        for key in ("days", "work", "end", "roll")
    }
    assert last["days"] == day + timedelta(days=10)
    worked, at = 0, day
    while worked < 10:
        at += timedelta(days=1)
        worked += at.weekday() < 5
    assert last["work"] == at
    year, month = divmod(day.year * 12 + day.month, 12)
    assert last["end"] == date(year, month + 1, calendar.monthrange(year, month + 1)[1])
    due = day + timedelta(days=10)
    assert last["roll"] == due + timedelta(days=max(0, 7 - due.weekday()) if due.weekday() > 4 else 0)
