"""Scoring closes once, with every sheet in or accounted for; it opens again by two people only."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from django.db import transaction
from django.db.models import Q

from shuniu.calls import ranking
from shuniu.calls.actions.clauses import REVIEW, require_under
from shuniu.calls.actions.panel.draws import lock_committee, person_of
from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.actions.scoring.sheets import note_sheet, sealed
from shuniu.calls.models import Application, Committee, Meeting, Reopening, ScoreSheet, Seat
from shuniu.calls.queries.assignment import short_of_reviews
from shuniu.calls.queries.panel import review_clause
from shuniu.calls.queries.scoring import open_sheets, totals_of, waiting_seats
from shuniu.calls.rules import scoring as rules
from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.unions.queries import people_with


@transaction.atomic
def mark_missing(*, by: Who, seat_id: int, reason: str) -> int:
    """D5: record an expert's open sheets as 未评分 with a reason; they count for nothing, not as nought."""
    seat = (
        Seat.objects.select_related("committee__call__union", "committee__category", "expert__person")
        .select_for_update(of=("self",))
        .get(pk=seat_id)
    )
    rows = list(open_sheets(seat.committee, seat).select_for_update(of=("self",)).order_by("pk"))
    require_under(seat.committee.call, rules.may_mark_missing(by, seat, open_sheets=len(rows)), *REVIEW)
    if not reason.strip():
        raise Refused(refuse("calls.reason_needed"))
    for sheet in rows:
        sheet.seat = seat
        sheet.state = ScoreSheet.State.MISSING
        record = sealed(sheet, "missing", [], None, reason=reason.strip(), by=person_of(by))
        with database_refusals():
            sheet.save(update_fields=["state"])
            record.save(force_insert=True)
    journal.record(
        by=by,
        verb="calls.mark_missing",
        subject=seat,
        also=(seat.committee, seat.committee.call),
        text=f"专家 {seat.expert.number} 号 {len(rows)} 份评分表记为未评分：{reason.strip()}",
        clause=review_clause(seat.committee.call),
        facts={"sheets": len(rows)},
        union_id=seat.committee.call.union_id,
    )
    if seat.expert.person is not None:
        tell(
            [seat.expert.person],
            title=f"评分表记为未评分：{seat.committee.category.label}",
            body=f"{len(rows)} 份到期没有提交，不计入得分。理由：{reason.strip()}",
            kind="calls.missing",
            url="/review/",
        )
    return len(rows)


def digest_of_ranking(rows: list[dict[str, object]]) -> str:
    """SHA-256 of the frozen ranking."""
    text = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def close_scoring(*, by: Who, committee_id: int) -> Committee:
    """第五条（四）: end scoring; scores in the way that was fixed at the opening, and the ranking.

    Waits for scores that are just being saved; whatever comes later is refused by the database.
    """
    committee = lock_committee(committee_id)
    left = open_sheets(committee).count()
    require_under(
        committee.call,
        rules.may_close(
            by, committee, open_sheets=left + waiting_seats(committee), short=short_of_reviews(committee)
        ),
        *REVIEW,
    )
    committee.closed_at = clock.now()
    with database_refusals():
        committee.save()
    places = ranking.ranked(totals_of(committee), committee.aggregation, committee.digits)
    rows = {a.pk: a for a in Application.objects.filter(pk__in=[p.application for p in places])}
    for place in places:
        rows[place.application].score, rows[place.application].rank = place.score, place.rank
    Application.objects.bulk_update(rows.values(), ["score", "rank"], batch_size=500)
    journal.record(
        by=by,
        verb="calls.close_scoring",
        text=f"{committee.category}结束评分，{len(places)} 家单位",
        subject=committee,
        also=(committee.call,),
        clause=review_clause(committee.call),
        facts={"applications": len(places), "ranking": digest_of_ranking(as_rows(places))},
        union_id=committee.call.union_id,
    )
    return committee


def as_rows(places: list[ranking.Place]) -> list[dict[str, object]]:
    """The ranking in plain values, as it is frozen."""
    return [
        asdict(p)
        | {
            "score": None if p.score is None else str(p.score),
            "spread": None if p.spread is None else str(p.spread),
        }
        for p in places
    ]


