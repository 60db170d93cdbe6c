"""Assignment of members to applications: what is missing, who may, what was proposed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from shuniu.calls.assignment import Demand
from shuniu.calls.models import (
    Application,
    AssignmentPlan,
    Call,
    Committee,
    PlannedReview,
    Recusal,
    ReviewGap,
    ScoreSheet,
    Seat,
    Stage,
)
from shuniu.calls.queries.panel import STAFF
from shuniu.calls.suitability import YEARS, Suitability, suitability
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock

OPEN = (AssignmentPlan.State.COMPUTING, AssignmentPlan.State.PROPOSED, AssignmentPlan.State.SUBMITTED)


def plans_visible_to(who: Who) -> QuerySet[AssignmentPlan]:
    """The plans of the asker's union's calls, for its staff; nobody else learns who reviews what."""
    if who.union_id is None or who.role not in STAFF:
        return AssignmentPlan.objects.none()
    return (
        AssignmentPlan.objects.filter(call__union_id=who.union_id)
        .select_related("call__union", "asked_by", "submitted_by", "decided_by")
        .defer("call__frozen")
    )


def by_assignment(call: Call) -> QuerySet[Committee]:
    """The call's committees that score now and review by assignment."""
    return Committee.objects.filter(
        call=call, reviews_each__isnull=False, opened_at__isnull=False, closed_at__isnull=True
    ).select_related("category")


def open_plan(call: Call) -> AssignmentPlan | None:
    """The proposal that is neither confirmed nor dropped."""
    return AssignmentPlan.objects.filter(call=call, state__in=OPEN).first()


def undeclared(call: Call) -> int:
    """Members of these committees who have neither declared nor left: whom they may review is not known yet."""
    return Seat.objects.filter(committee__in=by_assignment(call), state=Seat.State.INVITED).count()


def _counting(prefix: str = "sheets__") -> Any:
    """Sheets of members who take part and are not recused."""
    away = Recusal.objects.filter(
        seat=OuterRef(f"{prefix}seat"), application=OuterRef(f"{prefix}application")
    )
    return Q(**{f"{prefix}seat__state": Seat.State.ACTIVE}) & ~Exists(away)


def _with_reviewers(committees: Collection[Committee]) -> QuerySet[Any]:
    """What these committees review, with how many members each has and what two people let pass."""
    let_pass = ReviewGap.objects.filter(
        application=OuterRef("pk"), plan__state=AssignmentPlan.State.CONFIRMED
    ).order_by("-plan__number")
    return Application.objects.filter(
        category__in=[c.category_id for c in committees], stage=Stage.QUALIFIED, released_at__isnull=False
    ).annotate(
        have=Count("sheets", filter=_counting(), distinct=True),
        passed=Subquery(let_pass.values("missing")[:1]),
    )


def missing_reviews(call: Call) -> dict[int, int]:
    """Application → how many members it still needs in the committees that score now."""
    committees = {c.category_id: c for c in by_assignment(call)}
    rows = _with_reviewers(committees.values()).values_list("pk", "category_id", "have")
    return {
        pk: n for pk, category, have in rows if (n := (committees[category].reviews_each or 0) - have) > 0
    }


def short_of_reviews(committee: Committee) -> int:
    """How many of its applications have too few members, beyond what two people let pass; 0 where all review all."""
    if committee.reviews_each is None:
        return 0
    rows = _with_reviewers([committee]).values_list("have", "passed")
    return sum(have + (passed or 0) < committee.reviews_each for have, passed in rows)


@dataclass(frozen=True)
class Member:
    """A member who may be assigned."""

    expert: int
    seat: int
    known: frozenset[str]


@dataclass(frozen=True)
class Pairing:
    """Everything that an assignment of a call is judged by, read in so many queries whatever the size."""

    committees: Mapping[int, Committee]  # category → committee
    members: Mapping[int, tuple[Member, ...]]  # category → members
    applications: Mapping[int, Application]
    away: frozenset[tuple[int, int]]  # (seat, application): recused or reviewing already
    times: Mapping[tuple[int, int], int]  # (expert, organisation) → scored in other calls
    busy: Mapping[int, int]  # expert → open sheets in other calls
    held: Mapping[int, int] = field(default_factory=dict)  # expert → applications in this call

    def able(self, application: Application) -> Iterator[tuple[Member, Suitability]]:
        """Who may review it, and how suitable they are."""
        category = self.committees[application.category_id].category.key
        for member in self.members.get(application.category_id, ()):
            if (member.seat, application.pk) not in self.away:
                yield member, self.suits(member, application, category)

    def suits(self, member: Member, application: Application, category: str) -> Suitability:
        """How suitable the member is."""
        return suitability(
            category,
            application.directions,
            member.known,
            times=self.times.get((member.expert, application.organisation_id), 0),
            busy=self.busy.get(member.expert, 0),
        )

    def room(self) -> dict[int, int]:
        """Expert → how many more: the lowest limit of their committees less what they have; all where there is none."""
        everything = len(self.applications) + 1
        most: dict[int, int] = {}
        for category, members in self.members.items():
            limit = self.committees[category].load_limit
            for m in members:
                left = everything if limit is None else max(0, limit - self.held.get(m.expert, 0))
                most[m.expert] = min(most.get(m.expert, everything), left)
        return most

    def demands(self, missing: Mapping[int, int]) -> list[Demand]:
        """As the solver takes them, in the order of their keys."""

        def choices(application: Application) -> Iterator[tuple[int, int]]:
            for member, found in self.able(application):
                yield member.expert, found.points

        return [
            Demand(
                pk,
                n,
                lambda a=self.applications[pk]: choices(a),  # type: ignore[misc]
                self.committees[self.applications[pk].category_id].category.key,
            )
            for pk, n in sorted(missing.items())
        ]


