"""The pages that every list shares: columns, saved views, batches, large exports."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuniu.foundation.access import Refused, Verdict, members_only, require, role_verdict, who_asks, who_is
from shuniu.foundation.ui.lists import actions, export, queries
from shuniu.foundation.ui.lists.base import List, find
from shuniu.foundation.ui.lists.forms import ColumnsForm, ViewDo, ViewForm
from shuniu.foundation.ui.lists.page import confirm, tell_done
from shuniu.foundation.ui.lists.ticket import unseal
from shuniu.foundation.ui.models import Export
from shuniu.foundation.ui.respond import ours


def _listing(request: HttpRequest, key: str) -> List:
    """The list by its key, without rows: for what a person keeps about it. Refused to roles without the list."""
    try:
        kind = find(key)
    except KeyError:
        raise Http404 from None
    require(role_verdict(who_asks(request), kind.roles))
    return kind.rebuilt(who_asks(request), "", "", {})


def _back(request: HttpRequest) -> str:
    """Where the person came from, if it is an address of ours."""
    return ours(request, request.POST.get("next") or request.GET.get("next") or "") or "/"


def _see(url: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(url, status=303)


@members_only()
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, key: str) -> HttpResponse:
    """Choose the columns, their order, the row height and the page size of a list."""
    listing = _listing(request, key)
    if request.method == "POST" and "reset" in request.POST:
        actions.forget_preference(by=who_asks(request), key=key)
        messages.success(request, "已恢复默认的列和密度。")
        return _see(_back(request))
    form = ColumnsForm(listing, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        actions.prefer(
            by=who_asks(request),
            key=key,
            columns=form.chosen(),
            density=form.cleaned_data["density"],
            page_size=form.cleaned_data["page_size"],
        )
        messages.success(request, "列和密度已保存，只对您本人生效。")
        return _see(_back(request))
    status = 422 if form.is_bound else 200
    return render(
        request,
        "ui/list/columns.html",
        {"listing": listing, "form": form, "next": _back(request)},
        status=status,
    )


@members_only()
@require_http_methods(["GET", "HEAD", "POST"])
def saved_views(request: HttpRequest, key: str) -> HttpResponse:
    """One's own views of a list: open with one, delete one."""
    listing = _listing(request, key)
    who = who_asks(request)
    if request.method == "POST":
        form = ViewDo(request.POST)
        if not form.is_valid():
            raise Http404
        view, do = form.cleaned_data["view"], form.cleaned_data["do"]
        if do == "delete":
            actions.delete_view(by=who, key=key, view_id=view or 0)
            messages.success(request, "视图已删除。")
        else:
            actions.open_with_view(by=who, key=key, view_id=view if do == "default" else None)
            messages.success(
                request, "打开列表时将使用这个视图。" if do == "default" else "打开列表时不再使用视图。"
            )
        return _see(f"{reverse('ui:list_views', args=[key])}?{request.GET.urlencode()}")
    return render(request, "ui/list/views.html", {"listing": listing, "next": _back(request)})


@members_only()
@require_POST
def save_view(request: HttpRequest, key: str) -> HttpResponse:
    """Keep the conditions of the list one comes from under a name."""
    listing = unseal(who_asks(request), key, request.POST.get("ticket", ""))
    form = ViewForm(request.POST)
    if not form.is_valid():
        context = {"listing": listing, "form": form, "ticket": request.POST["ticket"], "next": listing.path}
        return render(request, "ui/list/views.html", context, status=422)
    view = actions.save_view(by=listing.who, key=key, query=listing.state.query(), **form.cleaned_data)
    messages.success(request, f"已保存视图“{view.name}”。")
    return _see(f"{listing.path}?{view.query or 'view=none'}")


@members_only()
@require_POST
def batch(request: HttpRequest, key: str, action: str) -> HttpResponse:
    """Do what the confirm page announced, if the rows are still what it showed."""
    listing = unseal(who_asks(request), key, request.POST.get("ticket", ""))
    wanted = listing.batch_action(action)
    picks = request.POST.getlist("pick")
    if wanted is None or not picks:
        raise Http404
    preview = listing.preview(wanted, picks)
    form = wanted.form(request.POST) if wanted.form is not None else None
    if preview.digest != request.POST.get("digest") or preview.too_many:
        before = request.POST.get("count", "")[:6]
        changed = (
            f"您确认前名单有了变化：原来可办理 {before} 项，现在 {len(preview.can)} 项。请看过后再确认。"
        )
        return confirm(request, listing, wanted, preview, picks, form=form, changed=changed, status=409)
    if form is not None and not form.is_valid():
        return confirm(request, listing, wanted, preview, picks, form=form, status=422)
    try:
        words = wanted.act(by=listing.who, ids=preview.ids, **(form.cleaned_data if form is not None else {}))
    except Refused as refused:
        verdict: Verdict = refused.verdict
        again = listing.preview(wanted, picks)
        return confirm(request, listing, wanted, again, picks, form=form, changed=verdict.reason, status=409)
    tell_done(request, words)
    query = listing.state.query()
    return _see(f"{listing.path}?{query}" if query else listing.path)


@members_only()
@require_POST
def start_export(request: HttpRequest, key: str) -> HttpResponse:
    """Hand a large export to the worker."""
    listing = unseal(who_asks(request), key, request.POST.get("ticket", ""))
    if not listing.exports:
        raise Http404
    asked = actions.ask_export(by=listing.who, listing=listing)
    return _see(reverse("ui:export", args=[asked.pk]))


def _own_export(request: HttpRequest, export_id: UUID) -> Export:
    found = queries.export_of(who_asks(request), export_id)
    if found is None:
        raise Http404
    return found


@members_only()
@require_safe
def export_page(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """How far one's own export is, and where to fetch it."""
    found = _own_export(request, export_id)
    percent = min(99, found.written * 100 // found.total) if found.total else 0
    waits = found.state in {Export.State.WAITING, Export.State.RUNNING}
    template = "ui/list/export_state.html" if request.headers.get("HX-Request") else "ui/list/export.html"
    response = render(request, template, {"export": found, "percent": percent, "waits": waits})
    response["Vary"] = "HX-Request, Cookie"
    return response


@members_only()
@require_safe
def export_file(request: HttpRequest, export_id: UUID) -> HttpResponseBase:
    """The finished workbook, to the person who asked, while they still hold the office they asked in."""
    found = _own_export(request, export_id)
    held = who_is(found.person, found.hat)
    path = actions.exports_folder() / found.file
    if found.state != Export.State.DONE or not found.file or not path.is_file():
        raise Http404
    if (held.hat.key if held.hat else "") != found.hat:
        raise Http404
    response = FileResponse(path.open("rb"), content_type=export.XLSX)
    response["Content-Disposition"] = export.disposition(f"{found.title}.xlsx")
    response["Cache-Control"] = "private, no-store"
    return response
