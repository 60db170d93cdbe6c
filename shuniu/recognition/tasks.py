"""Jobs and sweeps of recognitions."""

from __future__ import annotations

from shuniu.foundation.jobs import NIGHTLY, job, sweep
from shuniu.recognition.actions import issue_certificate, remind_due


@job("recognition.certificate")
def certificate(recognition_id: int) -> None:
    """The PDF of a granted recognition; a second run finds it made."""
    issue_certificate(recognition_id=recognition_id)


sweep("recognition.remind", NIGHTLY)(remind_due)
