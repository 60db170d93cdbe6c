"""What the noun `apply` brings to shared pages."""

from __future__ import annotations

from collections.abc import Iterable

from shuniu.calls.models import Stage
from shuniu.calls.queries import applicant
from shuniu.calls.queries.apply import open_calls, own_applications
from shuniu.calls.queries.correction import open_correction
from shuniu.foundation.access import ORGANISATION_ROLES, Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui import slots
from shuniu.registry.models import Organisation

MEMBERS = frozenset(ORGANISATION_ROLES)
GONE = (Stage.WITHDRAWN, Stage.ENDED)


def _navigation(who: Who) -> Iterable[slots.NavItem]:
    yield slots.NavItem("我的申报", "/apply/", MEMBERS, 20)


def _todos(who: Who) -> Iterable[slots.Todo]:
    if who.organisation_id is None:
        return
    for application in own_applications(who).filter(stage__in=(Stage.DRAFT, Stage.CORRECTING)):
        if application.stage == Stage.CORRECTING:
            correction = open_correction(application)
            due = clock.local_last_day(correction.due_at) if correction else None
            yield slots.Todo(
                "补正",
                application.category.label,
                f"/apply/{application.pk}/",
                "一次性补正，逾期不再受理",
                due,
            )
        elif application.call.state == "published" and application.call.apply_until:
            yield slots.Todo(
                "申报",
                application.category.label,
                f"/apply/{application.pk}/",
                application.call.title,
                clock.local_last_day(application.call.apply_until),
            )


def _on_home(who: Who, organisation: Organisation) -> Iterable[slots.Panel]:
    """For the organisation itself: the calls it may apply under and has not begun yet."""
    if who.organisation_id != organisation.pk:
        return
    begun = set(own_applications(who).exclude(stage__in=GONE).values_list("call", flat=True))
    calls = [applicant.opened(c) for c in open_calls() if c.pk not in begun]
    if calls:
        yield slots.Panel("正在受理的通知", "calls/apply/on_home.html", {"calls": calls}, 5)


def register() -> None:
    """Fill the slots."""
    slots.navigation(_navigation)
    slots.todo(_todos)
    slots.panel("registry.organisation", _on_home)
