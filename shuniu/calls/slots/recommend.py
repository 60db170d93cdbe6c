"""What waits for a recommending union, and for an organisation whose visit is to be signed."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q

from shuniu.calls.models import Application, Call, CallStage, Recommendation, Stage, Visit
from shuniu.calls.queries import recommend as queries
from shuniu.calls.rules.call import APPROVERS
from shuniu.foundation.access import Who
from shuniu.foundation.ui import slots


def _todos(who: Who) -> Iterable[slots.Todo]:
    if who.organisation_id is not None:
        yield from _organisation(who)
    elif who.role in queries.OFFICE and who.union_id is not None:
        yield from _office(who)


def _organisation(who: Who) -> Iterable[slots.Todo]:
    waiting = Visit.objects.filter(
        application__organisation_id=who.organisation_id or 0,
        signed_at__isnull=False,
        answered_at__isnull=True,
    )
    for row in waiting.select_related("application__call"):
        yield slots.Todo(
            "评估", "核对实地评估记录并签字", f"/apply/{row.application_id}/visit/", row.application.call.title,
            key=f"calls.visit_answer:{row.pk}",
        )  # fmt: skip


def _office(who: Who) -> Iterable[slots.Todo]:
    mine = Application.objects.filter(recommender_id=who.union_id or 0, call__state=Call.State.PUBLISHED)
    counts = (
        mine.values("call", "call__title")
        .annotate(
            unassigned=Count("pk", filter=Q(stage=Stage.SUBMITTED, clerk__isnull=True)),
            to_visit=Count(
                "pk", filter=Q(stage=Stage.QUALIFIED, released_at__isnull=False, visit__isnull=True)
            ),
        )
        .order_by("call")
    )
    found = list(counts)
    if not found:
        return
    ids = [row["call"] for row in found]
    last = dict(CallStage.objects.filter(kind="recommend", call__in=ids).values_list("call_id", "ends_on"))
    for row in found:
        address, until = f"/calls/{row['call']}/recommend/", last.get(row["call"])
        if who.role == "clerk" and row["unassigned"]:
            yield slots.Todo(
                "审核", f"{row['unassigned']} 份申报经本级推荐，等待审核", address, row["call__title"], until,
                key=f"calls.through:{row['call']}",
            )  # fmt: skip
        if who.role == "clerk" and row["to_visit"]:
            yield slots.Todo(
                "评估", f"{row['to_visit']} 家可以安排实地评估", address, row["call__title"], until,
                key=f"calls.to_visit:{row['call']}",
            )  # fmt: skip
    if who.role in APPROVERS:
        proposed = Recommendation.objects.filter(
            union_id=who.union_id or 0,
            confirmed_at__isnull=True,
            ended_at__isnull=True,
            call__state=Call.State.PUBLISHED,
        ).exclude(proposed_identity=who.person.identity if who.person else "")
        for each in proposed.select_related("application__organisation", "call"):
            yield slots.Todo(
                "推荐", f"审签推荐：{each.application.organisation}", f"/calls/{each.call_id}/recommend/",
                each.call.title, last.get(each.call_id), key=f"calls.recommendation:{each.pk}",
            )  # fmt: skip


def _panel(who: Who, call: Call) -> Iterable[slots.Panel]:
    """Places and what was given, on the page of the union that runs the call."""
    if call.published_at is None or who.union_id != call.union_id or not call.quotas.exists():
        return
    shares = queries.shares_of(call)
    context = {
        "call": call, "unions": len(shares), "places": sum(s.at_most for s in shares),
        "confirmed": sum(s.confirmed for s in shares),
    }  # fmt: skip
    yield slots.Panel("推荐", "calls/recommend/panel.html", context, order=25)


def register() -> None:
    """Fill the slots."""
    slots.todo(_todos)
    slots.panel("calls.call", _panel)
