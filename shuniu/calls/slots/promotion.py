"""What the noun `promotion` brings to shared pages."""

from __future__ import annotations

from collections.abc import Iterable

from shuniu.calls.models import Call, CallStage
from shuniu.calls.queries import promotion as queries
from shuniu.calls.queries.call import own_calls
from shuniu.foundation.access import Who
from shuniu.foundation.ui import slots


def _todos(who: Who) -> Iterable[slots.Todo]:
    if who.role != "clerk":
        return
    running = CallStage.objects.filter(
        kind="promote", opened_at__isnull=False, closed_at__isnull=True,
        call__in=own_calls(who).filter(state=Call.State.PUBLISHED),
    )  # fmt: skip
    for stage in running.select_related("call"):
        yield slots.Todo(
            "推广", stage.call.title, f"/calls/{stage.call_id}/promotion/", f"登记{stage.label}", stage.ends_on,
            key=f"calls.promotion:{stage.call_id}",
        )  # fmt: skip


def _on_call(who: Who, call: Call) -> Iterable[slots.Panel]:
    reached = any(s.kind == "promote" and s.opened_at for s in call.stages.all())
    if reached and who.union_id == call.union_id:
        rows = list(queries.shown(call)[:3])
        yield slots.Panel("宣传推广", "calls/promotion/panel.html", {"call": call, "rows": rows}, order=65)


def register() -> None:
    """Fill the slots."""
    slots.todo(_todos)
    slots.panel("calls.call", _on_call)
