"""Which expert reviews which application, for a whole call in one go: an exact minimum-cost flow.

Pure functions over plain numbers. The solver is imported where it runs, in the worker: a page never waits for it.

What is sought, in this order:
1. everybody's demand is met by experts who may review it, nobody twice on one application, nobody above their room;
2. the highest floor (no single pair below it) that costs the whole at most one per cent of the best sum of
   suitability, so that the application that fares worst fares as well as it can;
3. under that floor the best sum of suitability, less one point, two, three … for each application that an expert
   has above the fair share, so that loads are even where it costs little.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

BEST = 100  # the highest suitability
WIDTH = 60  # so many of an application's most suitable experts are looked at first, all of them when these are too few
KEPT = (99, 100)  # the floor leaves at least this share of the best sum

Choices = Callable[[], Iterable[tuple[int, int]]]
Told = Callable[[int], None]


@dataclass(frozen=True)
class Demand:
    """An application that still needs so many experts.

    `choices` tells (expert, suitability 0–100) of whoever may review it and has a room, and may be asked twice.
    """

    application: int
    experts: int
    choices: Choices
    field: str = ""  # for the reason when experts are lacking


@dataclass(frozen=True)
class Lack:
    """Why there is no assignment, for the applications of one field."""

    field: str
    applications: tuple[int, ...]  # those that do not get enough
    reviews: int  # how many reviews are lacking
    experts: int  # so many more experts of the field, free of conflicts with these applications, are enough


@dataclass(frozen=True)
class Assigned:
    """The outcome: pairs with their suitability, or what is lacking (then the pairs are as many as can be)."""

    pairs: Mapping[int, tuple[tuple[int, int], ...]]  # application → (expert, suitability)
    lacks: tuple[Lack, ...]
    floor: int

    @property
    def total(self) -> int:
        """The sum of suitability over all pairs."""
        return sum(points for given in self.pairs.values() for _, points in given)

    @property
    def worst(self) -> int:
        """The sum of the application that fares worst; 0 without any."""
        return min((sum(points for _, points in given) for given in self.pairs.values()), default=0)

    def loads(self) -> Counter[int]:
        """Expert → number of applications."""
        return Counter(expert for given in self.pairs.values() for expert, _ in given)


def assign(
    demands: Sequence[Demand],
    room: Mapping[int, int],
    *,
    held: Mapping[int, int] | None = None,
    told: Told = lambda share: None,
    width: int = WIDTH,
) -> Assigned:
    """Assign experts to all demands at once.

    `room`: expert → how many more they may take; `held`: how many they have already (for even loads); `told` is
    given the share that is done, in per cent. The same input gives the same outcome.
    """
    wanted = [d for d in demands if d.experts > 0]
    best = _solved(wanted, room, held or {}, _nearest(wanted, width, told), told)
    if best is None and width < len(room):
        best = _solved(wanted, room, held or {}, _nearest(wanted, len(room), told), told)
    told(100)
    return best if best is not None else _as_many_as_can_be(wanted, room)


def _nearest(wanted: Sequence[Demand], width: int, told: Told) -> list[list[tuple[int, int]]]:
    """Of each demand the most suitable experts, best first; among equals every demand begins elsewhere."""
    found = []
    for n, demand in enumerate(wanted):
        # Were equals taken by number, all applications would look at the same few experts.
        turn = (n * 7919) % 1_000_003
        best = heapq.nsmallest(
            max(width, 4 * demand.experts),
            ((-points, (expert * 104_729 + turn) % 1_000_003, expert) for expert, points in demand.choices()),
        )
        found.append([(expert, -points) for points, _, expert in best])
        if n % 500 == 0:
            told(50 * n // len(wanted))
    return found


def _solved(
    wanted: Sequence[Demand],
    room: Mapping[int, int],
    held: Mapping[int, int],
    choices: Sequence[Sequence[tuple[int, int]]],
    told: Told,
) -> Assigned | None:
    """Optimal over these choices with the highest floor that is cheap enough; None when they do not suffice."""
    best = _flow(wanted, room, held, choices, 0, even=False)
    if best is None:
        return None
    enough = best.total * KEPT[0]
    low, high = -1, BEST
    while low < high:
        floor = (low + high + 1) // 2
        found = _flow(wanted, room, held, choices, floor, even=True)
        if found is not None and found.total * KEPT[1] >= enough:
            best, low = found, floor
        else:
            high = floor - 1
        told(50 + 50 * (BEST + 1 - (high - low)) // (BEST + 1))
    return best


def _flow(
    wanted: Sequence[Demand],
    room: Mapping[int, int],
    held: Mapping[int, int],
    choices: Sequence[Sequence[tuple[int, int]]],
    floor: int,
    *,
    even: bool,
) -> Assigned | None:
    """The best sum among pairs of `floor` and above, `even`: with the price of uneven loads; None without any."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    flow: Any = SimpleMinCostFlow()
    places = {expert: len(wanted) + n for n, expert in enumerate(sorted(room))}
    pairs: list[tuple[int, int, int]] = []  # arc → application's place, expert, points
    for n, demand in enumerate(wanted):
        able = [(expert, points) for expert, points in choices[n] if points >= floor and room[expert] > 0]
        if len(able) < demand.experts:
            return None
        flow.set_node_supply(n, demand.experts)
        for expert, points in able:
            flow.add_arc_with_capacity_and_unit_cost(n, places[expert], 1, BEST - points)
            pairs.append((n, expert, points))
    _loads(flow, wanted, room, held if even else None, places)
    if flow.solve() != flow.OPTIMAL:
        return None
    given: dict[int, list[tuple[int, int]]] = {d.application: [] for d in wanted}
    for arc, (n, expert, points) in enumerate(pairs):
        if flow.flow(arc):
            given[wanted[n].application].append((expert, points))
    return Assigned({a: tuple(sorted(rows)) for a, rows in given.items()}, (), floor)


