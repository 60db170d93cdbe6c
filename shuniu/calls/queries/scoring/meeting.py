"""Rankings, meetings, reopenings. Scores leave here after closing only (D4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    StdDev,
    Subquery,
    Value,
)  # fmt: skip
from django.db.models.functions import Cast, Concat, Round

from shuniu.calls import phases
from shuniu.calls.models import (
    Application,
    Attendance,
    Call,
    Committee,
    Meeting,
    MeetingNote,
    Recusal,
    ScoreSheet,
    Seat,
    SheetRecord,
    Stage,
    Vote,
)
from shuniu.calls.queries.panel import committees_visible_to, seats_of
from shuniu.calls.queries.scoring.sheets import SHOWN, recused, sheets_of
from shuniu.calls.ranking import Place
from shuniu.foundation.access import Who


def meeting_of(committee: Committee) -> Meeting | None:
    """The committee's meeting, when it has begun."""
    return _meetings().filter(committee=committee).first()


def own_meeting(who: Who, committee_id: int) -> Meeting | None:
    """The same for staff of the union that runs the call, with its committee, in one question."""
    return (
        _meetings()
        .filter(committee__in=committees_visible_to(who).order_by(), committee=committee_id)
        .first()
    )


def _meetings() -> QuerySet[Meeting]:
    return (
        Meeting.objects.select_related(
            "committee__call__union", "committee__call__document", "committee__category", "proposed_by",
            "closed_by", "paper",
        )
        .defer("committee__call__document__files")
        .prefetch_related("committee__call__terms")
    )  # fmt: skip


def meetings_to_attend(who: Who) -> QuerySet[Seat]:
    """The asker's seats whose meeting goes on, with `here`: whether they signed in."""
    signed = Attendance.objects.filter(meeting=OuterRef("committee__meeting"), seat=OuterRef("pk"))
    running = seats_of(who).filter(
        declared_at__isnull=False, committee__meeting__isnull=False, committee__meeting__proposed_at__isnull=True,
        committee__call__state=Call.State.PUBLISHED,
    )  # fmt: skip
    return running.annotate(here=Exists(signed))


@dataclass(frozen=True)
class Row:
    """One application in the ranking page."""

    application: Application
    place: Place
    sheets: list[ScoreSheet]
    votes: dict[str, int]
    mine: str
    notes: list[MeetingNote]
    side: str  # of the line: in | tied | out, "" where none is drawn


def ranked_applications(who: Who, committee_id: int) -> QuerySet[Application]:
    """The reviewed applications for the union's staff, once scoring is closed; nothing before (D4)."""
    closed = committees_visible_to(who).filter(pk=committee_id, closed_at__isnull=False)
    return Application.objects.filter(
        category__in=closed.values("category"), stage__in=SHOWN, released_at__isnull=False
    )


def _reviewed(committee: Committee) -> QuerySet[Application]:
    return Application.objects.filter(
        call_id=committee.call_id,
        category_id=committee.category_id,
        stage__in=SHOWN,
        released_at__isnull=False,
    )


