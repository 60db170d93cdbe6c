"""Reads of the check desk."""

from shuniu.calls.queries.audit.desk import (
    answers_of,
    conclusion_of,
    conclusions_of,
    current_run,
    desk_applications,
    duplicates_in,
    findings_of,
    latest_findings,
    shells_of,
    standing,
)
from shuniu.calls.queries.audit.evidence import (
    facts_stand,
    mended,
    snapshot_of_decision,
)
from shuniu.calls.queries.audit.page import checklist, page_of, shown, standing_in, summary_of, viewer
from shuniu.calls.queries.audit.work import (
    call_with_choices,
    clerks_of,
    counts_of,
    due_day,
    late_requests,
    late_to_decide,
    next_for,
)

__all__ = [
    "answers_of", "call_with_choices", "checklist", "clerks_of", "conclusion_of", "conclusions_of",
    "counts_of", "current_run",
    "desk_applications", "due_day", "duplicates_in", "facts_stand", "findings_of", "late_requests",
    "late_to_decide", "latest_findings", "mended", "next_for", "page_of", "shells_of", "shown",
    "snapshot_of_decision", "standing", "standing_in", "summary_of", "viewer",
]  # fmt: skip
