"""The review of a call: committees, draws, declarations and closing by the actions, the sheets in bulk."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from benchmarks.volume.calling import CLOSED, DECLARED, MEETS, SCORED, SET_UP, ago
from benchmarks.volume.clock import stand_at
from benchmarks.volume.office import Office
from benchmarks.volume.rows import Row, copy, values
from shuniu.calls import demo_review
from shuniu.calls.actions import panel, scoring
from shuniu.calls.actions.scoring.sheets import digest_of
from shuniu.calls.models import (
    Application,
    Call,
    Committee,
    RubricItem,
    ScoreDraft,
    ScoreSheet,
    Seat,
    SheetRecord,
    Vote,
)
from shuniu.calls.queries.panel import review_clause, signed_this_year
from shuniu.calls.queries.scoring import rubric_of
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.chain import key
from shuniu.foundation.journal.models import Entry

REVIEWS = 3  # sheets handed in for each application


@dataclass
class _Sheet:
    row: ScoreSheet
    seat: Seat
    points: dict[int, Decimal]
    at: dt.datetime

    @property
    def total(self) -> Decimal:
        return sum(self.points.values(), Decimal(0))


def review(office: Office, call: Call, *, open_category: str) -> list[Committee]:
    """Every application gets three sheets; all committees but that of `open_category` close and meet.

    The open committee has one member more, whose sheets are still to be filled in.
    """
    clerk = office.who("clerk")
    stand_at(ago(SET_UP), 9)
    committees = [
        panel.establish(by=clerk, category_id=category.pk)
        for category in call.categories.order_by("order")
        if Application.objects.filter(category=category).exists()
    ]
    for committee in committees:
        demo_review.hold_draw(committee, clerk=clerk, second=office.who("auditor"))
        panel.open_scoring(by=clerk, committee_id=committee.pk)
    stand_at(ago(DECLARED), 10)
    for committee in committees:
        demo_review.declare_all(committee)
    stand_at(ago(SCORED), 10)
    for committee in committees:
        _hand_in(committee, keep_open=committee.category.key == open_category)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    stand_at(ago(CLOSED), 9)
    closing = [c for c in committees if c.category.key != open_category]
    for committee in closing:
        scoring.close_scoring(by=clerk, committee_id=committee.pk)
    stand_at(ago(MEETS), 14)
    for committee in closing:
        _meet(office, committee)
    return committees


def sign_again(committees: Sequence[Committee]) -> None:
    """At the turn of a year the members of open committees sign the new year's undertaking."""
    for committee in committees:
        for seat in committee.seats.filter(state=Seat.State.ACTIVE).select_related(
            "expert__person", "expert__union"
        ):
            who = demo_review.as_expert(seat.expert)
            if not signed_this_year(who):
                panel.sign_undertaking(by=who)


def _hand_in(committee: Committee, *, keep_open: bool) -> None:
    items = rubric_of(committee.call_id)
    seats = list(
        committee.seats.filter(state=Seat.State.ACTIVE)
        .select_related("expert__person", "committee__call__union")
        .order_by("position")
    )
    scoring_seats = seats[:REVIEWS] if keep_open else seats
    for seat in scoring_seats:
        rows = [_sheet(row, seat, items) for row in seat.sheets.select_related("application")]
        copy(ScoreDraft, (row for sheet in rows for row in _points(sheet)))
        copy(SheetRecord, (_record(sheet, items) for sheet in rows))
        _lock(rows)
        copy(Entry, _entries(seat, rows))


def _sheet(row: ScoreSheet, seat: Seat, items: dict[int, RubricItem]) -> _Sheet:
    points = {pk: demo_review.usual_marks(seat.expert, row.application, i) for pk, i in items.items()}
    row.seat, row.total, row.comment = seat, sum(points.values(), Decimal(0)), "材料齐全，方案可行。"
    return _Sheet(row, seat, points, clock.now())


def _points(sheet: _Sheet) -> Iterator[Row]:
    for item_id, points in sheet.points.items():
        yield {
            "sheet_id": sheet.row.pk,
            "item_id": item_id,
            "points": points,
            "reason": "",
            "saved_at": sheet.at,
        }


def _record(sheet: _Sheet, items: dict[int, RubricItem]) -> Row:
    scores = [
        {"key": i.key, "label": i.label, "weight": i.weight, "points": f"{sheet.points[pk]:.1f}"}
        for pk, i in items.items()
    ]
    record = SheetRecord(
        sheet=sheet.row, kind="submit", scores=scores, total=sheet.total, nonce=secrets.token_hex(16),
        comment=sheet.row.comment, by=sheet.seat.expert.person,
    )  # fmt: skip
    record.digest = digest_of(record)
    return values(record) | {"at": sheet.at}


def _lock(rows: Sequence[_Sheet]) -> None:
    """Hand the sheets in: one statement, under the same triggers as a single one."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE IF NOT EXISTS handed_in (id bigint, total numeric, at timestamptz)")
        cursor.execute("DELETE FROM handed_in")
        with cursor.copy("COPY handed_in (id, total, at) FROM STDIN") as writer:
            for sheet in rows:
                writer.write_row([sheet.row.pk, sheet.total, sheet.at])
        cursor.execute(
            "UPDATE calls_scoresheet s SET state = 'submitted', total = h.total, submitted_at = h.at,"
            " comment = %s, version = version + 1 FROM handed_in h WHERE h.id = s.id",
            [rows[0].row.comment if rows else ""],
        )


def _entries(seat: Seat, rows: Sequence[_Sheet]) -> Iterator[Row]:
    """As `note_sheet` writes them: the digest stays in the record, never a score."""
    call = seat.committee.call
    clause = review_clause(call)
    person = seat.expert.person
    for sheet in rows:
        entry = Entry(
            person_id=person.pk if person else None, person_name=str(person), role="评审专家",
            behalf=call.union.name, union_id=call.union_id, verb="calls.sheet_submit",
            text=f"专家 {seat.expert.number} 号提交评分表", clause=clause, subject=key(seat),
            subject_label=str(seat)[:200], about=[key(seat), key(seat.committee)],
            facts={"application": sheet.row.application_id},
        )  # fmt: skip
        yield values(entry)


def _meet(office: Office, committee: Committee) -> None:
    """Everybody signs in and votes for the upper half."""
    clerk = office.who("clerk")
    meeting = scoring.open_meeting(by=clerk, committee_id=committee.pk, place="市总工会三楼会议室")
    half = [r["application"] for r in meeting.ranking[: max(1, len(meeting.ranking) // 2)]]
    for seat in committee.seats.filter(state=Seat.State.ACTIVE):
        scoring.attend(by=clerk, committee_id=committee.pk, seat_id=seat.pk)
        copy(
            Vote,
            (
                {"meeting_id": meeting.pk, "application_id": pk, "seat_id": seat.pk, "choice": "for"}
                for pk in half
            ),
        )
