"""What the noun `objection` brings to shared pages: the office's work, nothing for anybody else."""

from __future__ import annotations

from collections.abc import Iterable

from shuniu.calls.models import Call, Objection
from shuniu.calls.queries import objection as queries
from shuniu.calls.rules import objection as rules
from shuniu.calls.rules.call import APPROVERS
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui import slots


def _todos(who: Who) -> Iterable[slots.Todo]:
    if who.role == "clerk" and who.person is not None:
        open_ones = queries.objections_of(who).filter(
            state__in=(Objection.State.RECEIVED, Objection.State.LOOKING)
        )
        received: list[Objection] = []
        looking: list[Objection] = []
        for row in open_ones:
            (received if row.state == Objection.State.RECEIVED else looking).append(row)
        for row in received:
            mine = bool(rules.is_independent(who, row))
            sub = "待受理" if mine else "待受理，由没有参加原决定的人办理"
            yield slots.Todo(
                "异议", row.number, f"/calls/objections/{row.pk}/", f"{row.get_kind_display()}，{sub}",
                waiting=not mine, key=f"calls.objection:{row.pk}",
            )  # fmt: skip
        for row in looking:
            late = row.reply_by is not None and row.reply_by < clock.today()
            if row.handler_id != who.person.pk and late and rules.may_take_over(who, row):
                yield slots.Todo(
                    "异议", row.number, f"/calls/objections/{row.pk}/", f"{row.handler}逾期没有核完，可以接手",
                    row.reply_by, waiting=True, key=f"calls.objection:{row.pk}",
                )  # fmt: skip
        for row in (r for r in looking if r.handler_id == who.person.pk):
            waits = queries.open_proposal(row) is not None
            yield slots.Todo(
                "异议", row.number, f"/calls/objections/{row.pk}/", "核查意见待审签" if waits else "核查中",
                row.reply_by, waiting=waits, key=f"calls.objection:{row.pk}",
            )  # fmt: skip
        for row in queries.awaiting_correction(who):
            call_id = row.publicity.list.call_id
            yield slots.Todo(
                "更正", row.number, f"/calls/{call_id}/lists/", "异议成立，该单位已在正式名单，请办理更正公告",
                key=f"calls.objection_correction:{row.pk}",
            )  # fmt: skip
    if who.role in APPROVERS and who.person is not None:
        for proposal in queries.proposals_for(who).exclude(identity=who.person.identity):
            mine = bool(rules.is_independent(who, proposal.objection))
            sub = "异议核查意见待审签" + ("" if mine else "，由没有参加原决定的人审签")
            yield slots.Todo(
                "审签", proposal.objection.number, f"/calls/objections/{proposal.objection_id}/", sub,
                proposal.objection.reply_by, waiting=not mine, key=f"calls.objection_proposal:{proposal.pk}",
            )  # fmt: skip


def _on_call(who: Who, call: Call) -> Iterable[slots.Panel]:
    rows = list(queries.objections_of(who).filter(publicity__list__call=call)[:20])
    if rows:
        yield slots.Panel("异议和线索", "calls/objection/panel.html", {"rows": rows, "call": call}, order=70)


def register() -> None:
    """Fill the slots."""
    slots.todo(_todos)
    slots.panel("calls.call", _on_call)
