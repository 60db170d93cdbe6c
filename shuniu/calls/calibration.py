"""How strict and how spread the experts were, and scores that allow for it: pure functions, beside the raw score.

A sheet's total is taken for what the application is worth plus what its expert gives more or less than others. Both
are found by least squares over all sheets. Only experts who share applications, directly or through others, can be
compared; what such a group gives more or less on the whole cannot be told from the worth of its applications.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from shuniu.calls import ranking

NONE, SEVERITY, STANDARD = "none", "severity", "standard"

NOTABLE = Decimal(5)  # points out of 100: from here on an expert is called strict or mild, a sheet unusual
_ROUNDS, _STILL = 2000, 1e-7


@dataclass(frozen=True)
class Sheet:
    """A handed-in sheet that counts."""

    expert: int
    application: int
    total: Decimal


@dataclass(frozen=True)
class Habit:
    """How one expert scored; points out of 100, two decimals, 四舍五入."""

    expert: int
    sheets: int
    mean: Decimal
    spread: Decimal | None  # standard deviation of the expert's totals; None below two sheets
    others: Decimal | None  # the same of the colleagues' sheets for the same applications
    severity: Decimal | None  # so much less than comparable colleagues gave; None without any
    group: int  # experts of one group can be compared

    @property
    def notable(self) -> bool:
        """Strict or mild enough to be looked at."""
        return self.severity is not None and abs(self.severity) >= NOTABLE


@dataclass(frozen=True)
class Beside:
    """What stands beside an application's raw score; None where it cannot be told."""

    application: int
    raw: Decimal | None
    trimmed: Decimal | None
    normalised: Decimal | None
    rank: int | None  # by the normalised score; equal scores share it


@dataclass(frozen=True)
class Unusual:
    """A sheet that lies off what application and expert let expect."""

    sheet: Sheet
    off: Decimal  # above: positive


@dataclass(frozen=True)
class Report:
    """The whole committee."""

    habits: tuple[Habit, ...]
    beside: tuple[Beside, ...]
    unusual: tuple[Unusual, ...]
    groups: int  # more than one: severities of different groups cannot be compared


def report(
    sheets: Sequence[Sheet], applications: Sequence[int], *, method: str, way: str, digits: int
) -> Report:
    """Habits, scores beside the raw ones and unusual sheets. ValueError for an unknown method.

    `way` and `digits` are the committee's own (`ranking.combined`), for the raw score and the normalised alike.
    """
    if method not in {NONE, SEVERITY, STANDARD}:
        raise ValueError(method)
    groups = _groups(sheets)
    worth, gives = _fitted(sheets, groups)
    habits = _habits(sheets, groups, gives)
    adjusted = _adjusted(sheets, method, gives, habits)
    beside = _beside(sheets, adjusted, applications, way, digits)
    unusual = [
        Unusual(s, _points(off))
        for s in sheets
        if abs(off := float(s.total) - worth[s.application] - gives[s.expert]) >= float(NOTABLE)
    ]
    unusual.sort(key=lambda u: (-abs(u.off), u.sheet.application, u.sheet.expert))
    return Report(tuple(habits.values()), beside, tuple(unusual), len(set(groups.values())))


def _points(value: float) -> Decimal:
    return (
        Decimal(repr(value)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP) + 0
    )  # no minus before nought


def _groups(sheets: Sequence[Sheet]) -> dict[int, int]:
    """Expert → group: the same for experts whom applications connect."""
    leader: dict[tuple[str, int], tuple[str, int]] = {}

    def find(key: tuple[str, int]) -> tuple[str, int]:
        while leader.setdefault(key, key) != key:
            leader[key] = leader[leader[key]]
            key = leader[key]
        return key

    for s in sheets:
        leader[find(("expert", s.expert))] = find(("application", s.application))
    order: dict[tuple[str, int], int] = {}
    return {e: order.setdefault(find(("expert", e)), len(order)) for e in sorted({s.expert for s in sheets})}


