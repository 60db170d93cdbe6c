"""What must hold whatever the facts: Kleene's laws, monotonicity, calendars, a loader that never crashes."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuniu import policy
from shuniu.policy import dates, kleene
from shuniu.policy.arithmetic import calculate, ceiling, round_to
from shuniu.policy.source import read
from shuniu.policy.tests.build import BEIJING, condition, files

pytestmark = pytest.mark.feature("B5")

TRUTHS = st.sampled_from([True, False, None])
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
BEIJING_2017 = policy.load(BEIJING)


@given(st.lists(TRUTHS, max_size=6))
def test_de_morgan(values: list[bool | None]) -> None:
    assert kleene.negate(kleene.every(values)) == kleene.some(kleene.negate(value) for value in values)


@given(TRUTHS, TRUTHS, TRUTHS)
def test_laws(a: bool | None, b: bool | None, c: bool | None) -> None:
    assert kleene.every((a, b)) == kleene.every((b, a))
    assert kleene.some((a, kleene.every((b, c)))) == kleene.every((kleene.some((a, b)), kleene.some((a, c))))
    assert kleene.negate(kleene.negate(a)) is a
    assert kleene.implies(a, b) == kleene.some((kleene.negate(a), b))


@given(st.lists(TRUTHS, max_size=6), st.integers(0, 6), st.integers(0, 6))
def test_counting_agrees_with_every_completion(values: list[bool | None], low: int, high: int) -> None:
    found = kleene.between(low, high, values)
    completions: list[list[bool]] = [[]]
    for value in values:
        options = [True, False] if value is None else [value]
        completions = [[*done, option] for done in completions for option in options]
    outcomes = {low <= sum(done) <= high for done in completions}
    assert found is (outcomes.pop() if len(outcomes) == 1 else None)


# --- monotonicity: learning a fact never turns one definite answer into the other -----------------------

LEAVES = st.sampled_from(
    [
        "{fact: flag, is: true}",
        "{fact: other, is: true}",
        "{fact: third, is: false}",
        "{fact: n, at_least: 3}",
        "{fact: n, less_than: 5}",
        "{fact: word, in: [甲, 乙]}",
        "{elapsed: {since: {fact: day}, unit: years}, at_least: 2}",
        "{count: {of: events, where: {field: kind, is: 罚}}, at_most: 1}",
        "{count: {of: yearly, within: {n: 3, unit: years}, where: {field: result, is: 好}}, at_least: 2}",
        "{record: {of: yearly, years_before: 1, field: result}, is: 好}",
        "{every: {of: yearly, last: 2, that: {field: result, is: 好}}}",
        "{consecutive: {of: yearly, n: 2, that: {field: result, is: 好}}}",
        "{none: {of: events, within: {n: 2, unit: years}}}",
        "{always: true}",
        "{always: false}",
        "{sum: {of: events, each: {lookup: {by: {field: kind}, table: [{is: 罚, gives: 1}, {is: 奖, gives: 3}]}}}, "
        "at_most: 3}",
        "{count: {of: events, distinct: kind}, at_least: 2}",
    ]
)


def combined(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(children, min_size=1, max_size=3).map(", ".join)
    return st.one_of(
        several.map(lambda inner: f"{{all_of: [{inner}]}}"),
        several.map(lambda inner: f"{{any_of: [{inner}]}}"),
        several.map(lambda inner: f"{{none_of: [{inner}]}}"),
        several.map(lambda inner: f"{{n_of: {{at_least: 1, of: [{inner}]}}}}"),
        st.tuples(children, children).map(lambda pair: f"{{when: {pair[0]}, then: {pair[1]}}}"),
        st.tuples(children, children).map(lambda pair: f"{{require: {pair[0]}, unless: {pair[1]}}}"),
        st.tuples(children, children, children).map(
            lambda three: f"{{when: {three[0]}, then: {three[1]}, otherwise: {three[2]}}}"
        ),
    )


RULES = st.recursive(LEAVES, combined, max_leaves=5)
YEARLY = st.lists(
    st.fixed_dictionaries(
        {"year": st.integers(2022, 2026)}, optional={"result": st.sampled_from(["好", "差"])}
    ),
    max_size=4,
    unique_by=lambda record: record["year"],
)
EVENTS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={"on": st.dates(date(2022, 1, 1), date(2026, 7, 1)), "kind": st.sampled_from(["罚", "奖"])},
    ),
    max_size=3,
)
FACTS: dict[str, st.SearchStrategy[Any]] = {
    "flag": st.booleans(),
    "other": st.booleans(),
    "third": st.booleans(),
    "n": st.integers(0, 8),
    "word": st.sampled_from(["甲", "乙", "丙"]),
    "day": st.dates(date(2022, 1, 1), date(2026, 7, 1)),
    "yearly": YEARLY,
    "events": EVENTS,
}
DEFINITE = {"met", "not_met"}


@settings(max_examples=150)
@given(RULES, st.fixed_dictionaries(FACTS), st.sets(st.sampled_from(sorted(FACTS))))
def test_learning_never_flips_a_definite_answer(rule: str, facts: dict[str, Any], hidden: set[str]) -> None:
    document, on = condition(rule), date(2026, 7, 1)
    less = {name: value for name, value in facts.items() if name not in hidden}
    before = policy.judge(document, "eligibility", less, on).finding("c")
    after = policy.judge(document, "eligibility", facts, on).finding("c")
    if before.status in DEFINITE:
        assert after.status == before.status
    else:
        assert {each.name for each in before.missing} & hidden or after.status not in DEFINITE


@settings(max_examples=150)
@given(RULES, st.fixed_dictionaries(FACTS), st.data())
def test_completing_a_record_never_flips_a_definite_answer(
    rule: str, facts: dict[str, Any], data: st.DataObject
) -> None:
    document, on = condition(rule), date(2026, 7, 1)
    before = policy.judge(document, "eligibility", facts, on).finding("c").status
    full = {
        **facts,
        "yearly": [{"result": data.draw(st.sampled_from(["好", "差"])), **each} for each in facts["yearly"]],
        "events": [
            {
                "on": data.draw(st.dates(date(2022, 1, 1), on)),
                "kind": data.draw(st.sampled_from(["罚", "奖"])),
                **each,
            }
            for each in facts["events"]
        ],
    }
    after = policy.judge(document, "eligibility", full, on).finding("c").status
    if before in DEFINITE:
        assert after == before


ORGANISATION: dict[str, st.SearchStrategy[Any]] = {
    "registrar": st.sampled_from(["国家级", "省级", "本市市级", "本市区级", "外省市"]),
    "legal_type": st.sampled_from(["社会团体", "民办非企业单位", "基金会"]),
    "registration_status": st.sampled_from(["存续", "已注销"]),
    "inspections": st.lists(
        st.fixed_dictionaries(
            {"year": st.just(2025), "result": st.sampled_from(["合格", "基本合格", "不合格", "未结论"])}
        ),
        max_size=1,
    ),
    "scope_matches": st.booleans(),
    "has_management": st.booleans(),
    "has_specialists": st.booleans(),
    "has_experience": st.booleans(),
}


@settings(max_examples=100)
@given(st.fixed_dictionaries(ORGANISATION), st.sampled_from(sorted(ORGANISATION)))
def test_one_more_fact_leaves_the_other_findings_alone(facts: dict[str, Any], learnt: str) -> None:
    on = date(2026, 7, 1)
    less = {name: value for name, value in facts.items() if name != learnt}
    before = policy.judge(BEIJING_2017, "eligibility", less, on)
    after = policy.judge(BEIJING_2017, "eligibility", facts, on)
    for old, new in zip(before.findings, after.findings, strict=True):
        if old.status in DEFINITE:
            assert new.status == old.status
    assert before.value != "no" or after.value == "no"
    assert before.value != "yes" or after.value == "yes"


# --- days ----------------------------------------------------------------------------------------------


@given(DAYS)
def test_two_years_are_whole_and_renewals_leave_no_gap(first: date) -> None:
    _, last = policy.validity_period(BEIJING_2017, first)
    assert 729 <= (last - first).days <= 730
    following = last + timedelta(days=1)
    same_day = following == dates.shift(first, 2, "years")
    assert same_day or (first.month, first.day) == (2, 29)


@given(DAYS, DAYS)
def test_a_period_that_begins_later_does_not_end_earlier(a: date, b: date) -> None:
    earlier, later = sorted((a, b))
    assert policy.validity_period(BEIJING_2017, earlier)[1] <= policy.validity_period(BEIJING_2017, later)[1]


@given(DAYS, st.integers(1, 60), st.sampled_from(["days", "months", "years"]))
def test_a_window_holds_its_ends(anchor: date, n: int, unit: str) -> None:
    first, last = dates.window(n, unit, anchor, False)
    assert first <= last == anchor
    assert dates.shift(first, n, unit) <= anchor


@given(DAYS, st.integers(1, 20), st.booleans())
def test_calendar_years_are_whole(anchor: date, n: int, current: bool) -> None:
    first, last = dates.window(n, "calendar_years", anchor, current)
    assert (first.month, first.day) == (1, 1)
    assert last == (anchor if current else date(anchor.year - 1, 12, 31))
    assert last.year - first.year == n - 1


@given(DAYS, DAYS, st.sampled_from(["days", "months", "years"]))
def test_whole_units_are_the_most_that_fit(a: date, b: date, unit: str) -> None:
    since, until = sorted((a, b))
    n = dates.whole_units(since, until, unit)
    assert dates.shift(since, n, unit) <= until < dates.shift(since, n + 1, unit)


# --- numbers -------------------------------------------------------------------------------------------

AMOUNTS = st.decimals(-(10**9), 10**9, places=2, allow_nan=False, allow_infinity=False)


@given(st.lists(AMOUNTS, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_sums_do_not_depend_on_the_order(amounts: list[Decimal], random: Any) -> None:
    shuffled = list(amounts)
    random.shuffle(shuffled)
    assert calculate("add", amounts) == calculate("add", shuffled)


@given(AMOUNTS, st.integers(0, 2))
def test_rounding_stays_within_half_a_step(amount: Decimal, digits: int) -> None:
    step = Decimal(1).scaleb(-digits)
    assert abs(round_to(amount, digits, "half_up") - amount) <= step / 2


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 500))
def test_a_majority_is_the_smallest_number_that_suffices(part: int, whole: int, of: int) -> None:
    needed = ceiling(part, whole, of, more_than=False)
    assert needed * whole >= part * of > (needed - 1) * whole
    above = ceiling(part, whole, of, more_than=True)
    assert above * whole > part * of >= (above - 1) * whole


# --- the loader ----------------------------------------------------------------------------------------

JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300)
@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")))
def test_random_text_is_read_or_refused(text: str) -> None:
    try:
        read("document.yaml", text.encode("utf-8", "surrogatepass"))
    except policy.PolicyError as error:
        assert error.problems


@settings(max_examples=150)
@given(st.binary(max_size=300))
def test_random_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(policy.PolicyError):
        policy.load_bytes({"document.yaml": content})


LINES = (BEIJING / "document.yaml").read_text(encoding="utf-8").split("\n")


@settings(max_examples=60)
@given(st.data())
def test_a_damaged_document_is_read_or_refused(data: st.DataObject) -> None:
    """Lines cut out, doubled, indented or replaced: never anything but a document or a ``PolicyError``."""
    start = data.draw(st.integers(0, len(LINES) - 60))
    lines = files()["document.yaml"].decode().split("\n") + ["conditions:"]
    piece = LINES[start : start + 60]
    at = data.draw(st.integers(0, len(piece) - 1))
    change = data.draw(st.sampled_from(["cut", "double", "indent", "text"]))
    if change == "cut":
        del piece[at]
    elif change == "double":
        piece.insert(at, piece[at])
    elif change == "indent":
        piece[at] = "  " + piece[at]
    else:
        piece[at] = data.draw(st.text(max_size=20))
    try:
        policy.load_bytes({"document.yaml": "\n".join(lines + piece).encode("utf-8", "surrogatepass")})
    except policy.PolicyError as error:
        assert all(problem.expected for problem in error.problems)


@settings(max_examples=100)
@given(
    st.dictionaries(st.sampled_from(["key", "facts", "clauses", "conditions", "issuer", "limits"]), JSONISH)
)
def test_any_shape_is_refused(tree: dict[str, Any]) -> None:
    with pytest.raises(policy.PolicyError):
        policy.load_bytes({"document.yaml": json.dumps(tree, ensure_ascii=True).encode()})
