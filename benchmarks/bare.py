"""Bare Django views: the same 50 rows and columns, behind the same middleware and log-in, and nothing else.

No shell, no query bar, no counts, no ticks. A list of the product is measured against these.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import CharField, Count, Max, Min, Q, StdDev, Value
from django.db.models.functions import Cast, Concat, Round
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from shuniu.calls.models import Application
from shuniu.foundation.access import members_only, public
from shuniu.foundation.calendar import clock
from shuniu.recognition.models import Recognition
from shuniu.registry.models import Organisation

ROWS = 50
_PAGE = (
    "<!doctype html><html lang=zh><title>{title}</title><table>"
    "{{% for r in rows %}}<tr>{cells}</tr>{{% endfor %}}</table></html>"
)
_CELLS = {
    "organisations": (
        "r.name", "r.code", "r.get_legal_type_display", "r.region", "r.rating", "r.inspection_year",
        "r.union_status", "r.get_status_display",
    ),
    "applications": (
        "r.organisation.name", "r.organisation.code", "r.directions|join:'、'", "r.organisation.region",
        "r.submitted_at|date:'m-d H:i'", "r.judged", "r.get_stage_display", "r.clerk.name", "r.due_on",
    ),
    "ranking": (
        "r.organisation.name", "r.rank", "r.score", "r.n", "r.high", "r.low", "r.deviation", "r.each",
        "r.get_stage_display", "r.number",
    ),
    "public": (
        "r.organisation.name", "r.category_label", "r.directions|join:'、'", "r.last_day", "r.certificate_no",
    ),
}  # fmt: skip


@cache
def _template(name: str) -> Any:
    cells = "".join(f"<td>{{{{ {cell} }}}}</td>" for cell in _CELLS[name])
    return engines["django"].from_string(_PAGE.format(title=name, cells=cells))


def _shown(request: HttpRequest, name: str, rows: Any) -> HttpResponse:
    return HttpResponse(_template(name).render({"rows": rows}))


@members_only("clerk")
def organisations(request: HttpRequest) -> HttpResponse:
    rows = Organisation.objects.order_by("pinyin", "id").defer("bigrams", "search_text")
    return _shown(request, "organisations", rows[:ROWS])


@members_only("clerk")
def applications(request: HttpRequest, call: int) -> HttpResponse:
    rows = (
        Application.objects.filter(call=call)
        .select_related("organisation", "clerk")
        .defer("draft", "organisation__bigrams", "organisation__search_text")
        .order_by("submitted_at", "id")
    )
    return _shown(request, "applications", rows[:ROWS])


@members_only("clerk")
def ranking(request: HttpRequest, category: int) -> HttpResponse:
    ids = (
        Application.objects.filter(category=category)
        .order_by("rank", "id")
        .values_list("pk", flat=True)[:ROWS]
    )
    handed_in = Q(sheets__state="submitted")
    rows = (
        Application.objects.filter(pk__in=list(ids))
        .select_related("organisation")
        .defer("draft", "organisation__bigrams", "organisation__search_text")
        .annotate(
            n=Count("sheets", filter=handed_in),
            high=Max("sheets__total", filter=handed_in),
            low=Min("sheets__total", filter=handed_in),
            deviation=Round(StdDev("sheets__total", filter=handed_in), 2),
            each=StringAgg(
                Concat(
                    Cast("sheets__seat__expert__number", CharField()),
                    Value(" 号 "),
                    Cast("sheets__total", CharField()),
                ),
                "、",
                filter=handed_in,
                order_by="sheets__seat__position",
            ),
        )
        .order_by("rank", "id")
    )
    return _shown(request, "ranking", rows)


@public("性能对照")
def recognised(request: HttpRequest) -> HttpResponse:
    rows = (
        Recognition.objects.filter(state="valid", effective__contains=clock.today())
        .select_related("organisation")
        .defer("organisation__bigrams", "organisation__search_text")
        # The list's own order, in the words that the planner reads well: by the plain column it takes ten times as long.
        .order_by(Concat("organisation__pinyin", Value("")), "organisation_id", "category")
    )
    return _shown(request, "public", rows[:ROWS])


urlpatterns = [
    path("bare/organisations/", organisations),
    path("bare/applications/<int:call>/", applications),
    path("bare/ranking/<int:category>/", ranking),
    path("bare/public/", recognised),
    path("", include("shuniu.config.urls")),
]
