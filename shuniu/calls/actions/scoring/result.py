"""The meeting's result: proposed by the clerk, signed by a second person, one decision per application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from shuniu import policy
from shuniu.calls import ranking
from shuniu.calls.actions import stages
from shuniu.calls.actions.clauses import REVIEW, require_under
from shuniu.calls.actions.panel.draws import person_of
from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.actions.scoring.closing import digest_of_ranking
from shuniu.calls.actions.scoring.meeting import lock_meeting, note_meeting
from shuniu.calls.actions.scoring.papers import minutes_paper
from shuniu.calls.models import Application, Meeting, Stage
from shuniu.calls.queries.panel import review_clause
from shuniu.calls.queries.scoring import (
    barred,
    entitled,
    experts_of,
    has_changed,
    needs_votes,
    over_quota,
    pass_mark,
    remaining,
    vote_of,
    votes_for,
)
from shuniu.calls.rules import scoring as rules
from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.notices.actions import tell
from shuniu.library.queries import policy_of
from shuniu.unions.queries import people_with


def _names(ids: Sequence[int]) -> str:
    found = Application.objects.filter(pk__in=ids[:5]).select_related("organisation").order_by("rank", "pk")
    return "、".join(a.organisation.name for a in found) + ("等" if len(ids) > 5 else "")


def outcome_of(meeting: Meeting) -> list[dict[str, Any]]:
    """Who is shortlisted and why, from ranking, line, tie and votes; Refused where something is undecided."""
    committee = meeting.committee
    places = remaining(meeting)
    require(rules.line_is_explained(meeting, committee.category.places, len(places)))
    mark, out = pass_mark(meeting), barred(committee)
    line = ranking.cut(places, meeting.cut_after or 0, mark, out)
    votes = votes_for(meeting)
    picked = _tied(meeting, line, {k: v.get("for", 0) for k, v in votes.items()})
    inside = {*line.inside, *picked}
    if over := over_quota(meeting, len(places), max(meeting.cut_after or 0, len(inside))):
        raise Refused(refuse("calls.over_quota", clause=over.clause, label=over.label, reason=over.reason))
    lost = _without_majority(meeting, inside, votes) if needs_votes(meeting) else {}
    return [
        {
            "application": p.application,
            "rank": p.rank,
            "score": None if p.score is None else str(p.score),
            "in": p.application in inside and p.application not in lost,
            "why": _why(p, inside, lost, set(line.tied), mark, out),
            "votes": votes.get(p.application, {}),
        }
        for p in places
    ]


def _tied(meeting: Meeting, line: ranking.Line, in_favour: dict[int, int]) -> tuple[int, ...]:
    """Who of those at the line gets in: by a written reason with names, else by votes that decide."""
    if not line.tied:
        return ()
    if meeting.tie_reason or meeting.tie_picks:
        if not meeting.tie_reason or set(meeting.tie_picks) - set(line.tied):
            raise Refused(refuse("calls.tie_picks", n=len(line.tied)))
        return tuple(meeting.tie_picks)
    chosen = ranking.chosen_by_vote(line.tied, in_favour, line.left)
    if chosen is None:
        raise Refused(
            refuse(
                "calls.tie",
                after=meeting.cut_after,
                n=len(line.tied),
                left=line.left,
                names=_names(line.tied),
            )
        )
    return chosen


def _without_majority(meeting: Meeting, inside: set[int], votes: dict[int, dict[str, int]]) -> dict[int, str]:
    """Who was voted on and did not carry, and why; Refused while somebody present has not voted.

    By the document's vote where it has one, else by more than half of the members present.
    """
    may = entitled(meeting)
    missing = sorted(k for k in inside if sum(votes.get(k, {}).values()) < may.present_for(k))
    if missing:
        raise Refused(refuse("calls.vote_missing", n=len(missing), names=_names(missing)))
    law = policy_of(meeting.committee.call.document)
    key = vote_of(law)
    lost = {}
    for application in inside:
        ayes, present = votes.get(application, {}).get("for", 0), may.present_for(application)
        if not key:
            if 2 * ayes <= present:
                lost[application] = "表决未过到会委员半数"
            continue
        facts = {"vote": key, "members": may.all_for(application), "present": present, "for": ayes}
        finding = policy.judge(law, "vote", facts, clock.today()).findings[0]
        if finding.status != "met":
            lost[application] = f"表决未通过（{finding.clause}：{finding.reason}）"
    return lost


def _why(
    place: ranking.Place, inside: set[int], lost: Mapping[int, str], tied: set[int], mark: Decimal | None,
    out: Mapping[int, str],
) -> str:  # fmt: skip
    key = place.application
    if place.score is None:
        return "没有有效评分"
    if key in out:
        return f"必备项“{out[key]}”过半数评分表为 0 分"
    if mark is not None and place.score < mark:
        return f"低于合格线 {mark} 分"
    if key in lost:
        return lost[key]
    if key in inside:
        return "同分，经会议决定入围" if key in tied else "名次在划线以内"
    return "同分，经会议决定不入围" if key in tied else "名次在划线以外"


@transaction.atomic
def propose(*, by: Who, committee_id: int) -> Meeting:
    """第五条（四） 初步确定入围名单: hand the result in; refused while a tie or vote is undecided."""
    meeting = lock_meeting(committee_id)
    require_under(meeting.committee.call, rules.may_propose(by, meeting), *REVIEW)
    meeting.outcome = outcome_of(meeting)
    meeting.outcome_digest = digest_of_ranking(meeting.outcome)
    person = person_of(by)
    meeting.proposed_by, meeting.proposed_identity, meeting.proposed_at = person, person.identity, clock.now()
    meeting.returned_reason = ""
    meeting.version += 1
    with database_refusals():
        meeting.save()
    n = sum(row["in"] for row in meeting.outcome)
    note_meeting(
        by,
        meeting,
        "propose_result",
        f"{meeting.committee.category}评审结果提交审签，拟入围 {n} 家",
        outcome=meeting.outcome_digest,
        shortlisted=n,
    )
    tell(
        people_with(meeting.committee.call.union_id, *rules.APPROVERS).exclude(identity=person.identity),
        title=f"待审签：{meeting.committee.category.label}评审结果",
        body=f"拟入围 {n} 家。",
        kind="calls.panel",
        url=f"/calls/panels/{committee_id}/meeting/sign/",
        effect_key=f"calls.sign_meeting:{meeting.pk}:{meeting.version}",
    )
    return meeting


@transaction.atomic
def return_result(*, by: Who, committee_id: int, reason: str) -> Meeting:
    """R5: the second person sends the result back with a reason; the meeting goes on."""
    meeting = lock_meeting(committee_id)
    require_under(
        meeting.committee.call, rules.may_sign(by, meeting, experts=experts_of(meeting.committee)), *REVIEW
    )
    if not reason.strip():
        raise Refused(refuse("calls.reason_needed"))
    proposer = meeting.proposed_by
    meeting.proposed_by, meeting.proposed_identity, meeting.proposed_at = None, "", None
    meeting.outcome, meeting.outcome_digest = [], ""
    meeting.returned_reason = reason.strip()
    meeting.version += 1
    meeting.save()
    note_meeting(by, meeting, "return_result", f"评审结果退回：{reason.strip()}")
    if proposer is not None:
        tell(
            [proposer],
            title="评审结果被退回",
            body=reason.strip(),
            kind="calls.panel",
            url=f"/calls/panels/{committee_id}/meeting/",
        )
    return meeting


@transaction.atomic
def sign(*, by: Who, committee_id: int) -> Meeting:
    """第五条（四）, R5: the second person signs; every application of the category gets its decision.

    Refused("calls.outcome_changed") when an application left since the result was handed in.
    """
    meeting = lock_meeting(committee_id)
    require_under(
        meeting.committee.call, rules.may_sign(by, meeting, experts=experts_of(meeting.committee)), *REVIEW
    )
    committee = meeting.committee
    if has_changed(meeting):
        raise Refused(refuse("calls.outcome_changed"))
    clause = review_clause(committee.call)
    locked = {a.pk: a for a in stages.lock_many(row["application"] for row in meeting.outcome)}
    if any(a.stage != Stage.QUALIFIED for a in locked.values()):
        raise Refused(refuse("calls.outcome_changed"))
    rulings = [
        stages.Ruling(
            locked[row["application"]],
            Stage.SHORTLISTED if row["in"] else Stage.NOT_SHORTLISTED,
            f"集中评审：{'初步入围' if row['in'] else '未入围'}（{row['why']}）",
            verdict="yes" if row["in"] else "no",
            note=row["why"],
            clause=clause,
            facts={"meeting": meeting.pk, "rank": row["rank"], "outcome": meeting.outcome_digest},
        )
        for row in meeting.outcome
    ]
    stages.decide_all(rulings, by=by, verb="shortlist")
    person = person_of(by)
    meeting.closed_by, meeting.closed_identity, meeting.closed_at = person, person.identity, clock.now()
    meeting.paper = minutes_paper(by, meeting)
    with database_refusals():
        meeting.save()
    note_meeting(
        by, meeting, "sign_result", f"审签{committee.category}评审结果", outcome=meeting.outcome_digest
    )
    return meeting