@transaction.atomic
def ask_reopening(*, by: Who, committee_id: int, reason: str, sheet_id: int | None = None) -> Reopening:
    """U35, D4: ask for a sheet (without one: the committee's scoring) to be opened again, with a reason."""
    committee = lock_committee(committee_id)
    sheet = None
    if sheet_id is not None:
        sheet = ScoreSheet.objects.select_related("seat", "application").get(
            pk=sheet_id, seat__committee=committee
        )
    begun = Meeting.objects.filter(committee=committee).exists()
    require(rules.may_ask_reopening(by, committee, sheet, begun=begun))
    if not reason.strip():
        raise Refused(refuse("calls.reason_needed"))
    person = person_of(by)
    with database_refusals("calls.reopen_pending"):
        row = Reopening.objects.create(
            committee=committee,
            sheet=sheet,
            reason=reason.strip(),
            asked_by=person,
            asked_identity=person.identity,
        )
    what = "一份评分表" if sheet else "评分"
    journal.record(
        by=by,
        verb="calls.ask_reopening",
        text=f"申请重新开放{what}：{row.reason}",
        subject=committee,
        also=(committee.call, row),
        facts={"sheet": sheet_id},
        union_id=committee.call.union_id,
    )
    tell(
        people_with(committee.call.union_id, *rules.APPROVERS).exclude(identity=person.identity),
        title=f"待批准：重新开放{what}",
        body=row.reason,
        kind="calls.panel",
        url=f"/calls/panels/{committee.pk}/reopen/{row.pk}/",
        effect_key=f"calls.reopening:{row.pk}",
    )
    return row


@transaction.atomic
def decide_reopening(*, by: Who, reopening_id: int, granted: bool, answer: str = "") -> Reopening:
    """U35: a second person grants or refuses. The old record stays; a new one follows."""
    found = Reopening.objects.values_list("committee_id", flat=True).get(pk=reopening_id)
    committee = lock_committee(found)
    row = Reopening.objects.select_for_update(of=("self",)).get(pk=reopening_id)
    row.committee = committee
    begun = Meeting.objects.filter(committee=committee).exists()
    require_under(committee.call, rules.may_decide_reopening(by, row, begun=begun), *REVIEW)
    if not granted and not answer.strip():
        raise Refused(refuse("calls.reason_needed"))
    person = person_of(by)
    row.decided_by, row.decided_identity, row.decided_at = person, person.identity, clock.now()
    row.granted, row.answer = granted, answer.strip()
    row.save()
    word = "批准" if granted else "不批准"
    journal.record(
        by=by,
        verb="calls.decide_reopening",
        text=f"{word}重新开放：{row.answer or row.reason}",
        subject=committee,
        also=(committee.call, row),
        facts={"granted": granted},
        union_id=committee.call.union_id,
    )
    if granted and row.sheet_id is None:
        committee.closed_at = None
        with database_refusals():
            committee.save()
        Application.objects.filter(
            Q(score__isnull=False) | Q(rank__isnull=False),
            call_id=committee.call_id,
            category_id=committee.category_id,
        ).update(score=None, rank=None)
    elif granted:
        _open_again(by, row)
    return row


def _open_again(by: Who, row: Reopening) -> None:
    assert row.sheet_id is not None
    sheet = (
        ScoreSheet.objects.select_for_update(of=("self",))
        .select_related("seat__expert__person")
        .get(pk=row.sheet_id)
    )
    sheet.seat.committee = row.committee
    sheet.state, sheet.total, sheet.submitted_at = ScoreSheet.State.DRAFT, None, None
    sheet.version += 1
    record = sealed(sheet, "reopen", [], None, reason=row.reason, by=row.asked_by)
    with database_refusals():
        sheet.save()
        record.save(force_insert=True)
    note_sheet(by, record, f"专家 {sheet.seat.expert.number} 号的一份评分表重新开放")
    if sheet.seat.expert.person is not None:
        tell(
            [sheet.seat.expert.person],
            title="一份评分表已重新开放，请核对后再提交",
            body=row.reason,
            kind="calls.review",
            url=f"/review/{row.committee_id}/{sheet.application_id}/",
            effect_key=f"calls.reopened:{row.pk}",
        )
