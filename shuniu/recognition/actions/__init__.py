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
from shuniu.recognition.actions.granting import Place, grant, grant_all
from shuniu.recognition.actions.reminding import remind_due

__all__ = [
    "Place", "annul", "correct", "decide_withdrawal", "grant", "grant_all", "issue_certificate", "reissue",
    "remind_due", "request_withdrawal", "resume", "suspend",
]  # fmt: skip
