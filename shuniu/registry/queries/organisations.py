"""Which organisations somebody may see, and how they are found."""

from __future__ import annotations

import re
from functools import reduce
from heapq import nsmallest
from operator import and_, itemgetter
from typing import Any, NamedTuple, cast

from django.core.cache import cache
from django.db import connection
from django.db.models import Q, QuerySet

from shuniu.foundation.access import Hat, Who
from shuniu.foundation.accounts.models import Invitation, Person
from shuniu.foundation.accounts.queries import open_invitations
from shuniu.foundation.calendar.clock import Now
from shuniu.registry import codes, names
from shuniu.registry.models import FormerCode, Membership, Organisation
from shuniu.registry.models.organisation import OrganisationQuerySet, Status
from shuniu.unions.queries import descendant_ids, descendant_regions

MEMBER = "registry.member"
"""The purpose of an invitation by which somebody joins an organisation."""
VIEWERS = frozenset({"clerk", "checker", "leader", "finance", "auditor"})
SEARCH_CAP = 1001  # codes: beyond it the planner does better by itself
LOOKED_AT = 300  # names: somebody who types two characters of so many types a third

_CODE_PART = re.compile(r"(?=.*[0-9])[0-9A-HJ-NPQRTUWXY]{2,18}")


def organisations_visible_to(who: Who) -> OrganisationQuerySet:
    """A union sees its own and those of the unions below it; an organisation sees itself; others nothing."""
    living = Organisation.objects.all().living()
    if who.organisation_id is not None:
        return living.filter(pk=who.organisation_id)
    if who.union_id is None or who.role not in VIEWERS:
        return living.none()
    # The keys themselves: from a subquery the planner cannot tell a town of fifty from a city of a hundred thousand.
    return living.filter(owning_union__in=descendant_ids(who.union_id))


def own_register(who: Who, region: str = "") -> QuerySet[Organisation]:
    """What the asker's union keeps itself, by name; candidates, which have no code, left out."""
    own = organisations_visible_to(who).filter(owning_union=who.union_id, code__isnull=False)
    return (own.filter(region=region) if region else own).defer("bigrams", "search_text")


def organisations_of(union_id: int) -> OrganisationQuerySet:
    """Those that a union and the unions below it keep and that are registered."""
    living = Organisation.objects.all().living().filter(owning_union__in=descendant_ids(union_id))
    return living.filter(status__in=(Status.NORMAL, Status.CLOSING))


def matching(rows: QuerySet[Organisation], text: str) -> QuerySet[Organisation]:
    """The rows that `text` finds: part of a present or former name, pinyin initials, beginning of a code.

    By code the few hits are collected first: the planner takes "this code or a former one" for half of all rows
    and would walk the whole order for them. How often a pair of characters occurs it knows.
    """
    condition = _condition(text)
    if condition is None:
        return rows
    if not _is_code(text):
        return rows.filter(condition)
    found = list(rows.filter(condition).order_by().values_list("pk", flat=True)[:SEARCH_CAP])
    return rows.filter(condition) if len(found) == SEARCH_CAP else rows.filter(pk__in=found)


def _is_code(text: str) -> bool:
    return _CODE_PART.fullmatch(codes.normalise(text)) is not None


def _condition(text: str) -> Q | None:
    if _is_code(text):
        code = codes.normalise(text)
        former = FormerCode.objects.filter(code__startswith=code).values("organisation")
        return Q(code__startswith=code) | Q(pk__in=former)
    words = names.words(text)
    return reduce(and_, map(_word, words)) if words else None


def _word(plain: str) -> Q:
    """One of the words between blanks; all of them have to be found."""
    if len(plain) < names.PAIR:
        return Q(search_text__contains=plain)
    pairs = Q(bigrams__contains=sorted(names.pairs(plain)))
    # Of two characters the pair says it all; a second condition would only mislead the planner about the number.
    return pairs if len(plain) == names.PAIR else pairs & Q(search_text__contains=plain)


class Hit(NamedTuple):
    """An organisation as a search shows it."""

    pk: int
    name: str
    code: str | None
    initials: str


