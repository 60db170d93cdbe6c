"""The expert's own sheet: saved field by field, handed in once, locked."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from shuniu.calls import counting, totals
from shuniu.calls.actions.clauses import REVIEW, require_under
from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.models import RubricItem, ScoreDraft, ScoreSheet, SheetRecord
from shuniu.calls.queries.panel import review_clause
from shuniu.calls.queries.scoring import points_of, rubric_of, sheet_for_writing, sheets_of
from shuniu.calls.rules import scoring as rules
from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.jobs import enqueue
from shuniu.foundation.journal import actions as journal

Points = Mapping[int, Decimal | None]


def _open(by: Who, application_id: int) -> ScoreSheet:
    """The locked sheet, when it may be written now."""
    sheet = sheet_for_writing(by, application_id)
    require_under(
        sheet.seat.committee.call,
        rules.may_score(
            by,
            sheet,
            signed=sheet.signed,  # type: ignore[attr-defined]
            recused=sheet.recused,  # type: ignore[attr-defined]
        ),
        *REVIEW,
    )
    return sheet


def _keep(sheet: ScoreSheet, items: dict[int, RubricItem], points: Points) -> None:
    require(rules.all_fit(items, points))
    if points:
        require(
            rules.within_count(points, counting.fixed([sheet.application_id]).get(sheet.application_id, {}))
        )
    if not points:
        return
    now = clock.now()
    with database_refusals():
        ScoreDraft.objects.bulk_create(
            [ScoreDraft(sheet=sheet, item_id=k, points=v, saved_at=now) for k, v in sorted(points.items())],
            update_conflicts=True,
            unique_fields=["sheet", "item"],
            update_fields=["points", "saved_at"],
        )


@transaction.atomic
def save_points(*, by: Who, application_id: int, points: Points, comment: str | None = None) -> ScoreSheet:
    """U34: keep what was typed so far; the same again changes nothing. Points by item, None empties one.

    A draft is not yet an act: the journal gets the sheet when it is handed in.
    """
    sheet = _open(by, application_id)
    _keep(sheet, rubric_of(sheet.seat.committee.call_id), points)
    if comment is not None and comment != sheet.comment:
        sheet.comment = comment
        with database_refusals():
            sheet.save(update_fields=["comment"])
    return sheet


def sealed(
    sheet: ScoreSheet, kind: str, scores: list[dict[str, Any]], total: Decimal | None, **more: Any
) -> SheetRecord:
    """A record of the sheet with its digest; not saved yet."""
    row = SheetRecord(sheet=sheet, kind=kind, scores=scores, total=total, nonce=secrets.token_hex(16), **more)
    row.digest = digest_of(row)
    return row


def digest_of(row: SheetRecord) -> str:
    """SHA-256 of what the record says, with its nonce: anybody who holds the record can recompute it."""
    body = {
        "seat": row.sheet.seat_id,
        "application": row.sheet.application_id,
        "kind": row.kind,
        "scores": row.scores,
        "total": None if row.total is None else f"{row.total:.2f}",
        "comment": row.comment,
        "reason": row.reason,
        "nonce": row.nonce,
    }
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def note_sheet(by: Who, row: SheetRecord, text: str) -> None:
    """Journal a record under its committee: the digest, never a score, nor in the application's timeline."""
    committee = row.sheet.seat.committee
    journal.record(
        by=by,
        verb=f"calls.sheet_{row.kind}",
        text=text,
        subject=row.sheet.seat,
        also=(committee,),
        clause=review_clause(committee.call),
        union_id=committee.call.union_id,
        facts={"application": row.sheet.application_id, "digest": row.digest},
    )


@transaction.atomic
def submit_sheet(
    *, by: Who, application_id: int, points: Points | None = None, comment: str | None = None
) -> SheetRecord:
    """第五条（四）, U35: hand the sheet in, signed under one's own log-in; from then on it is locked.

    `points` and `comment` are what a page without JavaScript brings along. Refused("calls.sheet_incomplete")
    names the items without points.
    """
    sheet = _open(by, application_id)
    items = rubric_of(sheet.seat.committee.call_id)
    _keep(sheet, items, points or {})
    if comment is not None:
        sheet.comment = comment
    given = points_of(sheet)
    require(rules.is_whole(items, given))
    require(
        rules.below_is_reasoned(
            given, counting.fixed([application_id]).get(application_id, {}), sheet.comment
        )
    )
    scores = [
        {"key": i.key, "label": i.label, "weight": i.weight, "points": f"{given[pk]:.1f}"}
        | ({} if i.kind == RubricItem.Kind.POINTS else {"kind": i.kind})
        for pk, i in items.items()
    ]
    total = totals.total_of(sheet.seat.committee.call, ((i, given[pk]) for pk, i in items.items()))
    sheet.state, sheet.total, sheet.submitted_at = ScoreSheet.State.SUBMITTED, total, clock.now()
    sheet.version += 1
    row = sealed(sheet, "submit", scores, total, comment=sheet.comment, by=by.person)
    with database_refusals():
        sheet.save()
        row.save(force_insert=True)
    note_sheet(by, row, f"专家 {sheet.seat.expert.number} 号提交评分表")
    enqueue("calls.sheet_paper", record_id=row.pk)
    return row


@transaction.atomic
def submit_all(*, by: Who, committee_id: int) -> int:
    """第五条（四）: hand in every own sheet that is whole; the number. The others stay open."""
    items = None
    done = 0
    for sheet in (
        sheets_of(by, committee_id).filter(state=ScoreSheet.State.DRAFT).select_related("seat__committee")
    ):
        items = items or rubric_of(sheet.seat.committee.call_id)
        if rules.is_whole(items, points_of(sheet)):
            submit_sheet(by=by, application_id=sheet.application_id)
            done += 1
    if not done:
        raise Refused(refuse("calls.nothing_whole"))
    return done


@transaction.atomic
def abstain(*, by: Who, application_id: int, reason: str) -> SheetRecord:
    """U34: 弃权 with a reason; such a sheet is not counted, and not as nought."""
    sheet = _open(by, application_id)
    if not reason.strip():
        raise Refused(refuse("calls.reason_needed"))
    sheet.state, sheet.total, sheet.submitted_at = ScoreSheet.State.ABSTAINED, None, clock.now()
    sheet.version += 1
    row = sealed(sheet, "abstain", [], None, reason=reason.strip(), by=by.person)
    with database_refusals():
        sheet.save()
        row.save(force_insert=True)
    note_sheet(by, row, f"专家 {sheet.seat.expert.number} 号对一家单位弃权")
    return row
