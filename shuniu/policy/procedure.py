"""The procedure of a document, the period of what it grants, and what it leaves open."""

from __future__ import annotations

from datetime import date

from shuniu.policy.dates import period_end, shift
from shuniu.policy.model import Document, Duty, NotStated, Stage


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
