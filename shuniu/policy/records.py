"""Selections over record lists. Each record is surely in, surely out, or perhaps in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from shuniu.policy import dates
from shuniu.policy import rules as r
from shuniu.policy.facts import Record
from shuniu.policy.kleene import Truth, every
from shuniu.policy.model import FactSpec
from shuniu.policy.values import Context, Measured, measure, register, said


@dataclass(frozen=True, slots=True)
class Records:
    """All records of a fact, or that they are not known."""

    spec: FactSpec
    known: bool
    rows: tuple[Record, ...]
    missing: tuple[str, ...]
    note: str

    @classmethod
    def of(cls, name: str, context: Context) -> Records:
        found = context.fact(name)
        spec = context.document.facts[name]
        rows = found.value if found.known and isinstance(found.value, tuple) else ()
        return cls(spec, found.known, rows, () if found.known else context.needs(name), found.note)

    @property
    def label(self) -> str:
        return self.spec.label

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def yearly(self) -> bool:
        return self.spec.yearly

    def why_open(self) -> str:
        return self.note or f"{self.label}不完整，无法判断"

    def with_years(self) -> Iterator[tuple[Record, int | None]]:
        for record in self.rows:
            yield record, year_of(record.get(self.spec.time))


@dataclass(frozen=True, slots=True)
class Selected:
    """What a selection keeps: ``rows``, each with whether it is surely kept, and years without any."""

    spec: FactSpec
    known: bool
    rows: tuple[tuple[Record, bool], ...]
    open_years: tuple[int, ...]
    missing: tuple[str, ...]
    note: str = ""

    @property
    def label(self) -> str:
        return self.spec.label

    @property
    def certain(self) -> int:
        return sum(sure for _, sure in self.rows)

    @property
    def possible(self) -> int:
        return len(self.rows) - self.certain + len(self.open_years)

    def why_open(self) -> str:
        if self.note:
            return self.note
        if self.open_years:
            years = "、".join(f"{year}年" for year in self.open_years)
            return f"{self.label}缺少{years}的记录，不能视为符合"
        return f"{self.label}不完整，无法判断"


def year_of(value: object) -> int | None:
    if isinstance(value, date):
        return value.year
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def select(selection: r.Selection, context: Context) -> Selected:
    """The records of a selection; where the fact is not known, nothing is certain."""
    records = Records.of(selection.of, context)
    if not records.known:
        return Selected(records.spec, False, (), (), records.missing, records.why_open())
    span: tuple[date, date] | None = None
    if selection.within is not None:
        bounds = _span(selection.within, context)
        if isinstance(bounds, Measured):
            return Selected(records.spec, False, (), (), bounds.missing, bounds.note)
        span = bounds
    kept: list[tuple[Record, bool]] = []
    for record in records.rows:
        truth = _kept(records.spec, record, selection, span, context)
        if truth is not False:
            kept.append((record, truth is True))
    found = Selected(records.spec, True, tuple(kept), (), (records.name,))
    if span is not None and records.yearly:
        years = range(span[0].year, span[1].year + 1)
        have = {year for _, year in records.with_years()}
        found = replace(found, open_years=tuple(year for year in years if year not in have))
    return found if selection.last is None else _last(found, selection.last)


def _span(window: r.Window, context: Context) -> tuple[date, date] | Measured:
    """First and last day of a window, or the value that would have to be known first."""
    if window.start is not None and window.end is not None:
        start, end = measure(window.start, context), measure(window.end, context)
        if not start.known or not end.known:
            return start if not start.known else end
        return start.value, end.value
    anchor = measure(window.anchor, context)
    if not anchor.known:
        return anchor
    try:
        if window.unit == "working_days":
            return context.shift(anchor.value, -window.n, window.unit), anchor.value
        return dates.window(window.n, window.unit, anchor.value, window.current)
    except dates.DateRangeError:
        return Measured(None, False, note="回看的期间超出日历的范围")


def _kept(
    spec: FactSpec, record: Record, selection: r.Selection, span: tuple[date, date] | None, context: Context
) -> Truth:
    parts: list[Truth] = []
    if span is not None:
        by_year = selection.within is not None and selection.within.unit == "calendar_years"
        parts.append(_inside(record.get(spec.time), span, by_year=by_year))
    if selection.where is not None:
        with context.record(record, spec):
            parts.append(context.judge(selection.where, context))
    return every(parts)


def _inside(when: object, span: tuple[date, date], *, by_year: bool) -> Truth:
    """Whether a record's date, or its whole year, lies in the window; a year cut by the window is open.

    A window of calendar years takes a yearly record by its year alone.
    """
    if isinstance(when, date):
        return span[0] <= when <= span[1]
    year = year_of(when)
    if year is None or not 1 <= year <= 9999:
        return None
    first, last = date(year, 1, 1), date(year, 12, 31)
    if last < span[0] or first > span[1]:
        return False
    return True if by_year or (span[0] <= first and last <= span[1]) else None


def _last(found: Selected, n: int) -> Selected:
    """The ``n`` latest of the records kept; an undated one could be any of them."""
    time = found.spec.time
    dated = [row for row in found.rows if row[0].get(time) is not None]
    undated = [row for row in found.rows if row[0].get(time) is None]
    dated.sort(key=lambda row: _ordinal(row[0][time]), reverse=True)
    kept: list[tuple[Record, bool]] = []
    surely_before, perhaps_before = 0, len(undated)
    for record, sure in dated:
        if surely_before >= n:
            break
        kept.append((record, sure and surely_before + perhaps_before < n))
        surely_before, perhaps_before = surely_before + sure, perhaps_before + (not sure)
    kept.extend((record, False) for record, _ in undated)
    gaps: tuple[int, ...] = found.open_years
    if found.spec.yearly:
        years = [year for record, _ in kept if (year := year_of(record.get(time))) is not None]
        if years:
            gaps = tuple(year for year in range(min(years), max(years)) if year not in years)
    return replace(found, rows=tuple(kept), open_years=gaps)


def _ordinal(when: object) -> int:
    return (
        when.toordinal()
        if isinstance(when, date)
        else date(min(max(year_of(when) or 1, 1), 9999), 12, 31).toordinal()
    )


def worth(
    record: Record, spec: FactSpec, value: r.Total | r.Pick, context: Context
) -> tuple[Any, tuple[str, ...]]:
    """What of a record counts (``None`` where that is not known), and what would settle it."""
    if value.each is None:
        return record.get(value.field), ()
    with context.record(record, spec):
        found = measure(value.each, context)
    return (found.value if found.known else None), found.missing


def named(found: Selected, field: str) -> tuple[str, str]:
    """How a reason names what counts of the records, and its unit."""
    if not field:
        return "", ""
    return f"的{found.spec.fields[field].label}", found.spec.fields[field].unit


def needs(found: Selected, parts: Sequence[tuple[Any, tuple[str, ...]]]) -> tuple[str, ...]:
    """The records' fact, and what each record would need."""
    return tuple(dict.fromkeys((*found.missing, *(name for _, names in parts for name in names))))


