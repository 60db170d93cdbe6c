"""What a document leaves open, by the keys that the procedure asks for.

A document that settles a point itself carries it as a deadline, vote or limit of its own; only what it
lists as not stated is asked of the call.
"""

from __future__ import annotations

from typing import Any

from shuniu import policy
from shuniu.calls.models import Call

PUBLICITY_DAYS = "publicity_days"
CORRECTION_ROUNDS = "correction_rounds"
CORRECTION_DAYS = "correction_days"
COMMITTEE_SIZE = "committee_size"
AGGREGATION = "aggregation"
PLACES = "places"
REPLY_DAYS = "objection_reply_days"
FIRST_DAY = "validity_first_day"

# Used where neither the document nor the call says anything; shown as 本办法未规定.
DEFAULTS: dict[str, Any] = {
    PUBLICITY_DAYS: 5,
    CORRECTION_ROUNDS: 1,
    CORRECTION_DAYS: 5,
    COMMITTEE_SIZE: 5,
    AGGREGATION: "mean",
    REPLY_DAYS: 10,
    FIRST_DAY: "formal_list",
}


def value_of(call: Call, key: str) -> Any:
    """The call's own value for an open point, else the default of the product."""
    for term in call.terms.all():
        if term.key == key:
            return term.value
    return DEFAULTS.get(key)


def number_of(call: Call, key: str) -> int:
    """Like value_of, as a whole number (days, rounds, people)."""
    return int(value_of(call, key) or 0)


def points_of(document: policy.Document) -> tuple[policy.NotStated, ...]:
    """The open points that a call under this document settles."""
    return policy.silent_points(document, "call")
