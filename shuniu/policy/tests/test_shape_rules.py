"""Shapes of conditions (docs/policy-format.md): what they answer is what plain Python answers, for any facts."""

from __future__ import annotations

import calendar
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuniu import policy
from shuniu.policy.tests.build import HEAD, answer, condition, document, yes

pytestmark = pytest.mark.feature("B5")
few = settings(max_examples=60, deadline=None)
DAYS = st.dates(date(2020, 1, 1), date(2026, 12, 31))
NUMBERS = st.integers(0, 60)
TYPES = st.sampled_from(["甲", "乙", "丙"])


ROUTES = condition(
    "{any_of: [{all_of: [{fact: word, is: 甲}, {fact: n, at_least: 50}]},"
    " {all_of: [{fact: word, is: 乙}, {fact: m, at_least: 3}]}]}"
)


@few
@given(TYPES, NUMBERS, NUMBERS)
def test_shape_either_or(word: str, n: int, m: int) -> None:
    assert answer(ROUTES, {"word": word, "n": n, "m": m}) == yes(
        (word == "甲" and n >= 50) or (word == "乙" and m >= 3)
    )


BY_TYPE = condition(
    "{when: {fact: word, is: 甲}, then: {fact: n, at_least: 30}, otherwise: {fact: n, at_least: 10}}"
)
APPLIES = condition("{fact: n, at_least: 30}", "    applies: {fact: word, is: 甲}\n")


@few
@given(TYPES, NUMBERS)
def test_shape_by_type(word: str, n: int) -> None:
    assert answer(BY_TYPE, {"word": word, "n": n}) == yes(n >= (30 if word == "甲" else 10))
    assert answer(APPLIES, {"word": word, "n": n}) == (yes(n >= 30) if word == "甲" else "not_applicable")


EXCEPTION = condition("{require: {fact: flag, is: true}, unless: {fact: n, less_than: 25}}")


@few
@given(st.booleans(), NUMBERS)
def test_shape_exception(flag: bool, n: int) -> None:
    assert answer(EXCEPTION, {"flag": flag, "n": n}) == yes(flag or n < 25)


