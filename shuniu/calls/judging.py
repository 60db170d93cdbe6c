"""What the engine is told about an application, and what it finds, by the call's own document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from shuniu import policy
from shuniu.calls import evidence
from shuniu.calls.known import known, known_of
from shuniu.calls.models import Application, Call, Judgement, Stage
from shuniu.foundation.ui.formats import local
from shuniu.library.queries import policy_of
from shuniu.policy import Fact
from shuniu.registry.models import Organisation

# Facts that the form of the product answers by itself; every other application fact of a document is asked.
SELF_SCORE = "self_score"
BUILT_IN = frozenset(
    {"category", "directions", "category_count", "over_limit_reason", SELF_SCORE, "undertaking"}
)
RECOMMENDED_ON = "recommended_on"
QUESTIONS = ("eligibility", "category")


def own_facts(document: policy.Document) -> list[policy.FactSpec]:
    """Facts that this document wants from the application and the form has no page of its own for."""
    return [
        f
        for f in document.facts.values()
        if f.source == "application" and f.name not in BUILT_IN and f.type != "records"
    ]


def may_stay_empty(document: policy.Document) -> frozenset[str]:
    """Written reasons that are asked of those only who want to pass a rule in principle."""
    return frozenset(c.passed_by for c in document.conditions if c.passed_by)


def category_count(application: Application) -> int:
    """How many categories the organisation applies for in this call, this one included."""
    others = (
        Application.objects.filter(call=application.call, organisation=application.organisation)
        .exclude(pk=application.pk)
        .exclude(stage__in=(Stage.WITHDRAWN, Stage.ENDED))
    )
    return others.count() + 1


def registry_facts(document: policy.Document, organisation: Organisation, on: dt.date) -> dict[str, object]:
    """What the platform knows as of a day, of the facts that the document takes from it."""
    return known([organisation], on, [document])[organisation.pk]


def facts_for(
    application: Application,
    on: dt.date,
    *,
    registry: Mapping[str, object] | None = None,
    judgements: Iterable[Judgement] | None = None,
    count: int | None = None,
) -> dict[str, Any]:
    """Registry, form, call and judgements together, as the engine takes them; what is at hand is not read again."""
    document = policy_of(application.call.document)
    facts: dict[str, Any] = dict(
        known_of([application], on, [document])[application.pk] if registry is None else registry
    )
    stamp = local(application.submitted_at).date() if application.submitted_at else on
    form = "申报表"
    facts["category"] = Fact(application.category.key, form, stamp)
    facts["directions"] = Fact(list(application.directions), form, stamp)
    facts["category_count"] = Fact(category_count(application) if count is None else count, form, stamp)
    if application.override_reason:
        facts["over_limit_reason"] = Fact(application.override_reason, form, stamp)
    if total := application.draft.get("self_total"):
        facts[SELF_SCORE] = Fact(Decimal(total), "自查自评", stamp)
    if undertaken := application.draft.get("undertaking"):
        facts["undertaking"] = Fact(bool(undertaken.get("agreed")), form, stamp)
    facts |= call_facts(application)
    if evidence.counted_facts(document):
        filed = application.evidence.filter(attachment__removed_at__isnull=True).values_list("row", "said")
        counted = evidence.records(document, filed)
        facts |= {name: Fact(rows, "佐证材料", stamp) for name, rows in counted.items()}
    facts |= nominee_facts(application, document)
    answers = application.draft.get("facts", {})
    for spec in own_facts(document):
        if answers.get(spec.name) not in (None, ""):
            facts[spec.name] = Fact(answers[spec.name], form, stamp)
    for judgement in application.judgements.select_related("by") if judgements is None else judgements:
        facts[judgement.fact] = Fact(
            judgement.given, f"人工判断：{judgement.by}", local(judgement.at).date(), True
        )
    return {name: fact for name, fact in facts.items() if name in document.facts}


def call_facts(application: Application) -> dict[str, Fact]:
    """The notice's own day, and whether it opens the category and the directions."""
    call: Call = application.call
    day = local(call.published_at).date() if call.published_at else None
    listed = {d["key"] for d in application.category.directions}
    return {
        "category_in_notice": Fact(True, "本次通知", day),
        "direction_in_notice": Fact(
            bool(application.directions) and set(application.directions) <= listed, "本次通知", day
        ),
    } | notice_facts(call)


def notice_facts(call: Call) -> dict[str, Fact]:
    """The day on which the notice was published, for windows that are counted back from it."""
    day = local(call.published_at).date() if call.published_at else None
    return {} if day is None else {"published_on": Fact(day, "本次通知", day)}


def nominee_facts(application: Application, document: policy.Document) -> dict[str, Fact]:
    """What the frozen sheet of a nominated thing says, and the day of its recommendation."""
    if not application.subject_key:
        return {}
    row = application.nominee
    day = local(row.at).date()
    told = {name: value for name, value in row.facts.items() if value not in (None, "")}
    found = {
        spec.name: Fact(
            dt.date.fromisoformat(told[spec.name]) if spec.type == "date" else told[spec.name],
            "事实清单",
            day,
        )
        for spec in document.facts.values()
        if spec.source == "project" and spec.name in told and spec.name not in BUILT_IN
    }
    return found | {RECOMMENDED_ON: Fact(day, "推荐", day, True)}


def judge(application: Application, on: dt.date) -> list[policy.Decision]:
    """The engine's decisions on eligibility and category as of a day."""
    document = policy_of(application.call.document)
    facts = facts_for(application, on)
    return [
        policy.judge(document, question, facts, on)
        for question in QUESTIONS
        if any(question in c.asks for c in document.conditions)
    ]


def self_check(call: Call, organisation: Organisation, on: dt.date) -> policy.Decision:
    """What the registry alone says about an organisation before it applies."""
    document = policy_of(call.document)
    return policy.judge(
        document, "eligibility", registry_facts(document, organisation, on) | notice_facts(call), on
    )


def overall(decisions: list[policy.Decision]) -> str:
    """The weakest answer decides: no before ambiguous before open before yes."""
    values = [d.value for d in decisions]
    return next((v for v in ("no", "ambiguous", "open", "silent") if v in values), "yes")
