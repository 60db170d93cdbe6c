"""What jobs and the clock do at the check desk."""

from __future__ import annotations

from shuniu.calls.actions import audit as actions
from shuniu.foundation.access import system
from shuniu.foundation.jobs import NIGHTLY, job, sweep


@job("calls.judge")
def judge(application_id: int) -> None:
    """Judge an application that was handed in."""
    actions.run_findings(by=system("系统逐条判断"), application_id=application_id)


@job("calls.audit_calendar")
def calendar_changed() -> None:
    """The working calendar was edited: deadlines of the desk follow."""
    actions.recompute_due()


sweep("calls.corrections")(actions.expire_due)
sweep("calls.deregistered", NIGHTLY)(actions.end_deregistered)
sweep("calls.screen", NIGHTLY)(actions.screen_applicants)
