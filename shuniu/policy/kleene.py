"""Three values: true, false, and not known (``None``). Kleene's strong logic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Truth = bool | None


def every(values: Iterable[Truth]) -> Truth:
    """False as soon as one is false; true when all are true."""
    answer: Truth = True
    for value in values:
        if value is False:
            return False
        if value is None:
            answer = None
    return answer


def some(values: Iterable[Truth]) -> Truth:
    """True as soon as one is true; false when all are false."""
    answer: Truth = False
    for value in values:
        if value is True:
            return True
        if value is None:
            answer = None
    return answer


def negate(value: Truth) -> Truth:
    return None if value is None else not value


def implies(condition: Truth, consequence: Truth) -> Truth:
    return some((negate(condition), consequence))


def between(low: int | None, high: int | None, values: Sequence[Truth]) -> Truth:
    """Whether the number of true values lies in ``low..high`` (either end may be open)."""
    certain = sum(value is True for value in values)
    possible = certain + sum(value is None for value in values)
    if low is not None and high is not None and low > high:
        return False
    if (low is not None and possible < low) or (high is not None and certain > high):
        return False
    if (low is None or certain >= low) and (high is None or possible <= high):
        return True
    return None
