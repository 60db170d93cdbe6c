"""The rated organisation: that it is being rated, the result, what it puts right. No names, no numbers, no words."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from shuniu.foundation.access import ORGANISATION_ROLES, members_only, who_asks
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui.respond import done, page
from shuniu.surveys import actions, queries
from shuniu.surveys.forms import words_for
from shuniu.surveys.models import Survey
from shuniu.surveys.papers import conducted

MEMBERS = tuple(ORGANISATION_ROLES)


@members_only(*MEMBERS)
@require_GET
def survey_list(request: HttpRequest) -> HttpResponse:
    """测评 of one's own organisation."""
    rows = queries.told_of(queries.surveys_visible_to(who_asks(request)))
    return page(request, "surveys/own_list.html", {"rows": rows})


def _told(row: Survey) -> bool:
    return row.state == Survey.State.CLOSED and row.result.valid >= queries.SHOW_FROM


@members_only(*MEMBERS)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One survey: the result once it is counted, the items to put right."""
    who = who_asks(request)
    row = get_object_or_404(queries.surveys_visible_to(who).select_related("result"), pk=pk)
    items = list(row.items.all())
    forms = words_for(request, [item.pk for item in items], "item", "整改情况")
    if request.method == "POST":
        asked = next((pk for pk, form in forms.items() if form.is_bound), None)
        if asked is None:
            raise Http404
        if forms[asked].is_valid():
            actions.report(by=who, item_id=asked, text=forms[asked].cleaned_data["text"])
            return done(request, reverse("surveys:own_survey", args=[pk]), "已填报，等待工会验收。")
    context: dict[str, Any] = {
        "row": row,
        "form": next((form for form in forms.values() if form.is_bound), None),
        "conducted": conducted(row),
        "items": [(item, forms[item.pk]) for item in items],
        "today": clock.today(),
    }
    if _told(row):
        context |= {
            "result": row.result, "rate": queries.exact(row.result.numerator, row.result.denominator),
            "levels": [{"label": word, "value": n} for word, n in queries.rows_of(row.result.levels)],
        }  # fmt: skip
    return page(request, "surveys/own_one.html", context | {"least": queries.SHOW_FROM})
