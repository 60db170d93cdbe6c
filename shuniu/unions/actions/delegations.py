"""Standing in for somebody who is away."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from psycopg.types.range import DateRange

from shuniu.foundation.access import UNION_ROLES, Refused, Who, refuse, require
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.unions import rules
from shuniu.unions.actions.refused import clash_is_refused, lock_people
from shuniu.unions.models import Delegation, RoleGrant


@transaction.atomic
def delegate(
    *, by: Who, grant: RoleGrant, to_person: Person, first_day: dt.date, last_day: dt.date, reason: str
) -> Delegation:
    """O3: let a colleague act in one's own role from the first to the last day, both included.

    Page and journal name both. Refused with `unions.delegate_*`, `unions.admins_apart`, `unions.period`.
    """
    lock_people(grant.person_id, to_person.pk)
    grant = (
        RoleGrant.objects.select_for_update(of=("self",)).select_related("union", "person").get(pk=grant.pk)
    )
    to_person = Person.objects.get(pk=to_person.pk)
    require(rules.period_is_good(first_day, last_day))
    if not reason.strip():
        raise Refused(refuse("unions.no_reason"))
    period = rules.days(first_day, last_day)
    require(rules.may_delegate(by, grant, to_person, period))
    taken = Delegation.objects.filter(grant=grant, period__overlap=period).select_related("to_person").first()
    if taken is not None:
        raise Refused(refuse("unions.delegate_twice", name=taken.to_person.name))
    assert by.person is not None
    with clash_is_refused():
        row = Delegation.objects.create(
            grant=grant, to_person=to_person, period=period, reason=reason.strip(), created_by=by.person
        )
    label, days = UNION_ROLES[grant.role], f"{first_day:%Y-%m-%d} 至 {last_day:%Y-%m-%d}"
    journal.record(
        by=by, verb="delegate", subject=row, union_id=grant.union_id,
        also=(grant.person, to_person, grant.union),
        text=f"请{to_person.name}代理{grant.union.name}{label}，{days}：{row.reason}",
    )  # fmt: skip
    tell(
        [to_person], title=f"{by.name}请您代理{grant.union.name}{label}", kind="unions.delegated",
        body=f"{days}。事由：{row.reason}", url="/me/",
    )  # fmt: skip
    return row


@transaction.atomic
def end_delegation(*, by: Who, delegation_id: int) -> Delegation:
    """O3: end a delegation early: whoever gave it, or a system administrator of the union."""
    row = (
        Delegation.objects.select_for_update(of=("self",))
        .select_related("grant__union", "grant__person", "to_person")
        .get(pk=delegation_id)
    )
    if by.person is None or row.created_by_id != by.person.pk:
        require(rules.may_administer(by, row.grant.union))
    today = clock.today()
    if row.ended_at is not None or row.period.isempty or (row.period.upper and row.period.upper <= today):
        raise Refused(refuse("unions.delegation_over"))
    row.period = DateRange(row.period.lower, max(today, row.period.lower))
    row.ended_at = clock.now()
    row.save()
    label = UNION_ROLES[row.grant.role]
    journal.record(
        by=by, verb="end_delegation", subject=row, also=(row.grant.person, row.to_person, row.grant.union),
        union_id=row.grant.union_id, text=f"结束{row.to_person.name}代理{row.grant.union.name}{label}",
    )  # fmt: skip
    tell(
        [row.to_person],
        title=f"代理已结束：{row.grant.union.name}{label}",
        kind="unions.delegation_ended",
        url="/me/",
    )
    return row
