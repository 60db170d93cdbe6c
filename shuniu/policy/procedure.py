"""The procedure of a document, the period of what it grants, and what it leaves open."""

from __future__ import annotations

from datetime import date, timedelta

from shuniu.policy.dates import period_end, shift
from shuniu.policy.model import Document, Duty, NotStated, Stage, Window


def procedure(document: Document) -> tuple[Stage, ...]:
    """The stages in the document's own order."""
    return document.stages


def next_stage(document: Document, current: str | None) -> Stage | None:
    """The stage after ``current`` (a stage key); the first for ``None``, ``None`` after the last.

    Raises ``KeyError`` for a key that the document does not have.
    """
    if current is None:
        return document.stages[0] if document.stages else None
    keys = [stage.key for stage in document.stages]
    if current not in keys:
        raise KeyError(current)
    place = keys.index(current) + 1
    return document.stages[place] if place < len(keys) else None


def validity_period(document: Document, start: date) -> tuple[date, date]:
    """First and last day of what is granted from ``start``: both count.

    The last day is the day before the same date so many years later, or the last of that month where the date
    does not exist. Raises ``ValueError`` where the document grants nothing for a period.
    """
    validity = document.outcome.validity if document.outcome else None
    if validity is None:
        raise ValueError(f"{document.key} grants nothing for a period")
    return start, period_end(start, validity.n, validity.unit)


def window_on(window: Window, day: date) -> tuple[date | None, date]:
    """First and last day (both count) of a stage's window as it stands on ``day``; no first: open until then.

    Days of the year mean the year of ``day``; a window over the turn of the year is the one that ``day`` lies
    in, else the one that ends next.
    """
    year = day.year
    last = _in_year(window.last, year)
    first = None if window.first is None else _in_year(window.first, year)
    if first is not None and first > last:
        first, last = (
            (_in_year(window.first, year - 1), last)
            if day <= last
            else (first, _in_year(window.last, year + 1))
        )
    return first, last if window.last_included else last - timedelta(days=1)


def _in_year(boundary: tuple[int, int] | date | None, year: int) -> date:
    if isinstance(boundary, date):
        return boundary
    assert boundary is not None  # a window without a first day is handled before
    return date(year, *boundary)


def next_due(duty: Duty, last: date) -> date | None:
    """The day by which a recurring duty is next due after it was done (or began) on ``last``; the day counts.

    ``None`` for a duty that does not recur.
    """
    if duty.every is not None:
        return shift(last, *duty.every)
    if duty.by is None:
        return None
    this_year = date(last.year, *duty.by)
    return this_year if last < this_year else date(last.year + 1, *duty.by)


def silent_points(document: Document, filled_by: str | None = None) -> tuple[NotStated, ...]:
    """What the document leaves open; with ``filled_by`` only what that side (call, union, officer) fills."""
    return tuple(point for point in document.not_stated if filled_by in (None, point.filled_by))
