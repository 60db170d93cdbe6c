"""Whom to tell, for many organisations at once."""

from __future__ import annotations

from collections.abc import Iterable

from shuniu.calls.models import Call, Seat
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.registry.models import Membership


def people_of_many(organisation_ids: Iterable[int]) -> dict[int, list[Person]]:
    """organisation → the people of its workspace (registry.queries.people_of of each), in one query."""
    ids = set(organisation_ids)
    found: dict[int, list[Person]] = {pk: [] for pk in ids}
    rows = Membership.objects.filter(
        organisation_id__in=ids, period__contains=clock.now(), person__is_active=True
    ).select_related("person")
    for row in rows.order_by("organisation_id", "person_id").distinct("organisation_id", "person_id"):
        found[row.organisation_id].append(row.person)
    return found


def experts_seated(call: Call) -> list[Person]:
    """The experts who hold a seat in one of the call's committees, or were invited to."""
    seats = Seat.objects.filter(
        committee__call=call, state__in=(Seat.State.INVITED, Seat.State.ACTIVE), expert__person__isnull=False
    )
    return list(Person.objects.filter(pk__in=seats.values("expert__person")))
