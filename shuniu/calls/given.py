"""What a run of the engine is given about an application, and the digest that tells when it is another."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from shuniu import policy
from shuniu.calls.known import known_of
from shuniu.calls.models import Application, Judgement, ReadingChoice, Stage, Submission
from shuniu.library.queries import policy_of
from shuniu.policy.decision import plain

GONE = (Stage.WITHDRAWN, Stage.ENDED)


def digest(value: Any) -> str:
    """SHA-256 of plain values; days and amounts as text."""
    body = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(body.encode()).hexdigest()


@dataclass(frozen=True)
class Given:
    """Everything that one application's run is told, read once."""

    registry: dict[str, object]
    judgements: list[Judgement]  # oldest first, with who gave them
    readings: list[ReadingChoice]  # of the application and of its whole call
    categories: int  # how many the organisation applies for in the call, this one included
    inputs: str  # digest; another one asks for another run

    @cached_property
    def answers(self) -> dict[str, Judgement]:
        """fact → the latest answer."""
        return {row.fact: row for row in self.judgements}


def counted(rows: QuerySet[Application]) -> QuerySet[Application]:
    """The rows with what `given_to` would ask for itself."""
    last = Submission.objects.filter(application=OuterRef("pk")).order_by("-round").values("digest")[:1]
    others = (
        Application.objects.filter(call=OuterRef("call"), organisation=OuterRef("organisation"))
        .exclude(pk=OuterRef("pk"))
        .exclude(stage__in=GONE)
        .order_by()
        .values("call")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return rows.annotate(
        last_digest=Subquery(last), others=Coalesce(Subquery(others, output_field=IntegerField()), 0)
    )


def given_to(
    application: Application, on: dt.date, judgements: list[Judgement], readings: list[ReadingChoice]
) -> Given:
    """For one application, with everything that a run needs; registry facts of `on`.

    `judgements`, `readings`: all of them with who gave them, oldest first.
    """
    with_counts: Any = application
    if not hasattr(with_counts, "last_digest"):
        with_counts = counted(Application.objects.only("pk")).get(pk=application.pk)
    submission, n = with_counts.last_digest, with_counts.others
    facts = known_of([application], on, _documents([application]))[application.pk]
    return Given(
        facts,
        judgements,
        readings,
        n + 1,
        _digest(
            application,
            n + (application.stage not in GONE),
            submission or "",
            facts,
            max((row.pk for row in judgements), default=0),
            max((row.pk for row in readings), default=0),
        ),
    )


def _documents(applications: Sequence[Application]) -> list[policy.Document]:
    return [policy_of(d) for d in {a.call.document_id: a.call.document for a in applications}.values()]


def _digest(
    a: Application, count: int, submission: str, facts: dict[str, object], answers: int, readings: int
) -> str:
    return digest(
        {
            "law": a.call.document.digest,
            "form": [a.category.key, list(a.directions), a.override_reason],
            "beyond": max(count - (a.soft_limit or 10**6), 0),
            "submission": submission,
            "registry": _plain_facts(facts),
            "answers": answers,
            "readings": readings,
        }
    )


def inputs_of(applications: Sequence[Application], on: dt.date) -> dict[int, str]:
    """application → digest of everything that a run judges, with registry facts of `on`.

    The same number of queries for one and for many. The applications carry call, document, organisation and
    category.
    """
    ids = [a.pk for a in applications]
    organisations = {a.organisation_id for a in applications}
    registry = known_of(applications, on, _documents(applications))
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
        a.pk: _digest(
            a,
            counts.get((a.call_id, a.organisation_id), 0),
            submissions.get(a.pk, ""),
            registry[a.pk],
            answers.get(a.pk, 0),
            readings.get(a.pk, 0),
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