def _fitted(sheets: Sequence[Sheet], groups: Mapping[int, int]) -> tuple[dict[int, float], dict[int, float]]:
    """Worth of each application and what each expert gives more than the group's mean, by least squares.

    Each in turn is set to the mean of what is left; with every sheet there the first turn is exact.
    """
    by_application: dict[int, list[Sheet]] = defaultdict(list)
    by_expert: dict[int, list[Sheet]] = defaultdict(list)
    for s in sheets:
        by_application[s.application].append(s)
        by_expert[s.expert].append(s)
    members: dict[int, list[int]] = defaultdict(list)
    for expert, group in groups.items():
        members[group].append(expert)
    gives = dict.fromkeys(by_expert, 0.0)
    worth: dict[int, float] = {}
    for _ in range(_ROUNDS):
        worth = {
            a: math.fsum(float(s.total) - gives[s.expert] for s in rows) / len(rows)
            for a, rows in by_application.items()
        }
        now = {
            e: math.fsum(float(s.total) - worth[s.application] for s in rows) / len(rows)
            for e, rows in by_expert.items()
        }
        for of in members.values():
            middle = math.fsum(now[e] for e in of) / len(of)
            for e in of:
                now[e] -= middle
        moved = max((abs(now[e] - gives[e]) for e in now), default=0.0)
        gives = now
        if moved < _STILL:
            break
    worth = {
        a: math.fsum(float(s.total) - gives[s.expert] for s in rows) / len(rows)
        for a, rows in by_application.items()
    }
    return worth, gives


def _deviation(values: Sequence[float]) -> float | None:
    """Standard deviation of a sample; None below two."""
    if len(values) < 2:
        return None
    middle = math.fsum(values) / len(values)
    return math.sqrt(math.fsum((v - middle) ** 2 for v in values) / (len(values) - 1))


def _habits(
    sheets: Sequence[Sheet], groups: Mapping[int, int], gives: Mapping[int, float]
) -> dict[int, Habit]:
    by_application: dict[int, list[Sheet]] = defaultdict(list)
    by_expert: dict[int, list[Sheet]] = defaultdict(list)
    for s in sheets:
        by_application[s.application].append(s)
        by_expert[s.expert].append(s)
    size: dict[int, int] = defaultdict(int)
    for group in groups.values():
        size[group] += 1
    found = {}
    for expert, rows in sorted(by_expert.items()):
        own = _deviation([float(s.total) for s in rows])
        colleagues = [
            float(o.total) for s in rows for o in by_application[s.application] if o.expert != expert
        ]
        theirs = _deviation(colleagues)
        alone = size[groups[expert]] < 2
        found[expert] = Habit(
            expert,
            len(rows),
            _points(math.fsum(float(s.total) for s in rows) / len(rows)),
            None if own is None else _points(own),
            None if theirs is None else _points(theirs),
            None if alone else _points(-gives[expert]),
            groups[expert],
        )
    return found


def _adjusted(
    sheets: Sequence[Sheet], method: str, gives: Mapping[int, float], habits: Mapping[int, Habit]
) -> dict[tuple[int, int], Decimal]:
    """(application, expert) → the total that allows for the expert; without those that cannot be told."""
    if method == NONE:
        return {}
    if method == SEVERITY:
        return {
            (s.application, s.expert): _points(float(s.total) - gives[s.expert])
            for s in sheets
            if habits[s.expert].severity is not None
        }
    totals: dict[int, list[float]] = defaultdict(list)
    for s in sheets:
        totals[s.expert].append(float(s.total))
    means = {e: math.fsum(rows) / len(rows) for e, rows in totals.items()}
    spreads = {e: _deviation(rows) for e, rows in totals.items()}
    everything = [float(s.total) for s in sheets]
    middle, width = math.fsum(everything) / max(len(everything), 1), _deviation(everything)
    found = {}
    for s in sheets:
        own = spreads[s.expert]
        if own and width:  # who gave the same to everybody told nothing apart
            found[(s.application, s.expert)] = _points(
                middle + width * (float(s.total) - means[s.expert]) / own
            )
    return found


def _beside(
    sheets: Sequence[Sheet],
    adjusted: Mapping[tuple[int, int], Decimal],
    applications: Sequence[int],
    way: str,
    digits: int,
) -> tuple[Beside, ...]:
    raw: dict[int, list[Decimal]] = {a: [] for a in applications}
    normal: dict[int, list[Decimal]] = {a: [] for a in applications}
    for s in sheets:
        if s.application in raw:
            raw[s.application].append(s.total)
            if (s.application, s.expert) in adjusted:
                normal[s.application].append(adjusted[(s.application, s.expert)])
    # A normalised score of part of the sheets would be compared with scores of all of them.
    whole = {a: rows if len(rows) == len(raw[a]) else [] for a, rows in normal.items()}
    places = {p.application: p for p in ranking.ranked(whole, way, digits)}
    return tuple(
        Beside(
            a,
            ranking.combined(raw[a], way, digits),
            ranking.combined(raw[a], ranking.TRIMMED, digits),
            places[a].score,
            places[a].rank,
        )
        for a in applications
    )
