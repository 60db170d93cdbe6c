"""What the actions share: the locked row, the event, refusals by the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError

from shuniu.foundation.access import Refused, Verdict, Who, refuse
from shuniu.foundation.journal import actions as journal
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
    event = Event.objects.create(
        recognition=row, verb=verb, reason=reason, clause=clause, fact_on=fact_on, effective_on=effective_on,
        by=by.person, behalf=by.hat.name if by.hat else by.system,
    )  # fmt: skip
    journal.record(
        by=by, verb=f"recognition.{verb}", text=text, subject=row, also=(row.organisation,), clause=clause,
        facts={
            "certificate": row.certificate_no, "state": row.state, "effective": str(row.effective),
        },
        union_id=row.union_id,
    )  # fmt: skip
    return event
