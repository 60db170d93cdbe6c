"""Jobs and sweeps of recognitions."""

from __future__ import annotations

from shuniu.foundation.calendar import clock
from shuniu.foundation.jobs import NIGHTLY, job, sweep
from shuniu.recognition.actions import issue_certificate, remind_due
from shuniu.recognition.queries import holders
from shuniu.registry.actions import Watch, screen


@job("recognition.certificate")
def certificate(recognition_id: int) -> None:
    """The PDF of a granted recognition; a second run finds it made."""
    issue_certificate(recognition_id=recognition_id)


sweep("recognition.remind", NIGHTLY)(remind_due)


@sweep("recognition.screen", NIGHTLY)
def screen_holders() -> int:
    """A5: adverse information of everybody who holds a recognition today."""
    held = holders(clock.today())
    return screen(Watch(organisation_id, union_id, "有效资质") for organisation_id, union_id in held)
