"""What the points of a score sheet add up to: pure; plain items, bonus and deduction, inside the sheet's total or above."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from shuniu.calls.models import Call, RubricItem

Given = Iterable[tuple[RubricItem, Decimal | None]]


def total_of(call: Call, given: Given) -> Decimal:
    """The total of what is given so far, never below nought; items without points add nothing."""
    found = Decimal(0)
    for item, points in given:
        found += (points or Decimal(0)) * (-1 if item.kind == RubricItem.Kind.DEDUCTION else 1)
    return bounded(call, found)


def bounded(call: Call, signed: Decimal) -> Decimal:
    """A signed sum as the sheet counts it: at most the sheet's total, unless bonus may go above it."""
    most = signed if call.bonus_above else min(signed, Decimal(call.points_total))
    return max(most, Decimal(0))
