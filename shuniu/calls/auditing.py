"""Judging an application at the check desk: what goes in, what the engine says, what is still to do.

The law is asked as of the day of submission (so that "the year before" stays the same year), the facts are
those known on the day of the run: a conclusion of an inspection that came later counts, and so does a
deregistration.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max

from shuniu import policy
from shuniu.calls import judging
from shuniu.calls.models import Application, Finding, Judgement, ReadingChoice, Stage, Submission
from shuniu.foundation.calendar import clock
from shuniu.library.queries import policy_of
from shuniu.policy.decision import plain
from shuniu.policy.needs import names_of
from shuniu.registry.queries import facts_as_of_many

ACCEPT = "accept:"  # a judgement about a condition in principle, not about a fact of the document
OPEN = ("unknown", "judged", "ambiguous", "silent")
GONE = (Stage.WITHDRAWN, Stage.ENDED)


def digest(value: Any) -> str:
    """SHA-256 of plain values; days and amounts as text."""
    body = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(body.encode()).hexdigest()


def law_day(application: Application) -> dt.date:
    """The day by which the law is asked: the day of submission in Shanghai."""
    at = application.submitted_at
    return at.astimezone(clock.TZ).date() if at else clock.today()


def inputs_of(applications: Sequence[Application], on: dt.date) -> dict[int, str]:
    """application → digest of everything that a run judges, with registry facts of `on`.

    The same number of queries for one and for many. The applications carry call, document, organisation and
    category.
    """
    ids = [a.pk for a in applications]
    wanted: set[str] = set()
    for document in {a.call.document_id: a.call.document for a in applications}.values():
        wanted |= {f.name for f in policy_of(document).facts.values() if f.source == "registry"}
    organisations = {a.organisation_id: a.organisation for a in applications}
    registry = facts_as_of_many(list(organisations.values()), on, only=wanted)
    submissions = dict(
        Submission.objects.filter(application__in=ids)
        .order_by("application_id", "-round")
        .distinct("application_id")
        .values_list("application_id", "digest")
    )
    answers = dict(
        Judgement.objects.filter(application__in=ids)
        .values_list("application_id")
        .annotate(last=Max("id"))
        .values_list("application_id", "last")
    )
    readings = _reading_ids(applications)
    counts = {
        (row["call_id"], row["organisation_id"]): row["n"]
        for row in Application.objects.filter(
            call__in={a.call_id for a in applications}, organisation__in=organisations
        )
        .exclude(stage__in=GONE)
        .values("call_id", "organisation_id")
        .annotate(n=Count("id"))
    }
    return {
        a.pk: digest(
            {
                "law": a.call.document.digest,
                "form": [a.category.key, list(a.directions), a.override_reason],
                "beyond": max(counts.get((a.call_id, a.organisation_id), 0) - (a.soft_limit or 10**6), 0),
                "submission": submissions.get(a.pk, ""),
                "registry": _plain_facts(registry[a.organisation_id]),
                "answers": answers.get(a.pk, 0),
                "readings": readings.get(a.pk, 0),
            }
        )
        for a in applications
    }


def _reading_ids(applications: Sequence[Application]) -> dict[int, int]:
    rows = list(
        ReadingChoice.objects.filter(call__in={a.call_id for a in applications}).values_list(
            "id", "call_id", "application_id"
        )
    )
    whole: dict[int, int] = {}
    own: dict[int, int] = {}
    for pk, call_id, application_id in rows:
        if application_id is None:
            whole[call_id] = max(pk, whole.get(call_id, 0))
        else:
            own[application_id] = max(pk, own.get(application_id, 0))
    return {a.pk: max(whole.get(a.call_id, 0), own.get(a.pk, 0)) for a in applications}


def _plain_facts(facts: dict[str, object]) -> dict[str, Any]:
    def one(given: object) -> Any:
        if isinstance(given, policy.Fact):
            return [plain(given.value), given.source, given.as_of, given.verified]
        if isinstance(given, list | tuple):
            return [one(each) for each in given]
        return plain(given)

    return {name: one(given) for name, given in facts.items()}


def chosen_for(application: Application) -> dict[str, policy.Chosen]:
    """condition → the reading that counts: the application's own choice, else the whole call's."""
    rows = ReadingChoice.objects.filter(call=application.call).select_related("by").order_by("id")
    found: dict[str, policy.Chosen] = {}
    for row in sorted(
        (r for r in rows if r.application_id in (None, application.pk)),
        key=lambda r: (r.application_id is not None, r.pk),
    ):
        found[row.condition] = policy.Chosen(row.reading, str(row.by), row.reason)
    return found


@dataclass(frozen=True)
class Judged:
    """What one run says."""

    rows: list[Finding]
    answer: str
    counts: dict[str, int]


def judge(application: Application, facts_on: dt.date, run: int) -> Judged:
    """Ask the engine; the findings are not saved."""
    law = policy_of(application.call.document)
    facts = judging.facts_for(application, facts_on)
    chosen = chosen_for(application)
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
    for order, row in enumerate(rows.values(), 1):
        row.order = order
    standing = standing_of(list(rows.values()), accepted_in(application))
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
        elif row.status in OPEN or (row.status == "soft_passed" and row.condition not in accepted):
            standing.left.append(row)
    return standing
