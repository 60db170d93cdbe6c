"""The one door through which an application's stage changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from shuniu.calls.models import Application, Decision, Stage
from shuniu.foundation.access import Who
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.journal.models import Entry

# The office's own steps and outcomes that are told later, all together: until then they must not stand on the
# organisation's 时间线.
_TOLD_LATER = frozenset({"conclude", "confirm", "return_conclusion", "reopen", "shortlist"})


def lock(application_id: int) -> Application:
    """The application, locked for this transaction; Application.DoesNotExist when there is none."""
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("call__union", "call__document", "organisation", "category")
        .get(pk=application_id)
    )


def lock_many(ids: Iterable[int]) -> list[Application]:
    """The applications, locked in the order of their numbers, in two queries."""
    rows = (
        Application.objects.select_for_update(of=("self",))
        .select_related("call__union", "call__document", "organisation", "category")
        .filter(pk__in=list(ids))
        .order_by("pk")
    )
    return list(rows)


@dataclass(frozen=True)
class Ruling:
    """What is decided about one application; `text` is the sentence of the 时间线."""

    application: Application
    to: str
    text: str
    verdict: str = ""
    note: str = ""
    clause: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    confirms: Decision | None = None
    also: tuple[models.Model, ...] = ()


def decide(
    application: Application,
    *,
    by: Who,
    verb: str,
    to: str,
    text: str,
    verdict: str = "",
    note: str = "",
    clause: str = "",
    facts: dict[str, Any] | None = None,
    confirms: Decision | None = None,
    also: tuple[models.Model, ...] = (),
) -> Decision:
    """Record a decision on a locked application, set its stage, write the journal.

    `text` is the sentence of the 时间线. The caller has checked its rule and holds the row lock; a deferred
    trigger refuses a stage that is not the last decision's.
    """
    ruling = Ruling(application, to, text, verdict, note, clause, facts or {}, confirms, also)
    decision = _decision(ruling, by, verb)
    decision.save(force_insert=True)
    entry = _entry(ruling, by, verb)
    application.stage = to
    application.save()
    journal.record_all([entry])
    return decision


def decide_all(rulings: Sequence[Ruling], *, by: Who, verb: str) -> None:
    """The same for many locked applications at once; nothing of them is saved but the stage."""
    Decision.objects.bulk_create([_decision(r, by, verb) for r in rulings], batch_size=500)
    journal.record_all([_entry(r, by, verb) for r in rulings])
    for to in sorted({r.to for r in rulings}):
        rows = [r.application for r in rulings if r.to == to]
        Application.objects.filter(pk__in=[a.pk for a in rows]).update(stage=to)
        for application in rows:
            application.stage = to


def _decision(ruling: Ruling, by: Who, verb: str) -> Decision:
    confirms = ruling.confirms
    return Decision(
        application=ruling.application,
        verb=verb,
        from_stage=ruling.application.stage,
        to_stage=ruling.to,
        verdict=ruling.verdict,
        note=ruling.note,
        clause=ruling.clause,
        facts=ruling.facts,
        by=by.person,
        identity=by.person.identity if by.person else "",
        behalf=by.hat.name if by.hat else by.system,
        confirms=confirms,
        confirms_identity=confirms.identity if confirms else "",
    )


def _entry(ruling: Ruling, by: Who, verb: str) -> Entry:
    application = ruling.application
    told = () if verb in _TOLD_LATER else (application.organisation,)
    return journal.entry(
        by=by,
        verb=f"calls.{verb}",
        text=ruling.text,
        subject=application,
        also=(application.call, *told, *ruling.also),
        clause=ruling.clause,
        facts={
            "from": application.stage,
            "to": ruling.to,
            "verdict": ruling.verdict,
            **ruling.facts,
        },
        union_id=application.call.union_id,
    )


def stage_label(stage: str) -> str:
    """The stage in the words of the page."""
    return str(Stage(stage).label)
