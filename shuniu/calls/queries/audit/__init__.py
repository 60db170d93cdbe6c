"""Reads of the check desk."""

from shuniu.calls.queries.audit.desk import (
    answers_of,
    conclusion_of,
    conclusions_of,
    current_run,
    desk_applications,
    findings_of,
    latest_findings,
    shells_of,
    standing,
)
from shuniu.calls.queries.audit.evidence import facts_stand, snapshot_of_decision
from shuniu.calls.queries.audit.look import Look, read
from shuniu.calls.queries.audit.page import checklist, page_of, said_about, shown, summary_of, viewer
from shuniu.calls.queries.audit.work import (
    call_with_choices,
    clerks_of,
    counts_by_call,
    counts_of,
    due_day,
    late_requests,
    late_requests_of,
    late_to_decide,
    next_for,
)
from shuniu.calls.queries.correction import mended

__all__ = [
    "Look",
    "answers_of", "call_with_choices", "checklist", "clerks_of", "conclusion_of", "conclusions_of",
    "counts_by_call", "counts_of", "current_run",
    "desk_applications", "due_day", "facts_stand", "findings_of", "late_requests",
    "late_requests_of", "late_to_decide", "latest_findings", "mended", "next_for", "page_of", "read", "said_about",
    "shells_of", "shown",
    "snapshot_of_decision", "standing", "summary_of", "viewer",
]  # fmt: skip
