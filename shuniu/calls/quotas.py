"""How many a union may recommend, an organisation apply for, a category let in: read out of the call's document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
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
_NUMBERS = ("integer", "decimal")


@dataclass(frozen=True)
class Places:
    """What a document allows the unions of one level."""

    level: str
    at_most: int
    label: str
    clause: str


def places_of(
    law: policy.Document, level: str, on: dt.date, figures: Mapping[str, object] | None = None
) -> Places | None:
    """What the unions of a level may give away: the smallest number that applies to them; None where none does.

    `figures`: fact → number of one union, where its places are counted by what it has (`counted_by`).
    """
    facts = _as_union(law, level) | dict(figures or {})
    fitting = [
        Places(level, number, quota.label, quota.clause)
        for quota in law.quotas
        if quota.holder == RECOMMENDER and (number := _number(law, quota.key, facts, on)) is not None
    ]
    return min(fitting, key=lambda each: each.at_most, default=None)


def counted_by(law: policy.Document, level: str, on: dt.date) -> tuple[policy.FactSpec, ...]:
    """The numbers by which the places of each union of this level are counted; none: they are the level's."""
    facts = _as_union(law, level)
    wanted = {
        missing.name
        for quota in law.quotas
        if quota.holder == RECOMMENDER
        for missing in _judged(law, quota.key, facts, on).findings[0].missing
    }
    return tuple(
        f for f in law.facts.values() if f.name in wanted and f.source == "union" and f.type in _NUMBERS
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
    """Quotas that cannot be kept when a call opens, and why: they cannot be said in numbers, or are nobody's.

    Of a category the review counts how many there are, and nothing else. Who a group is no document says, so that
    nothing could hold it to its number.
    """
    kinds = {f.name for f in _kinds(law)}
    found = {}
    for quota in law.quotas:
        if quota.holder == GROUP and _judged(law, quota.key, {}, on).findings[0].status != "not_applicable":
            found[quota.key] = (
                f"名额“{quota.label}”（{quota.clause}）限的是一组，条文没有写明哪些单位是一组，系统不能把关。"
                "请在制度文件里改为按推荐单位、类别或申报单位，再发布通知"
            )
        for facts in _holders(law, quota.holder, on):
            decision = _judged(law, quota.key, facts, on)
            finding = decision.findings[0]
            if isinstance(decision.result, int) or finding.status == "not_applicable":
                continue
            if finding.status == "unknown" and kinds >= {m.name for m in finding.missing}:
                continue  # a level that the document does not name has no places
            if finding.status == "unknown" or quota.holder != CATEGORY:
                found[quota.key] = f"名额目前算不出来：“{quota.label}”（{quota.clause}）：{finding.reason}"
    return list(found.values())


def _holders(law: policy.Document, holder: str, on: dt.date) -> list[dict[str, object]]:
    """What a call knows of each that holds a quota."""
    if holder == RECOMMENDER:
        return [
            _as_union(law, level) | {f.name: 1 for f in counted_by(law, level, on)} for level in policy.LEVELS
        ]
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
