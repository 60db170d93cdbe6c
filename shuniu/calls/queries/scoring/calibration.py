"""How the experts of a committee scored, and what stands beside the raw scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from shuniu.calls import calibration, phases
from shuniu.calls.models import Application, Committee, ScoreSheet, Seat
from shuniu.calls.queries.scoring.meeting import counted_sheets, ranked_ids
from shuniu.foundation.access import Who

PAGE = 50


@dataclass(frozen=True)
class Row:
    """One application with its raw score and rank, as they count, and what stands beside them."""

    application: Application
    beside: calibration.Beside


@dataclass(frozen=True)
class Odd:
    """A sheet that lies off what its application and expert let expect."""

    seat: Seat
    application: Application
    unusual: calibration.Unusual


@dataclass(frozen=True)
class Calibrated:
    """What the page shows."""

    habits: list[tuple[Seat, calibration.Habit]]
    page: Page[Row]
    odd: list[Odd]
    groups: int


def calibrated(who: Who, committee: Committee, number: str = "") -> Calibrated | None:
    """For the union's staff once scoring is closed; None before (D4). The same queries whatever the size."""
    if not phases.sees(phases.STAFF, phases.phase_of(committee), phases.SCORES):
        return None
    ids = list(ranked_ids(who, committee))
    rows = counted_sheets(committee).filter(
        state=ScoreSheet.State.SUBMITTED, total__isnull=False, application__in=ids
    )
    sheets = [
        calibration.Sheet(seat, application, total)
        for seat, application, total in rows.values_list("seat_id", "application_id", "total")
        if total is not None
    ]
    found = calibration.report(
        sheets, ids, method=committee.calibration, way=committee.aggregation, digits=committee.digits
    )
    shown = Paginator(ids, PAGE).get_page(number)
    odd = found.unusual[:PAGE]
    named = _named([*shown.object_list, *(u.sheet.application for u in odd)])
    beside = {b.application: b for b in found.beside}
    page: Page[Row] = shown  # type: ignore[assignment]
    page.object_list = [Row(named[pk], beside[pk]) for pk in shown.object_list]
    seats = {s.pk: s for s in committee.seats.select_related("expert").order_by("position")}
    return Calibrated(
        sorted(((seats[h.expert], h) for h in found.habits), key=lambda pair: pair[0].position),
        page,
        [Odd(seats[u.sheet.expert], named[u.sheet.application], u) for u in odd],
        found.groups,
    )


def _named(ids: Sequence[int]) -> dict[int, Application]:
    rows = Application.objects.filter(pk__in=ids).select_related("organisation")
    unused = ("draft", "organisation__bigrams", "organisation__search_text")
    return {a.pk: a for a in rows.defer(*unused)}
