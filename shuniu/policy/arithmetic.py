"""Exact decimals: sums, shares, rounding. No binary floats."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)

Number = int | Decimal

# Wide enough that no sum of money or points of this kind is ever rounded on the way.
_EXACT = Context(prec=60)
_WAYS = {"half_up": ROUND_HALF_UP, "down": ROUND_DOWN, "up": ROUND_UP, "half_even": ROUND_HALF_EVEN}


def calculate(op: str, parts: Sequence[Number]) -> Decimal | None:
    """The result, ``None`` for a division by zero; ``share`` is a part of a whole in per cent,
    ``remainder`` what is left of a whole division."""
    numbers = [Decimal(part) for part in parts]
    result = numbers[0]
    if op == "smallest":
        return min(numbers)
    if op == "largest":
        return max(numbers)
    for number in numbers[1:]:
        if op == "add":
            result = _EXACT.add(result, number)
        elif op == "subtract":
            result = _EXACT.subtract(result, number)
        elif op == "multiply":
            result = _EXACT.multiply(result, number)
        elif number == 0:
            return None
        elif op == "remainder":
            result = _EXACT.remainder(result, number)
        else:
            result = _EXACT.divide(
                result if op == "divide" else _EXACT.multiply(result, Decimal(100)), number
            )
    return result


def round_to(number: Number, digits: int, way: str) -> Decimal:
    """Rounds to so many digits; the way has a name because documents differ in it."""
    return Decimal(number).quantize(Decimal(1).scaleb(-digits), rounding=_WAYS[way], context=_EXACT)


def ceiling(part: int, whole: int, of: int, *, more_than: bool) -> int:
    """The smallest whole number that is at least, or more than, ``part``/``whole`` of ``of``."""
    product = part * of
    return product // whole + 1 if more_than else -(-product // whole)
