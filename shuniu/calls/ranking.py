"""From sheets to a ranking: pure functions, exact decimals, a missing sheet is not nought."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

MEAN, TRIMMED, MEDIAN = "mean", "trimmed", "median"
_TRIMMED_FROM = 3  # with fewer sheets there is nothing left between the highest and the lowest


def rounded(value: Decimal, digits: int) -> Decimal:
    """四舍五入 to so many digits."""
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def combined(totals: Sequence[Decimal], way: str, digits: int) -> Decimal | None:
    """One score of an application's sheets; None without any. ValueError for an unknown way.

    `trimmed` leaves out one highest and one lowest; of fewer than three sheets it is the plain mean.
    """
    if not totals:
        return None
    if way == MEDIAN:
        return rounded(median(totals), digits)
    kept = list(totals)
    if way == TRIMMED and len(totals) >= _TRIMMED_FROM:
        kept = sorted(totals)[1:-1]
    elif way not in {MEAN, TRIMMED}:
        raise ValueError(way)
    return rounded(sum(kept, Decimal(0)) / len(kept), digits)


@dataclass(frozen=True)
class Place:
    """An application in the ranking; equal scores share a rank, without a score there is none."""

    application: int
    score: Decimal | None
    rank: int | None
    sheets: int
    spread: Decimal | None  # highest minus lowest sheet
    tied: bool


def ranked(sheets: Mapping[int, Sequence[Decimal]], way: str, digits: int) -> list[Place]:
    """The ranking of applications by their sheets' totals, best first (1, 2, 2, 4); without a score last."""
    scores = {key: combined(totals, way, digits) for key, totals in sheets.items()}
    order = sorted(scores, key=lambda key: (scores[key] is None, -(scores[key] or Decimal(0)), key))
    counts: dict[Decimal | None, int] = {}
    for score in scores.values():
        counts[score] = counts.get(score, 0) + 1
    found: list[Place] = []
    for position, key in enumerate(order, 1):
        score = scores[key]
        same = bool(found) and found[-1].score == score
        rank = None if score is None else found[-1].rank if same else position
        totals = sheets[key]
        spread = max(totals) - min(totals) if totals else None
        found.append(Place(key, score, rank, len(totals), spread, score is not None and counts[score] > 1))
    return found


@dataclass(frozen=True)
class Line:
    """Where the ranking is cut: who is in by score, who shares the score at the line, for how many places."""

    inside: tuple[int, ...]
    tied: tuple[int, ...]
    left: int  # places for the tied


def cut(
    places: Iterable[Place], after: int, pass_mark: Decimal | None = None, barred: Container[int] = ()
) -> Line:
    """The first `after` places among those that have a score, reach the pass mark and are not barred.

    Whoever shares a score across the line is neither in nor out: that is decided by vote or in writing.
    """
    scored = [p for p in places if p.score is not None and p.application not in barred]
    able = [p for p in scored if pass_mark is None or (p.score is not None and p.score >= pass_mark)]
    if len(able) <= after or after <= 0:
        return Line(tuple(p.application for p in able[: max(after, 0)]), (), 0)
    if able[after - 1].score != able[after].score:
        return Line(tuple(p.application for p in able[:after]), (), 0)
    at_line = able[after - 1].score
    inside = tuple(
        p.application for p in able if p.score is not None and at_line is not None and p.score > at_line
    )
    tied = tuple(p.application for p in able if p.score == at_line)
    return Line(inside, tied, after - len(inside))


def chosen_by_vote(tied: Sequence[int], votes: Mapping[int, int], left: int) -> tuple[int, ...] | None:
    """Who of the tied gets the places by most votes in favour; None where the votes do not decide either."""
    order = sorted(tied, key=lambda key: -votes.get(key, 0))
    if not 0 < left < len(order) or votes.get(order[left - 1], 0) == votes.get(order[left], 0):
        return None
    return tuple(order[:left])
