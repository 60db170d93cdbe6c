"""Triggers of evidence, feedback and improvement; SQL that has left the house stays as it is."""

from __future__ import annotations

from shuniu.calls.truths import _raise, _trigger

EVIDENCE = (
    # What proves a row is filed while the form is open, and then stays as it was handed in.
    _trigger(
        "evidence_in_time", "calls_evidence", "INSERT OR UPDATE OR DELETE",
        "SELECT stage INTO st FROM calls_application"
        " WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.application_id ELSE NEW.application_id END FOR SHARE;"
        + _raise("TG_OP = 'UPDATE'", "calls.evidence_stays")
        + _raise("TG_OP = 'INSERT' AND st NOT IN ('draft', 'correcting')", "calls.evidence_stays")
        + _raise("TG_OP = 'DELETE' AND st NOT IN ('draft', 'withdrawn', 'ended')", "calls.evidence_stays"),
        declare="st text;",
    ),
)  # fmt: skip
