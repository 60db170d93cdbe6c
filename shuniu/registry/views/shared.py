"""What several pages need: whose organisation, which base, how facts are laid out."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from shuniu.foundation.access import Who, who_asks
from shuniu.foundation.journal.queries import lines, timeline
from shuniu.foundation.ui.formats import NONE, money
from shuniu.registry import rules
from shuniu.registry.models import FACTS, FactRow, Organisation
from shuniu.registry.profile import Said
from shuniu.registry.queries import Snapshot, organisations_visible_to

READERS = ("clerk", "checker", "leader", "finance", "auditor")
ORG = ("org_owner", "org_member")


def seen(request: HttpRequest, pk: int) -> tuple[Who, Organisation]:
    """The asker and an organisation that they may see; 404 for everybody else."""
    who = who_asks(request)
    rows = organisations_visible_to(who).select_related("owning_union").defer("bigrams", "search_text")
    return who, get_object_or_404(rows, pk=pk)


def sent(request: HttpRequest) -> tuple[Any, Any]:
    """What a form is bound to: the fields and files of a POST, also an empty one."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def own(request: HttpRequest) -> tuple[Who, Organisation]:
    """The asker and the organisation that they act for."""
    who = who_asks(request)
    if who.organisation_id is None:
        raise Http404
    return seen(request, who.organisation_id)


def base_of(who: Who) -> str:
    """Unions work in the dense base, organisations in the roomy one."""
    return "ui/org.html" if who.organisation_id is not None else "ui/staff.html"


def home_of(who: Who, organisation: Organisation) -> str:
    """The page that shows the facts to the asker."""
    if who.organisation_id is not None:
        return reverse("registry:own_info")
    return reverse("registry:organisation", args=[organisation.pk])


def crumbs(who: Who, organisation: Organisation, *last: str) -> list[tuple[str, str]]:
    """From the list (or 组织信息) to this page."""
    if who.organisation_id is not None:
        first = [("组织信息", reverse("registry:own_info"))]
    else:
        first = [
            ("社会组织", reverse("registry:organisations")),
            (organisation.name, reverse("registry:organisation", args=[organisation.pk])),
        ]
    return [*first, *((words, "") for words in last)]


@dataclass(frozen=True)
class FactLine:
    """One row of a kind as the page shows it."""

    row: FactRow
    lines: list[tuple[str, str]]
    url: str


@dataclass(frozen=True)
class FactGroup:
    """A kind with its rows; `add_url` where the asker may add one."""

    kind: str
    label: str
    rows: list[FactLine]
    add_url: str

    @property
    def labels(self) -> list[str]:
        """The heads of the columns."""
        return [label for label, _ in self.rows[0].lines] if self.rows else []


def shared_source(profile: Collection[Said]) -> str:
    """The source and date that most fields share, to be said once above them; "" where they differ."""
    often = Counter(said.told for said in profile).most_common(1)
    return often[0][0] if often and often[0][1] * 2 > len(profile) else ""


def groups(who: Who, snapshot: Snapshot) -> list[FactGroup]:
    """Every kind of fact with its rows, in the order of the page."""
    organisation = snapshot.organisation
    may = bool(rules.may_state(who, organisation))
    return [
        FactGroup(
            kind, str(model._meta.verbose_name),
            [FactLine(row, shown(row), _fact_url(organisation, row)) for row in snapshot.rows[kind]],
            reverse("registry:add_fact", args=[organisation.pk, kind]) if may else "",
        )
        for kind, model in FACTS.items()
    ]  # fmt: skip


def shown(row: FactRow) -> list[tuple[str, str]]:
    """Label and words of every field that says the fact; money with its sign, days as 2026-03-01."""
    return [(label, _words(name, value)) for name, (label, value) in zip(row.shown, row.lines(), strict=True)]


def _words(name: str, value: object) -> str:
    if name == "amount_fen" and isinstance(value, int):
        return money(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return NONE if value is None or value == "" else str(value)


def _fact_url(organisation: Organisation, row: FactRow) -> str:
    return reverse("registry:fact", args=[organisation.pk, row.kind, row.pk])


def timeline_of(organisation: Organisation) -> list[dict[str, Any]]:
    """The last acts about the organisation."""
    return lines(timeline(organisation, limit=30))