def _back(day: date, months: int) -> date:
    total = day.year * 12 + day.month - 1 - months
    year, month = divmod(total, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


YEARS = condition("{none: {of: events, within: {n: 2, unit: calendar_years}}}")
THIS_TOO = condition("{none: {of: events, within: {n: 2, unit: calendar_years, current: true}}}")
MONTHS = condition("{none: {of: events, within: {n: 24, unit: months}}}")
SINCE = condition("{none: {of: events, within: {from: 2024-01-01, to: {date: on}}}}")
ANCHORED = condition("{none: {of: events, within: {n: 24, unit: months, anchor: {fact: day}}}}")


@few
@given(DAYS, DAYS)
def test_shape_calendar_years(event: date, on: date) -> None:
    facts = {"events": [{"on": event}]}
    assert answer(YEARS, facts, on) == yes(not on.year - 2 <= event.year <= on.year - 1)
    assert answer(THIS_TOO, facts, on) == yes(not (on.year - 1 <= event.year and event <= on))


@few
@given(DAYS, DAYS)
def test_shape_months(event: date, on: date) -> None:
    assert answer(MONTHS, {"events": [{"on": event}]}, on) == yes(not _back(on, 24) <= event <= on)


@few
@given(DAYS, DAYS)
def test_shape_fixed_date(event: date, on: date) -> None:
    assert answer(SINCE, {"events": [{"on": event}]}, on) == yes(not date(2024, 1, 1) <= event <= on)


@few
@given(DAYS, DAYS, DAYS)
def test_shape_calls_date(event: date, published: date, on: date) -> None:
    found = answer(ANCHORED, {"events": [{"on": event}], "day": published}, on)
    assert found == yes(not _back(published, 24) <= event <= published), (
        "the day of the judgement does not matter"
    )


LAST_TWO = condition("{every: {of: yearly, last: 2, that: {field: result, is: 好}}}")


@few
@given(st.lists(st.sampled_from(["好", "差"]), min_size=2, max_size=4))
def test_shape_last_two(results: list[str]) -> None:
    rows = [{"year": 2025 - n, "result": r} for n, r in enumerate(reversed(results))]
    assert answer(LAST_TWO, {"yearly": rows}) == yes(results[-2:] == ["好", "好"])


GRADES = """\
  - name: grades
    type: records
    label: 评定
    source: recognition
    time: on
    fields:
      - {name: on, type: date, label: 日期}
      - {name: grade, type: choice, label: 等级, values: [一, 二, 三]}
  - {name: wanted, type: choice, label: 申报等级, source: application, values: [一, 二, 三]}
conditions:
  - {key: c, clause: 第一条, label: 等级, asks: [eligibility], rule: RULE}
"""


def graded(rule: str) -> policy.Document:
    return document(GRADES.replace("RULE", rule))


HELD = graded("{elapsed: {since: {latest: {of: grades, field: on}}, unit: years}, at_least: 2}")
BELOW = graded(
    "{latest: {of: grades, field: grade},"
    " is: {lookup: {by: {fact: wanted}, table: [{is: 二, gives: 一}, {is: 三, gives: 二}]}}}"
)


@few
@given(st.lists(DAYS, min_size=1, max_size=3, unique=True), DAYS)
def test_shape_held_two_years(days: list[date], on: date) -> None:
    rows = [{"on": day, "grade": "一"} for day in days]
    known = [day for day in days if day <= on]
    found = answer(HELD, {"grades": rows}, on)
    newest = max(days)
    leap = (newest.month, newest.day) == (2, 29)
    due = date(newest.year + 2, 2, 28) if leap else newest.replace(year=newest.year + 2)
    if known == days:
        assert found == yes(on >= due)
    else:
        assert found in ("met", "not_met", "unknown")


@few
@given(st.sampled_from(["一", "二", "三"]), st.sampled_from(["一", "二", "三"]))
def test_shape_grade_below(held: str, wanted: str) -> None:
    found = answer(BELOW, {"grades": [{"on": date(2023, 1, 1), "grade": held}], "wanted": wanted})
    below = {"二": "一", "三": "二"}.get(wanted)
    assert found == ("unknown" if below is None else yes(held == below)), "the lowest has none below it"


EXCLUSIVE = condition("{n_of: {at_most: 1, of: [{fact: words, includes: 甲}, {fact: words, includes: 乙}]}}")
NEITHER = condition("{none_of: [{fact: flag, is: true}, {fact: other, is: true}]}")


@few
@given(st.sets(TYPES), st.booleans(), st.booleans())
def test_shape_exclusive(words: set[str], flag: bool, other: bool) -> None:
    assert answer(EXCLUSIVE, {"words": sorted(words)}) == yes(not {"甲", "乙"} <= words)
    assert answer(NEITHER, {"flag": flag, "other": other}) == yes(not (flag or other))


TIMER = condition(
    "{timer: {records: events, state: kind, start: 无, becomes: [{from: 罚, after: {n: 2, unit: years}, to: 奖}]}, is: 奖}"
)


@few
@given(DAYS, DAYS)
def test_shape_timer(listed: date, on: date) -> None:
    leap = (listed.month, listed.day) == (2, 29)
    turns = date(listed.year + 2, 2, 28) if leap else listed.replace(year=listed.year + 2)
    found = answer(TIMER, {"events": [{"on": listed, "kind": "罚"}]}, on)
    assert found == yes(listed <= on and on >= turns)


TREE = policy.load_bytes(
    {
        "document.yaml": HEAD.replace(
            "facts:\n",
            "  - {key: b, label: 乙类, parent: a, clause: 第一条, directions: [{key: b1, label: 乙一}]}\nfacts:\n"
            "  - {name: cat, type: category, label: 类别, source: application}\n"
            "  - {name: ways, type: directions, label: 方向, source: application}\n",
        ).encode()
        + b"conditions:\n  - {key: c, clause: \xe7\xac\xac\xe4\xb8\x80\xe6\x9d\xa1, label: x, asks: [eligibility],"
        b" rule: {fact: ways, in: {directions_of: {fact: cat}}}}\n"
    }
)


@few
@given(st.sampled_from(["a", "b"]), st.sets(st.sampled_from(["a1", "a2", "b1"]), min_size=1))
def test_shape_tree(category: str, ways: set[str]) -> None:
    listed = {"a": {"a1", "a2"}, "b": {"b1"}}[category]
    assert answer(TREE, {"cat": category, "ways": sorted(ways)}) == yes(ways <= listed)
    child = TREE.category("乙类")
    assert child is not None and child.parent == "a"
