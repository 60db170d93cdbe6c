"""Jobs of unions: ids in, one action out."""

from __future__ import annotations

from shuniu.foundation.access import who_is
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.jobs import job
from shuniu.unions import actions


@job("unions.verify_journal")
def verify_journal(person_id: int, hat: str) -> None:
    """Compute the journal's chain again."""
    actions.prove(by=who_is(Person.objects.get(pk=person_id), hat))
