"""What the noun `listing` brings to shared pages."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from shuniu.calls.models import Call, ListCorrection, PublicList
from shuniu.calls.queries import listing as queries
from shuniu.calls.queries import outcome
from shuniu.calls.queries.call import own_calls
from shuniu.calls.rules import listing as rules
from shuniu.calls.rules.call import APPROVERS
from shuniu.calls.rules.procedure import current_stage
from shuniu.foundation.access import Who
from shuniu.foundation.jobs import enqueue
from shuniu.foundation.ui import slots


def _todos(who: Who) -> Iterable[slots.Todo]:
    if who.role == "clerk":
        yield from _for_clerk(who)
    if who.role in APPROVERS:
        yield from _for_approver(who)


def _for_clerk(who: Who) -> Iterable[slots.Todo]:
    kinds = ("shortlist", "name", "publish")
    running = own_calls(who).filter(state=Call.State.PUBLISHED).select_related("union")
    for call in running.prefetch_related("stages"):
        current = current_stage(call)
        if current is None or current.kind not in kinds:
            continue
        what = ""
        if current.kind != "publish" and rules.may_freeze_shortlist(who, call):
            what = "可以冻结初步入围名单"
        elif current.kind != "shortlist" and queries.formal_rows(call) and rules.may_freeze_formal(who, call):
            what = f"可以冻结{'命名名单' if outcome.grants_honour(call) else '正式名单'}"
        if what:
            yield slots.Todo("名单", call.title, f"/calls/{call.pk}/lists/", what, current.ends_on)


def _for_approver(who: Who) -> Iterable[slots.Todo]:
    mine = who.person.identity if who.person else ""
    waiting = PublicList.objects.filter(
        call__in=own_calls(who), published_at__isnull=True, returned_at__isnull=True
    )
    for row in waiting.exclude(frozen_identity=mine).defer("frozen"):
        yield slots.Todo(
            "审签", row.title, f"/calls/lists/{row.pk}/", f"{outcome.list_word(row)}待审签",
            key=f"calls.list:{row.pk}",
        )  # fmt: skip
    corrections = (
        ListCorrection.objects.filter(
            list__call__in=own_calls(who), published_at__isnull=True, refused_reason=""
        )
        .select_related("list")
        .defer("list__frozen")
    )
    for made in corrections.exclude(proposed_identity=mine):
        yield slots.Todo(
            "审签", made.list.title, f"/calls/lists/{made.list_id}/corrections/{made.number}/", "更正公告待审签",
            key=f"calls.list_correction:{made.pk}",
        )  # fmt: skip


def _on_call(who: Who, call: Call) -> Iterable[slots.Panel]:
    rows = list(queries.lists_of(who, call.pk))
    current = call.stages.filter(key=call.stage).first()
    near = current is not None and current.kind in {*rules.BEFORE_PUBLICITY, "publish"}
    if rows or near:
        shown = [
            {"row": r, "left": queries.countdown(r.publicity) if hasattr(r, "publicity") else None}
            for r in rows
            if r.returned_at is None
        ]
        yield slots.Panel("名单和公示", "calls/listing/panel.html", {"call": call, "rows": shown}, order=60)


def _calendar_changed() -> None:
    transaction.on_commit(lambda: enqueue("calls.recompute_publicity", once="calls.recompute_publicity"))


def register() -> None:
    """Fill the slots."""
    slots.todo(_todos)
    slots.panel("calls.call", _on_call)
    slots.calendar_changed(_calendar_changed)
