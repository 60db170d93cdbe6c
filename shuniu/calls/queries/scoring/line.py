"""The line of a meeting: one computation for the page that shows it and for the result that follows.

What the document says of it goes before what the call settled: pass mark, vote, mandatory items, places by quota.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass
from decimal import Decimal

from shuniu import policy
from shuniu.calls import defaults, quotas, ranking, terms
from shuniu.calls.models import Application, Committee, Meeting, ScoreDraft, ScoreSheet
from shuniu.calls.queries.panel import under_review
from shuniu.calls.queries.scoring.meeting import counted_sheets
from shuniu.calls.queries.scoring.sheets import rubric_of
from shuniu.foundation.calendar import clock
from shuniu.library.queries import policy_of

VOTING = ("表决", "评分后表决")
"""Values of the term `method` under which the shortlisted also need a majority of the members present."""


_DECIDING = ("review", "vote", "shortlist", "name")


def vote_of(law: policy.Document) -> str:
    """The key of the vote by which the document has the panel decide; empty where it names none."""
    return next((s.vote for s in law.stages if s.kind in _DECIDING and s.vote), "")


def needs_votes(meeting: Meeting) -> bool:
    """Whether the document has the members vote, or the call settled that they do (本办法未规定)."""
    committee = meeting.committee
    if vote_of(policy_of(committee.call.document)):
        return True
    return str(terms.value_of(committee.call, terms.METHOD, committee.category.key)) in VOTING


def remaining(meeting: Meeting, still: Set[int] | None = None) -> list[ranking.Place]:
    """The frozen ranking without the applications that left since: those behind them move up.

    `still`: who is under review, where a page has read it already.
    """
    if still is None:
        still = set(under_review(meeting.committee).values_list("pk", flat=True))
    return [
        ranking.Place(
            row["application"],
            None if row["score"] is None else Decimal(row["score"]),
            row["rank"],
            row["sheets"],
            None if row["spread"] is None else Decimal(row["spread"]),
            row["tied"],
        )
        for row in meeting.ranking
        if row["application"] in still
    ]


def has_changed(meeting: Meeting) -> bool:
    """Whether an application left, or came back, since the result was handed in: it cannot be signed then."""
    still = set(under_review(meeting.committee).values_list("pk", flat=True))
    return still != {row["application"] for row in meeting.outcome}


def pass_mark(meeting: Meeting) -> Decimal | None:
    """合格线: of the document's own sheet, else as the call settled it (本办法未规定); None without one."""
    committee = meeting.committee
    law = policy_of(committee.call.document)
    sheet = defaults.sheet_for(law, "review")
    if sheet is not None and sheet.pass_mark is not None and law.settled(terms.PASS_MARK) is None:
        return sheet.pass_mark
    mark = terms.value_of(committee.call, terms.PASS_MARK, committee.category.key)
    return None if mark in (None, "") else Decimal(str(mark))


def barred(committee: Committee) -> dict[int, str]:
    """Applications with a mandatory item (必备项) for which most of the sheets that count give nought, and that item."""
    items = {i.pk: i.label for i in rubric_of(committee.call_id).values() if i.mandatory}
    if not items:
        return {}
    sheets = counted_sheets(committee).filter(state=ScoreSheet.State.SUBMITTED)
    counted = Counter(sheets.values_list("application_id", flat=True))
    nought = ScoreDraft.objects.filter(sheet__in=sheets, item__in=items, points=0)
    found = Counter(nought.values_list("sheet__application_id", "item_id"))
    return {key: items[item] for (key, item), n in sorted(found.items()) if 2 * n > counted[key]}


def over_quota(meeting: Meeting, n: int, chosen: int) -> policy.Finding | None:
    """The document's quota for a category that so many `chosen` go beyond, or of which it cannot be said; None where
    it keeps. `n`: how many are under review, which is what a share of the applications counts (`reviewed`)."""
    law = policy_of(meeting.committee.call.document)
    for quota in law.quotas:
        if quota.holder != quotas.CATEGORY:
            continue
        facts = {
            "quota": quota.key, "used": max(chosen - 1, 0), quotas.REVIEWED: n,
            "category": meeting.committee.category.key, quota.passed_by or "-": meeting.cut_reason,
        }  # fmt: skip
        finding = policy.judge(law, "quota", facts, clock.today()).findings[0]
        if finding.status not in ("met", "soft_passed", "not_applicable"):
            return finding
    return None


def places_said(committee: Committee, n: int) -> list[str]:
    """What the document's quotas come to for a category of which `n` are under review."""
    law = policy_of(committee.call.document)
    said = []
    for quota in law.quotas:
        if quota.holder != quotas.CATEGORY:
            continue
        facts = {
            "quota": quota.key,
            "used": 0,
            quotas.REVIEWED: n,
            "category": committee.category.key,
        }
        finding = policy.judge(law, "quota", facts, clock.today()).findings[0]
        if finding.status != "not_applicable":
            said.append(f"{finding.label}（{finding.clause}）：{finding.reason.partition('，已用')[0]}")
    return said


@dataclass(frozen=True)
class Line:
    """The line as a page shows it."""

    tied: list[Application]  # who shares the score at it, so that it cannot be drawn by score alone
    sides: dict[int, str]  # application → in, tied or out; empty where none is drawn
    left: int  # how many left after the ranking was frozen


def line_of(meeting: Meeting, still: Set[int] | None = None) -> Line:
    """By the result once it is handed in, by the frozen ranking and what remains of it before."""
    if meeting.outcome:
        sides = {row["application"]: "in" if row["in"] else "out" for row in meeting.outcome}
        return Line([], sides, len(meeting.ranking) - len(meeting.outcome))
    places = remaining(meeting, still)
    cut = ranking.cut(places, meeting.cut_after or 0, pass_mark(meeting), barred(meeting.committee))
    tied = Application.objects.filter(pk__in=cut.tied).select_related("organisation").order_by("pk")
    inside, undecided = set(cut.inside), set(cut.tied)
    if meeting.tie_reason:
        inside |= undecided & set(meeting.tie_picks)
        undecided = set()
    sides = {
        p.application: "tied" if p.application in undecided else "in" if p.application in inside else "out"
        for p in places
    }
    gone = len(meeting.ranking) - len(places)
    return Line(list(tied), {} if meeting.cut_after is None else sides, gone)
