"""What the noun `call` brings to shared pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shuniu.calls.approvals import matter_of_call
from shuniu.calls.models import Call, Question
from shuniu.calls.queries.call import own_calls
from shuniu.calls.rules.call import APPROVERS
from shuniu.calls.rules.procedure import following, may_advance
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui import slots

STAFF = frozenset(
    {"clerk", "checker", "leader", "finance", "auditor", "sys_admin", "sec_admin", "audit_admin"}
)


def _navigation(who: Who) -> Iterable[slots.NavItem]:
    yield slots.NavItem("遴选", "/calls/", STAFF, 20)


def _todos(who: Who) -> Iterable[slots.Todo]:
    if who.union_id is None:
        return
    if who.role == "clerk":
        for call in own_calls(who).filter(state=Call.State.DRAFT):
            yield slots.Todo("通知", call.title, f"/calls/{call.pk}/", "起草中", key=f"calls.draft:{call.pk}")
        questions = Question.objects.filter(
            call__union_id=who.union_id, answered_at__isnull=True, call__state=Call.State.PUBLISHED
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
                stage = next((s for s in call.stages.all() if s.key == call.stage), None)
                yield slots.Todo(
                    "程序", call.title, f"/calls/{call.pk}/", what, stage.ends_on if stage else None
                )
    if who.role in APPROVERS:
        for call in own_calls(who).filter(state=Call.State.PENDING):
            mine = who.person is not None and call.submitted_identity == who.person.identity
            if not mine:
                yield slots.Todo(
                    "审签", call.title, f"/calls/{call.pk}/approve/", "待审签发布", key=f"calls.approve:{call.pk}",
                    matter=matter_of_call(call),
                )  # fmt: skip
        for call in own_calls(who).filter(
            amendments__published_at__isnull=True, amendments__refused_reason="", amendments__isnull=False
        ):
            for amendment in call.amendments.filter(published_at__isnull=True, refused_reason=""):
                yield slots.Todo(
                    "审签", call.title, f"/calls/{call.pk}/amendments/{amendment.number}/", "更正待审签",
                    key=f"calls.amendment:{amendment.pk}",
                )  # fmt: skip


def _search(who: Who, text: str, limit: int) -> Sequence[slots.Found]:
    calls = own_calls(who).filter(title__icontains=text).only("title", "state")[:limit]
    return [slots.Found("遴选", c.title, f"/calls/{c.pk}/", c.get_state_display()) for c in calls]


def register() -> None:
    """Fill the slots."""
    slots.navigation(_navigation)
    slots.todo(_todos)
    slots.search(_search)
