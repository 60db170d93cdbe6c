"""Which organisations somebody may see, and how they are found."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import BooleanField, Case, F, Func, IntegerField, Q, QuerySet, Value, When

from shuniu.foundation.access import Hat, Who
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar.clock import Now
from shuniu.registry import codes, names
from shuniu.registry.models import FormerCode, Membership, Organisation
from shuniu.registry.models.organisation import OrganisationQuerySet
from shuniu.unions.models import Union

VIEWERS = frozenset({"clerk", "checker", "leader", "finance", "auditor"})
SEARCH_CAP = 1001  # "1000+": nobody reads on, and counting more costs

_CODE_PART = re.compile(r"(?=.*[0-9])[0-9A-HJ-NPQRTUWXY]{2,18}")


class InUnionTree(Func):
    """Is the union one of `union_id` and those below it? Evaluated once inside the query that asks."""

    template = (
        "%(expressions)s = ANY(ARRAY(WITH RECURSIVE below(id) AS (SELECT %(top)s::bigint UNION"
        " SELECT u.id FROM unions_union u JOIN below b ON b.id IN (u.parent_id, u.industry_parent_id))"
        " SELECT id FROM below))"
    )
    output_field = BooleanField()

    def __init__(self, expression: str, union_id: int) -> None:
        super().__init__(F(expression), top=int(union_id))


def organisations_visible_to(who: Who) -> OrganisationQuerySet:
    """A union sees its own and those of the unions below it; an organisation sees itself; others nothing."""
    living = Organisation.objects.all().living()
    if who.organisation_id is not None:
        return living.filter(pk=who.organisation_id)
    if who.union_id is None or who.role not in VIEWERS:
        return living.none()
    return living.filter(InUnionTree("owning_union_id", who.union_id))


def matching(rows: QuerySet[Organisation], text: str) -> QuerySet[Organisation]:
    """The rows that `text` finds: part of a present or former name, pinyin initials, beginning of a code.

    Few hits are collected by the index first, so that the planner never walks the whole order for them.
    """
    condition = _condition(text)
    if condition is None:
        return rows
    found = list(rows.filter(condition).order_by().values_list("pk", flat=True)[:SEARCH_CAP])
    return rows.filter(condition) if len(found) == SEARCH_CAP else rows.filter(pk__in=found)


def _condition(text: str) -> Q | None:
    code = codes.normalise(text)
    if _CODE_PART.fullmatch(code):
        former = FormerCode.objects.filter(code__startswith=code).values("organisation")
        return Q(code__startswith=code) | Q(pk__in=former)
    plain = names.plain(text)
    if not plain:
        return None
    if len(plain) < names.PAIR:
        return Q(search_text__contains=plain)
    return Q(bigrams__contains=sorted(names.pairs(plain)), search_text__contains=plain)


@dataclass(frozen=True)
class Hits:
    """The first hits, those that begin with the text before the others, and how many there are."""

    rows: list[Organisation]
    count: int  # at most SEARCH_CAP

    @property
    def count_text(self) -> str:
        return f"{SEARCH_CAP - 1}+" if self.count >= SEARCH_CAP else str(self.count)


def search(who: Who, text: str, *, limit: int = 20) -> Hits:
    """What the asker's registry holds under `text` (two characters suffice); nothing for less."""
    condition = _condition(text)
    plain = names.plain(text)
    if condition is None or len(plain) < names.PAIR:
        return Hits([], 0)
    rows = organisations_visible_to(who)
    found = list(rows.filter(condition).order_by().values_list("pk", flat=True)[:SEARCH_CAP])
    first = Case(When(search_text__startswith=plain, then=0), default=Value(1), output_field=IntegerField())
    shown = Organisation.objects.filter(pk__in=found).defer("bigrams").order_by(first, "pinyin", "id")
    return Hits(list(shown[:limit]), len(found))


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


# --- people -----------------------------------------------------------------------------------------


def hats_from_memberships(person: Person) -> Iterable[Hat]:
    """The organisations that the person acts for at this instant."""
    for m in (
        Membership.objects.filter(
            person=person, period__contains=Now(), organisation__merged_into__isnull=True
        )
        .select_related("organisation")
        .defer("organisation__bigrams", "organisation__search_text")
        .order_by("id")
    ):
        yield Hat("organisation", m.organisation_id, m.organisation.name, m.role)


def members_of(who: Who, organisation: Organisation) -> QuerySet[Membership]:
    """Who acts for the organisation now; for its own people and the unions that see it."""
    if not organisations_visible_to(who).filter(pk=organisation.pk).exists():
        return Membership.objects.none()
    return current_memberships(organisation.pk).select_related("person")


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
        below = Union.objects.filter(InUnionTree("id", union_id)).exclude(region="")
        return sorted(set(below.values_list("region", flat=True)))

    return list(cache.get_or_set(f"registry.regions:{union_id}", ask, 60) or [])
