"""What the noun `call` brings to shared pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from shuniu.calls.approvals import matter_of_call
from shuniu.calls.models import Amendment, Call, Question
from shuniu.calls.queries.call import own_calls
from shuniu.calls.queries.casefile import stage_bar
from shuniu.calls.rules.call import APPROVERS
from shuniu.calls.rules.procedure import current_stage, following, may_advance
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui import slots
from shuniu.unions.models import Union

STAFF = frozenset(
    {"clerk", "checker", "leader", "finance", "auditor", "sys_admin", "sec_admin", "audit_admin"}
)


def _navigation(who: Who) -> Iterable[slots.NavItem]:
    yield slots.NavItem("遴选评选", "/calls/", STAFF, 20)


def _todos(who: Who) -> Iterable[slots.Todo]:
    if who.union_id is None:
        return
    if who.role == "clerk":
        yield from _clerk(who)
    if who.role in APPROVERS:
        yield from _approver(who)


def _clerk(who: Who) -> Iterable[slots.Todo]:
    for call in own_calls(who).filter(state__in=(Call.State.DRAFT, Call.State.PENDING)):
        waits = call.state == Call.State.PENDING
        words, key = ("等待审签", "pending") if waits else ("起草中", "draft")
        yield slots.Todo(
            "通知", call.title, f"/calls/{call.pk}/", words, waiting=waits, key=f"calls.{key}:{call.pk}"
        )
    questions = Question.objects.filter(
        call__in=own_calls(who), answered_at__isnull=True, call__state=Call.State.PUBLISHED
    )
    for question in questions.select_related("call"):
        until = question.call.apply_until
        yield slots.Todo(
            "提问",
            question.text[:60],
            f"/calls/{question.call_id}/questions/{question.pk}/",
            question.call.title,
            clock.local_last_day(until) if until else None,
        )
    for call in own_calls(who).filter(state=Call.State.PUBLISHED).prefetch_related("stages"):
        if may_advance(call):
            upcoming = following(call)
            what = f"可以进入“{upcoming.label}”" if upcoming else "可以办结"
            stage = current_stage(call)
            yield slots.Todo("程序", call.title, f"/calls/{call.pk}/", what, stage.ends_on if stage else None)
    for amendment in _open_amendments(who).filter(proposed_by=who.person):
        yield _amendment(amendment, "更正等待审签", waiting=True)


def _approver(who: Who) -> Iterable[slots.Todo]:
    me = who.person.identity if who.person else ""
    for call in own_calls(who).filter(state=Call.State.PENDING).exclude(submitted_identity=me):
        yield slots.Todo(
            "审签", call.title, f"/calls/{call.pk}/approve/", "待审签发布", key=f"calls.approve:{call.pk}",
            matter=matter_of_call(call),
        )  # fmt: skip
    for amendment in _open_amendments(who).exclude(proposed_identity=me):
        yield _amendment(amendment, "更正待审签")


def _open_amendments(who: Who) -> QuerySet[Amendment]:
    """Amendments of running calls that nobody has decided."""
    running = own_calls(who).filter(state=Call.State.PUBLISHED)
    return Amendment.objects.filter(
        call__in=running, published_at__isnull=True, refused_reason=""
    ).select_related("call")


def _amendment(row: Amendment, words: str, *, waiting: bool = False) -> slots.Todo:
    return slots.Todo(
        "审签", row.call.title, f"/calls/{row.call_id}/amendments/{row.number}/", words, waiting=waiting,
        key=f"calls.amendment:{row.pk}",
    )  # fmt: skip


def _search(who: Who, text: str, limit: int) -> Sequence[slots.Found]:
    calls = own_calls(who).filter(title__icontains=text).only("title", "state", "published_at")[:limit]
    return [slots.Found("遴选评选", c.title, f"/calls/{c.pk}/", c.state_word) for c in calls]


def _on_bench(who: Who, union: Union) -> Iterable[slots.Panel]:
    """The calls that run, on the work bench: the stage bar of the one whose stage ends first, the others beside the to-do."""
    if who.role not in {*APPROVERS, "clerk"}:
        return
    running = []
    for call in own_calls(who).filter(state=Call.State.PUBLISHED).prefetch_related("stages").order_by("pk"):
        stage = current_stage(call)
        running.append((stage.ends_on if stage and stage.ends_on else dt.date.max, call, stage))
    if not running:
        return
    running.sort(key=lambda row: row[0])
    first = running[0][1]
    yield slots.Panel("", "calls/call/on_bench.html", {"call": first, "stages": stage_bar(first)}, order=10)
    if others := [{"call": call, "stage": stage} for _, call, stage in running[1:]]:
        yield slots.Panel("", "calls/call/on_bench_others.html", {"others": others}, order=55)


def register() -> None:
    """Fill the slots."""
    slots.navigation(_navigation)
    slots.todo(_todos)
    slots.search(_search)
    slots.panel("unions.union", _on_bench)
