"""The one door through which an application's stage changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models

from shuniu.calls.models import Application, Decision, Stage
from shuniu.foundation.access import Who
from shuniu.foundation.journal import actions as journal

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
    decision = Decision.objects.create(
        application=application,
        verb=verb,
        from_stage=application.stage,
        to_stage=to,
        verdict=verdict,
        note=note,
        clause=clause,
        facts=facts or {},
        by=by.person,
        identity=by.person.identity if by.person else "",
        behalf=by.hat.name if by.hat else by.system,
        confirms=confirms,
        confirms_identity=confirms.identity if confirms else "",
    )
    application.stage = to
    application.save()
    journal.record(
        by=by,
        verb=f"calls.{verb}",
        text=text,
        subject=application,
        also=(application.call, *(() if verb in _TOLD_LATER else (application.organisation,)), *also),
        clause=clause,
        facts={"from": decision.from_stage, "to": to, "verdict": verdict, **(facts or {})},
        union_id=application.call.union_id,
    )
    return decision


def stage_label(stage: str) -> str:
    """The stage in the words of the page."""
    return str(Stage(stage).label)