def search(who: Who, text: str, *, limit: int = 20) -> list[Hit]:
    """What the asker's registry holds under `text` (two characters suffice); nothing for less.

    Those that begin with the text stand first. Of more than `LOOKED_AT` only so many are.
    """
    condition = _condition(text)
    plain = names.plain(text)
    if condition is None or len(plain) < names.PAIR:
        return []
    found = (
        organisations_visible_to(who)
        .filter(condition)
        .order_by()
        .annotate(later=~Q(search_text__startswith=plain))
        .values_list("later", "pinyin", "pk", "name", "code", "initials")[:LOOKED_AT]
    )
    return [Hit(*row[2:]) for row in nsmallest(limit, found, key=itemgetter(0, 1, 2))]


def named(text: str, path: str) -> Q | None:
    """The condition that the organisation at `path` (a foreign key) is found by `text`; None for too little."""
    condition = _condition(text)
    return None if condition is None else _under(path, condition)


def _under(path: str, condition: Q) -> Q:
    moved = Q(_connector=condition.connector, _negated=condition.negated)
    for child in condition.children:
        if isinstance(child, Q):
            moved.children.append(_under(path, child))
        else:
            name, value = cast("tuple[str, Any]", child)
            moved.children.append((f"{path}__{name}", value))
    return moved


def organisation_by_code(text: str) -> Organisation | None:
    """Whoever carries the code now or carried it before; merged records lead to the one that stays.

    Sees every union's rows: for checks against doubling, never for a page that shows more than the name.
    """
    code = codes.normalise(text)
    if not code:
        return None
    organisation = (
        Organisation.objects.filter(code=code).select_related("merged_into", "owning_union").first()
    )
    if organisation is None:
        former = FormerCode.objects.filter(code=code).select_related("organisation__merged_into").first()
        organisation = former.organisation if former else None
    return (organisation.merged_into or organisation) if organisation else None


def record_ids(organisation: Organisation) -> list[int]:
    """The organisation and the records merged into it: their facts are read together."""
    merged = Organisation.objects.filter(merged_into=organisation).values_list("pk", flat=True)
    return [organisation.pk, *merged]


def with_merged(organisation: Organisation) -> QuerySet[Organisation, int]:
    """The keys of the same records, for use inside another query."""
    both = Q(pk=organisation.pk) | Q(merged_into=organisation.pk)
    return Organisation.objects.filter(both).order_by().values_list("pk", flat=True)


# --- people -----------------------------------------------------------------------------------------


# As the roles in unions: read at every request.
_HATS = """
SELECT o.id, o.name, m.role
FROM registry_membership m JOIN registry_organisation o ON o.id = m.organisation_id
WHERE m.person_id = %s AND m.period @> shuniu.now() AND o.merged_into_id IS NULL
ORDER BY m.id
"""


def hats_from_memberships(person: Person) -> list[Hat]:
    """The organisations that the person acts for at this instant, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_HATS, [person.pk])
        return [Hat("organisation", pk, name, role) for pk, name, role in cursor.fetchall()]


def members_of(who: Who, organisation: Organisation) -> QuerySet[Membership]:
    """Who acts for the organisation now; for its own people and the unions that see it."""
    if not organisations_visible_to(who).filter(pk=organisation.pk).exists():
        return Membership.objects.none()
    return current_memberships(organisation.pk).select_related("person")


def invitations_of(who: Who, organisation: Organisation) -> QuerySet[Invitation]:
    """Links to the organisation that nobody used yet, for those who lead it."""
    if who.organisation_id != organisation.pk or who.role != "org_owner":
        return Invitation.objects.none()
    return open_invitations().filter(purpose=MEMBER, payload__organisation_id=organisation.pk)


def current_memberships(organisation_id: int) -> QuerySet[Membership]:
    """The memberships in force at this instant (for rules and messages)."""
    return Membership.objects.filter(organisation_id=organisation_id, period__contains=Now())


def people_of(organisation_id: int) -> QuerySet[Person]:
    """Whom to tell what concerns the organisation."""
    return Person.objects.filter(pk__in=current_memberships(organisation_id).values("person"), is_active=True)


def regions_visible_to(who: Who) -> list[str]:
    """The districts of the asker's union and of those below it, for the filter; kept for a minute."""
    union_id = who.union_id
    if union_id is None or who.role not in VIEWERS:
        return []

    def ask() -> list[str]:
        return sorted(set(filter(None, descendant_regions(union_id))))

    return list(cache.get_or_set(f"registry.regions:{union_id}", ask, 60) or [])
