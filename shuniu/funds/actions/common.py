"""What the actions share: the locked subsidy, refusals by the database, the journal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection, models, transaction

from shuniu.foundation.access import Refused, Who, refuse
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.journal import actions as journal
from shuniu.funds import rules  # noqa: F401 - registers the sentences
from shuniu.funds.models import Subsidy

# What stands in the database's message → the refusal.
_SAYS = {
    "account_never_over": "funds.over_budget", "funds.over_honour": "funds.over_honour",
    "funds.alone": "unions.second_person", "funds.use_over_paid": "funds.use_over_paid",
    "payee_one_waits": "funds.payee_waits", "payee_one_stands": "funds.conflict",
    "payment_one_due": "funds.conflict", "budget_one_waits": "funds.budget_waits", "fund_once": "funds.fund_twice",
    "subsidy_once": "funds.conflict", "funds.payee_unconfirmed": "funds.payee_needed",
}  # fmt: skip
_CONFLICTS = {"23505", "40P01", "40001", "55P03"}


@contextmanager
def refused() -> Iterator[None]:
    """Turn what the database refuses into Refused; deferred constraints are asked before the act ends."""
    try:
        with transaction.atomic():
            yield
            _ask_deferred()
    except DatabaseError as problem:
        for words, code in _SAYS.items():
            if words in str(problem):
                raise Refused(refuse(code)) from problem
        if getattr(problem.__cause__, "sqlstate", "") in _CONFLICTS:
            raise Refused(refuse("funds.conflict")) from problem
        raise


def _ask_deferred() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def person(by: Who) -> Person:
    """The human being who acts; money is never moved by nobody."""
    assert by.person is not None
    return by.person


def lock(subsidy_id: int) -> Subsidy:
    """The subsidy, locked for this transaction: whoever settles, pays or uses waits here."""
    rows = Subsidy.objects.select_for_update(of=("self",)).select_related("union", "organisation", "document")
    return rows.get(pk=subsidy_id)


def note(row: Subsidy, *, by: Who, verb: str, text: str, clause: str = "", **facts: Any) -> None:
    """The journal entry of an act upon a subsidy; the subject and the organisation show it too."""
    also: list[models.Model | str] = [row.organisation]
    if row.subject_key != f"registry.organisation:{row.organisation_id}":
        also.append(row.subject_key)
    journal.record(
        by=by, verb=f"funds.{verb}", text=f"{row.subject_label}：{text}", subject=row, also=also, clause=clause,
        union_id=row.union_id, facts=facts,
    )  # fmt: skip
