"""Who sees what when in a review (D4): one table, asked by rules, queries and pages."""

from __future__ import annotations

from shuniu.calls.models import Committee, Seat

BEFORE, UNDECLARED, SCORING, CLOSED, SIGNED = "before", "undeclared", "scoring", "closed", "signed"
"""Not opened; opened, this expert has not declared; own sheets are being filled in and handed in; scoring
closed, the meeting is to come or running; the meeting's result is signed."""

EXPERT, STAFF, APPLICANT, PUBLIC = "expert", "staff", "applicant", "public"

NAMES = "names"  # which organisations are reviewed
MATERIALS = "materials"  # what they handed in
OWN_SHEET = "own_sheet"
PROGRESS = "progress"  # how many sheets are in, never what they say
EXPERT_NAMES = "expert_names"
SCORES = "scores"  # other people's sheets, means, spread
RANKING = "ranking"

_STAFF_EARLY = frozenset({NAMES, EXPERT_NAMES, PROGRESS})

SEES: dict[str, dict[str, frozenset[str]]] = {
    EXPERT: {
        BEFORE: frozenset(),
        UNDECLARED: frozenset({NAMES}),
        # The same before and after the own sheet is in: others' scores come with the meeting only.
        SCORING: frozenset({NAMES, MATERIALS, OWN_SHEET}),
        CLOSED: frozenset({NAMES, MATERIALS, OWN_SHEET, SCORES, RANKING}),
        SIGNED: frozenset({NAMES, OWN_SHEET, RANKING}),
    },
    STAFF: {
        BEFORE: _STAFF_EARLY,
        UNDECLARED: _STAFF_EARLY,
        SCORING: _STAFF_EARLY,
        CLOSED: _STAFF_EARLY | {SCORES, RANKING},
        SIGNED: _STAFF_EARLY | {SCORES, RANKING},
    },
    # Applicants and the public learn the outcome from the published list, and never an expert's name.
    APPLICANT: {phase: frozenset() for phase in (BEFORE, UNDECLARED, SCORING, CLOSED, SIGNED)},
    PUBLIC: {phase: frozenset() for phase in (BEFORE, UNDECLARED, SCORING, CLOSED, SIGNED)},
}


def phase_of(committee: Committee, *, seat: Seat | None = None, signed: bool = False) -> str:
    """Where the review stands for staff, or for the expert of `seat`."""
    if committee.opened_at is None:
        return BEFORE
    if seat is not None and seat.declared_at is None:
        return UNDECLARED
    if committee.closed_at is None:
        return SCORING
    return SIGNED if signed else CLOSED


def sees(viewer: str, phase: str, thing: str) -> bool:
    """What the table says; KeyError for a viewer or phase that it does not know."""
    return thing in SEES[viewer][phase]
