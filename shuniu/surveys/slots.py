"""What surveys bring to shared pages."""

from __future__ import annotations

from collections.abc import Iterable

from shuniu.foundation.access import ORGANISATION_ROLES, Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui import slots
from shuniu.registry.models import Organisation
from shuniu.surveys import queries
from shuniu.surveys.models import Callback, Item, Survey

_ORG = frozenset(ORGANISATION_ROLES)


def _navigation(who: Who) -> Iterable[slots.NavItem]:
    yield slots.NavItem("测评", "/surveys/", queries.READERS, 35)
    yield slots.NavItem("测评", "/own-surveys/", _ORG, 35)


def _todos(who: Who) -> Iterable[slots.Todo]:
    if who.organisation_id is not None:
        for item in queries.items_visible_to(who).filter(state=Item.State.OPEN):
            yield slots.Todo(
                "整改", item.reason, f"/own-surveys/{item.survey_id}/", item.survey.title, item.due,
                key=f"surveys.item:{item.pk}",
            )  # fmt: skip
    if who.role != "clerk":
        return
    for item in queries.items_visible_to(who).exclude(state=Item.State.DONE):
        waits = item.state == Item.State.OPEN
        yield slots.Todo(
            "整改", f"{item.survey.organisation.name}：{item.reason}", f"/surveys/items/{item.pk}/",
            "等被测评单位填报" if waits else "待验收", item.due, waiting=waits and item.due >= clock.today(),
            key=f"surveys.item:{item.pk}",
        )  # fmt: skip
    calls = queries.callbacks_visible_to(who).filter(state=Callback.State.WAITING)
    for survey_id, title in calls.values_list("survey_id", "survey__title").distinct().order_by("survey_id"):
        yield slots.Todo(
            "回访",
            title,
            f"/surveys/{survey_id}/callbacks/",
            "有职工留了电话",
            key=f"surveys.callbacks:{survey_id}",
        )
    running = queries.surveys_visible_to(who).exclude(state=Survey.State.CLOSED).select_related("tally")
    for row in running.order_by("ends_on", "pk"):
        if step := _next(row):
            yield slots.Todo(
                "测评", row.title, f"/surveys/{row.pk}/{step[1]}", step[0], row.ends_on,
                key=f"surveys.next:{row.pk}",
            )  # fmt: skip


def _next(row: Survey) -> tuple[str, str] | None:
    """What the office has to do for a survey that is not counted, and on which page of it."""
    if row.state == Survey.State.DRAFT:
        return ("核对设置，开放测评", "") if row.tally.roster else ("录入测评名单", "roster/")
    if row.ends_on < clock.today():
        return "测评已经截止，录完纸质票后计票", ""
    return None if row.tally.tickets else ("制票，发到每个人手里", "tickets/")


def _on_organisation(who: Who, organisation: Organisation) -> Iterable[slots.Panel]:
    rows = list(
        queries.surveys_visible_to(who)
        .filter(organisation=organisation, state=Survey.State.CLOSED)
        .select_related("result")[:10]
    )
    if rows:
        base = "/own-surveys/" if who.organisation_id is not None else "/surveys/"
        shown = [
            {
                "row": r,
                "rate": queries.exact(r.result.numerator, r.result.denominator),
                "url": f"{base}{r.pk}/",
            }
            for r in rows
        ]
        yield slots.Panel("满意度测评", "surveys/panel.html", {"rows": shown}, order=40)


def register() -> None:
    """Fill the slots."""
    slots.navigation(_navigation)
    slots.todo(_todos)
    slots.panel("registry.organisation", _on_organisation)
