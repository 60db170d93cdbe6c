"""What the office of a review has open: committees with their state, requests to score again. Never a score."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from shuniu.calls.models import Call, Committee, Meeting, Reopening, ScoreSheet, Seat, Stage
from shuniu.calls.queries.panel import committees_visible_to
from shuniu.calls.queries.scoring.sheets import recused
from shuniu.foundation.access import Who


def reopenings_visible_to(who: Who) -> QuerySet[Reopening]:
    """Requests to reopen in the asker's union, newest first; nothing for strangers."""
    return (
        Reopening.objects.filter(committee__in=committees_visible_to(who).order_by().values("pk"))
        .select_related(
            "committee__call__union", "committee__category", "asked_by", "decided_by",
            "sheet__seat__expert", "sheet__application__organisation",
        )
        .defer("committee__call__frozen", "sheet__application__draft")
        .order_by("-id")
    )  # fmt: skip


def reopenings_of(who: Who, committee: Committee) -> list[Reopening]:
    """Those of one committee."""
    return list(reopenings_visible_to(who).filter(committee=committee))


def reopenings_to_decide(who: Who) -> QuerySet[Reopening]:
    """Open requests of running calls that somebody else than the asker made."""
    rows = reopenings_visible_to(who).filter(
        granted__isnull=True, committee__call__state=Call.State.PUBLISHED
    )
    return rows.exclude(asked_identity=who.person.identity) if who.person else rows.none()


def results_to_sign(who: Who) -> QuerySet[Meeting]:
    """Proposed outcomes of running calls that wait for a second person, with no more than a to-do says."""
    return (
        Meeting.objects.filter(
            committee__in=committees_visible_to(who).order_by().values("pk"),
            committee__call__state=Call.State.PUBLISHED, proposed_at__isnull=False, closed_at__isnull=True,
        )
        .select_related("committee__call", "committee__category")
        .only("version", "committee__call__title", "committee__category__label")
        .order_by("committee_id")
    )  # fmt: skip


def reviews_to_run(who: Who) -> QuerySet[Committee]:
    """`committees_with_state` of running calls (for to-dos)."""
    return committees_with_state(who).filter(call__state=Call.State.PUBLISHED)


def committees_with_state(who: Who) -> QuerySet[Committee]:
    """The committees of the asker's union with what is open in each: counts only, never scores."""
    live = Q(seats__state__in=[Seat.State.INVITED, Seat.State.ACTIVE])
    return (
        committees_visible_to(who)
        .annotate(
            live=Count("seats", filter=live, distinct=True),
            recusals=Count("seats__recusals", distinct=True),
            began=Exists(Meeting.objects.filter(committee=OuterRef("pk"))),
            proposed=Exists(
                Meeting.objects.filter(
                    committee=OuterRef("pk"), proposed_at__isnull=False, closed_at__isnull=True
                )
            ),
            over=Exists(Meeting.objects.filter(committee=OuterRef("pk"), closed_at__isnull=False)),
            round=Subquery(Meeting.objects.filter(committee=OuterRef("pk")).values("version")[:1]),
            open_left=Exists(
                ScoreSheet.objects.filter(
                    ~recused(), seat__committee=OuterRef("pk"), seat__state=Seat.State.ACTIVE,
                    state=ScoreSheet.State.DRAFT, application__stage=Stage.QUALIFIED,
                )
            ),
            invited=Exists(Seat.objects.filter(committee=OuterRef("pk"), state=Seat.State.INVITED)),
        )
    )  # fmt: skip
