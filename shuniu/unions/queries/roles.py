"""Reads of roles and delegations."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, models
from django.db.backends.postgresql.psycopg_any import DateRange

from shuniu.foundation.access import STAFF_ROLES, UNION_ROLES, Hat, Who
from shuniu.foundation.accounts.models import Invitation, Person
from shuniu.foundation.accounts.queries import open_invitations
from shuniu.foundation.calendar import clock
from shuniu.unions.models import Delegation, RoleChange, RoleGrant, Union
from shuniu.unions.queries.tree import ancestor_ids, descendant_ids

# Read at every request: composing this by the ORM takes four times as long as the database needs for it.
_HATS = """
SELECT u.id, u.name, g.role, '' AS behalf, 1 AS step, g.id AS place
FROM unions_rolegrant g JOIN unions_union u ON u.id = g.union_id
WHERE g.person_id = %(person)s AND g.period @> %(today)s::date AND u.is_active
UNION ALL
SELECT u.id, u.name, g.role, p.name, 2, d.id
FROM unions_delegation d JOIN unions_rolegrant g ON g.id = d.grant_id
JOIN unions_union u ON u.id = g.union_id JOIN accounts_person p ON p.id = g.person_id
WHERE d.to_person_id = %(person)s AND d.period @> %(today)s::date AND g.period @> %(today)s::date AND u.is_active
ORDER BY step, place
"""


def hats_from_grants(person: Person) -> list[Hat]:
    """The person's own roles of today, then those delegated to them, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_HATS, {"person": person.pk, "today": clock.today()})
        return [Hat("union", pk, name, role, behalf) for pk, name, role, behalf, _, _ in cursor.fetchall()]


def stood_in_for(who: Who) -> set[str]:
    """The natural persons in whose stead the asker acts under this hat; empty for a role of their own."""
    hat = who.hat
    if hat is None or who.person is None or not hat.on_behalf_of:
        return set()
    rows = Delegation.objects.filter(
        to_person=who.person, period__contains=clock.today(), grant__union_id=hat.id, grant__role=hat.role
    )
    return set(rows.values_list("grant__person__identity", flat=True))


def people_with(union_id: int, *roles: str) -> models.QuerySet[Person]:
    """Who holds one of `roles` in the union today, delegation included."""
    return _holders([union_id], roles)


def _holders(union_ids: Iterable[int], roles: Iterable[str]) -> models.QuerySet[Person]:
    """Own roles and lent ones as two sets of keys: an OR across both joins would read every account there is."""
    today = clock.today()
    given = {"union_id__in": union_ids, "role__in": roles, "period__contains": today}
    own = RoleGrant.objects.filter(**given).values("person_id")
    lent = Delegation.objects.filter(
        period__contains=today, **{f"grant__{name}": value for name, value in given.items()}
    ).values("to_person_id")
    return Person.objects.filter(pk__in=own.order_by().union(lent.order_by()), is_active=True)


def holders_of(union_ids: Iterable[int], role: str) -> list[Person]:
    """Who holds `role` in any of these unions today, delegation included, each once."""
    return list(_holders(union_ids, [role]).order_by("id"))


def sees_people(who: Who, union: Union) -> bool:
    """Who holds which role is for the union's own staff and for those above it."""
    return who.role in STAFF_ROLES and who.union_id in ancestor_ids(union.pk)


# 经办人 first, the many experts last.
_IN_ORDER = models.Case(*(models.When(role=role, then=place) for place, role in enumerate(UNION_ROLES)))


def grants_of_union(who: Who, union: Union) -> models.QuerySet[RoleGrant]:
    """The roles held in the union today or later, in the order of the work and by name; nothing for strangers."""
    if not sees_people(who, union):
        return RoleGrant.objects.none()
    current = models.Q(period__endswith__gt=clock.today()) | models.Q(period__endswith__isnull=True)
    return (
        RoleGrant.objects.filter(current, union=union, period__isempty=False)
        .select_related("person", "union")
        .prefetch_related(
            models.Prefetch(
                "delegations",
                Delegation.objects.filter(period__contains=clock.today()).select_related("to_person"),
                to_attr="current_delegations",
            )
        )
        .order_by(_IN_ORDER, "person__name", "id")
    )


def grants_administered_by(who: Who) -> models.QuerySet[RoleGrant]:
    """The roles that the asker may take back."""
    if who.role != "sys_admin" or who.union_id is None:
        return RoleGrant.objects.none()
    return RoleGrant.objects.filter(union__in=descendant_ids(who.union_id)).select_related("person", "union")


def changes_visible_to(who: Who) -> models.QuerySet[RoleChange]:
    """Proposed changes of administrators in the asker's unions: for those who propose and who confirm."""
    if who.role not in ("sys_admin", "sec_admin") or who.union_id is None:
        return RoleChange.objects.none()
    return (
        RoleChange.objects.filter(union__in=descendant_ids(who.union_id))
        .select_related("person", "union", "proposed_by", "decided_by")
        .order_by("-id")
    )


def invitations_of_union(who: Who, union: Union) -> models.QuerySet[Invitation]:
    """Links to roles of the union that nobody used yet, for its system administrators."""
    if who.role != "sys_admin" or who.union_id not in ancestor_ids(union.pk):
        return Invitation.objects.none()
    return open_invitations().filter(purpose="unions.role", payload__union_id=union.pk)


def own_grants(who: Who) -> models.QuerySet[RoleGrant]:
    """The asker's own roles, present and coming."""
    if who.person is None:
        return RoleGrant.objects.none()
    current = models.Q(period__endswith__gt=clock.today()) | models.Q(period__endswith__isnull=True)
    return RoleGrant.objects.filter(current, person=who.person, period__isempty=False).select_related("union")


def periods_of(who: Who) -> dict[str, DateRange]:
    """From which day to which the asker holds each hat of a union, by its key; lent ones included."""
    if who.person is None:
        return {}
    lent = Delegation.objects.filter(to_person=who.person, period__contains=clock.today())
    found = {("union", d.grant.union_id, d.grant.role): d.period for d in lent.select_related("grant")}
    found |= {("union", g.union_id, g.role): g.period for g in own_grants(who)}
    return {":".join(map(str, key)): period for key, period in found.items()}


def delegations_given(who: Who) -> models.QuerySet[Delegation]:
    """What the asker has handed to others and is not over."""
    if who.person is None:
        return Delegation.objects.none()
    return Delegation.objects.filter(
        grant__person=who.person, ended_at__isnull=True, period__endswith__gt=clock.today()
    ).select_related("grant__union", "to_person")


def colleagues_for(who: Who) -> list[Person]:
    """Who works in the unions of the asker's own roles today: among them one chooses a stand-in."""
    if who.person is None:
        return []
    unions = RoleGrant.objects.filter(person=who.person, period__contains=clock.today()).values("union")
    people = Person.objects.filter(
        grants__union__in=unions, grants__role__in=list(STAFF_ROLES), grants__period__contains=clock.today(),
        is_active=True,
    ).exclude(pk=who.person.pk)  # fmt: skip
    return list(people.distinct().order_by("name", "id"))