def with_figures(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Number, highest, lowest and 标准差 of the sheets that count, and each by its expert's number, per application."""
    counting = Q(sheets__state=ScoreSheet.State.SUBMITTED, sheets__seat__state=Seat.State.ACTIVE) & ~Exists(
        Recusal.objects.filter(seat=OuterRef("sheets__seat"), application=OuterRef("pk"))
    )
    return rows.select_related("organisation").annotate(
        n_sheets=Count("sheets", filter=Q(counting)),
        high=Max("sheets__total", filter=Q(counting)),
        low=Min("sheets__total", filter=Q(counting)),
        deviation=Round(StdDev("sheets__total", filter=Q(counting)), 2),
        each=StringAgg(
            Concat(
                Cast("sheets__seat__expert__number", CharField()),
                Value(" 号 "),
                Cast("sheets__total", CharField()),
            ),
            "、",
            filter=Q(counting),
            order_by="sheets__seat__position",
        ),
    )


def ranked_ids(who: Who, committee: Committee, *, seat: Seat | None = None) -> QuerySet[Application, int]:
    """The applications of the ranking by rank, as staff or as the expert of `seat`; none before closing (D4).

    An expert does not find those from which they are recused.
    """
    viewer = phases.EXPERT if seat is not None else phases.STAFF
    seen = phases.sees(viewer, phases.phase_of(committee, seat=seat), phases.RANKING)
    rows = _reviewed(committee) if seen else Application.objects.none()
    if seat is not None:
        rows = rows.exclude(recusals__seat=seat)
    else:
        visible = committees_visible_to(who).filter(pk=committee.pk).order_by()
        rows = rows.filter(category__in=visible.values("category"))
    return rows.order_by(F("rank").asc(nulls_last=True), "pk").values_list("pk", flat=True)


def ranking_for(
    who: Who,
    committee: Committee,
    ids: Sequence[int],
    *,
    seat: Seat | None = None,
    sides: Mapping[int, str] | None = None,
) -> list[Row]:
    """One page of the ranking with every sheet, vote and note; `ids` come out of `ranked_ids`, `sides` of
    `line_of`."""
    counting = ScoreSheet.objects.filter(~recused(), seat__state=Seat.State.ACTIVE)
    rows = (
        Application.objects.filter(pk__in=ids)
        .select_related("organisation")
        .prefetch_related(
            Prefetch("sheets", counting.select_related("seat__expert").order_by("seat__position")),
            Prefetch("votes", Vote.objects.all(), to_attr="cast"),
            Prefetch("meeting_notes", MeetingNote.objects.select_related("by"), to_attr="said"),
        )
        .order_by(F("rank").asc(nulls_last=True), "pk")
    )
    return [_row(a, seat, (sides or {}).get(a.pk, "")) for a in rows]


def counted_sheets(committee: Committee) -> QuerySet[ScoreSheet]:
    """The sheets of the members who take part, without those from which they are recused. For papers."""
    return ScoreSheet.objects.filter(
        ~recused(), seat__committee=committee, seat__state=Seat.State.ACTIVE
    ).select_related("seat__expert")


def experts_of(committee: Committee) -> set[str]:
    """The members as natural persons."""
    seats = committee.seats.filter(state=Seat.State.ACTIVE, expert__person__isnull=False)
    return set(seats.values_list("expert__person__identity", flat=True))


def names_of(outcome: Sequence[dict[str, Any]]) -> dict[int, str]:
    """Application → organisation's name, for a result as it was proposed."""
    ids = [row["application"] for row in outcome]
    return dict(Application.objects.filter(pk__in=ids).values_list("pk", "organisation__name"))


def _row(a: Application, seat: Seat | None, side: str) -> Row:
    sheets = list(a.sheets.all())
    totals = [s.total for s in sheets if s.state == ScoreSheet.State.SUBMITTED and s.total is not None]
    spread = max(totals) - min(totals) if totals else None
    cast: Sequence[Vote] = a.cast  # type: ignore[attr-defined]
    votes = {choice: sum(v.choice == choice for v in cast) for choice in ("for", "against", "abstain")}
    mine = next((v.choice for v in cast if seat is not None and v.seat_id == seat.pk), "")
    place = Place(a.pk, a.score, a.rank, len(totals), spread, False)
    return Row(a, place, sheets, votes, mine, a.said, side)  # type: ignore[attr-defined]


def attendances(meeting: Meeting) -> dict[int, dt.datetime]:
    """Seat → when its member signed in."""
    return dict(Attendance.objects.filter(meeting=meeting).values_list("seat_id", "at"))


def seats_present(committee: Committee, meeting: Meeting) -> list[Seat]:
    """The members with `here`, when each signed in, and on how many of those under review each voted or need
    not; one query, their accounts included."""
    signed = Attendance.objects.filter(meeting=meeting, seat=OuterRef("pk")).values("at")
    voted = Q(votes__application__stage=Stage.QUALIFIED)
    away = Q(recusals__application__stage=Stage.QUALIFIED)
    return list(
        committee.seats.filter(state=Seat.State.ACTIVE)
        .select_related("expert__person")
        .annotate(
            here=Subquery(signed[:1]),
            done=Count("votes", filter=voted, distinct=True) + Count("recusals", filter=away, distinct=True),
        )
        .order_by("position")
    )


def votes_for(meeting: Meeting) -> dict[int, dict[str, int]]:
    """Application → votes by choice."""
    found: dict[int, dict[str, int]] = {}
    rows = (
        Vote.objects.filter(meeting=meeting).values_list("application_id", "choice").annotate(n=Count("pk"))
    )
    for application_id, choice, n in rows:
        found.setdefault(application_id, {})[choice] = n
    return found


@dataclass(frozen=True)
class Entitled:
    """How many members there are and are present; of each, how many are recused, by application."""

    members: int
    present: int
    recused: dict[int, int]
    recused_present: dict[int, int]

    def all_for(self, application: int) -> int:
        """The members who may vote on an application."""
        return self.members - self.recused.get(application, 0)

    def present_for(self, application: int) -> int:
        """Those of them who are present."""
        return self.present - self.recused_present.get(application, 0)


def entitled(meeting: Meeting) -> Entitled:
    """Who may vote in the meeting."""
    active = meeting.committee.seats.filter(state=Seat.State.ACTIVE)
    here = Attendance.objects.filter(meeting=meeting).values("seat_id")

    def away(seats: QuerySet[Any, Any]) -> dict[int, int]:
        rows = Recusal.objects.filter(seat_id__in=seats).values_list("application_id").annotate(n=Count("pk"))
        return dict(rows.order_by())

    return Entitled(
        active.count(),
        Attendance.objects.filter(meeting=meeting).count(),
        away(active.values("pk")),
        away(here),
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
