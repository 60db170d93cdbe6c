"""Compares measured values; what is known only within bounds may still decide."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from shuniu.policy.kleene import Truth, every, negate, some
from shuniu.policy.values import Measured


def compare(op: str, subject: Measured, operand: Measured) -> Truth:
    """The truth of a comparison; a number known only within bounds may still be decided."""
    if subject.known and operand.known:
        return _COMPARE[op](subject.value, operand.value)
    if not operand.known or (subject.low is None and subject.high is None):
        return None
    low, high, mark = subject.low, subject.high, operand.value
    if isinstance(mark, bool) or not isinstance(mark, int | Decimal):
        return None
    if op in ("at_least", "less_than"):
        truth = _bounded(low is not None and low >= mark, high is not None and high < mark)
        return truth if op == "at_least" else negate(truth)
    if op in ("more_than", "at_most"):
        truth = _bounded(low is not None and low > mark, high is not None and high <= mark)
        return truth if op == "more_than" else negate(truth)
    if op in ("is", "is_not"):
        outside = (low is not None and low > mark) or (high is not None and high < mark)
        return (op == "is_not") if outside else None
    return None


def _bounded(surely: bool, surely_not: bool) -> Truth:
    return True if surely else False if surely_not else None


def _order(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Truth]:
    def ordered(a: Any, b: Any) -> Truth:
        both_dates = isinstance(a, date) and isinstance(b, date)
        both_numbers = all(isinstance(x, int | Decimal) and not isinstance(x, bool) for x in (a, b))
        return test(a, b) if both_dates or both_numbers else None

    return ordered


def _as_tuple(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


def _within_list(a: Any, b: Any) -> Truth:
    """One value in a list; of several, all of them."""
    allowed = _as_tuple(b)
    return bool(_as_tuple(a)) and all(each in allowed for each in _as_tuple(a))


_at_least = _order(lambda a, b: a >= b)
_at_most = _order(lambda a, b: a <= b)
_more = _order(lambda a, b: a > b)
_less = _order(lambda a, b: a < b)

_COMPARE: Mapping[str, Callable[[Any, Any], Truth]] = {
    "is": lambda a, b: a == b,
    "is_not": lambda a, b: a != b,
    "at_least": _at_least,
    "at_most": _at_most,
    "more_than": _more,
    "less_than": _less,
    "before": _less,
    "after": _more,
    "on_or_before": _at_most,
    "on_or_after": _at_least,
    "in": _within_list,
    "not_in": lambda a, b: negate(some(each in _as_tuple(b) for each in _as_tuple(a))),
    "includes": lambda a, b: b in _as_tuple(a),
    "includes_any": lambda a, b: some(each in _as_tuple(a) for each in _as_tuple(b)),
    "includes_all": lambda a, b: every(each in _as_tuple(a) for each in _as_tuple(b)),
    "empty": lambda a, b: (a in ((), "")) is b,
    "matches": lambda a, b: fnmatch.fnmatchcase(str(a), str(b)),
}
