"""The job that computes an assignment."""

from __future__ import annotations

from shuniu.calls.actions.assignment import compute
from shuniu.foundation.jobs import job


@job("calls.assign")
def assign(plan_id: int) -> None:
    """The pairs of a plan; a second run finds it made."""
    compute(plan_id=plan_id)