def _pick(value: r.Pick, context: Context) -> Measured:
    found = select(value.records, context)
    what, _ = named(found, value.field)
    label = f"{found.label}{what}"
    rows = [record for record, _ in found.rows]
    if not found.known or found.possible or not rows:
        note = found.why_open() if rows or not found.known else f"{found.label}没有可用的记录"
        return Measured(None, False, label=label, said="未知", note=note, missing=found.missing)
    if value.which in ("latest", "earliest"):
        times = [record.get(found.spec.time) for record in rows]
        if any(each is None for each in times):
            note = f"{found.label}中有记录没有日期，分不出先后"
            return Measured(None, False, label=label, said="未知", note=note, missing=found.missing)
        mark = (max if value.which == "latest" else min)(_ordinal(each) for each in times)
        rows = [record for record in rows if _ordinal(record[found.spec.time]) == mark]
    parts = [worth(record, found.spec, value, context) for record in rows]
    values = [each for each, _ in parts]
    if any(each is None for each in values):
        note = f"{found.label}中有记录{what}不明"
        return Measured(None, False, label=label, said="未知", note=note, missing=needs(found, parts))
    if value.which in ("latest", "earliest"):
        return _agreed(values, label, f"{found.label}中同一时间的记录{what}不同", found.missing)
    ordered = sorted(values, key=_sortable)
    result = ordered[-1 if value.which == "largest" else 0]
    return Measured(result, label=label, said=said(result))


def _sortable(value: object) -> Any:
    """The values of one declared field are of one type, so they compare with each other."""
    return value


def _agreed(values: list[object], label: str, note: str, missing: tuple[str, ...]) -> Measured:
    if any(each != values[0] for each in values):
        return Measured(None, False, label=label, said="未知", note=note, missing=missing)
    return Measured(values[0], label=label, said=said(values[0]))


def _record_of(value: r.RecordOf, context: Context) -> Measured:
    records = Records.of(value.of, context)
    field = records.spec.fields[value.field]
    anchor = measure(value.anchor, context)
    if not records.known or not anchor.known:
        note = records.why_open() if not records.known else anchor.note
        missing = records.missing + anchor.missing
        return Measured(None, False, label=field.label, said="未知", note=note, missing=missing)
    year = anchor.value.year - value.years_before
    label = f"{year}年度{field.label}"
    rows = [record for record, found in records.with_years() if found == year]
    if not rows:
        note = f"没有{year}年度的{records.label}，不能视为符合"
        return Measured(None, False, label=label, said="未知", note=note, missing=(records.name,))
    values = [record[value.field] for record in rows if value.field in record]
    if len(values) < len(rows):
        note = f"{year}年度的{field.label}不明或尚未作出"
        return Measured(None, False, label=label, said="未知", note=note, missing=(records.name,))
    return _agreed(values, label, f"{year}年度有互相矛盾的{field.label}", (records.name,))


register(r.Pick, _pick)
register(r.RecordOf, _record_of)
