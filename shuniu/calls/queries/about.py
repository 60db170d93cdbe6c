"""Which part of the form speaks to which condition: why a part is asked, and where its answer is judged."""

from __future__ import annotations

from shuniu import policy
from shuniu.calls.models import Application
from shuniu.library.queries import policy_of

# Part of the form → words in the key of a condition, or names of facts, that the part speaks to.
_ABOUT = {
    "registry": ((), ("inspections", "registrar")),
    "directions": (("direction", "scope"), ()),
    "experience": (("experience",), ()),
    "people": (("specialist", "capab", "manage"), ()),
}


def parts_about(condition: policy.Condition) -> list[str]:
    """The parts of the form in which an applicant says what a condition is judged by."""
    asked = repr(condition.readings)
    return [
        part
        for part, (words, facts) in _ABOUT.items()
        if any(w in condition.key for w in words) or any(f in asked for f in facts)
    ]


def why(application: Application, section: str) -> list[dict[str, str]]:
    """The clauses for which a part of the form is asked."""
    if section not in _ABOUT:
        return []
    law = policy_of(application.call.document)
    rows: list[dict[str, str]] = []
    for condition in law.conditions:
        clause = law.clause(condition.clause)
        if (
            clause
            and section in parts_about(condition)
            and condition.clause not in {row["clause"] for row in rows}
        ):
            rows.append(
                {
                    "clause": condition.clause,
                    "words": clause.words,
                    "url": f"/library/{law.key}/#{condition.clause}",
                }
            )
    return rows[:3]
