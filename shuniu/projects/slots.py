"""What projects bring to shared pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shuniu.foundation.access import Who
from shuniu.foundation.ui import slots
from shuniu.projects import rules
from shuniu.projects.queries import READERS, projects_visible_to
from shuniu.registry.models import Organisation
from shuniu.surveys import subjects
from shuniu.surveys.subjects import Subject


def _navigation(who: Who) -> Iterable[slots.NavItem]:
    yield slots.NavItem("项目", "/projects/", READERS, 40)


def _on_organisation(who: Who, organisation: Organisation) -> Iterable[slots.Panel]:
    rows = list(projects_visible_to(who).filter(organisation=organisation)[:50])
    if rows:
        yield slots.Panel("项目", "projects/parts/panel.html", {"rows": rows}, order=40)


def _search(who: Who, text: str, limit: int) -> Sequence[slots.Found]:
    rows = projects_visible_to(who).filter(name__icontains=text.strip())
    found = rows.values_list("pk", "name", "organisation__name")[:limit]
    return [slots.Found("项目", name, f"/projects/{pk}/", organisation) for pk, name, organisation in found]


def _to_survey(who: Who, pk: int) -> Subject | None:
    row = projects_visible_to(who).filter(pk=pk).first()
    if row is None or not rules.may_keep(who, row.union_id, row.union.name):
        return None
    return Subject(row.key, row.name, row.organisation)


def register() -> None:
    """Fill the slots."""
    subjects.register("projects.project", _to_survey)
    slots.navigation(_navigation)
    slots.panel("registry.organisation", _on_organisation)
    slots.search(_search)
