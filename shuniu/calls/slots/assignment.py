"""What an assignment brings to shared pages."""

from __future__ import annotations

from collections.abc import Iterable

from shuniu.calls.approvals import matter_of_assignment
from shuniu.calls.models import AssignmentPlan, Call, Committee
from shuniu.calls.queries import assignment as queries
from shuniu.calls.rules.scoring import APPROVERS
from shuniu.foundation.access import Who
from shuniu.foundation.ui import slots

State = AssignmentPlan.State


def _clerk_todos(who: Who) -> Iterable[slots.Todo]:
    if who.union_id is None:
        return
    plans = {p.call_id: p for p in queries.plans_visible_to(who).filter(state__in=queries.OPEN)}
    running = Committee.objects.filter(
        call__union_id=who.union_id, call__state=Call.State.PUBLISHED, reviews_each__isnull=False,
        opened_at__isnull=False, closed_at__isnull=True,
    )  # fmt: skip
    for call in Call.objects.filter(pk__in=running.values("call")).order_by("pk"):
        url, plan = f"/calls/panels/of/{call.pk}/assignment/", plans.get(call.pk)
        if plan is not None:
            title = "核对分派方案" if plan.state == State.PROPOSED else f"分派方案{plan.get_state_display()}"
            yield slots.Todo(
                "分派",
                title,
                url,
                str(call),
                waiting=plan.state != State.PROPOSED,
                key=f"calls.plan:{plan.pk}",
            )
        elif not queries.undeclared(call) and (n := len(queries.missing_reviews(call))):
            yield slots.Todo(
                "分派", f"分派评审委员：{n} 家单位", url, str(call), key=f"calls.to_assign:{call.pk}:{n}"
            )


def _approver_todos(who: Who) -> Iterable[slots.Todo]:
    rows = queries.plans_visible_to(who).filter(state=State.SUBMITTED, call__state=Call.State.PUBLISHED)
    for plan in rows.exclude(submitted_identity=who.person.identity) if who.person else rows.none():
        yield slots.Todo(
            "审签", "分派方案", f"/calls/panels/of/{plan.call_id}/assignment/decide/", str(plan.call),
            key=f"calls.assignment:{plan.pk}", matter=matter_of_assignment(plan),
        )  # fmt: skip


def _todos(who: Who) -> Iterable[slots.Todo]:
    if who.role == "clerk":
        yield from _clerk_todos(who)
    if who.role in APPROVERS:
        yield from _approver_todos(who)


def register() -> None:
    """Fill the slots."""
    slots.todo(_todos)
