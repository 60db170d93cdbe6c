"""Every write of the recognition slice."""

from shuniu.recognition.actions.certificates import issue_certificate, reissue
from shuniu.recognition.actions.changing import (
    annul,
    decide_withdrawal,
    request_withdrawal,
    resume,
    suspend,
)
from shuniu.recognition.actions.correcting import correct
from shuniu.recognition.actions.granting import grant
from shuniu.recognition.actions.reminding import remind_due

__all__ = [
    "annul", "correct", "decide_withdrawal", "grant", "issue_certificate", "reissue", "remind_due",
    "request_withdrawal", "resume", "suspend",
]  # fmt: skip
