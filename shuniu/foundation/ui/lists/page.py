"""Answering a request for a list: the page or its fragment, the preview of a batch, the export."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from shuniu.foundation.ui.lists import export
from shuniu.foundation.ui.lists.actions import note_download
from shuniu.foundation.ui.lists.base import List
from shuniu.foundation.ui.lists.batch import BATCH_LIMIT, BatchAction, Preview
from shuniu.foundation.ui.lists.sight import Sight
from shuniu.foundation.ui.lists.ticket import seal
from shuniu.foundation.ui.respond import NOT_UNDERSTOOD

FRAGMENT = "ui/list/list.html"


def respond(listing: List, template: str, context: dict[str, Any]) -> HttpResponseBase:
    """What `List.response` gives; reading only: an export alone leaves an entry in the journal."""
    request = listing.request
    assert request is not None, "a list that was rebuilt has no page"
    if request.method not in ("GET", "HEAD"):
        messages.error(request, NOT_UNDERSTOOD)
        return render(request, template, context | {"listing": Sight(listing, request)}, status=400)
    if opening := _opening_view(listing):
        return HttpResponseRedirect(f"{request.path}?{opening}")
    if "export" in request.GET and listing.exports:
        return _export(listing, request)
    if action := listing.batch_action(request.GET.get("batch", "")):
        picks = request.GET.getlist("pick")
        if picks:
            return confirm(request, listing, action, listing.preview(action, picks), picks)
        listing.state.problems.append(f"请先勾选要“{action.label}”的{listing.title}，再点按钮。")
    sight = Sight(listing, request)
    context |= {"listing": sight}
    if request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request"):
        response = render(request, FRAGMENT, context | {"fragment": True})
        response["HX-Push-Url"] = sight.here
    else:
        response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _opening_view(listing: List) -> str:
    """The query of the person's default view, when the address asks for nothing at all."""
    if listing.asked:
        return ""
    return next((view.query for view in listing.views if view.is_default and view.query), "")


def _export(listing: List, request: HttpRequest) -> HttpResponseBase:
    total = listing.rows.count()
    if request.GET["export"] == "csv" and listing.csv:
        note_download(by=listing.who, listing=listing, rows=total)
        return export.stream(listing)
    if total <= export.DIRECT_LIMIT:
        answer = export.download(listing)
        note_download(by=listing.who, listing=listing, rows=total)
        return answer
    return render(
        request,
        "ui/list/export_large.html",
        {
            "listing": listing,
            "total": total,
            "ticket": seal(listing),
            "back": f"{listing.path}?{listing.state.query()}",
            "words": export.conditions(listing),
        },
    )


def confirm(
    request: HttpRequest,
    listing: List,
    action: BatchAction,
    preview: Preview,
    picks: list[str],
    *,
    form: Any = None,
    changed: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page that says what a batch will do, before it does it; again when the rows have changed since."""
    if form is None and action.form is not None:
        form = action.form()
    rows = [row for row, _ in preview.can] + [row for row, _, _ in preview.cannot]
    return render(
        request,
        "ui/list/confirm.html",
        {
            "listing": listing,
            "action": action,
            "preview": preview,
            "form": form,
            "picks": picks,
            "ticket": seal(listing),
            "changed": changed,
            "limit": BATCH_LIMIT,
            "note": action.note(listing.who, rows) if action.note else "",
            "back": f"{listing.path}?{listing.state.query()}",
        },
        status=status,
    )


def tell_done(request: HttpRequest, words: str) -> None:
    """The result of a batch, on the list it returns to."""
    messages.success(request, words)


__all__ = ["confirm", "respond", "tell_done"]
