"""What the actions share: the locked row, the event, refusals by the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError

from shuniu.foundation.access import Refused, Verdict, Who, refuse
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.journal.models import Entry
from shuniu.recognition import rules  # noqa: F401 - registers the sentences
from shuniu.recognition.models import Event, Recognition

_CONFLICTS = {"23505", "40P01", "40001", "55P03"}


@contextmanager
def database_refusals(overlap: Verdict) -> Iterator[None]:
    """Turn what the database refuses into Refused: `overlap` for two periods of one category.

    The losers of an exclusion constraint get deadlock_detected as often as exclusion_violation.
    """
    try:
        yield
    except DatabaseError as problem:
        state = getattr(problem.__cause__, "sqlstate", "")
        if state == "23P01" or (state == "40P01" and overlap.code):
            raise Refused(overlap) from problem
        if "recognition.stays" in str(problem):
            raise Refused(refuse("recognition.stays")) from problem
        if state in _CONFLICTS:
            raise Refused(refuse("recognition.conflict")) from problem
        raise


def lock(recognition_id: int) -> Recognition:
    """The recognition, locked for this transaction; Recognition.DoesNotExist when there is none."""
    return (
        Recognition.objects.select_for_update(of=("self",))
        .select_related("organisation", "union", "document")
        .get(pk=recognition_id)
    )


def note(
    row: Recognition,
    *,
    by: Who,
    verb: str,
    text: str,
    reason: str = "",
    clause: str = "",
    fact_on: dt.date | None = None,
    effective_on: dt.date | None = None,
) -> Event:
    """The event and the journal entry of an act on a recognition."""
    event = _event(row, by, verb, reason=reason, clause=clause, fact_on=fact_on, effective_on=effective_on)
    event.save(force_insert=True)
    journal.record_all([_entry(row, by, verb, text, clause)])
    return event


def note_all(told: Sequence[tuple[Recognition, str]], *, by: Who, verb: str, clause: str = "") -> None:
    """The same for many recognitions that begin by one act, each with its sentence."""
    Event.objects.bulk_create(
        [_event(row, by, verb, clause=clause, effective_on=row.first_day) for row, _ in told], batch_size=500
    )
    journal.record_all([_entry(row, by, verb, text, clause) for row, text in told])


def _event(row: Recognition, by: Who, verb: str, **values: Any) -> Event:
    behalf = by.hat.name if by.hat else by.system
    return Event(recognition=row, verb=verb, by=by.person, behalf=behalf, **values)


def _entry(row: Recognition, by: Who, verb: str, text: str, clause: str) -> Entry:
    return journal.entry(
        by=by, verb=f"recognition.{verb}", text=text, subject=row, also=(row.organisation,), clause=clause,
        facts={
            "certificate": row.certificate_no, "state": row.state, "effective": str(row.effective),
        },
        union_id=row.union_id,
    )  # fmt: skip
