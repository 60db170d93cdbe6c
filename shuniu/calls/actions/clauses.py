"""A refusal names the clause of the stage to which the act belongs, as the call's own document numbers it."""

from __future__ import annotations

from dataclasses import replace

from shuniu.calls.models import Call
from shuniu.calls.queries.call import stage_clause
from shuniu.foundation.access import Verdict, require

REVIEW = ("review", "vote")
OURS = frozenset({"calls.correction_rounds", "calls.not_running", "calls.amend_done"})
"""What the document leaves to the notice and to the office: no clause of it refuses."""


def require_under(call: Call, verdict: Verdict, *kinds: str) -> None:
    """`require`, with the clause of the call's first stage of these kinds where the verdict names none."""
    if not verdict.allowed and not verdict.clause and verdict.code not in OURS:
        verdict = replace(verdict, clause=stage_clause(call, *kinds))
    require(verdict)
