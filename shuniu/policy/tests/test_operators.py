"""Every operator, at its bounds and where something is not known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from shuniu.policy import dates
from shuniu.policy.tests.build import ON, status

pytestmark = pytest.mark.feature("B5")

D = date
THREE = "[{fact: flag, is: true}, {fact: other, is: true}, {fact: third, is: true}]"


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        ("{fact: n, at_least: 3}", {"n": 3}, "met"),
        ("{fact: n, at_least: 3}", {"n": Decimal("2.99")}, "not_met"),
        ("{fact: n, at_least: 3}", {}, "unknown"),
        ("{fact: n, at_most: 3}", {"n": 3}, "met"),
        ("{fact: n, more_than: 3}", {"n": 3}, "not_met"),
        ("{fact: n, less_than: 3}", {"n": 3}, "not_met"),
        ("{fact: n, is: 0.3}", {"n": Decimal("0.30")}, "met"),
        ("{fact: n, between: {from: 1, to: 3}}", {"n": 3}, "met"),
        ("{fact: n, between: {from: 1, to: 3, to_included: false}}", {"n": 3}, "not_met"),
        ("{fact: n, between: {from: 1, to: 3, from_included: false}}", {"n": 1}, "not_met"),
        ("{fact: word, in: [甲, 乙]}", {"word": "乙"}, "met"),
        ("{fact: word, not_in: [甲, 乙]}", {"word": "丙"}, "met"),
        ("{fact: word, is: 甲}", {"word": "未定"}, "unknown"),
        ("{fact: words, includes: 甲}", {"words": ["甲", "丙"]}, "met"),
        ("{fact: words, includes_all: [甲, 乙]}", {"words": ["甲"]}, "not_met"),
        ("{fact: words, includes_any: [甲, 乙]}", {"words": ["乙"]}, "met"),
        ("{fact: words, in: [甲, 乙]}", {"words": ["甲", "丙"]}, "not_met"),
        ("{fact: words, empty: true}", {"words": []}, "met"),
        ("{fact: free, matches: 望海*}", {"free": "望海市总工会"}, "met"),
        ("{fact: n, at_most: {fact: m}}", {"n": 2, "m": 2}, "met"),
        ("{fact: n, at_most: {fact: m}}", {"n": 2}, "unknown"),
        ("{fact: day, on_or_before: {date: on}}", {"day": ON}, "met"),
        ("{fact: day, before: {date: on}}", {"day": ON}, "not_met"),
        ("{year: {fact: day}, is: 2026}", {"day": ON}, "met"),
    ],
)
def test_comparisons(rule: str, facts: dict[str, object], expected: str) -> None:
    assert status(rule, facts) == expected


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        ("{all_of: [{fact: flag, is: true}, {fact: other, is: true}]}", {"flag": False}, "not_met"),
        ("{all_of: [{fact: flag, is: true}, {fact: other, is: true}]}", {"flag": True}, "unknown"),
        ("{any_of: [{fact: flag, is: true}, {fact: other, is: true}]}", {"flag": True}, "met"),
        ("{any_of: [{fact: flag, is: true}, {fact: third, is: true}]}", {"flag": False}, "judged"),
        ("{none_of: [{fact: flag, is: true}, {fact: other, is: true}]}", {"flag": True}, "not_met"),
        ("{not: {fact: flag, is: true}}", {"flag": False}, "met"),
        (
            f"{{n_of: {{at_least: 2, of: {THREE}}}}}",
            {"flag": True, "third": True},
            "met",
        ),
        (
            f"{{n_of: {{at_most: 1, of: {THREE}}}}}",
            {"flag": True, "third": True},
            "not_met",
        ),
        ("{when: {fact: flag, is: true}, then: {fact: other, is: true}}", {"flag": False}, "met"),
        (
            "{when: {fact: flag, is: true}, then: {fact: other, is: true}}",
            {"flag": True, "other": False},
            "not_met",
        ),
        (
            "{when: {fact: flag, is: true}, then: {fact: n, at_least: 1}, otherwise: {fact: n, at_least: 5}}",
            {"n": 5},
            "met",
        ),
        (
            "{when: {fact: flag, is: true}, then: {fact: n, at_least: 1}, otherwise: {fact: n, at_least: 5}}",
            {"n": 3},
            "unknown",
        ),
        ("{require: {fact: n, at_least: 2}, unless: {fact: flag, is: true}}", {"n": 1, "flag": True}, "met"),
        (
            "{require: {fact: n, at_least: 2}, unless: {fact: flag, is: true}}",
            {"n": 1, "flag": False},
            "not_met",
        ),
    ],
)
def test_logic(rule: str, facts: dict[str, object], expected: str) -> None:
    assert status(rule, facts) == expected


YEARS = [{"year": 2023, "result": "好"}, {"year": 2024, "result": "好"}, {"year": 2025, "result": "差"}]
EVENTS = [
    {"on": D(2024, 7, 1), "kind": "罚", "amount": Decimal("10.5")},
    {"on": D(2025, 3, 1), "kind": "奖", "amount": 2},
    {"on": D(2026, 6, 30), "kind": "罚", "amount": 3},
]


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        ("{count: {of: events, where: {field: kind, is: 罚}}, at_most: 2}", {"events": EVENTS}, "met"),
        ("{count: {of: events}, at_least: 1}", {}, "unknown"),
        ("{count: {of: events, within: {n: 2, unit: years}}, is: 3}", {"events": EVENTS}, "met"),
        ("{count: {of: events, within: {n: 23, unit: months}}, is: 2}", {"events": EVENTS}, "met"),
        ("{count: {of: events, within: {n: 1, unit: calendar_years}}, is: 1}", {"events": EVENTS}, "met"),
        (
            "{count: {of: events, within: {n: 2, unit: calendar_years, current: true}}, is: 2}",
            {"events": EVENTS},
            "met",
        ),
        (
            "{count: {of: events, within: {from: {fact: day}, to: {date: on}}}, is: 2}",
            {"events": EVENTS, "day": D(2025, 1, 1)},
            "met",
        ),
        ("{exists: {of: events, where: {field: amount, more_than: 10}}}", {"events": EVENTS}, "met"),
        ("{none: {of: events, where: {field: kind, is: 奖}}}", {"events": EVENTS}, "not_met"),
        ("{none: {of: events, where: {field: kind, is: 奖}}}", {"events": []}, "met"),
        ("{none: {of: events, where: {field: kind, is: 奖}}}", {"events": [{"on": ON}]}, "unknown"),
        ("{sum: {of: events, field: amount}, is: 15.5}", {"events": EVENTS}, "met"),
        ("{sum: {of: events, field: amount}, is: 15.5}", {"events": [{"on": ON}]}, "unknown"),
        ("{latest: {of: events, field: kind}, is: 罚}", {"events": EVENTS}, "met"),
        ("{earliest: {of: events, field: amount}, is: 10.5}", {"events": EVENTS}, "met"),
        ("{largest: {of: events, field: amount}, is: 10.5}", {"events": EVENTS}, "met"),
        ("{smallest: {of: events, field: amount}, is: 2}", {"events": EVENTS}, "met"),
        ("{record: {of: yearly, years_before: 1, field: result}, is: 好}", {"yearly": YEARS}, "not_met"),
        ("{record: {of: yearly, years_before: 0, field: result}, is: 好}", {"yearly": YEARS}, "unknown"),
        ("{every: {of: yearly, last: 2, that: {field: result, is: 好}}}", {"yearly": YEARS}, "not_met"),
        ("{every: {of: yearly, last: 2, that: {field: result, is: 好}}}", {"yearly": YEARS[:2]}, "met"),
        ("{every: {of: yearly, last: 2, that: {field: result, is: 好}}}", {"yearly": YEARS[:1]}, "unknown"),
        # A year without a record is not known, never passed.
        (
            "{every: {of: yearly, within: {n: 3, unit: calendar_years}, that: {field: result, is: 好}}}",
            {"yearly": YEARS[:2]},
            "unknown",
        ),
        ("{consecutive: {of: yearly, n: 2, that: {field: result, is: 好}}}", {"yearly": YEARS}, "met"),
        (
            "{consecutive: {of: yearly, n: 2, ending_years_before: 1, that: {field: result, is: 好}}}",
            {"yearly": YEARS},
            "not_met",
        ),
        (
            "{consecutive: {of: yearly, n: 3, ending_years_before: 0, that: {field: result, is: 好}}}",
            {"yearly": YEARS[:2]},
            "unknown",
        ),
    ],
)
def test_records(rule: str, facts: dict[str, object], expected: str) -> None:
    assert status(rule, facts) == expected


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        # 满两年 includes the day itself; 不超过三年 ends on it; 不满 does not include it.
        ("{elapsed: {since: {fact: day}, unit: years}, at_least: 2}", {"day": D(2024, 7, 1)}, "met"),
        ("{elapsed: {since: {fact: day}, unit: years}, at_least: 2}", {"day": D(2024, 7, 2)}, "not_met"),
        ("{elapsed: {since: {fact: day}, unit: years}, at_most: 3}", {"day": D(2023, 7, 1)}, "met"),
        ("{elapsed: {since: {fact: day}, unit: years}, at_most: 3}", {"day": D(2023, 6, 30)}, "not_met"),
        ("{elapsed: {since: {fact: day}, unit: years}, less_than: 3}", {"day": D(2023, 7, 1)}, "not_met"),
        ("{elapsed: {since: {fact: day}, unit: days}, more_than: 1}", {"day": D(2026, 6, 30)}, "not_met"),
        ("{fact: day, is: {shift: {from: {date: on}, n: -1, unit: months}}}", {"day": D(2026, 6, 1)}, "met"),
        (
            "{date: on, on_or_before: {period_end: {from: {fact: day}, n: 2, unit: years}}}",
            {"day": D(2024, 7, 2)},
            "met",
        ),
        (
            "{date: on, on_or_before: {period_end: {from: {fact: day}, n: 2, unit: years}}}",
            {"day": D(2024, 7, 1)},
            "not_met",
        ),
        ("{calc: share, of: [{fact: n}, {fact: m}], at_least: 50}", {"n": 1, "m": 2}, "met"),
        ("{calc: divide, of: [{fact: n}, {fact: m}], at_least: 1}", {"n": 1, "m": 0}, "unknown"),
        (
            "{calc: add, of: [{fact: n}, {fact: m}, 0.1], is: 0.4}",
            {"n": Decimal("0.1"), "m": Decimal("0.2")},
            "met",
        ),
        ("{calc: smallest, of: [{fact: n}, 3], is: 3}", {"n": 9}, "met"),
        ("{round: {value: {fact: n}, way: half_up}, is: 70}", {"n": Decimal("69.5")}, "met"),
        ("{round: {value: {fact: n}, way: down}, is: 69}", {"n": Decimal("69.9")}, "met"),
        (
            "{lookup: {by: {fact: word}, table: [{is: 甲, gives: 3}, {is: 乙, gives: 2}]}, is: 2}",
            {"word": "乙"},
            "met",
        ),
        ("{lookup: {by: {fact: word}, table: [{is: 甲, gives: 3}]}, is: 3}", {"word": "乙"}, "unknown"),
    ],
)
def test_time_and_numbers(rule: str, facts: dict[str, object], expected: str) -> None:
    assert status(rule, facts) == expected


def test_working_days_need_the_calendar() -> None:
    rule = "{date: on, on_or_before: {shift: {from: {fact: day}, n: 5, unit: working_days}}}"
    # Wednesday 24 June 2026 and five working days: Wednesday 1 July.
    assert status(rule, {"day": D(2026, 6, 24)}, working_days=True) == "met"
    assert status(rule, {"day": D(2026, 6, 23)}, working_days=True) == "not_met"
    assert status(rule, {"day": D(2026, 6, 24)}) == "unknown"


TIMER = (
    "{timer: {records: events, state: kind, start: 无, becomes: ["
    "{from: 罚, after: {n: 2, unit: years}, to: 重罚}, "
    "{from: 重罚, after: {n: 1, unit: months}, to: 除名}]}, is: %s}"
)


@pytest.mark.parametrize(
    ("state", "events", "expected"),
    [
        ("无", [], "met"),
        ("无", [{"on": D(2026, 7, 2), "kind": "罚"}], "met"),
        ("罚", [{"on": D(2024, 7, 2), "kind": "罚"}], "met"),
        ("重罚", [{"on": D(2024, 7, 1), "kind": "罚"}], "met"),
        ("重罚", [{"on": D(2024, 6, 2), "kind": "罚"}], "met"),
        ("除名", [{"on": D(2024, 6, 1), "kind": "罚"}], "met"),
        # A later record restarts the clock, another kind ends it.
        ("罚", [{"on": D(2022, 1, 1), "kind": "罚"}, {"on": D(2026, 1, 1), "kind": "罚"}], "met"),
        ("奖", [{"on": D(2022, 1, 1), "kind": "罚"}, {"on": D(2026, 1, 1), "kind": "奖"}], "met"),
        ("罚", [{"on": D(2026, 1, 1), "kind": "罚"}, {"on": D(2026, 1, 1), "kind": "奖"}], "unknown"),
        ("罚", [{"kind": "罚"}], "unknown"),
    ],
)
def test_timer(state: str, events: list[dict[str, object]], expected: str) -> None:
    assert status(TIMER % state, {"events": events}) == expected


def test_a_window_that_cuts_a_year_leaves_its_record_open() -> None:
    rule = "{count: {of: yearly, within: {from: {fact: day}, to: {date: on}}}, at_least: 1}"
    records = [{"year": 2025, "result": "好"}]
    assert status(rule, {"day": D(2025, 7, 1), "yearly": records}) == "unknown"
    assert status(rule, {"day": D(2025, 1, 1), "yearly": records}) == "met"


@pytest.mark.parametrize(
    ("unit", "n", "current", "first", "last"),
    [
        ("half_years", 1, True, date(2026, 7, 1), date(2026, 8, 15)),
        ("half_years", 1, False, date(2026, 1, 1), date(2026, 6, 30)),
        ("half_years", 3, False, date(2025, 1, 1), date(2026, 6, 30)),
        ("quarters", 1, True, date(2026, 7, 1), date(2026, 8, 15)),
        ("quarters", 2, False, date(2026, 1, 1), date(2026, 6, 30)),
        ("calendar_years", 2, True, date(2025, 1, 1), date(2026, 8, 15)),
        ("calendar_years", 1, False, date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_periods_that_begin_with_the_calendar(
    unit: str, n: int, current: bool, first: date, last: date
) -> None:
    assert dates.window(n, unit, date(2026, 8, 15), current) == (first, last)
