"""What the actions share: the locked survey, the journal entry, refusals by the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, models

from shuniu.foundation.access import Refused, Who, refuse
from shuniu.foundation.journal import actions as journal
from shuniu.surveys import rules  # noqa: F401 - registers the sentences
from shuniu.surveys.models import Survey

_SAID = ("fixed", "roster_fixed", "counted", "count", "answer_stays")
_BUSY = {"23505", "40P01", "40001", "55P03", "23514"}


@contextmanager
def database_refusals() -> Iterator[None]:
    """Turn what the database refuses into Refused with its sentence."""
    try:
        yield
    except DatabaseError as problem:
        said = str(problem)
        for word in _SAID:
            if f"surveys.{word}\n" in f"{said}\n":
                raise Refused(refuse(f"surveys.{word}")) from problem
        if getattr(problem.__cause__, "sqlstate", "") in _BUSY:
            raise Refused(refuse("surveys.busy")) from problem
        raise


def lock(survey_id: int) -> Survey:
    """The survey, locked for this transaction; Survey.DoesNotExist when there is none."""
    rows = Survey.objects.select_for_update(of=("self",)).select_related("organisation", "union")
    return rows.get(pk=survey_id)


def note(
    row: Survey,
    *,
    by: Who,
    act: str,
    text: str,
    about: tuple[models.Model, ...] = (),
    facts: dict[str, Any] | None = None,
) -> None:
    """The journal entry of an act on a survey, shown on its 时间线."""
    journal.record(
        by=by, verb=f"surveys.{act}", subject=row, also=about, text=text, union_id=row.union_id,
        facts={"survey": row.title} | (facts or {}),
    )  # fmt: skip
