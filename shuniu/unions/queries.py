"""Reads of the tree and of roles."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, models

from shuniu.foundation.access import Hat
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.unions.models import Delegation, RoleGrant, Union


def hats_from_grants(person: Person) -> Iterable[Hat]:
    """The person's own roles of today, then those delegated to them."""
    today = clock.today()
    for grant in (
        RoleGrant.objects.filter(person=person, period__contains=today, union__is_active=True)
        .select_related("union")
        .order_by("id")
    ):
        yield Hat("union", grant.union_id, grant.union.name, grant.role)
    for d in (
        Delegation.objects.filter(
            to_person=person,
            period__contains=today,
            grant__period__contains=today,
            grant__union__is_active=True,
        )
        .select_related("grant__union", "grant__person")
        .order_by("id")
    ):
        yield Hat("union", d.grant.union_id, d.grant.union.name, d.grant.role, d.grant.person.name)


def descendant_ids(union_id: int) -> list[int]:
    """The union and everything below it, by territory or by industry."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE below(id) AS (SELECT %s::bigint UNION"
            " SELECT u.id FROM unions_union u JOIN below b ON u.parent_id = b.id OR u.industry_parent_id = b.id)"
            " SELECT id FROM below",
            [union_id],
        )
        return [int(row[0]) for row in cursor.fetchall()]


def ancestor_ids(union_id: int) -> list[int]:
    """The union and everything above it, by territory or by industry."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE above(id) AS (SELECT %s::bigint UNION"
            " SELECT p.id FROM above a JOIN unions_union u ON u.id = a.id"
            " JOIN unions_union p ON p.id IN (u.parent_id, u.industry_parent_id))"
            " SELECT id FROM above",
            [union_id],
        )
        return [int(row[0]) for row in cursor.fetchall()]


def people_with(union_id: int, *roles: str) -> models.QuerySet[Person]:
    """Who holds one of `roles` in the union today, delegation included."""
    today = clock.today()
    own = models.Q(grants__union_id=union_id, grants__role__in=roles, grants__period__contains=today)
    lent = models.Q(
        delegations__grant__union_id=union_id,
        delegations__grant__role__in=roles,
        delegations__grant__period__contains=today,
        delegations__period__contains=today,
    )
    return Person.objects.filter(own | lent, is_active=True).distinct()


def union_of(union_id: int) -> Union:
    """The union by key; Union.DoesNotExist when there is none."""
    return Union.objects.get(pk=union_id)
