"""How many a union may recommend, and which unions recommend at all: read out of the call's document."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from shuniu import policy

RECOMMENDER = "recommender"
_PROJECT = "project"


@dataclass(frozen=True)
class Places:
    """What a document allows the unions of one level."""

    level: str
    at_most: int
    label: str
    clause: str


def places_of(law: policy.Document, on: dt.date) -> list[Places]:
    """The levels of union that have places under the document, with the smallest number that applies to each."""
    found = []
    for level in policy.LEVELS:
        fitting = [
            Places(level, number, quota.label, quota.clause)
            for quota in law.quotas
            if quota.holder == RECOMMENDER and (number := _number(law, quota.key, level, on)) is not None
        ]
        found += sorted(fitting, key=lambda each: each.at_most)[:1]
    return found


def unsettled(law: policy.Document, on: dt.date) -> list[str]:
    """Quotas of recommending unions that cannot be said in numbers before a call opens, with what they wait for."""
    found = {}
    for level in policy.LEVELS:
        decision = policy.judge(law, "quota", _as_union(law, level) | {"used": 0}, on)
        for quota in law.quotas:
            finding = next(f for f in decision.findings if f.key == quota.key)
            if (
                quota.holder == RECOMMENDER
                and quota.share is not None
                and finding.status in ("unknown", "ambiguous")
            ):
                found[quota.key] = f"“{quota.label}”（{quota.clause}）：{finding.reason}"
    return list(found.values())


def _number(law: policy.Document, key: str, level: str, on: dt.date) -> int | None:
    """What a quota gives unions of this level: by the engine, never read out of the rule here."""
    decision = policy.judge(law, "quota", _as_union(law, level) | {"used": 0, "quota": key}, on)
    status = decision.findings[0].status
    known = status in ("met", "not_met", "soft_passed") and isinstance(decision.result, int)
    return int(str(decision.result)) if known else None


def _as_union(law: policy.Document, level: str) -> dict[str, object]:
    """The level under every name that the document has for kinds of unions: as a value, or as another name of one.

    A document that knows the level under none of its words has no places for it.
    """
    kinds = (f for f in law.facts.values() if f.source == "union" and f.type == "choice")
    names = (level, policy.LEVELS[level])
    known = {f.name: next((n for n in names if n in f.values or n in f.aliases), None) for f in kinds}
    return {fact: name for fact, name in known.items() if name is not None}


def nominates(law: policy.Document) -> bool:
    """Whether unions nominate what the document honours, so that nobody applies by itself."""
    return law.outcome is not None and law.outcome.per == _PROJECT and recommends(law)


def recommends(law: policy.Document) -> bool:
    """Whether applications go through other unions."""
    return any(stage.kind == "recommend" for stage in law.stages)


def checked_by_recommender(law: policy.Document) -> bool:
    """Whether the recommending union checks, or the one that runs the call."""
    return any(stage.kind == "check" and stage.actor == RECOMMENDER for stage in law.stages)
