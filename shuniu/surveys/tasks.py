"""Jobs and sweeps of surveys."""

from __future__ import annotations

from shuniu.foundation.jobs import NIGHTLY, job, sweep
from shuniu.surveys import actions


@job("surveys.evidence")
def evidence(survey_id: int) -> None:
    """The evidence pack of a counted survey."""
    actions.issue_evidence(survey_id=survey_id)


@sweep("surveys.close", NIGHTLY)
def close() -> object:
    """Surveys whose end is long past are counted."""
    return actions.close_forgotten()


@sweep("surveys.numbers", NIGHTLY)
def numbers() -> object:
    """Telephone numbers whose time is over are erased."""
    return actions.erase_numbers()
