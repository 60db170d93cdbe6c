"""Jobs of scoring."""

from __future__ import annotations

from shuniu.calls.actions.scoring import issue_sheet_paper
from shuniu.foundation.jobs import job


@job("calls.sheet_paper")
def sheet_paper(record_id: int) -> None:
    """The PDF of a handed-in sheet; a second run finds it made."""
    issue_sheet_paper(record_id=record_id)
