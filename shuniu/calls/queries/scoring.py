"""Sheets, rankings and meetings, as those who ask may see them. Scores leave here after closing only (D4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from shuniu.calls import phases
from shuniu.calls.models import (
    Application,
    Attendance,
    Call,
    Committee,
    Material,
    Meeting,
    MeetingNote,
    Recusal,
    Reopening,
    RubricItem,
    ScoreDraft,
    ScoreSheet,
    Seat,
    SheetRecord,
    Stage,
    Submission,
    Vote,
    YearlyUndertaking,
)
from shuniu.calls.queries.panel import committees_visible_to, seats_of
from shuniu.calls.ranking import Place
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock


def _recused() -> Exists:
    return Exists(Recusal.objects.filter(seat=OuterRef("seat"), application=OuterRef("application")))


def sheets_of(who: Who, committee_id: int | None = None) -> QuerySet[ScoreSheet]:
    """The asker's own sheets whose applications still stand and are not recused. Nobody else's, ever."""
    seats = seats_of(who).filter(declared_at__isnull=False)
    if committee_id is not None:
        seats = seats.filter(committee_id=committee_id)
    return ScoreSheet.objects.filter(
        ~_recused(), seat__in=seats.values("pk"), application__stage__in=_SHOWN
    ).order_by("application_id")


# After the meeting the expert's own sheets stay readable, whatever the application became since.
_SHOWN = [
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
        .annotate(signed=Exists(signed), recused=_recused())
        .get(application_id=application_id, seat__expert__person=who.person)
    )


def rubric_of(call_id: int) -> dict[int, RubricItem]:
    """The score sheet's items in their order."""
    return {item.pk: item for item in RubricItem.objects.filter(call_id=call_id).order_by("order")}


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


def handed_in(application: Application) -> Handed:
    """The last submission as it was, and its files. The caller fetched the sheet through who asks."""
    last = Submission.objects.filter(application=application).order_by("-round").first()
    materials = Material.objects.filter(
        application=application, attachment__removed_at__isnull=True
    ).select_related("item", "attachment__blob")
    return Handed(last.snapshot if last else {}, last.arrived_at if last else None, list(materials))


def material_for(who: Who, committee_id: int, application_id: int, attachment_id: object) -> Material:
    """One file of an application in the asker's pile; Material.DoesNotExist through any other door."""
    return Material.objects.select_related("attachment__blob", "application").get(
        attachment_id=attachment_id,
        attachment__removed_at__isnull=True,
        application_id=application_id,
        application__in=sheets_of(who, committee_id).values("application_id"),
    )


def open_sheets(committee: Committee, seat: Seat | None = None) -> QuerySet[ScoreSheet]:
    """Sheets of active members that are still open: not recused, the application still under review."""
    rows = ScoreSheet.objects.filter(
        ~_recused(), seat__committee=committee, seat__state=Seat.State.ACTIVE, state=ScoreSheet.State.DRAFT,
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
        ~_recused(), seat__committee=committee, seat__state=Seat.State.ACTIVE,
        state=ScoreSheet.State.SUBMITTED, application_id__in=found,
    ).values_list("application_id", "total")  # fmt: skip
    for application_id, total in rows:
        if total is not None:
            found[application_id].append(total)
    return found


# --- the meeting ------------------------------------------------------------------------------------


def meeting_of(committee: Committee) -> Meeting | None:
    """The committee's meeting, when it has begun."""
    return (
        Meeting.objects.filter(committee=committee)
        .select_related("committee__call__union", "committee__category", "proposed_by", "closed_by", "paper")
        .first()
    )


@dataclass(frozen=True)
class Row:
    """One application in the ranking page."""

    application: Application
    place: Place
    sheets: list[ScoreSheet]
    votes: dict[str, int]
    mine: str
    notes: list[MeetingNote]
    inside: bool


def ranking_for(
    who: Who, committee: Committee, *, seat: Seat | None = None, cut_after: int | None = None
) -> list[Row]:
    """The ranking with every sheet behind it, once scoring is closed; [] before, whoever asks (D4).

    For an expert (`seat`) without the applications that they are recused from.
    """
    phase = phases.phase_of(committee, seat=seat)
    viewer = phases.EXPERT if seat is not None else phases.STAFF
    if not phases.sees(viewer, phase, phases.RANKING):
        return []
    if seat is None and not committees_visible_to(who).filter(pk=committee.pk).exists():
        return []
    rows = Application.objects.filter(call_id=committee.call_id, category_id=committee.category_id).filter(
        stage__in=_SHOWN, released_at__isnull=False
    )
    if seat is not None:
        rows = rows.exclude(recusals__seat=seat)
    counting = ScoreSheet.objects.filter(~_recused(), seat__state=Seat.State.ACTIVE)
    rows = (
        rows.select_related("organisation")
        .prefetch_related(
            Prefetch("sheets", counting.select_related("seat__expert").order_by("seat__position")),
            Prefetch("votes", Vote.objects.all(), to_attr="cast"),
            Prefetch("meeting_notes", MeetingNote.objects.select_related("by"), to_attr="said"),
        )
        .order_by(F("rank").asc(nulls_last=True), "pk")
    )
    return [_row(a, committee, seat, cut_after) for a in rows]


