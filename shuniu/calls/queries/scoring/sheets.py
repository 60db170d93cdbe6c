"""Sheets as those who ask may see them: one's own, and counts of the others."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from shuniu.calls import phases, totals
from shuniu.calls.models import (
    Application,
    Committee,
    Evidence,
    Material,
    Meeting,
    Recusal,
    RubricItem,
    ScoreDraft,
    ScoreSheet,
    Seat,
    Stage,
    Submission,
    YearlyUndertaking,
)
from shuniu.calls.queries.panel import seats_of
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.files.models import Attachment


def recused() -> Exists:
    """On a sheet: its member is recused from its application."""
    return Exists(Recusal.objects.filter(seat=OuterRef("seat"), application=OuterRef("application")))


def sheets_of(who: Who, committee_id: int | None = None) -> QuerySet[ScoreSheet]:
    """The asker's own sheets whose applications still stand and are not recused. Nobody else's, ever."""
    seats = seats_of(who).filter(declared_at__isnull=False)
    if committee_id is not None:
        seats = seats.filter(committee_id=committee_id)
    return ScoreSheet.objects.filter(
        ~recused(), seat__in=seats.values("pk"), application__stage__in=SHOWN
    ).order_by("application_id")


# After the meeting the expert's own sheets stay readable, whatever the application became since.
SHOWN = [
    Stage.QUALIFIED, Stage.SHORTLISTED, Stage.NOT_SHORTLISTED, Stage.RECOGNISED, Stage.REMOVED,
]  # fmt: skip


def sheet_for_writing(who: Who, application_id: int) -> ScoreSheet:
    """The asker's sheet, locked, with `signed` and `recused` told in the same query.

    ScoreSheet.DoesNotExist for everybody else. One row whatever the size of the call.
    """
    signed = YearlyUndertaking.objects.filter(
        expert__person_id=OuterRef("seat__expert__person_id"),
        expert__union_id=OuterRef("seat__expert__union_id"),
        year=clock.today().year,
    )
    if who.person is None:
        raise ScoreSheet.DoesNotExist
    return (
        ScoreSheet.objects.select_for_update(of=("self",))
        .select_related("seat__expert", "seat__committee__call__union", "application__organisation")
        .annotate(signed=Exists(signed), recused=recused())
        .get(application_id=application_id, seat__expert__person=who.person)
    )


PILE_PAGE = 50
_UNUSED = ("application__organisation__bigrams", "application__organisation__search_text")


@dataclass(frozen=True)
class PilePage:
    """Some sheets of the asker's pile, with what the whole pile says."""

    page: Page[ScoreSheet]
    total: int
    left: int  # still open
    next: int | None  # the application whose sheet is the first open one

    @property
    def done(self) -> int:
        return self.total - self.left


def pile_page(who: Who, committee_id: int, number: str = "") -> PilePage:
    """The page of that number. Keys first, so that the rest of the pile is not read; always four queries."""
    rows = sheets_of(who, committee_id)
    page: Page[Any] = Paginator(rows.values_list("pk", flat=True), PILE_PAGE).get_page(number)
    ids = list(page.object_list)
    sheets = ScoreSheet.objects.filter(pk__in=ids).select_related("application__organisation")
    found = {s.pk: s for s in sheets.defer("application__draft", *_UNUSED)}
    page.object_list = [found[pk] for pk in ids if pk in found]
    waiting = rows.filter(state=ScoreSheet.State.DRAFT).aggregate(
        left=Count("pk"), next=Min("application_id")
    )
    return PilePage(page, page.paginator.count, waiting["left"], waiting["next"])


def rubric_of(call_id: int) -> dict[int, RubricItem]:
    """The score sheet's items in their order."""
    rows = RubricItem.objects.filter(call_id=call_id, use=RubricItem.Use.REVIEW)
    return {item.pk: item for item in rows.order_by("order")}


