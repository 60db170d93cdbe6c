"""The paper of a feedback, and the reminder of what is overdue."""

from __future__ import annotations

from shuniu.calls.actions.feedback import issue_paper
from shuniu.calls.actions.improvement import remind_overdue
from shuniu.foundation.jobs import NIGHTLY, job, sweep

sweep("calls.improvements", NIGHTLY)(remind_overdue)


@job("calls.feedback_paper")
def feedback_paper(feedback_id: int) -> None:
    """The PDF; a second run finds it made."""
    issue_paper(feedback_id=feedback_id)