def pairing(call: Call, applications: Collection[int]) -> Pairing:
    """For these applications of the call. For actions."""
    committees = {c.category_id: c for c in by_assignment(call)}
    members: dict[int, list[Member]] = {}
    seats = Seat.objects.filter(committee__in=committees.values(), state=Seat.State.ACTIVE)
    for seat in seats.select_related("expert", "committee").order_by("pk"):
        member = Member(seat.expert_id, seat.pk, frozenset(seat.expert.directions))
        members.setdefault(seat.committee.category_id, []).append(member)
    experts = {m.expert for of in members.values() for m in of}
    rows = Application.objects.filter(pk__in=applications).only(
        "pk", "category_id", "directions", "organisation_id"
    )
    found = {a.pk: a for a in rows}
    away = set(
        Recusal.objects.filter(seat__committee__in=committees.values()).values_list(
            "seat_id", "application_id"
        )
    ) | set(
        ScoreSheet.objects.filter(seat__committee__in=committees.values()).values_list(
            "seat_id", "application_id"
        )
    )
    return Pairing(
        committees,
        {category: tuple(of) for category, of in members.items()},
        found,
        frozenset(away),
        _times(call, experts, {a.organisation_id for a in found.values()}),
        _busy(call, experts),
        held_by(call),
    )


def _times(
    call: Call, experts: Collection[int], organisations: Collection[int]
) -> dict[tuple[int, int], int]:
    since = clock.now() - dt.timedelta(days=365 * YEARS)
    rows = (
        ScoreSheet.objects.filter(
            state=ScoreSheet.State.SUBMITTED, submitted_at__gte=since, seat__expert__in=experts,
            application__organisation__in=organisations,
        )
        .exclude(application__call=call)
        .order_by()
        .values_list("seat__expert_id", "application__organisation_id")
        .annotate(n=Count("pk"))
    )  # fmt: skip
    return {(expert, organisation): n for expert, organisation, n in rows}


def _busy(call: Call, experts: Collection[int]) -> dict[int, int]:
    rows = (
        ScoreSheet.objects.filter(
            _counting(""), state=ScoreSheet.State.DRAFT, seat__expert__in=experts,
            seat__committee__closed_at__isnull=True, application__stage=Stage.QUALIFIED,
        )
        .exclude(application__call=call)
        .order_by()
        .values_list("seat__expert_id")
        .annotate(n=Count("pk"))
    )  # fmt: skip
    return dict(rows)


def held_by(call: Call) -> dict[int, int]:
    """Expert → applications that they review in the call's committees by assignment."""
    rows = (
        ScoreSheet.objects.filter(
            _counting(""), seat__committee__call=call, seat__committee__reviews_each__isnull=False,
            application__stage=Stage.QUALIFIED,
        )
        .order_by()
        .values_list("seat__expert_id")
        .annotate(n=Count("pk"))
    )  # fmt: skip
    return dict(rows)


def planned_loads(plan: AssignmentPlan) -> dict[int, int]:
    """Expert → applications that the plan gives them."""
    rows = plan.reviews.order_by().values_list("seat__expert_id").annotate(n=Count("pk"))
    return Counter(dict(rows))


def stale_pairs(plan: AssignmentPlan) -> QuerySet[PlannedReview]:
    """Pairs of a proposal that no longer hold: the member left, or is recused since."""
    recused = Recusal.objects.filter(seat=OuterRef("seat"), application=OuterRef("application"))
    return plan.reviews.filter(~Q(seat__state=Seat.State.ACTIVE) | Exists(recused))


def identities(plan: AssignmentPlan) -> set[str]:
    """The members of the call's committees as natural persons."""
    seats = Seat.objects.filter(committee__call=plan.call_id, expert__person__isnull=False)
    return set(seats.values_list("expert__person__identity", flat=True))