def rubric_for(who: Who, application_id: int) -> dict[int, RubricItem]:
    """The items of the asker's sheet for this application; {} when they have none."""
    if who.person is None:
        return {}
    rows = RubricItem.objects.filter(
        use=RubricItem.Use.REVIEW,
        call__applications=application_id,
        call__applications__sheets__seat__expert__person=who.person,
    )
    return {item.pk: item for item in rows.order_by("order")}


@dataclass(frozen=True)
class Ready:
    """A sheet that is open: its total so far and how many items lack points."""

    sheet: ScoreSheet
    total: Decimal
    left: int


def ready_to_hand_in(who: Who, seat: Seat, number: str = "") -> tuple[Page[Any], int]:
    """A page of the asker's open sheets as `Ready`, the whole ones first; and how many are whole."""
    call = seat.committee.call
    items = RubricItem.objects.filter(call=call, use=RubricItem.Use.REVIEW).count()
    # A sheet without any points has no row of drafts, and most of a fresh pile are such.
    filled = ScoreDraft.objects.filter(sheet=OuterRef("pk"), points__isnull=False).order_by().values("sheet")
    rows = (
        sheets_of(who, seat.committee_id)
        .filter(state=ScoreSheet.State.DRAFT)
        .annotate(filled=Coalesce(Subquery(filled.values(n=Count("pk"))), 0))
        .order_by(Case(When(filled__gte=items, then=0), default=1), "application_id")
    )
    page = Paginator(rows.values_list("pk", "filled"), PILE_PAGE).get_page(number)
    places = dict(page.object_list)
    whole = rows.filter(filled__gte=items).count()
    taken_off = When(points__item__kind=RubricItem.Kind.DEDUCTION, then=-F("points__points"))
    signed = Case(taken_off, default=F("points__points"))
    sheets = (
        ScoreSheet.objects.filter(pk__in=places)
        .select_related("application__organisation")
        .defer("application__draft", *_UNUSED)
        .annotate(sum=Sum(signed))
    )
    found = {s.pk: Ready(s, totals.bounded(call, s.sum or Decimal(0)), items - places[s.pk]) for s in sheets}
    shown: Page[Any] = page
    shown.object_list = [found[pk] for pk in places if pk in found]
    return shown, whole


def points_of(sheet: ScoreSheet) -> dict[int, Decimal | None]:
    """What the sheet holds so far, by item."""
    return dict(ScoreDraft.objects.filter(sheet=sheet).values_list("item_id", "points"))


@dataclass(frozen=True)
class Pile:
    """Where the expert is in their own pile: "12/45"."""

    number: int
    total: int
    done: int
    previous: int | None  # application ids
    next: int | None
    next_open: int | None


def place_in_pile(who: Who, sheet: ScoreSheet) -> Pile:
    """One query for the counts, one for the neighbours."""
    pile = sheets_of(who, sheet.seat.committee_id)
    here = sheet.application_id
    counts = pile.order_by().aggregate(
        number=Count("pk", filter=Q(application_id__lte=here)),
        total=Count("pk"),
        done=Count("pk", filter=~Q(state=ScoreSheet.State.DRAFT)),
    )
    before = (
        pile.filter(application_id__lt=here)
        .order_by("-application_id")
        .values_list("application_id", flat=True)
    )
    after = (
        pile.filter(application_id__gt=here)
        .order_by("application_id")
        .values_list("application_id", flat=True)
    )
    open_after = next_open(who, sheet.seat.committee_id, here)
    return Pile(counts["number"], counts["total"], counts["done"], before.first(), after.first(), open_after)


def next_open(who: Who, committee_id: int, after: int) -> int | None:
    """The next application whose sheet is open: after this one, else from the beginning."""
    waiting = sheets_of(who, committee_id).filter(state=ScoreSheet.State.DRAFT).exclude(application_id=after)
    ids = waiting.order_by("application_id").values_list("application_id", flat=True)
    following: int | None = ids.filter(application_id__gt=after).first()
    return following if following is not None else ids.first()


