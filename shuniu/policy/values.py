"""Measures values. What is not known stays not known, with what would settle it."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from shuniu.policy import dates
from shuniu.policy import rules as r
from shuniu.policy.arithmetic import calculate, round_to
from shuniu.policy.facts import FactUse, Record, Resolved, canonical, resolve, show
from shuniu.policy.kleene import Truth, every, negate, some
from shuniu.policy.model import Document, FactSpec
from shuniu.policy.words import SOURCES


@dataclass(frozen=True, slots=True)
class Measured:
    """A value; where it is not known, ``low`` and ``high`` may still bound a number."""

    value: Any = None
    known: bool = True
    low: Any = None
    high: Any = None
    label: str = ""
    said: str = ""
    note: str = ""
    missing: tuple[str, ...] = ()


@dataclass(slots=True)
class Context:
    """One judgement: the document, the day, the facts given, and the record at hand."""

    document: Document
    on: date
    given: Mapping[str, object]
    judge: Callable[[r.Rule, Context], Truth]
    working_day: dates.WorkingDay | None = None
    cache: dict[str, Resolved] = field(default_factory=dict)
    used: dict[str, tuple[FactUse, ...]] = field(default_factory=dict)
    records: list[tuple[FactSpec, Record]] = field(default_factory=list)
    deriving: set[str] = field(default_factory=set)

    def fact(self, name: str) -> Resolved:
        """The fact as it counts; noted as used by the finding in hand."""
        found = self.cache.get(name)
        if found is None:
            found = self.cache[name] = self._fact(self.document.facts[name])
        self.used[name] = found.uses
        return found

    def _fact(self, spec: FactSpec) -> Resolved:
        if spec.name in self.given or spec.derive is None:
            return resolve(self.document, spec, self.given.get(spec.name))
        if spec.name in self.deriving:
            return Resolved(False, None, (), f"{spec.label}没有记录")
        self.deriving.add(spec.name)
        derived = measure(spec.derive, self)
        self.deriving.discard(spec.name)
        if not derived.known:
            shown = "未能推算"
            use = FactUse(
                spec.name, spec.label, None, shown, SOURCES["derived"], None, False, False, derived.note
            )
            return Resolved(False, None, (use,), derived.note or f"{spec.label}无法推算")
        value, note = canonical(self.document, spec, derived.value)
        shown = show(self.document, spec, value)
        return Resolved(
            not note,
            value,
            (FactUse(spec.name, spec.label, value, shown, SOURCES["derived"], self.on),),
            note,
        )

    @contextmanager
    def record(self, record: Record, spec: FactSpec) -> Iterator[None]:
        self.records.append((spec, record))
        try:
            yield
        finally:
            self.records.pop()

    def shift(self, day: date, n: int, unit: str) -> date:
        return dates.shift(day, n, unit, self.working_day)

    def needs(self, name: str) -> tuple[str, ...]:
        """The facts to ask for where ``name`` is not known: a derived fact asks for what it derives from."""
        spec = self.document.facts[name]
        if spec.derive is not None and name not in self.given:
            return measure(spec.derive, self).missing or (name,)
        return (name,)


def measure(value: r.Value, context: Context) -> Measured:
    """The value in the context."""
    return _VALUES[type(value)](value, context)


def exact(measured: Measured, make: Callable[[Any], Any]) -> Measured:
    """Something made of a known value; not known where the value is not, or the calendar does not reach."""
    if not measured.known:
        return Measured(None, False, note=measured.note, missing=measured.missing, label=measured.label)
    try:
        made = make(measured.value)
    except dates.DateRangeError:
        note = f"由{measured.said}起算的日期超出工作日历的范围"
        return Measured(None, False, note=note, label=measured.label)
    return Measured(made, label=measured.label, said=said(made))


def said(value: object) -> str:
    """A literal as a reason says it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return dates.say(value)
    if isinstance(value, tuple):
        return "、".join(said(each) for each in value)
    return f"“{value}”" if isinstance(value, str) else str(value)


def unit_words(unit: str) -> str:
    return dates.UNITS[unit]


def _constant(value: r.Constant, context: Context) -> Measured:
    return Measured(value.value, said=said(value.value))


def _fact(value: r.FactRef, context: Context) -> Measured:
    spec = context.document.facts[value.name]
    found = context.fact(value.name)
    if not found.known:
        note = f"待判断：{spec.question}" if spec.question and not found.contradicted else found.note
        return Measured(
            None, False, label=spec.label, said="未知", note=note, missing=context.needs(value.name)
        )
    return Measured(
        found.value, label=spec.label, said=_quoted(show(context.document, spec, found.value), found.value)
    )


