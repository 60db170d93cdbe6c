"""Triggers that came to the review after the first release; SQL that has left the house stays as it is."""

from __future__ import annotations

from shuniu.calls.truths import _raise, _trigger

CALIBRATION = (
    # What stands beside the scores is chosen before anybody knows one.
    _trigger(
        "committee_calibration_fixed", "calls_committee", "UPDATE",
        _raise(
            "OLD.opened_at IS NOT NULL AND NEW.calibration IS DISTINCT FROM OLD.calibration",
            "calls.committee_fixed",
        ),
    ),
)  # fmt: skip