def pile_counts(who: Who) -> dict[int, tuple[int, int]]:
    """Committee → (sheets, still open) of the asker's piles where scoring runs."""
    rows = (
        sheets_of(who)
        .filter(application__stage=Stage.QUALIFIED, seat__committee__closed_at__isnull=True)
        .order_by()
        .values("seat__committee_id")
        .annotate(all=Count("pk"), left=Count("pk", filter=Q(state=ScoreSheet.State.DRAFT)))
    )
    return {row["seat__committee_id"]: (row["all"], row["left"]) for row in rows}


@dataclass(frozen=True)
class Handed:
    """What an application handed in, for reading beside the score sheet."""

    snapshot: dict[str, Any]
    at: dt.datetime | None
    materials: list[Material]
    proofs: list[Evidence] = field(default_factory=list)  # under the rows of the score sheet


def handed_in(application: Application) -> Handed:
    """The last submission as it was, and its files. The caller fetched the sheet through who asks."""
    last = Submission.objects.filter(application=application).order_by("-round").first()
    materials = Material.objects.filter(
        application=application, attachment__removed_at__isnull=True
    ).select_related("item", "attachment__blob")
    proofs = Evidence.objects.filter(
        application=application, attachment__removed_at__isnull=True
    ).select_related("attachment__blob")
    return Handed(
        last.snapshot if last else {}, last.arrived_at if last else None, list(materials), list(proofs)
    )


def materials_served(seat: Seat) -> bool:
    """Whether the expert may read what was handed in: from the declaration to the signing of the result (D4)."""
    signed = Meeting.objects.filter(committee_id=seat.committee_id, closed_at__isnull=False).exists()
    phase = phases.phase_of(seat.committee, seat=seat, signed=signed)
    return phases.sees(phases.EXPERT, phase, phases.MATERIALS)


def file_for(who: Who, committee_id: int, application_id: int, attachment_id: uuid.UUID) -> Attachment:
    """One file of an application in the asker's pile; Attachment.DoesNotExist through any other door."""
    own = {
        "attachment_id": attachment_id,
        "application_id": application_id,
        "application__in": sheets_of(who, committee_id).values("application_id"),
    }
    return Attachment.objects.select_related("blob").get(
        Exists(Material.objects.filter(**own)) | Exists(Evidence.objects.filter(**own)),
        pk=attachment_id, removed_at__isnull=True,
    )  # fmt: skip


def open_sheets(committee: Committee, seat: Seat | None = None) -> QuerySet[ScoreSheet]:
    """Sheets of active members that are still open: not recused, the application still under review."""
    rows = ScoreSheet.objects.filter(
        ~recused(), seat__committee=committee, seat__state=Seat.State.ACTIVE, state=ScoreSheet.State.DRAFT,
        application__stage=Stage.QUALIFIED,
    )  # fmt: skip
    return rows if seat is None else rows.filter(seat=seat)


def waiting_seats(committee: Committee) -> int:
    """Members who were drawn and have neither declared nor left."""
    return committee.seats.filter(state=Seat.State.INVITED).count()


def totals_of(committee: Committee) -> dict[int, list[Decimal]]:
    """Application → totals of the sheets that count: active members', submitted, not recused. For actions."""
    applications = Application.objects.filter(
        call_id=committee.call_id, category_id=committee.category_id, stage=Stage.QUALIFIED,
        released_at__isnull=False,
    ).values_list("pk", flat=True)  # fmt: skip
    found: dict[int, list[Decimal]] = {pk: [] for pk in applications}
    rows = ScoreSheet.objects.filter(
        ~recused(), seat__committee=committee, seat__state=Seat.State.ACTIVE,
        state=ScoreSheet.State.SUBMITTED, application_id__in=found,
    ).values_list("application_id", "total")  # fmt: skip
    for application_id, total in rows:
        if total is not None:
            found[application_id].append(total)
    return found
