"""Sheets, closing, reopening, the meeting and its result."""

from shuniu.calls.actions.scoring.closing import (
    ask_reopening,
    close_scoring,
    decide_reopening,
    mark_missing,
)
from shuniu.calls.actions.scoring.meeting import (
    attend,
    mark_unvoted,
    note,
    open_meeting,
    settle,
    vote,
)
from shuniu.calls.actions.scoring.papers import issue_sheet_paper, note_reading
from shuniu.calls.actions.scoring.result import propose, return_result, sign
from shuniu.calls.actions.scoring.sheets import abstain, save_points, submit_all, submit_sheet

__all__ = [
    "abstain", "ask_reopening", "attend", "close_scoring", "decide_reopening", "issue_sheet_paper",
    "mark_missing", "mark_unvoted", "note", "note_reading", "open_meeting", "propose", "return_result",
    "save_points", "settle", "sign", "submit_all", "submit_sheet", "vote",
]  # fmt: skip
