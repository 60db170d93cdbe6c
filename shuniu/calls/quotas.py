"""How many a union may recommend, an organisation apply for, a category let in: read out of the call's document."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from shuniu import policy

RECOMMENDER, CATEGORY, APPLICANT, GROUP = "recommender", "category", "applicant", "group"
REVIEWED = "reviewed"
"""The fact by which a quota may count the applications of a category under review."""
ORGANISATIONS = "organisations"
"""The fact by which a quota may count the organisations of the registry that belong to a recommending union."""
CATEGORY_COUNT = "category_count"
"""The fact that the product counts itself: for how many categories an organisation applies in a call."""
MUST, IN_PRINCIPLE = "must", "in_principle"
_PROJECT = "project"


@dataclass(frozen=True)
class Places:
    """What a document allows the unions of one level."""

    level: str
    at_most: int
    label: str
    clause: str


def places_of(
    law: policy.Document, level: str, on: dt.date, organisations: int | None = None
) -> Places | None:
    """What the unions of a level may give away: the smallest number that applies to them; None where none does.

    `organisations`: how many organisations of the registry the union has, where its places are a share of them.
    """
    facts = _as_union(law, level) | _size(law, organisations)
    fitting = [
        Places(level, number, quota.label, quota.clause)
        for quota in law.quotas
        if quota.holder == RECOMMENDER and (number := _number(law, quota.key, facts, on)) is not None
    ]
    return min(fitting, key=lambda each: each.at_most, default=None)


def by_size(law: policy.Document, level: str, on: dt.date) -> bool:
    """Whether each union of this level has places of its own, because they are a share of its organisations."""
    facts = _as_union(law, level)
    return any(
        quota.holder == RECOMMENDER
        and {m.name for m in _judged(law, quota.key, facts, on).findings[0].missing} == {ORGANISATIONS}
        for quota in law.quotas
    )


def per_applicant(law: policy.Document, on: dt.date, binding: str) -> Places | None:
    """How many categories one organisation may apply for: the smallest limit or quota with this binding, if any."""
    limits = [
        Places("", each.at_most, each.label, each.clause)
        for each in law.limits
        if each.counts == CATEGORY_COUNT and each.binding == binding
    ]
    held = [
        Places("", number, quota.label, quota.clause)
        for quota in law.quotas
        if quota.holder == APPLICANT
        and quota.binding == binding
        and (number := _number(law, quota.key, {}, on)) is not None
    ]
    return min([*limits, *held], key=lambda each: each.at_most, default=None)


def unsettled(law: policy.Document, on: dt.date) -> list[str]:
    """Quotas that cannot be said in numbers before a call opens, with what they wait for.

    Of a category the review counts how many there are, and nothing else; a group is nobody whom a call knows.
    """
    kinds = {f.name for f in _kinds(law)}
    found = {}
    for quota in law.quotas:
        for facts in _holders(law, quota.holder):
            decision = _judged(law, quota.key, facts, on)
            finding = decision.findings[0]
            if isinstance(decision.result, int) or finding.status == "not_applicable":
                continue
            if finding.status == "unknown" and kinds >= {m.name for m in finding.missing}:
                continue  # a level that the document does not name has no places
            if finding.status == "unknown" or quota.holder != CATEGORY:
                found[quota.key] = f"“{quota.label}”（{quota.clause}）：{finding.reason}"
    return list(found.values())


def _holders(law: policy.Document, holder: str) -> list[dict[str, object]]:
    """What a call knows of each that holds a quota."""
    if holder == RECOMMENDER:
        return [_as_union(law, level) | _size(law, 1) for level in policy.LEVELS]
    if holder == CATEGORY:
        return [{"category": c.key, REVIEWED: 1} for c in law.categories]
    return [{}] if holder == APPLICANT else []


def _judged(law: policy.Document, key: str, facts: dict[str, object], on: dt.date) -> policy.Decision:
    """By the engine, never read out of the rule here; nothing is used yet."""
    return policy.judge(law, "quota", facts | {"used": 0, "quota": key}, on)


def _number(law: policy.Document, key: str, facts: dict[str, object], on: dt.date) -> int | None:
    """What a quota gives whoever these facts tell of."""
    decision = _judged(law, key, facts, on)
    known = decision.findings[0].status in ("met", "not_met", "soft_passed")
    return decision.result if known and isinstance(decision.result, int) else None


def _size(law: policy.Document, organisations: int | None) -> dict[str, object]:
    """The number of a union's organisations, where the document asks for it."""
    return {} if organisations is None or ORGANISATIONS not in law.facts else {ORGANISATIONS: organisations}


def _kinds(law: policy.Document) -> list[policy.FactSpec]:
    """The facts by which the document tells kinds of unions apart."""
    return [f for f in law.facts.values() if f.source == "union" and f.type == "choice"]


def _as_union(law: policy.Document, level: str) -> dict[str, object]:
    """The level under every name that the document has for kinds of unions: as a value, or as another name of one.

    A document that knows the level under none of its words has no places for it.
    """
    names = (level, policy.LEVELS[level])
    known = {f.name: next((n for n in names if n in f.values or n in f.aliases), None) for f in _kinds(law)}
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
