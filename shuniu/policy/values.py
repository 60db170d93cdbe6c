"""Measures values. What is not known stays not known, with what would settle it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shuniu.policy import dates
from shuniu.policy import rules as r
from shuniu.policy.arithmetic import calculate, round_to
from shuniu.policy.decision import Chosen, Missing
from shuniu.policy.facts import FactUse, Record, Resolved, canonical, resolve, show
from shuniu.policy.kleene import Truth
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
    chosen: Mapping[str, Chosen] = field(default_factory=dict)
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

    def missing(self, name: str) -> Missing:
        """What is asked for: a declared fact, or the points that a person gives for a row (``points.<row>``)."""
        spec = self.document.facts.get(name)
        if spec is not None:
            return Missing(spec.name, spec.label, spec.source, spec.question)
        rows = (item for sheet in self.document.sheets for item in sheet.items)
        label = next((row.label for row in rows if f"points.{row.key}" == name), name)
        return Missing(name, label, "judgement", f"“{label}”得几分？")


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
    """The categories that can be applied for: headings, which have others under them, cannot."""
    categories = context.document.categories
    headings = {each.parent for each in categories}
    listed = [each for each in categories if each.key not in headings]
    return Measured(tuple(each.key for each in listed), said="、".join(f"“{each.label}”" for each in listed))


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
