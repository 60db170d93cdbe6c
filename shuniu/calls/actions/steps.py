"""The one door through which a call's state and stage change."""

from __future__ import annotations

from typing import Any

from shuniu.calls.models import Call, CallEvent, CallStage
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal


def lock(call_id: int) -> Call:
    """The call, locked for this transaction; Call.DoesNotExist when there is none."""
    return Call.objects.select_for_update(of=("self",)).select_related("union", "document").get(pk=call_id)


def step(
    call: Call,
    *,
    by: Who,
    verb: str,
    text: str,
    state: str | None = None,
    stage: str | None = None,
    reason: str = "",
    clause: str = "",
    facts: dict[str, Any] | None = None,
) -> CallEvent:
    """Record what happened to a locked call, set its state and stage, write the journal.

    A new `stage` closes the one before and opens itself: their times are the database's clock.
    """
    now = clock.now()
    if stage is not None and stage != call.stage:
        CallStage.objects.filter(call=call, key=call.stage, closed_at__isnull=True).update(closed_at=now)
        CallStage.objects.filter(call=call, key=stage).update(opened_at=now, closed_at=None)
    call.state = state if state is not None else call.state
    call.stage = stage if stage is not None else call.stage
    event = CallEvent.objects.create(
        call=call,
        verb=verb,
        state=call.state,
        stage=call.stage,
        reason=reason,
        clause=clause,
        by=by.person,
        behalf=by.hat.name if by.hat else by.system,
    )
    call.save()
    journal.record(
        by=by,
        verb=f"calls.{verb}",
        text=text,
        subject=call,
        clause=clause,
        facts={"state": call.state, "stage": call.stage, **(facts or {})},
        union_id=call.union_id,
    )
    return event
