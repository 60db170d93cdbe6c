"""What the network brings to shared pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from shuniu.foundation.access import ORGANISATION_ROLES, Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui import slots
from shuniu.network import queries
from shuniu.network.models import Base, Story
from shuniu.network.queries import APPROVERS
from shuniu.recognition.models import Honour
from shuniu.registry.models import Organisation

_ORG = frozenset(ORGANISATION_ROLES)
_STRANGERS = frozenset({""})
_AHEAD = 60  # days before a base is due to be looked at again


def _navigation(who: Who) -> Iterable[slots.NavItem]:
    # The masthead is full: cases are led to from the bases.
    yield slots.NavItem("示范", "/bases/", queries.READERS, 42, also=("/cases/",))
    yield slots.NavItem("示范基地", "/bases/own/", _ORG, 42)
    yield slots.NavItem("典型案例", "/cases/own/", _ORG, 43)
    yield slots.NavItem("典型案例", "/cases/", _STRANGERS, 43)
    yield slots.NavItem("示范基地", "/bases/register/", _STRANGERS, 44)


def _todos(who: Who) -> Iterable[slots.Todo]:
    if who.organisation_id is not None:
        waiting = Story.objects.filter(
            organisation_id=who.organisation_id, state=Story.State.SUBMITTED, consented_at__isnull=True
        )
        for row in waiting.select_related("union"):
            yield slots.Todo(
                "案例", row.title, f"/cases/manage/{row.pk}/", f"{row.union}拟发布，请决定是否同意公开",
                key=f"network.consent:{row.pk}",
            )  # fmt: skip
    elif who.role == "clerk" and who.union_id is not None:
        until = clock.today() + dt.timedelta(days=_AHEAD)
        for base in queries.bases_to_review(who.union_id, until):
            what = "待评审" if base.state == Base.State.APPLIED else "到期复核"
            yield slots.Todo(
                "基地", base.name, f"/bases/{base.pk}/", what, base.review_on, key=f"network.review:{base.pk}"
            )
    elif who.role in APPROVERS:
        for step in queries.steps_waiting(who):
            yield slots.Todo(
                "基地", step.base.name, f"/bases/{step.base_id}/", f"{step.get_kind_display()}待审签",
                key=f"network.step:{step.pk}",
            )  # fmt: skip
        mine = who.person.identity if who.person else ""
        submitted = queries.stories_visible_to(who).filter(state=Story.State.SUBMITTED)
        for row in submitted.exclude(submitted_identity=mine):
            yield slots.Todo(
                "案例", row.title, f"/cases/manage/{row.pk}/", "待审核", key=f"network.story:{row.pk}"
            )


def _on_organisation(who: Who, organisation: Organisation) -> Iterable[slots.Panel]:
    bases = list(queries.bases_visible_to(who).filter(organisation=organisation)[:20])
    if bases:
        yield slots.Panel("示范基地", "network/parts/bases.html", {"rows": bases}, order=42)
    told = list(queries.stories_visible_to(who).filter(organisation=organisation)[:20])
    if told:
        yield slots.Panel("典型案例", "network/parts/stories.html", {"rows": told}, order=43)


def _on_honour(who: Who, honour: Honour) -> Iterable[slots.Panel]:
    told = list(queries.stories_visible_to(who).filter(honour=honour)[:20])
    if told:
        yield slots.Panel("典型案例", "network/parts/stories.html", {"rows": told}, order=20)


def _search(who: Who, text: str, limit: int) -> Sequence[slots.Found]:
    rows = queries.bases_visible_to(who).filter(name__icontains=text.strip())
    bases = rows.values_list("pk", "name", "organisation__name", "union__name")[:limit]
    found = [slots.Found("示范基地", name, f"/bases/{pk}/", org or union) for pk, name, org, union in bases]
    told = queries.stories_visible_to(who).filter(title__icontains=text.strip())
    stories = told.values_list("pk", "title", "kind")[: limit - len(found)]
    return found + [
        slots.Found("典型案例", title, f"/cases/manage/{pk}/", Story.Kind(kind).label)
        for pk, title, kind in stories
    ]


def register() -> None:
    """Fill the slots."""
    slots.navigation(_navigation)
    slots.todo(_todos)
    slots.panel("registry.organisation", _on_organisation)
    slots.panel("recognition.honour", _on_honour)
    slots.search(_search)
