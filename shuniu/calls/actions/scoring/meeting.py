"""集中评审会议: attendance, discussion, votes, minutes, the line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import F

from shuniu.calls import ranking
from shuniu.calls.actions.panel.draws import lock_committee, person_of
from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.actions.scoring.closing import as_rows, digest_of_ranking
from shuniu.calls.models import Application, Attendance, Meeting, MeetingNote, Seat, Vote
from shuniu.calls.queries.panel import review_clause, under_review
from shuniu.calls.queries.scoring import totals_of
from shuniu.calls.rules import scoring as rules
from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell


def lock_meeting(committee_id: int) -> Meeting:
    """The meeting, locked for this transaction; Meeting.DoesNotExist before it begins."""
    return (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("committee__call__union", "committee__call__document", "committee__category")
        .get(committee_id=committee_id)
    )


def note_meeting(by: Who, meeting: Meeting, verb: str, text: str, **facts: object) -> None:
    """Journal an act of the meeting under its committee and call."""
    committee = meeting.committee
    journal.record(
        by=by,
        verb=f"calls.{verb}",
        text=text,
        subject=meeting,
        also=(committee, committee.call),
        clause=review_clause(committee.call),
        facts=dict(facts),
        union_id=committee.call.union_id,
    )


@transaction.atomic
def open_meeting(*, by: Who, committee_id: int, place: str = "") -> Meeting:
    """第五条（四） 集中评审: it begins with the ranking as scoring left it, frozen with its digest."""
    committee = lock_committee(committee_id)
    begun = Meeting.objects.filter(committee=committee).exists()
    require(rules.may_open_meeting(by, committee, begun=begun))
    rows = as_rows(ranking.ranked(totals_of(committee), committee.aggregation, committee.digits))
    active = committee.seats.filter(state=Seat.State.ACTIVE).select_related("expert__person")
    with database_refusals("calls.meeting_exists"):
        meeting = Meeting.objects.create(
            committee=committee,
            place=place.strip(),
            opened_by=person_of(by),
            ranking=rows,
            ranking_digest=digest_of_ranking(rows),
            expected=active.count(),
            cut_after=_by_places(committee.category.places, len(rows)),
        )
    note_meeting(
        by, meeting, "open_meeting", f"{committee.category}集中评审会议开始", ranking=meeting.ranking_digest
    )
    tell(
        [s.expert.person for s in active if s.expert.person is not None],
        title=f"集中评审会议：{committee.category.label}",
        body="请签到，参加讨论和表决。",
        kind="calls.review",
        url=f"/review/{committee.pk}/meeting/",
        effect_key=f"calls.meeting:{meeting.pk}",
    )
    return meeting


def _by_places(places: int | None, n: int) -> int | None:
    return None if places is None else min(places, n)


@transaction.atomic
def attend(*, by: Who, committee_id: int, seat_id: int) -> Attendance:
    """D8: 签到, by the member or by the clerk at the door."""
    meeting = lock_meeting(committee_id)
    seat = Seat.objects.select_related("expert", "committee__call").get(pk=seat_id, committee_id=committee_id)
    require(rules.may_attend(by, meeting, seat))
    with database_refusals("calls.attended"):
        row = Attendance.objects.create(meeting=meeting, seat=seat)
    meeting.present = F("present") + 1
    meeting.save(update_fields=["present"])
    note_meeting(by, meeting, "attend", f"专家 {seat.expert.number} 号签到", seat=seat.pk)
    return row


@transaction.atomic
def note(*, by: Who, committee_id: int, application_id: int, text: str) -> MeetingNote:
    """D8: what was said about an application, taken down by the clerk."""
    meeting = lock_meeting(committee_id)
    require(rules.may_lead(by, meeting))
    if not text.strip():
        raise Refused(refuse("calls.reason_needed"))
    application = under_review(meeting.committee).get(pk=application_id)
    row = MeetingNote.objects.create(
        meeting=meeting, application=application, text=text.strip(), by=person_of(by)
    )
    note_meeting(by, meeting, "meeting_note", "记录讨论意见", application=application_id)
    return row


@transaction.atomic
def vote(*, by: Who, committee_id: int, choices: Mapping[int, str]) -> int:
    """第五条（四）: a present member votes (application → for, against, abstain), once each."""
    meeting = Meeting.objects.select_related("committee__call__union", "committee__category").get(
        committee_id=committee_id
    )
    seat = Seat.objects.select_related("expert", "committee__call").get(
        committee_id=committee_id, expert__person=by.person
    )
    present = Attendance.objects.filter(meeting=meeting, seat=seat).exists()
    require(rules.may_vote(by, meeting, seat, present=present))
    if set(choices.values()) - set(rules.CHOICES):
        raise Refused(refuse("calls.vote_choice"))
    open_ones = under_review(meeting.committee).exclude(recusals__seat=seat).select_related("organisation")
    known: dict[int, Application] = {a.pk: a for a in open_ones}
    if set(choices) - set(known):
        raise Refused(refuse("calls.vote_unknown"))
    done = set(Vote.objects.filter(meeting=meeting, seat=seat).values_list("application_id", flat=True))
    if twice := sorted(set(choices) & done):
        raise Refused(refuse("calls.voted", name=known[twice[0]].organisation.name))
    with database_refusals():
        Vote.objects.bulk_create(
            Vote(meeting=meeting, application_id=k, seat=seat, choice=v) for k, v in sorted(choices.items())
        )
    note_meeting(by, meeting, "vote", f"专家 {seat.expert.number} 号表决 {len(choices)} 家", n=len(choices))
    return len(choices)


@transaction.atomic
def mark_unvoted(*, by: Who, committee_id: int, seat_id: int, reason: str) -> int:
    """本办法未规定: who signed in and left without voting counts as 弃权, with a reason; how many votes."""
    meeting = lock_meeting(committee_id)
    require(rules.may_lead(by, meeting))
    seat = Seat.objects.select_related("expert__person").get(pk=seat_id, committee_id=committee_id)
    if not reason.strip():
        raise Refused(refuse("calls.reason_needed"))
    left = (
        under_review(meeting.committee)
        .exclude(recusals__seat=seat)
        .exclude(votes__seat=seat)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    rows = [Vote(meeting=meeting, application_id=pk, seat=seat, choice="abstain") for pk in left]
    if not rows or not Attendance.objects.filter(meeting=meeting, seat=seat).exists():
        raise Refused(refuse("calls.unvoted_none"))
    with database_refusals():
        Vote.objects.bulk_create(rows)
    text = f"专家 {seat.expert.number} 号没有表决，{len(rows)} 家按弃权计：{reason.strip()}"
    note_meeting(by, meeting, "mark_unvoted", text, seat=seat.pk, n=len(rows))
    if seat.expert.person is not None:
        tell(
            [seat.expert.person],
            title=f"没有表决，按弃权计：{meeting.committee.category.label}",
            body=f"{len(rows)} 家。理由：{reason.strip()}",
            kind="calls.unvoted",
            url="/review/",
        )
    return len(rows)


@transaction.atomic
def settle(
    *,
    by: Who,
    committee_id: int,
    version: int,
    minutes: str,
    cut_after: int | None,
    cut_reason: str = "",
    tie_reason: str = "",
    tie_picks: Sequence[int] = (),
    place: str = "",
) -> Meeting:
    """D8: keep minutes, line and tie; Refused("calls.conflict") for a stale version."""
    meeting = lock_meeting(committee_id)
    require(rules.may_lead(by, meeting))
    if meeting.version != version:
        raise Refused(refuse("calls.conflict"))
    before = meeting.cut_after
    meeting.minutes, meeting.cut_after, meeting.cut_reason = minutes.strip(), cut_after, cut_reason.strip()
    meeting.tie_reason, meeting.tie_picks = tie_reason.strip(), sorted(set(tie_picks))
    meeting.place = place.strip() or meeting.place
    meeting.version += 1
    with database_refusals():
        meeting.save()
    note_meeting(
        by,
        meeting,
        "settle",
        "保存会议纪要和划线",
        before=before,
        cut_after=cut_after,
        picks=meeting.tie_picks,
    )
    return meeting