def _row(a: Application, committee: Committee, seat: Seat | None, cut_after: int | None) -> Row:
    sheets = list(a.sheets.all())
    totals = [s.total for s in sheets if s.state == ScoreSheet.State.SUBMITTED and s.total is not None]
    spread = max(totals) - min(totals) if totals else None
    cast: Sequence[Vote] = a.cast  # type: ignore[attr-defined]
    votes = {choice: sum(v.choice == choice for v in cast) for choice in ("for", "against", "abstain")}
    mine = next((v.choice for v in cast if seat is not None and v.seat_id == seat.pk), "")
    place = Place(a.pk, a.score, a.rank, len(totals), spread, False)
    inside = cut_after is not None and a.rank is not None and a.rank <= cut_after
    return Row(a, place, sheets, votes, mine, a.said, inside)  # type: ignore[attr-defined]


def attendances(meeting: Meeting) -> dict[int, dt.datetime]:
    """Seat → when its member signed in."""
    return dict(Attendance.objects.filter(meeting=meeting).values_list("seat_id", "at"))


def votes_for(meeting: Meeting) -> dict[int, dict[str, int]]:
    """Application → votes by choice."""
    found: dict[int, dict[str, int]] = {}
    rows = (
        Vote.objects.filter(meeting=meeting).values_list("application_id", "choice").annotate(n=Count("pk"))
    )
    for application_id, choice, n in rows:
        found.setdefault(application_id, {})[choice] = n
    return found


def may_vote_counts(meeting: Meeting) -> tuple[int, dict[int, int]]:
    """How many members are present, and per application how many of them are recused."""
    present = Attendance.objects.filter(meeting=meeting).values("seat_id")
    away = (
        Recusal.objects.filter(seat_id__in=present)
        .values_list("application_id")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return Attendance.objects.filter(meeting=meeting).count(), dict(away)


def reopenings_of(committee: Committee) -> list[Reopening]:
    """Requests to reopen, newest first."""
    rows = Reopening.objects.filter(committee=committee).select_related(
        "asked_by", "decided_by", "sheet__seat__expert", "sheet__application__organisation"
    )
    return list(rows.order_by("-id"))


def reopening_visible_to(who: Who, pk: int) -> Reopening:
    """One request of the asker's union; Reopening.DoesNotExist for strangers."""
    return Reopening.objects.select_related("committee__call__union", "sheet").get(
        pk=pk, committee__in=committees_visible_to(who).values("pk")
    )


def last_record(sheet: ScoreSheet) -> SheetRecord | None:
    """The sheet as it was handed in last."""
    rows = SheetRecord.objects.filter(sheet=sheet, kind__in=["submit", "abstain"]).select_related(
        "paper", "by"
    )
    return rows.order_by("-id").first()


def record_for(who: Who, application_id: int) -> SheetRecord:
    """The asker's own handed-in sheet; SheetRecord.DoesNotExist for everybody else and before handing in."""
    sheet = sheets_of(who).filter(application_id=application_id).first()
    record = last_record(sheet) if sheet is not None and sheet.state == ScoreSheet.State.SUBMITTED else None
    if record is None:
        raise SheetRecord.DoesNotExist
    return record


def records_for_staff(who: Who, committee: Committee) -> QuerySet[SheetRecord]:
    """Every handed-in sheet of a committee, for its union's staff, once scoring is closed (D4)."""
    visible = committees_visible_to(who).filter(pk=committee.pk, closed_at__isnull=False)
    return (
        SheetRecord.objects.filter(sheet__seat__committee__in=visible.values("pk"), kind="submit")
        .select_related("sheet__seat__expert", "sheet__application__organisation", "paper")
        .order_by("sheet__application_id", "sheet__seat__position", "id")
    )


def reviews_to_run(who: Who) -> QuerySet[Committee]:
    """The committees of the asker's union whose call runs, with what is open (for to-dos): counts only."""
    if who.union_id is None or who.role not in {"clerk", "checker", "leader"}:
        return Committee.objects.none()
    live = Q(seats__state__in=[Seat.State.INVITED, Seat.State.ACTIVE])
    return (
        committees_visible_to(who)
        .filter(call__state=Call.State.PUBLISHED)
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
            asked=Exists(Reopening.objects.filter(committee=OuterRef("pk"), granted__isnull=True)),
            open_left=Exists(
                ScoreSheet.objects.filter(
                    ~_recused(), seat__committee=OuterRef("pk"), seat__state=Seat.State.ACTIVE,
                    state=ScoreSheet.State.DRAFT, application__stage=Stage.QUALIFIED,
                )
            ),
            invited=Exists(Seat.objects.filter(committee=OuterRef("pk"), state=Seat.State.INVITED)),
        )
    )  # fmt: skip
