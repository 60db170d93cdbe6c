"""An application as a page of the desk needs it: read at once, in a small constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Q

from shuniu.calls import auditing
from shuniu.calls.models import (
    Application,
    Decision,
    Finding,
    Judgement,
    JudgeRun,
    ReadingChoice,
    Tick,
)
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.together import together


@dataclass(frozen=True)
class Look:
    """The last run with its findings, and what people said, ticked and decided; oldest first."""

    application: Application
    run: JudgeRun | None
    findings: list[Finding]
    judgements: list[Judgement]
    readings: list[ReadingChoice]
    ticks: list[Tick]
    decisions: list[Decision]

    def after(self, run: JudgeRun, findings: list[Finding]) -> Look:
        """The same with a new run."""
        return replace(self, run=run, findings=findings)

    @cached_property
    def answers(self) -> dict[str, Judgement]:
        """fact → the latest answer with who gave it."""
        return {row.fact: row for row in self.judgements}

    @property
    def accepted(self) -> dict[str, bool]:
        """condition in principle → whether its written reason was accepted."""
        return auditing.accepted_among(self.answers)

    @property
    def standing(self) -> auditing.Standing:
        """What the run leaves to do."""
        return auditing.standing_of(self.findings, self.accepted)

    @property
    def conclusion(self) -> Decision | None:
        """The conclusion that was last reached."""
        return next((d for d in reversed(self.decisions) if d.verb == "conclude"), None)


def read(application: Application) -> Look:
    """Everything of an application that the caller fetched through "who asks", and of its call; two queries.

    Materials, stages, terms and corrections are kept on the instances, as prefetch_related would keep them.
    """
    call = application.call
    last = application.judge_runs.order_by("-number")
    beside: dict[str, Any] = {
        "materials": call.materials.all(), "stages": call.stages.all(), "terms": call.terms.all(),
    }  # fmt: skip
    *kept, corrections, runs, findings, judgements, readings, ticks, decisions = together(
        *beside.values(),
        application.corrections.all(),
        last[:1],
        application.findings.filter(run=last.values("number")[:1]).order_by("order"),
        application.judgements.order_by("id"),
        ReadingChoice.objects.filter(
            Q(application=None) | Q(application=application.pk), call=call.pk
        ).order_by("id"),
        application.ticks.all(),
        application.decisions.order_by("id"),
    )
    for (name, rows), found in zip(beside.items(), kept, strict=True):
        _keep(call, name, rows, found)
    _keep(application, "corrections", application.corrections.all(), corrections)
    _name((*judgements, *readings, *ticks, *decisions))
    for row in corrections:
        row.application = application
    return Look(application, runs[0] if runs else None, findings, judgements, readings, ticks, decisions)


def _keep(owner: Any, name: str, rows: models.QuerySet[Any], found: list[Any]) -> None:
    rows._result_cache, rows._prefetch_done = found, True  # type: ignore[attr-defined]
    owner.__dict__.setdefault("_prefetched_objects_cache", {})[name] = rows


def _name(rows: Iterable[Judgement | ReadingChoice | Tick | Decision]) -> None:
    """Who did it, in one query."""
    keys = {row.by_id for row in rows if row.by_id}
    people = Person.objects.in_bulk(keys) if keys else {}
    for row in rows:
        if row.by_id:
            row.by = people[row.by_id]
