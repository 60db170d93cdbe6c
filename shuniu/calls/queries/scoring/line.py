"""The line of a meeting: one computation for the page that shows it and for the result that follows."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from decimal import Decimal

from shuniu.calls import ranking, terms
from shuniu.calls.models import Application, Meeting
from shuniu.calls.queries.panel import under_review

VOTING = ("表决", "评分后表决")
"""Values of the term `method` under which the shortlisted also need a majority of the members present."""


def needs_votes(meeting: Meeting) -> bool:
    """Whether the call settled that the members vote (本办法未规定)."""
    committee = meeting.committee
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


def pass_mark(meeting: Meeting) -> Decimal | None:
    """合格线 as the call settled it (本办法未规定); None without one."""
    committee = meeting.committee
    mark = terms.value_of(committee.call, terms.PASS_MARK, committee.category.key)
    return None if mark in (None, "") else Decimal(str(mark))


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
    cut = ranking.cut(places, meeting.cut_after or 0, pass_mark(meeting))
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
