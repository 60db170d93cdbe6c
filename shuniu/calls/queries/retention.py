"""What is due to be cleared, and what was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from shuniu.calls.models import (
    Application,
    Call,
    CallEvent,
    LateGrant,
    Objection,
    RetentionPlan,
    RetentionRun,
    Stage,
)
from shuniu.calls.retention import RULES, months_before
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.files.models import Blob

NEVER_SENT = (Stage.DRAFT, Stage.WITHDRAWN, Stage.ENDED)
_OVER = (Call.State.FINISHED, Call.State.CANCELLED)


def _objections(union_id: int, before: dt.datetime) -> QuerySet[Objection]:
    return Objection.objects.filter(
        publicity__list__call__union_id=union_id, cleared_at__isnull=True, decision__at__lt=before
    )


def _complainants(union_id: int, before: dt.datetime) -> QuerySet[Any]:
    return _objections(union_id, before).exclude(kind=Objection.Kind.ANONYMOUS)


def _clues(union_id: int, before: dt.datetime) -> QuerySet[Any]:
    return _objections(union_id, before).filter(kind=Objection.Kind.ANONYMOUS)


def _drafts(union_id: int, before: dt.datetime) -> QuerySet[Any]:
    late = LateGrant.objects.filter(
        call=OuterRef("call"), organisation=OuterRef("organisation"), until__gte=before
    )
    return Application.objects.filter(
        ~Exists(late),
        call__union_id=union_id,
        call__apply_until__lt=before,
        stage__in=NEVER_SENT,
        number__isnull=True,
    ).exclude(draft={})


def _quarantine(union_id: int, before: dt.datetime) -> QuerySet[Any]:
    return Blob.objects.filter(scan=Blob.Scan.INFECTED, erased_at__isnull=True, created_at__lt=before)


def _contacts(union_id: int, before: dt.datetime) -> QuerySet[Any]:
    ended = CallEvent.objects.filter(call=OuterRef("pk"), state__in=_OVER, at__lt=before)
    return Call.objects.filter(
        Exists(ended), union_id=union_id, state__in=_OVER, cleared_at__isnull=True, published_at__isnull=False
    )


_DUE: dict[str, Callable[[int, dt.datetime], QuerySet[Any]]] = {
    "complainant": _complainants, "clue": _clues, "draft": _drafts, "quarantine": _quarantine,
    "contact": _contacts,
}  # fmt: skip


def due(union_id: int, rule: str, months: int) -> QuerySet[Any]:
    """The rows of one rule whose period is over today; quarantined files belong to the whole platform."""
    return _DUE[rule](union_id, clock.start_of_day(months_before(clock.today(), months)))


def due_counts(union_id: int, months: Mapping[str, int]) -> dict[str, int]:
    """试算: how many rows of each rule would be cleared now."""
    return {rule.key: due(union_id, rule.key, months[rule.key]).count() for rule in RULES}


def plan_of(union_id: int) -> RetentionPlan | None:
    """The periods in force."""
    rows = RetentionPlan.objects.filter(union_id=union_id).select_related("by", "union")
    return rows.order_by("-number").first()


def plans_in_force() -> list[RetentionPlan]:
    """The latest plan of every union that has one."""
    rows = RetentionPlan.objects.order_by("union_id", "-number").distinct("union_id").select_related("union")
    return list(rows)


def runs_seen_by(who: Who) -> QuerySet[RetentionRun]:
    """What was cleared in the asker's union, the newest first."""
    return (
        RetentionRun.objects.filter(plan__union_id=who.union_id or 0).select_related("plan").order_by("-id")
    )
