"""Experts for a whole call in one go: on invented calls with a fixed seed, against the optimum and against greedy."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.measure import Line
from benchmarks.stage import Stage
from shuniu.calls.assignment import BEST, Assigned, Demand, assign

SEED = 20260701
FIELDS, CONFLICTS = 8, 0.08
MOST_SECONDS, LEAST_SHARE, LEAST_TIMES = 3.0, 0.99, 2.0


@dataclass(frozen=True)
class Invented:
    """A call: who may review what and how suitable they are; room is a twentieth more than is needed."""

    name: str
    applications: int
    experts: int
    each: int

    def room(self) -> dict[int, int]:
        """The same for everybody: 21 where 20 are needed."""
        return dict.fromkeys(range(self.experts), round(1.05 * self.applications * self.each / self.experts))

    def demands(self) -> list[Demand]:
        """Rows are drawn again whenever they are asked for, as the product reads them again."""
        chance = random.Random(SEED)
        fields = [
            frozenset(chance.sample(range(FIELDS), chance.choice((1, 1, 2, 3)))) for _ in range(self.experts)
        ]
        wanted = []
        for n in range(self.applications):
            field = chance.randrange(FIELDS)
            seed = chance.randrange(1 << 60)
            wanted.append(Demand(n, self.each, lambda f=field, s=seed: _row(fields, f, s), str(field)))  # type: ignore[misc]
        return wanted


def _row(fields: Sequence[frozenset[int]], field: int, seed: int) -> list[tuple[int, int]]:
    chance = random.Random(seed).random
    return [
        (expert, min(BEST, (60 if field in own else 5) + int(chance() * 40)))
        for expert, own in enumerate(fields)
        if chance() >= CONFLICTS
    ]


def assigning(stage: Stage) -> Iterator[Line]:
    """2,000 × 3 of 300 against optimum and greedy; 20,000 × 3 of 1,000 as the worker does it."""
    full = stage.size.applications >= 10_000
    case = Invented("2,000 × 3，300 位", 2000, 300, 3) if full else Invented("60 × 3，30 位", 60, 30, 3)
    wanted, room = case.demands(), case.room()
    rows = {d.application: dict(d.choices()) for d in wanted}
    held = [Demand(d.application, d.experts, rows[d.application].items, d.field) for d in wanted]
    began = time.perf_counter()
    found = assign(held, room)
    took = time.perf_counter() - began
    yield Line(
        "专家分派", case.name, f"{took:.2f} s", f"≤ {MOST_SECONDS:.0f} s", took <= MOST_SECONDS, judged=False
    )
    wrong = _wrong(found, rows, room, case.each)
    yield Line("  回避、超负荷、缺额", case.name, str(wrong), "0", wrong == 0)
    share = found.total / _optimum(held, room)
    yield Line(
        "  占不设下限的最优值", case.name, f"{share:.2%}（最低的一对 {found.floor}）", f"≥ {LEAST_SHARE:.0%}",
        share >= LEAST_SHARE,
    )  # fmt: skip
    greedy = _greedy(held, room)
    times = found.worst / max(greedy, 1)
    yield Line(
        "  最差一家与逐家择优之比", case.name, f"{found.worst} : {greedy}", f"≥ {LEAST_TIMES:.0f} 倍",
        times >= LEAST_TIMES if full else None,
    )  # fmt: skip
    if full:
        yield _as_a_job(Invented("20,000 × 3，1,000 位", 20_000, 1000, 3))


def _as_a_job(case: Invented) -> Line:
    told: list[int] = []
    began = time.perf_counter()
    found = assign(case.demands(), case.room(), told=told.append)
    took = time.perf_counter() - began
    steps = len(set(told))
    text = f"{took:.0f} s，进度 {steps} 步，最差一家 {found.worst}"
    return Line("  大体量（作业）", case.name, text, "派满，有进度", not found.lacks and steps > 10)


def _wrong(found: Assigned, rows: dict[int, dict[int, int]], room: dict[int, int], each: int) -> int:
    """Pairs in conflict, reviews above somebody's room, reviews that are missing or given twice to one expert."""
    conflicts = sum(e not in rows[a] for a, given in found.pairs.items() for e, _ in given)
    above = sum(max(0, n - room[e]) for e, n in found.loads().items())
    missing = sum(each - len({e for e, _ in found.pairs[a]}) for a in rows)
    return conflicts + above + missing


def _optimum(wanted: Sequence[Demand], room: dict[int, int]) -> int:
    """The best sum there is: every pair that may be, no floor, no price for uneven loads."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    flow: Any = SimpleMinCostFlow()
    end = len(wanted) + len(room)
    for n, demand in enumerate(wanted):
        flow.set_node_supply(n, demand.experts)
        for expert, points in demand.choices():
            flow.add_arc_with_capacity_and_unit_cost(n, len(wanted) + expert, 1, -points)
    for expert, most in room.items():
        flow.add_arc_with_capacity_and_unit_cost(len(wanted) + expert, end, most, 0)
    flow.set_node_supply(end, -sum(d.experts for d in wanted))
    assert flow.solve() == flow.OPTIMAL
    return -int(flow.optimal_cost())


def _greedy(wanted: Sequence[Demand], room: dict[int, int]) -> int:
    """What the worst-off gets when each in turn takes the most suitable who still have room."""
    left = dict(room)
    sums = []
    for demand in wanted:
        able = sorted(((points, e) for e, points in demand.choices() if left[e]), reverse=True)
        taken = able[: demand.experts]
        for _, expert in taken:
            left[expert] -= 1
        sums.append(sum(points for points, _ in taken))
    return min(sums)
