"""A review by assignment at any step, for tests of it."""

from __future__ import annotations

from typing import Any

from shuniu.calls.actions import assignment
from shuniu.calls.models import AssignmentPlan, Committee, ScoreSheet
from shuniu.calls.tests import reviews

State = AssignmentPlan.State


def declared(travel: Any, *, each: int = 2, limit: int | None = None, **more: Any) -> reviews.Review:
    """Five members of whom `each` review every application; all have declared, nothing is assigned."""
    until = more.pop("until", "declared")
    given: dict[str, Any] = {"applications": 4, "until": "drawn"} | more
    of = reviews.review(travel, **given)
    Committee.objects.filter(pk=of.pk).update(reviews_each=each, load_limit=limit)
    if until != "drawn":
        reviews.run(of, until)
    return of


def proposed(of: reviews.Review) -> AssignmentPlan:
    """Asked for and computed, as the worker does it."""
    plan = assignment.ask_assignment(by=of.office.clerk, call_id=of.call.pk)
    return assignment.compute(plan_id=plan.pk)


def confirmed(of: reviews.Review, gap_reason: str = "") -> AssignmentPlan:
    """Computed, submitted by the clerk, confirmed by the checker."""
    plan = proposed(of)
    assignment.submit_assignment(by=of.office.clerk, plan_id=plan.pk, gap_reason=gap_reason)
    return assignment.confirm_assignment(by=of.office.checker, plan_id=plan.pk)


def pairs(plan: AssignmentPlan) -> set[tuple[int, int]]:
    """(application, seat) of a plan."""
    return set(plan.reviews.values_list("application_id", "seat_id"))


def sheets(of: reviews.Review) -> set[tuple[int, int]]:
    """(application, seat) of the committee's sheets."""
    rows = ScoreSheet.objects.filter(seat__committee=of.pk)
    return set(rows.values_list("application_id", "seat_id"))
