"""What scoring and meetings bring to shared pages."""

from __future__ import annotations

from collections.abc import Iterable

from shuniu.calls.approvals import matter_of_meeting, matter_of_reopening
from shuniu.calls.queries.panel import seats_of
from shuniu.calls.queries.scoring import (
    meetings_to_attend,
    pile_counts,
    reopenings_to_decide,
    results_to_sign,
    reviews_to_run,
)
from shuniu.calls.rules.scoring import APPROVERS
from shuniu.foundation.access import Who
from shuniu.foundation.ui import slots


def _expert_todos(who: Who) -> Iterable[slots.Todo]:
    counts = pile_counts(who)
    for seat in seats_of(who):
        committee = seat.committee
        total, left = counts.get(committee.pk, (0, 0))
        if left and seat.declared_at is not None:
            yield slots.Todo(
                "评分", f"{committee.category}：还有 {left} 份没有提交", f"/review/{committee.pk}/",
                f"共 {total} 份", committee.due_on, key=f"calls.score:{seat.pk}",
            )  # fmt: skip

    for seat in meetings_to_attend(who):
        here = bool(seat.here)  # type: ignore[attr-defined]
        yield slots.Todo(
            "会议", f"集中评审会议：{seat.committee.category}", f"/review/{seat.committee_id}/meeting/",
            "已签到，请参加讨论和表决" if here else "请签到", waiting=here, key=f"calls.attend:{seat.pk}",
        )  # fmt: skip


def _clerk_todos(who: Who) -> Iterable[slots.Todo]:
    for c in reviews_to_run(who):
        url, sub = f"/calls/panels/{c.pk}/", str(c.call)
        if c.opened_at is None or c.over:  # type: ignore[attr-defined]
            continue
        if c.closed_at is None:
            ready = not c.open_left and not c.invited  # type: ignore[attr-defined]
            title = f"可以结束评分：{c.category}" if ready else f"评分进行中：{c.category}"
            yield slots.Todo("评分", title, url, sub, c.due_on, waiting=not ready, key=f"calls.close:{c.pk}")
        elif not c.began:  # type: ignore[attr-defined]
            yield slots.Todo("会议", f"召开集中评审会议：{c.category}", f"{url}meeting/", sub)
        else:
            waiting = bool(c.proposed)  # type: ignore[attr-defined]
            title = f"评审结果待审签：{c.category}" if waiting else f"整理会议结果：{c.category}"
            yield slots.Todo("会议", title, f"{url}meeting/", sub, waiting=waiting)


def _approver_todos(who: Who) -> Iterable[slots.Todo]:
    for meeting in results_to_sign(who):
        c = meeting.committee
        yield slots.Todo(
            "审签", f"评审结果：{c.category}", f"/calls/panels/{c.pk}/meeting/sign/", str(c.call),
            key=f"calls.sign:{c.pk}", matter=matter_of_meeting(c.pk, meeting.version),
        )  # fmt: skip
    for row in reopenings_to_decide(who):
        yield slots.Todo(
            "批准", f"重新开放评分：{row.committee.category}", f"/calls/panels/{row.committee_id}/reopen/{row.pk}/",
            str(row.committee.call), key=matter_of_reopening(row),
        )  # fmt: skip


def _todos(who: Who) -> Iterable[slots.Todo]:
    if who.role == "expert":
        yield from _expert_todos(who)
    if who.role == "clerk":
        yield from _clerk_todos(who)
    if who.role in APPROVERS:
        yield from _approver_todos(who)


def register() -> None:
    """Fill the slots."""
    slots.todo(_todos)
