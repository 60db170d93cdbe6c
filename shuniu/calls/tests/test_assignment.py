"""Assignment of experts: against every possible assignment of small cases, and what holds of any."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuniu.calls.assignment import KEPT, Assigned, Demand, assign

Case = tuple[list[dict[int, int]], int, dict[int, int]]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Up to four applications, four experts: suitability of whoever may, reviews each, room."""
    experts = draw(st.integers(1, 4))
    each = draw(st.integers(1, 2))
    rows = [
        {e: draw(st.integers(0, 100)) for e in range(experts) if draw(st.integers(0, 4))}
        for _ in range(draw(st.integers(1, 4)))
    ]
    return rows, each, {e: draw(st.integers(0, 3)) for e in range(experts)}


def demands(rows: list[dict[int, int]], each: int, field: str = "") -> list[Demand]:
    """One demand for each row."""
    return [Demand(n, each, lambda row=row: row.items(), field) for n, row in enumerate(rows)]  # type: ignore[misc]


def sound(found: Assigned, rows: list[dict[int, int]], room: dict[int, int]) -> None:
    """No conflict, nobody twice, nobody above their room, suitability as it was told."""
    for n, given_to in found.pairs.items():
        assert len({e for e, _ in given_to}) == len(given_to)
        assert all(rows[n][e] == points for e, points in given_to)
    assert all(found.loads()[e] <= most for e, most in room.items())


def every(rows: list[dict[int, int]], each: int, room: dict[int, int]) -> list[tuple[int, int]]:
    """(sum, lowest pair) of every assignment that there is."""
    found = []
    for picked in itertools.product(*(itertools.combinations(sorted(row), each) for row in rows)):
        if all(sum(e in p for p in picked) <= most for e, most in room.items()):
            points = [rows[n][e] for n, p in enumerate(picked) for e in p]
            found.append((sum(points), min(points)))
    return found


@settings(max_examples=150, deadline=None)
@given(cases())
@pytest.mark.feature("D2", "D3")
def test_a_small_case_is_solved_as_well_as_it_can_be(case: Case) -> None:
    rows, each, room = case
    found = assign(demands(rows, each), room)
    sound(found, rows, room)
    possible = every(rows, each, room)
    assert bool(found.lacks) == (not possible)
    if not possible:
        return
    assert all(len(given_to) == each for given_to in found.pairs.values())
    enough = max(total for total, _ in possible) * KEPT[0]
    assert found.total * KEPT[1] >= enough
    assert min(p for given_to in found.pairs.values() for _, p in given_to) >= found.floor


@settings(max_examples=100, deadline=None)
@given(cases())
@pytest.mark.feature("D2")
def test_what_is_said_to_be_lacking_is_enough(case: Case) -> None:
    rows, each, room = case
    found = assign(demands(rows, each, "法律"), room)
    sound(found, rows, room)
    assert sum(len(p) for p in found.pairs.values()) + sum(x.reviews for x in found.lacks) == each * len(rows)
    for lack in found.lacks:
        usual = max(max(room.values()), 1)
        more = {100 + n: usual for n in range(lack.experts)}
        wider = [row | dict.fromkeys(more, 50) for row in rows]
        assert not assign(demands(wider, each, "法律"), room | more).lacks
        assert all(len(found.pairs[a]) < each for a in lack.applications)


@pytest.mark.feature("D2")
def test_each_field_is_told_apart_and_one_that_has_enough_is_not_named() -> None:
    rows = [{0: 80, 1: 80}, {0: 80}, {2: 90, 3: 90}]
    wanted = [
        Demand(n, 2, lambda row=row: row.items(), field)  # type: ignore[misc]
        for n, (row, field) in enumerate(zip(rows, ["心理", "法律", "文体"], strict=True))
    ]
    found = assign(wanted, dict.fromkeys(range(4), 5))
    assert [(x.field, x.applications, x.reviews, x.experts) for x in found.lacks] == [("法律", (1,), 1, 1)]


@pytest.mark.feature("D3")
def test_the_worst_off_is_lifted_where_it_costs_little() -> None:
    rows = [{0: 100, 1: 99, 2: 60}, {0: 61, 1: 60, 2: 20}]
    found = assign(demands(rows, 1), {0: 1, 1: 1, 2: 1})
    assert found.worst == 61
    assert found.total == 160


@pytest.mark.feature("D3")
def test_loads_are_even_and_what_somebody_holds_counts() -> None:
    rows = [dict.fromkeys(range(4), 70) for _ in range(8)]
    found = assign(demands(rows, 1), dict.fromkeys(range(4), 8))
    assert set(found.loads().values()) == {2}
    found = assign(demands(rows, 1), dict.fromkeys(range(4), 8), held={0: 4})
    assert found.loads()[0] == 0
    assert max(found.loads().values()) <= 3


@pytest.mark.feature("D2")
def test_more_experts_than_are_looked_at_first_and_the_same_answer_twice() -> None:
    """The most suitable few are the same for everybody; the rest are found when these do not suffice."""
    chance = random.Random(5)
    rows = [{e: (90 if e < 3 else chance.randrange(40)) for e in range(40)} for _ in range(12)]
    room = dict.fromkeys(range(40), 1)
    told: list[int] = []
    found = assign(demands(rows, 2), room, told=told.append, width=3)
    sound(found, rows, room)
    assert not found.lacks
    assert found.pairs == assign(demands(rows, 2), room, width=3).pairs
    assert told == sorted(told)
    assert told[-1] == 100
