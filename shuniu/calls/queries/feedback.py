"""Feedback and improvements, by who asks; and what a draft of feedback is made of."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from shuniu.calls import feedback, self_assessment, terms
from shuniu.calls.models import (
    Application,
    Expert,
    Feedback,
    Improvement,
    ImprovementEvent,
    RubricItem,
    ScoreDraft,
    ScoreSheet,
    Seat,
    Stage,
    VisitMark,
)
from shuniu.calls.queries.call import law_of, stage_clause
from shuniu.calls.queries.scoring.sheets import recused
from shuniu.foundation.access import Who

OFFICE = ("clerk", "checker", "leader")
DECIDED = (Stage.SHORTLISTED, Stage.NOT_SHORTLISTED, Stage.RECOGNISED, Stage.REMOVED, Stage.UNQUALIFIED)


def applications_for_feedback(who: Who) -> QuerySet[Application]:
    """What was decided in the calls of the asker's union, for its office."""
    if who.union_id is None or who.role not in OFFICE:
        return Application.objects.none()
    return (
        Application.objects.filter(call__union_id=who.union_id, stage__in=DECIDED, released_at__isnull=False)
        .select_related("call__union", "call__document", "organisation", "category", "feedback")
        .defer("organisation__bigrams", "organisation__search_text", "call__frozen", "call__document__files")
    )


def own_feedback(who: Who) -> QuerySet[Feedback]:
    """What the asker's organisation was told."""
    return Feedback.objects.filter(
        application__organisation_id=who.organisation_id or 0, state=Feedback.State.RELEASED
    ).select_related("application__call__union", "application__category", "application__organisation")


def improvements_visible_to(who: Who) -> QuerySet[Improvement]:
    """An organisation's own; the office's of the union that looks again, and of the one that runs the call."""
    rows = Improvement.objects.select_related(
        "application__call__union", "application__organisation", "application__category", "union"
    ).defer(
        "application__draft",
        "application__call__frozen",
        "application__organisation__bigrams",
        "application__organisation__search_text",
    )
    if who.organisation_id is not None:
        return rows.filter(application__organisation_id=who.organisation_id)
    if who.union_id is None or who.role not in OFFICE:
        return rows.none()
    return rows.filter(Q(union_id=who.union_id) | Q(application__call__union_id=who.union_id))


def events_of(row: Improvement) -> list[ImprovementEvent]:
    """The way of an improvement, first to last."""
    return list(row.events.select_related("by").order_by("id"))


def last_report(row: Improvement) -> ImprovementEvent | None:
    """What the organisation said last."""
    return row.events.filter(kind=ImprovementEvent.Kind.REPORT).order_by("-id").first()


def earlier_of(organisation_id: int, *, but: int = 0) -> QuerySet[Improvement]:
    """Everything that an organisation has agreed to improve, newest first; without one application's own."""
    return (
        Improvement.objects.filter(application__organisation_id=organisation_id)
        .exclude(application=but)
        .exclude(state__in=(Improvement.State.PROPOSED, Improvement.State.DECLINED))
        .select_related("application__call", "union")
        .order_by("-created_at")
    )


def counted(application: Application) -> QuerySet[ScoreSheet]:
    """The sheets that count for an application."""
    return ScoreSheet.objects.filter(
        ~recused(), application=application, seat__state=Seat.State.ACTIVE, state=ScoreSheet.State.SUBMITTED
    )


def panel_of(application: Application) -> feedback.Panel:
    """The experts' scores together; nothing of any one of them."""
    sheets = counted(application)
    sums = dict(
        ScoreDraft.objects.filter(sheet__in=sheets.order_by().values("pk"))
        .values_list("item__key")
        .annotate(total=Sum("points"))
        .values_list("item__key", "total")
    )
    return feedback.Panel(sheets.count(), sums, application.score)


def content_of(application: Application, summary: str, comments: dict[str, str]) -> dict[str, Any]:
    """Everything that the applicant would read, in plain values: what release freezes."""
    call = application.call
    law = law_of(call)
    sheet = self_assessment.sheet_of(law) or next(iter(law.sheets), None)
    own = {row.item.key: row.points for row in self_assessment.rows(application)}
    marks = VisitMark.objects.filter(visit__application=application, visit__signed_at__isnull=False)
    given = list(marks.values_list("item__key", "item__kind", "points"))
    visit: dict[str, Decimal] = {key: points for key, _, points in given}
    known = [
        feedback.Known(i.key, i.label, Decimal(i.weight), own.get(i.key), visit.get(i.key))
        for i in RubricItem.objects.filter(call=call, use=RubricItem.Use.REVIEW).order_by("order")
    ]
    mode, panel = str(terms.value_of(call, terms.FEEDBACK)), panel_of(application)
    score = feedback.score_told(panel, mode)
    signed = sum((-p if kind == RubricItem.Kind.DEDUCTION else p for _, kind, p in given), Decimal(0))
    on_the_spot = max(signed, Decimal(0)) if given else None
    self_total = application.draft.get("self_total") or ""
    best = next(
        (t for t in (score, on_the_spot, Decimal(self_total) if self_total else None) if t is not None), None
    )
    told = feedback.rows(known, sheet, panel, mode, comments)
    return {
        "document": law.title,
        "clause": stage_clause(call, "review"),
        "rows": told,
        "scores": mode,
        "means": any(row["panel"] for row in told),
        "self_total": self_total,
        "visit_total": "" if on_the_spot is None else f"{on_the_spot.normalize():f}",
        "panel_total": "" if score is None else f"{score.normalize():f}",
        "levels": feedback.levels(law, sheet, best),
        "summary": summary.strip(),
    }


def remarks_on(application: Application) -> list[tuple[str, str]]:
    """What the experts wrote, by row ("" for the whole), without who wrote it: material for the office's own words."""
    sheets = counted(application)
    said = [("", text) for text in sheets.exclude(comment="").values_list("comment", flat=True)]
    reasons = ScoreDraft.objects.filter(sheet__in=sheets.order_by().values("pk")).exclude(reason="")
    said += list(reasons.values_list("item__label", "reason"))
    return sorted(set(said))


def expert_names(application: Application) -> set[str]:
    """The names that no feedback may contain."""
    seats = Seat.objects.filter(committee__call_id=application.call_id)
    return set(Expert.objects.filter(pk__in=seats.values("expert")).values_list("name", flat=True))


def counts_of(call_id: int) -> dict[str, int]:
    """Of a call: how many were decided, how many feedbacks wait for a second person, how many are out."""
    rows = Application.objects.filter(call=call_id, stage__in=DECIDED, released_at__isnull=False)
    return rows.aggregate(
        decided=Count("pk"),
        submitted=Count("pk", filter=Q(feedback__state=Feedback.State.SUBMITTED)),
        released=Count("pk", filter=Q(feedback__state=Feedback.State.RELEASED)),
    )


def scorers_of(application: Application) -> Iterable[Any]:
    """The people who gave points: on the spot, and as experts."""
    visit = getattr(application, "visit", None)
    if visit is not None:
        yield from (p for p in (visit.signed_by, visit.created_by) if p is not None)
    for sheet in counted(application).select_related("seat__expert__person"):
        if sheet.seat.expert.person is not None:
            yield sheet.seat.expert.person