def _quoted(shown: str, value: object) -> str:
    return f"“{shown}”" if isinstance(value, str) else shown


def _field(value: r.FieldRef, context: Context) -> Measured:
    spec, record = context.records[-1]
    declared = spec.fields[value.name]
    if value.name not in record:
        note = f"{spec.label}中有一条记录的{declared.label}不明"
        return Measured(None, False, label=declared.label, said="不明", note=note, missing=(spec.name,))
    found = record[value.name]
    return Measured(found, label=declared.label, said=_quoted(show(context.document, declared, found), found))


def _today(value: r.Today, context: Context) -> Measured:
    return Measured(context.on, label="判断日", said=dates.say(context.on))


def _shift(value: r.Shift, context: Context) -> Measured:
    return exact(measure(value.start, context), lambda day: context.shift(day, value.n, value.unit))


def _year_of(value: r.YearOf, context: Context) -> Measured:
    return exact(measure(value.day, context), lambda day: day.year)


def _period_end(value: r.PeriodEnd, context: Context) -> Measured:
    return exact(measure(value.start, context), lambda day: dates.period_end(day, value.n, value.unit))


def _validity_end(value: r.ValidityEnd, context: Context) -> Measured:
    validity = context.document.outcome.validity if context.document.outcome else None
    if validity is None:
        return Measured(None, False, said="未知", note="本办法没有规定有效期")
    return exact(measure(value.start, context), lambda day: dates.period_end(day, validity.n, validity.unit))


def _calculation(value: r.Calculation, context: Context) -> Measured:
    parts = [measure(each, context) for each in value.of]
    missing = tuple(dict.fromkeys(name for part in parts for name in part.missing))
    if not all(part.known for part in parts):
        note = next((part.note for part in parts if part.note), "")
        return Measured(None, False, label="计算结果", said="未知", note=note, missing=missing)
    result = calculate(value.op, [part.value for part in parts])
    if result is None:
        return Measured(None, False, label="计算结果", said="未知", note="除数为零，无法计算")
    return Measured(result, label="计算结果", said=said(result))


def _rounded(value: r.Rounded, context: Context) -> Measured:
    return exact(measure(value.value, context), lambda number: round_to(number, value.digits, value.way))


def _lookup(value: r.Lookup, context: Context) -> Measured:
    by = measure(value.by, context)
    if not by.known:
        return Measured(None, False, label=by.label, said="未知", note=by.note, missing=by.missing)
    rows = [band for band in value.bands if band.covers(by.value)]
    gives = {band.gives for band in rows}
    if len(gives) == 1:
        found = rows[0].gives
        return Measured(found, label=by.label, said=said(found))
    note = f"{by.label} {by.said} 不属于任何一档" if not rows else f"{by.label} {by.said} 同时属于两档"
    return Measured(None, False, label=by.label, said="未知", note=note)


def _categories(value: r.CategoriesListed, context: Context) -> Measured:
    document = context.document
    return Measured(
        tuple(each.key for each in document.categories),
        said="、".join(f"“{each.label}”" for each in document.categories),
    )


def _directions_of(value: r.DirectionsOf, context: Context) -> Measured:
    category = measure(value.category, context)
    if not category.known:
        return Measured(None, False, said="该类别列出的方向", note=category.note, missing=category.missing)
    found = context.document.category(str(category.value))
    keys = tuple(each.key for each in found.directions) if found else ()
    words = f"{category.said}列出的方向"
    return Measured(keys, said=words)


def _limit(value: r.Limit, context: Context) -> Measured:
    return Measured(value.number, said=str(value.number))


# --- comparisons ----------------------------------------------------------------


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

_VALUES: dict[type, Callable[[Any, Context], Measured]] = {
    r.Constant: _constant,
    r.FactRef: _fact,
    r.FieldRef: _field,
    r.Today: _today,
    r.Shift: _shift,
    r.YearOf: _year_of,
    r.PeriodEnd: _period_end,
    r.ValidityEnd: _validity_end,
    r.Calculation: _calculation,
    r.Rounded: _rounded,
    r.Lookup: _lookup,
    r.CategoriesListed: _categories,
    r.DirectionsOf: _directions_of,
    r.Limit: _limit,
}


def register(kind: type, function: Callable[[Any, Context], Measured]) -> None:
    """The values over records stand in ``records``, which needs this module."""
    _VALUES[kind] = function
