"""What feedback and improvements bring to shared pages."""

from __future__ import annotations

from collections.abc import Iterable

from shuniu.calls.models import Call, Feedback, Improvement
from shuniu.calls.queries import feedback as queries
from shuniu.calls.rules.call import APPROVERS
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui import slots
from shuniu.registry.models import Organisation

State = Improvement.State


def _todos(who: Who) -> Iterable[slots.Todo]:
    if who.organisation_id is not None:
        yield from _organisation(who)
    elif who.union_id is not None and who.role in queries.OFFICE:
        yield from _office(who)


def _organisation(who: Who) -> Iterable[slots.Todo]:
    for row in queries.improvements_visible_to(who).filter(state=State.OPEN):
        late = row.due is not None and row.due < clock.today()
        yield slots.Todo(
            "改进", f"{row.label}：{row.what}", f"/apply/improvements/{row.pk}/",
            "已逾期，请尽快报告" if late else "完成后报告改进情况", row.due, key=f"calls.improvement:{row.pk}",
        )  # fmt: skip


def _office(who: Who) -> Iterable[slots.Todo]:
    rows = queries.improvements_visible_to(who).filter(union_id=who.union_id or 0)
    if who.role == "clerk":
        for row in rows.filter(state__in=(State.PROPOSED, State.OPEN, State.REPORTED)):
            running = row.state == State.OPEN and row.due is not None and row.due >= clock.today()
            sub = {
                State.PROPOSED: "申报单位提出，请定是否列入和期限", State.REPORTED: "请由没有打过分的人复查",
            }.get(State(row.state), "等申报单位报告" if running else "已逾期，请催办")  # fmt: skip
            yield slots.Todo(
                "改进", f"{row.application.organisation}：{row.label}", f"/calls/improvements/{row.pk}/", sub,
                row.due, waiting=running, key=f"calls.improvement:{row.pk}",
            )  # fmt: skip
        back = queries.applications_for_feedback(who).filter(
            feedback__state=Feedback.State.DRAFT, feedback__submitted_by=who.person
        )
        for application in back.exclude(feedback__returned_reason=""):
            yield slots.Todo(
                "反馈", f"反馈被退回：{application.organisation}", f"/calls/applications/{application.pk}/feedback/",
                application.call.title, key=f"calls.feedback_back:{application.pk}",
            )  # fmt: skip
    if who.role in APPROVERS:
        waiting = queries.applications_for_feedback(who).filter(feedback__state=Feedback.State.SUBMITTED)
        me = who.person.identity if who.person else ""
        for application in waiting.exclude(feedback__submitted_identity=me):
            yield slots.Todo(
                "审签", f"评审反馈：{application.organisation}", f"/calls/applications/{application.pk}/feedback/",
                application.call.title,
                key=f"calls.feedback:{application.feedback.pk}:{application.feedback.version}",
            )  # fmt: skip


def _on_call(who: Who, call: Call) -> Iterable[slots.Panel]:
    """How many were told, on the page of the union that runs the call."""
    if call.published_at is None or who.union_id != call.union_id or who.role not in queries.OFFICE:
        return
    counts = queries.counts_of(call.pk)
    if counts["decided"]:
        yield slots.Panel("评审反馈", "calls/feedback/panel.html", {"call": call, "counts": counts}, order=70)


def _on_organisation(who: Who, organisation: Organisation) -> Iterable[slots.Panel]:
    """What an organisation has agreed to improve, and whether it did: its own record, and every union's for the next award."""
    own = who.organisation_id == organisation.pk
    if not own and (who.union_id is None or who.role not in queries.OFFICE):
        return
    rows = list(queries.earlier_of(organisation.pk)[:20])
    if rows:
        leads = "calls:own_improvement" if own else ""
        yield slots.Panel(
            "改进事项", "calls/feedback/organisation.html", {"rows": rows, "leads": leads}, order=45
        )


def register() -> None:
    """Fill the slots."""
    slots.todo(_todos)
    slots.panel("calls.call", _on_call)
    slots.panel("registry.organisation", _on_organisation)
