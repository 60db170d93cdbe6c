"""Judging an application at the check desk: what goes in, what the engine says, what is still to do.

The law is asked as of the day of submission (so that "the year before" stays the same year), the facts are
those known on the day of the run: a conclusion of an inspection that came later counts, and so does a
deregistration.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shuniu import policy
from shuniu.calls import counting, judging
from shuniu.calls.given import Given
from shuniu.calls.models import Application, Finding, Judgement, ReadingChoice
from shuniu.foundation.calendar import clock
from shuniu.library.queries import policy_of
from shuniu.policy.needs import names_of

ACCEPT = "accept:"  # a judgement about a condition in principle, not about a fact of the document
OPEN = ("unknown", "judged", "ambiguous", "silent")


def law_day(application: Application) -> dt.date:
    """The day by which the law is asked: the day of submission in Shanghai."""
    at = application.submitted_at
    return at.astimezone(clock.TZ).date() if at else clock.today()


def chosen_among(rows: Iterable[ReadingChoice]) -> dict[str, policy.Chosen]:
    """condition → the reading that counts: the application's own choice, else the whole call's."""
    found: dict[str, policy.Chosen] = {}
    for row in sorted(rows, key=lambda r: (r.application_id is not None, r.pk)):
        found[row.condition] = policy.Chosen(row.reading, str(row.by), row.reason)
    return found


@dataclass(frozen=True)
class Judged:
    """What one run says."""

    rows: list[Finding]
    answer: str
    counts: dict[str, int]


def judge(application: Application, given: Given, facts_on: dt.date, run: int) -> Judged:
    """Ask the engine; the findings are not saved."""
    law = policy_of(application.call.document)
    facts = judging.facts_for(
        application, facts_on, registry=given.registry, judgements=given.judgements, count=given.categories
    )
    chosen = chosen_among(given.readings)
    decisions = [
        policy.judge(law, question, facts, law_day(application), _known(law, question, chosen))
        for question in judging.QUESTIONS
        if any(question in c.asks for c in law.conditions)
    ]
    conditions = {c.key: c for c in law.conditions}
    rows: dict[str, Finding] = {}
    for found in (f for d in decisions for f in d.findings):
        if found.key not in rows:
            rows[found.key] = _row(application, law, conditions.get(found.key), found, run, facts_on)
    for counted in counting.count(law, facts, law_day(application), chosen):  # experts find them counted
        row = _score_row(application, counted, run, facts_on, chosen)
        rows[row.condition] = row
    for order, row in enumerate(rows.values(), 1):
        row.order = order
    standing = standing_of(list(rows.values()), accepted_among(given.answers))
    answer = judging.overall(decisions)
    if standing.failed:
        answer = "no"
    elif answer in ("open", "silent", "yes") and standing.left:
        answer = "open" if any(r.status in ("unknown", "silent") for r in standing.left) else "ask"
    return Judged(list(rows.values()), answer, dict(Counter(r.status for r in rows.values())))


def _known(law: policy.Document, question: str, chosen: dict[str, policy.Chosen]) -> dict[str, policy.Chosen]:
    keys = {c.key for c in law.conditions if question in c.asks}
    return {key: choice for key, choice in chosen.items() if key in keys}


def _row(
    application: Application,
    law: policy.Document,
    condition: policy.Condition | None,
    found: policy.Finding,
    run: int,
    facts_on: dt.date,
) -> Finding:
    asked = sorted(names_of(law, condition)) if condition is not None else []
    return Finding(
        application=application,
        run=run,
        condition=found.key,
        label=found.label,
        clause=found.clause,
        quote=found.quote,
        binding=found.binding,
        status=found.status,
        reason=found.reason,
        question=found.question,
        asks=[
            ask_of(law.facts[name])
            for name in law.facts
            if name in asked and law.facts[name].source == "judgement"
        ],
        readings=[
            {"key": r.key, "words": r.words, "status": r.status, "reason": r.reason} for r in found.readings
        ],
        chosen={"reading": found.chosen.reading, "by": found.chosen.by, "why": found.chosen.why}
        if found.chosen
        else {},
        facts=[
            {
                "name": u.name, "label": u.label, "value": u.shown, "source": u.source,
                "as_of": u.as_of.isoformat() if u.as_of else "", "known": u.known, "note": u.note,
            }
            for u in found.facts
        ],
        judged_on=facts_on,
    )  # fmt: skip


def _score_row(
    application: Application,
    counted: counting.Counted,
    run: int,
    facts_on: dt.date,
    chosen: Mapping[str, policy.Chosen],
) -> Finding:
    """A row of the score sheet beside the conditions: what it counts for, or what is left to settle."""
    item = counted.item
    choice = chosen.get(item.key) or chosen.get(counting.choice_key(item))
    return Finding(
        application=application, run=run, condition=counting.SCORE + item.key, label=f"计分：{item.label}",
        clause=item.clause, status=counted.status, reason=counted.said, asks=[ask_of(s) for s in counted.asks],
        readings=list(counted.readings), judged_on=facts_on,
        chosen={"reading": choice.reading, "by": choice.by, "why": choice.why} if choice else {},
    )  # fmt: skip


def ask_of(spec: policy.FactSpec) -> dict[str, Any]:
    """A judged fact as the desk asks it; without a type it is a question of yes and no."""
    said: dict[str, Any] = {"name": spec.name, "label": spec.label, "question": spec.question or spec.label}
    if spec.type != "boolean":
        said |= {"type": spec.type, "unit": spec.unit, "hint": spec.hint}
    return said


def accepted_in(application: Application) -> dict[str, bool]:
    """condition in principle → whether an officer accepted its written reason; the latest answer counts."""
    rows = Judgement.objects.filter(application=application, fact__startswith=ACCEPT).order_by("id")
    return {fact.removeprefix(ACCEPT): bool(answer) for fact, answer in rows.values_list("fact", "answer")}


def accepted_among(answers: Mapping[str, Judgement]) -> dict[str, bool]:
    """The same from the latest answers, where they are at hand."""
    return {
        fact.removeprefix(ACCEPT): bool(row.answer)
        for fact, row in answers.items()
        if fact.startswith(ACCEPT)
    }


@dataclass(frozen=True)
class Standing:
    """What the findings of a run leave to do: `left` must be settled, `failed` speak against."""

    left: list[Finding] = field(default_factory=list)
    failed: list[Finding] = field(default_factory=list)

    @property
    def unjudged(self) -> list[Finding]:
        """What only waits for a person."""
        return [f for f in self.left if f.status in ("judged", "ambiguous", "soft_passed")]


def standing_of(findings: Iterable[Finding], accepted: dict[str, bool]) -> Standing:
    """A reason beyond a soft limit waits until somebody accepts it; refused, it fails."""
    standing = Standing()
    for row in findings:
        if row.status == "not_met" or (row.status == "soft_passed" and accepted.get(row.condition) is False):
            standing.failed.append(row)
        elif row.status == "unknown" and row.condition.startswith(counting.SCORE):
            continue  # what is not on record is not counted: it is left to the experts, and bars nobody
        elif row.status in OPEN or (row.status == "soft_passed" and row.condition not in accepted):
            standing.left.append(row)
    return standing
