"""What the check desk brings to shared pages: to-do, the figures of a call, search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import F, QuerySet

from shuniu.calls.approvals import matter_of_check, matter_of_late
from shuniu.calls.models import Application, Call, LateRequest, Stage
from shuniu.calls.queries import audit as queries
from shuniu.calls.queries.call import own_calls
from shuniu.calls.queries.outcome import stage_word_under
from shuniu.calls.rules.call import APPROVERS
from shuniu.foundation.access import Who
from shuniu.foundation.jobs import enqueue
from shuniu.foundation.ui import slots
from shuniu.registry.queries import named

MOST = 100
"""One's own applications named one by one; beyond it the list says the rest."""


def _todos(who: Who) -> Iterable[slots.Todo]:
    if who.role == "clerk":
        yield from _clerk(who)
    if who.role in APPROVERS:
        yield from _checker(who)
        for row in queries.late_to_decide(who):
            yield slots.Todo(
                "补报", f"{row.organisation}申请补报", f"/calls/{row.call_id}/late/{row.pk}/", row.call.title,
                key=matter_of_late(row),
            )  # fmt: skip


def _named(who: Who) -> QuerySet[Application]:
    """What is at the desk, with no more than a line of a to-do says."""
    rows = queries.desk_applications(who).select_related(None).select_related("organisation", "category")
    return rows.defer(None).only("due_on", "organisation__name", "category__label")


def _clerk(who: Who) -> Iterable[slots.Todo]:
    mine = (
        _named(who)
        .filter(call__state=Call.State.PUBLISHED, stage=Stage.SUBMITTED, clerk=who.person)
        .order_by(F("due_on").asc(nulls_last=True), "pk")
    )
    back = set(
        Application.objects.filter(
            stage=Stage.SUBMITTED, clerk=who.person, submissions__round__gt=0
        ).values_list("pk", flat=True)
    )
    for a in mine[:MOST]:
        tag, sub = ("补正", "已补正，等待审核") if a.pk in back else ("审核", a.category.label)
        yield slots.Todo(
            tag, str(a.organisation), f"/calls/applications/{a.pk}/audit/", sub, a.due_on,
            key=f"calls.audit:{a.pk}",
        )  # fmt: skip
    running = list(own_calls(who).filter(state=Call.State.PUBLISHED).only("title"))
    found = queries.counts_by_call(running)
    for call in running:
        counts = found.get(call.pk)
        if counts is None:
            continue
        base = f"/calls/{call.pk}/applications/"
        if counts["unassigned"]:
            yield slots.Todo(
                "审核", f"{counts['unassigned']} 份申报还没有指派经办人", f"{base}?tab=waiting&clerk=none", call.title,
                key=f"calls.unassigned:{call.pk}",
            )  # fmt: skip
        if counts["release"]:
            yield slots.Todo(
                "审核", f"{counts['release']} 份审核结论待统一生效", f"{base}?tab=release", call.title,
                key=f"calls.release:{call.pk}",
            )  # fmt: skip
    asked = LateRequest.objects.filter(asked_by=who.person, granted__isnull=True).select_related(
        "organisation"
    )
    for row in asked:
        yield slots.Todo(
            "补报", f"{row.organisation}补报待批准", f"/calls/{row.call_id}/late/", waiting=True,
            key=matter_of_late(row),
        )  # fmt: skip


def _checker(who: Who) -> Iterable[slots.Todo]:
    waiting = (
        _named(who)
        .filter(call__state=Call.State.PUBLISHED, stage=Stage.CHECKING)
        .exclude(clerk__identity=who.person.identity if who.person else "")
        .order_by(F("due_on").asc(nulls_last=True), "pk")
    )
    rows = list(waiting[:MOST])
    conclusions = queries.conclusions_of(rows)
    for a in rows:
        last = conclusions.get(a.pk)
        yield slots.Todo(
            "复核", str(a.organisation), f"/calls/applications/{a.pk}/check/", a.category.label, a.due_on,
            key=f"calls.check:{a.pk}", matter=matter_of_check(a, last.pk if last else None),
        )  # fmt: skip


def _panel(who: Who, call: Call) -> Iterable[slots.Panel]:
    if call.published_at is None or who.union_id != call.union_id:
        return
    counts = queries.counts_of(call)
    if not counts["all"]:
        return
    base = f"/calls/{call.pk}/applications/"
    stats = [
        {"label": "待审核", "number": counts["waiting"], "url": f"{base}?tab=waiting", "unit": "份"},
        {"label": "补正中", "number": counts["correcting"], "url": f"{base}?tab=correcting", "unit": "份"},
        {"label": "待复核", "number": counts["checking"], "url": f"{base}?tab=checking", "unit": "份"},
        {"label": "待生效", "number": counts["release"], "url": f"{base}?tab=release", "unit": "份"},
    ]
    following = ""
    if who.role == "clerk" and counts["waiting"] > counts["checking"]:
        following = "审核下一份"
    elif who.role in APPROVERS and counts["checking"]:
        following = "复核下一份"
    context = {"call": call, "stats": stats, "next": following}
    yield slots.Panel("资格审核", "calls/audit/panel.html", context, order=20)


def _search(who: Who, text: str, limit: int) -> Sequence[slots.Found]:
    wanted = named(text, "organisation")
    if wanted is None or who.role not in ("clerk", *APPROVERS):
        return []
    # By the key, newest first: a common word is found among the newest, a rare one by the index of names.
    rows = queries.desk_applications(who).filter(wanted).order_by("-pk")
    found = rows.values_list("pk", "organisation__name", "stage", "call__document__digest")[:limit]
    return [
        slots.Found("申报", name, f"/calls/applications/{pk}/audit/", stage_word_under(stage, digest))
        for pk, name, stage, digest in found
    ]


def _calendar() -> None:
    enqueue("calls.audit_calendar", once="calls.audit_calendar")


def register() -> None:
    """Fill the slots."""
    slots.todo(_todos)
    slots.panel("calls.call", _panel)
    slots.search(_search)
    slots.calendar_changed(_calendar)
