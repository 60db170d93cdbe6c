"""The palette and its full page."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shuniu.foundation.access import members_only, who_asks
from shuniu.foundation.ui import slots


def _asked(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:60]


@members_only()
@require_safe
def palette(request: HttpRequest) -> HttpResponse:
    """What Ctrl+K shows: {"results": [{"label", "hint", "url"}]}."""
    found = slots.found_for(who_asks(request), _asked(request), 8)
    results = [{"label": f.label, "hint": f.hint or f.group, "url": f.url} for f in found[:30]]
    response = JsonResponse({"results": results})
    response["Cache-Control"] = "no-store"
    return response


@members_only()
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The same as a page, by group, longer."""
    text = _asked(request)
    found = slots.found_for(who_asks(request), text, 20) if text else []
    ordered = sorted(found, key=lambda f: f.group)
    groups = [(group, list(rows)) for group, rows in groupby(ordered, key=lambda f: f.group)]
    return render(request, "unions/search.html", {"q": text, "groups": groups, "total": len(found)})
