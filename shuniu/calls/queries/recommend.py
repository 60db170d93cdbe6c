"""Who recommends in a call, what each has given away, what waits."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.db.models import Case, Count, F, Q, Sum, When

from shuniu.calls import totals
from shuniu.calls.models import Application, Call, CallQuota, Recommendation, RubricItem, Visit
from shuniu.calls.queries.figures import TRADES, recommending
from shuniu.foundation.access import Who
from shuniu.unions.models import Union
from shuniu.unions.queries import ancestor_ids

OFFICE = ("clerk", "checker", "leader")
_TAKEN_OFF = When(visit__marks__item__kind=RubricItem.Kind.DEDUCTION, then=-F("visit__marks__points"))


def recommenders_of(call: Call) -> models.QuerySet[Union]:
    """The unions below the one that runs the call whose level has places in it; itself too where it may nominate."""
    places = CallQuota.objects.filter(call=call)
    levels, unions = places.filter(union=None).values("level"), places.exclude(union=None).values("union")
    return recommending(call, Union.objects.filter(Q(level__in=levels) | Q(pk__in=unions)))


def applications_through(who: Who) -> models.QuerySet[Application]:
    """What goes through the asker's union, for its office; nothing for anybody else."""
    if who.union_id is None or who.role not in OFFICE:
        return Application.objects.none()
    return (
        Application.objects.filter(
            ~Q(subject_key="") | Q(submitted_at__isnull=False), recommender_id=who.union_id
        )
        .select_related("call__union", "call__document", "organisation", "category", "recommender", "visit")
        .annotate(on_the_spot=Sum(Case(_TAKEN_OFF, default=F("visit__marks__points"))))
        .defer("organisation__bigrams", "organisation__search_text")
    )


def recommended() -> models.QuerySet[Recommendation]:
    """Confirmed and not taken back."""
    return Recommendation.objects.filter(confirmed_at__isnull=False, ended_at__isnull=True)


def live_of(call: Call, union_id: int) -> dict[int, Recommendation]:
    """application → the place that the union gave it, proposed or confirmed."""
    rows = Recommendation.objects.filter(call=call, union_id=union_id, ended_at__isnull=True)
    return {row.application_id: row for row in rows.select_related("proposed_by", "confirmed_by")}


def recommendation_of(who: Who, pk: int) -> Recommendation | None:
    """A recommendation of the asker's own union."""
    if who.union_id is None or who.role not in OFFICE:
        return None
    return Recommendation.objects.filter(pk=pk, union_id=who.union_id).first()


@dataclass(frozen=True)
class Share:
    """One union's line of the round: places, given, confirmed."""

    union: Union
    at_most: int
    given: int
    confirmed: int


def shares_of(call: Call) -> list[Share]:
    """Every recommending union with its places, in two queries."""
    places = {q.union_id or q.level: q.at_most for q in CallQuota.objects.filter(call=call)}
    live = Q(recommendations__call=call, recommendations__ended_at__isnull=True)
    rows = recommenders_of(call).annotate(
        given=Count("recommendations", filter=live),
        confirmed=Count("recommendations", filter=live & Q(recommendations__confirmed_at__isnull=False)),
    )
    return [
        Share(u, places[u.pk if u.pk in places else u.level], u.given, u.confirmed)
        for u in rows.order_by("level", "id")
    ]


def quota_of(call_id: int, union: Union) -> CallQuota | None:
    """The union's places: its own where it has a row of its own, else those of its level."""
    rows = CallQuota.objects.filter(Q(union=union) | Q(union=None, level=union.level), call=call_id)
    return rows.order_by(F("union").asc(nulls_last=True)).first()


def share_of(call: Call, union: Union) -> Share | None:
    """The asker's own line."""
    quota = quota_of(call.pk, union)
    if quota is None:
        return None
    rows = list(live_of(call, union.pk).values())
    return Share(union, quota.at_most, len(rows), sum(r.confirmed_at is not None for r in rows))


def calls_recommended_in(who: Who) -> set[int]:
    """The calls of unions above in which the asker's union has places, for its office."""
    if who.union_id is None or who.role not in OFFICE:
        return set()
    union = Union.objects.get(pk=who.union_id)
    above = ancestor_ids(union.pk)
    if union.level in TRADES:
        above = [pk for pk in (union.parent_id, union.industry_parent_id) if pk]
    held = Q(union=union) | Q(union=None, level=union.level)
    rows = CallQuota.objects.filter(held, call__union_id__in=above)
    return set(rows.exclude(call__union_id=who.union_id).values_list("call_id", flat=True))


def visit_items(call_id: int) -> list[RubricItem]:
    """The items by which a visit is scored: of the document's own sheet for it, else of the experts' sheet."""
    rows = list(RubricItem.objects.filter(call_id=call_id).order_by("order"))
    own = [item for item in rows if item.use == RubricItem.Use.VISIT]
    return own or rows


def visit_total(visit: Visit) -> Decimal:
    """What the marks of a visit add up to, by the kinds of their items; a sheet of its own has its own total."""
    marks = [(mark.item, mark.points) for mark in visit.marks.select_related("item")]
    call = visit.application.call
    if all(item.use == RubricItem.Use.REVIEW for item, _ in marks):
        return totals.total_of(call, marks)
    signed = (-p if item.kind == RubricItem.Kind.DEDUCTION else p for item, p in marks)
    return max(sum(signed, Decimal(0)), Decimal(0))
