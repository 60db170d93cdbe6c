"""Every write of the surveys slice."""

from shuniu.surveys.actions.answering import Sheet, answer, key_sheets
from shuniu.surveys.actions.closing import close, close_forgotten, issue_evidence
from shuniu.surveys.actions.improving import accept, call_back, erase_numbers, report, send_back
from shuniu.surveys.actions.preparing import add_people, change, discard, make, open_survey, remove_people
from shuniu.surveys.actions.tickets import issue_tickets, mark_given

__all__ = [
    "Sheet", "accept", "add_people", "answer", "call_back", "change", "close", "close_forgotten", "discard",
    "erase_numbers", "issue_evidence", "issue_tickets", "key_sheets", "make", "mark_given", "open_survey",
    "remove_people", "report", "send_back",
]  # fmt: skip
