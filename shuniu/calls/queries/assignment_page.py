"""A plan as the union's staff look at it; always so many queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from shuniu.calls.models import Application, AssignmentPlan, PlannedReview, ReviewGap, Seat
from shuniu.calls.queries import assignment as queries
from shuniu.calls.suitability import Suitability

PAGE = 50
_UNUSED = ("draft", "organisation__bigrams", "organisation__search_text")


@dataclass(frozen=True)
class Row:
    """One application with the members that the plan gives it."""

    application: Application
    reviews: Sequence[PlannedReview]
    sum: int
    missing: int


@dataclass(frozen=True)
class Load:
    """One expert of the call: what the plan gives, what they have already, the most they may have."""

    seat: Seat
    planned: int
    held: int
    most: int | None

    @property
    def total(self) -> int:
        return self.planned + self.held


@dataclass(frozen=True)
class Shown:
    """A plan with its first figures."""

    page: Page[Row]
    reviews: int
    gaps: int
    worst: int | None  # of those that have any
    loads: Sequence[Load]


def shown(plan: AssignmentPlan, number: str = "") -> Shown:
    """A page of the plan, the applications that fare worst first. The caller found the plan through who asks."""
    points = F("field") + F("spread") + F("load")
    own = PlannedReview.objects.filter(plan=plan, application=OuterRef("pk")).order_by().values("application")
    gap = ReviewGap.objects.filter(plan=plan, application=OuterRef("pk"))
    ids = (
        Application.objects.filter(Exists(own) | Exists(gap))
        .annotate(sum=Coalesce(Subquery(own.annotate(s=Sum(points)).values("s")), 0))
        .order_by("sum", "pk")
        .values_list("pk", "sum")
    )
    found = Paginator(ids, PAGE).get_page(number)
    sums = dict(found.object_list)
    applications = {
        a.pk: a
        for a in Application.objects.filter(pk__in=sums)
        .select_related("organisation", "category")
        .defer(*_UNUSED)
    }
    reviews: dict[int, list[PlannedReview]] = {pk: [] for pk in sums}
    for row in (
        plan.reviews.filter(application__in=sums).select_related("seat__expert").order_by("seat__position")
    ):
        reviews[row.application_id].append(row)
    missing = dict(plan.gaps.filter(application__in=sums).values_list("application_id", "missing"))
    page: Page[Row] = found  # type: ignore[assignment]
    page.object_list = [Row(applications[pk], reviews[pk], s, missing.get(pk, 0)) for pk, s in sums.items()]
    given = ids.filter(sum__gt=0).first()
    return Shown(page, plan.reviews.count(), plan.gaps.count(), given[1] if given else None, _loads(plan))


def _loads(plan: AssignmentPlan) -> list[Load]:
    """Each expert once, by number, with the lowest limit of their committees."""
    planned = queries.planned_loads(plan)
    # What is confirmed is held as well: of such a plan only the others' share is told apart.
    held = queries.held_by(plan.call)
    confirmed = plan.state == AssignmentPlan.State.CONFIRMED
    seats = Seat.objects.filter(
        Q(state=Seat.State.ACTIVE) | Q(planned_reviews__plan=plan),
        committee__call=plan.call_id,
        committee__reviews_each__isnull=False,
    )
    found: dict[int, Load] = {}
    for seat in seats.select_related("expert", "committee").distinct().order_by("expert__number", "pk"):
        key, limit = seat.expert_id, seat.committee.load_limit
        before = found.get(key)
        if before is not None:
            limits = [n for n in (before.most, limit) if n is not None]
            found[key] = Load(before.seat, before.planned, before.held, min(limits, default=None))
            continue
        n = planned.get(key, 0)
        has = held.get(key, 0)
        found[key] = Load(seat, n, max(0, has - n) if confirmed else has, limit)
    return list(found.values())


@dataclass(frozen=True)
class Able:
    """A member who may take the application over."""

    seat: Seat
    suits: Suitability
    load: int  # applications in this call, those of the plan included


def able(plan: AssignmentPlan, application_id: int) -> list[Able]:
    """Who may be put in by hand, the most suitable first; nobody who has it already or has no room."""
    pairing = queries.pairing(plan.call, [application_id])
    application = pairing.applications.get(application_id)
    if application is None:
        return []
    planned, room = queries.planned_loads(plan), pairing.room()
    taken = set(plan.reviews.filter(application=application_id).values_list("seat_id", flat=True))
    found = {
        m.seat: (m, s)
        for m, s in pairing.able(application)
        if m.seat not in taken and planned.get(m.expert, 0) < room[m.expert]
    }
    seats = Seat.objects.filter(pk__in=found).select_related("expert")
    rows = [
        Able(seat, found[seat.pk][1], planned.get(seat.expert_id, 0) + pairing.held.get(seat.expert_id, 0))
        for seat in seats
    ]
    return sorted(rows, key=lambda a: (-a.suits.points, a.load, a.seat.expert.number))
