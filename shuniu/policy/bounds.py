"""What a score sheet can still come to while some rows are not scored: nothing is guessed, both ends are said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from shuniu.policy.arithmetic import round_to
from shuniu.policy.decision import Line
from shuniu.policy.measures import ScoreSheet


@dataclass(frozen=True, slots=True)
class Bounds:
    """The total with every open row at its worst, and at its best; `open` are the rows that are not scored."""

    low: Decimal
    high: Decimal
    open: tuple[Line, ...]

    def passes(self, mark: Decimal | None) -> bool | None:
        """Whether the mark is reached whatever the open rows bring (True), cannot be (False), or may be (None)."""
        if mark is None or self.low >= mark:
            return True
        return False if self.high < mark else None


def bounds(sheet: ScoreSheet, lines: Sequence[Line]) -> Bounds:
    """The bounds of a sheet's total in points, rounded as the document rounds it."""
    waiting = tuple(line for line in lines if line.points is None)
    low = high = Decimal(0)
    for line in lines:
        least, most = (Decimal(0), line.at_most) if line.points is None else (line.points, line.points)
        worst, best = (-most, -least) if line.kind == "deduction" else (least, most)
        low, high = low + worst, high + best
    return Bounds(_within(sheet, low), _within(sheet, high), waiting)


def _within(sheet: ScoreSheet, total: Decimal) -> Decimal:
    if not sheet.bonus_above_total:
        total = min(total, sheet.total)
    total = max(total, Decimal(0))
    return total if sheet.digits is None else round_to(total, sheet.digits, sheet.way)