def _loads(
    flow: Any,
    wanted: Sequence[Demand],
    room: Mapping[int, int],
    held: Mapping[int, int] | None,
    places: Mapping[int, int],
) -> None:
    """From each expert to the end: up to the fair share for nothing, above it dearer with each application.

    `held`: what they have already; None where uneven loads have no price.
    """
    total = sum(d.experts for d in wanted)
    end = len(wanted) + len(places)
    flow.set_node_supply(end, -total)
    if held is None:
        for expert, place in places.items():
            flow.add_arc_with_capacity_and_unit_cost(place, end, room[expert], 0)
        return
    fair = math.ceil((total + sum(held.get(e, 0) for e in room)) / max(len(room), 1))
    for expert, place in places.items():
        free = max(0, min(room[expert], fair - held.get(expert, 0)))
        if free:
            flow.add_arc_with_capacity_and_unit_cost(place, end, free, 0)
        most = min(room[expert], total)
        for above in range(1, min(most - free, BEST) + 1):
            last = above == BEST  # from there on it does not become dearer
            flow.add_arc_with_capacity_and_unit_cost(
                place, end, most - free - above + 1 if last else 1, above
            )


def _as_many_as_can_be(wanted: Sequence[Demand], room: Mapping[int, int]) -> Assigned:
    """The largest number of reviews that can be given, and for each field what is lacking."""
    from ortools.graph.python.max_flow import SimpleMaxFlow

    flow: Any = SimpleMaxFlow()
    start, first = 0, 1
    places = {expert: first + len(wanted) + n for n, expert in enumerate(sorted(room))}
    end = first + len(wanted) + len(places)
    pairs: list[tuple[int, int, int]] = []
    for n, demand in enumerate(wanted):
        for expert, points in demand.choices():
            flow.add_arc_with_capacity(first + n, places[expert], 1)
            pairs.append((n, expert, points))
    for n, demand in enumerate(wanted):
        flow.add_arc_with_capacity(start, first + n, demand.experts)
    for expert, place in places.items():
        flow.add_arc_with_capacity(place, end, room[expert])
    if flow.solve(start, end) != flow.OPTIMAL:
        raise ArithmeticError("the largest number of reviews was not found")
    given: dict[int, list[tuple[int, int]]] = {d.application: [] for d in wanted}
    for arc, (n, expert, points) in enumerate(pairs):
        if flow.flow(arc):
            given[wanted[n].application].append((expert, points))
    short = {
        d.application: d.experts - len(given[d.application])
        for d in wanted
        if len(given[d.application]) < d.experts
    }
    usual = max(max(room.values(), default=1), 1)
    lacks = []
    for field in sorted({d.field for d in wanted if d.application in short}):
        of = {
            d.application: short[d.application] for d in wanted if d.field == field and d.application in short
        }
        reviews = sum(of.values())
        # In turns: nobody twice on one application, nobody above the usual room.
        lacks.append(Lack(field, tuple(sorted(of)), reviews, max(math.ceil(reviews / usual), *of.values())))
    return Assigned({a: tuple(sorted(rows)) for a, rows in given.items()}, tuple(lacks), 0)
