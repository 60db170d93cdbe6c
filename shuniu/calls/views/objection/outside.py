"""Objecting without an account: form, receipt shown once, status by number and code, the reply."""

from __future__ import annotations

import uuid

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from shuniu.calls.actions import objection as actions
from shuniu.calls.forms.objection import ObjectionForm, StatusForm
from shuniu.calls.models import Objection, Publicity
from shuniu.calls.queries import listing as lists
from shuniu.calls.queries import objection as queries
from shuniu.calls.rules import objection as rules
from shuniu.foundation.access import Refused, public, refuse
from shuniu.foundation.calendar import clock
from shuniu.foundation.calendar.arrival import arrived_at
from shuniu.foundation.files.rules import FileRefused
from shuniu.foundation.papers import queries as papers
from shuniu.foundation.ui.respond import done, page, refused_into

_RECEIPT = "objection_receipt"
_SALT = "calls.objection.reply"
_FIELD_OF = {"calls.objection_unnamed": "name", "calls.objection_files": "evidence1"}


def _address(request: HttpRequest) -> str:
    """Where the request comes from; behind a proxy the web server has put the real one here."""
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


@public("公示期内任何人都可以提出异议")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """The form while the 公示 runs; before and after it says so with both times."""
    publicity = get_object_or_404(
        Publicity.objects.select_related("list__call__union", "list__call__document"), pk=pk
    )
    given = {"initial": {"key": uuid.uuid4(), "entry": request.GET.get("entry", "")}}
    form = ObjectionForm(
        publicity.list, *((request.POST, request.FILES) if request.method == "POST" else ()), **given
    )
    status = None
    if request.method == "POST" and form.is_valid():
        try:
            return _send(request, publicity, form)
        except FileRefused as refused:
            refused_into(form, refused, "evidence1")
        except Refused as refused:
            closed = refused.verdict.code in ("calls.objection_window", "calls.objection_off")
            status = 409 if closed else None
            refused_into(form, refused, _FIELD_OF.get(refused.verdict.code))
    context = {
        "publicity": publicity,
        "row": publicity.list,
        "call": publicity.list.call,
        "form": form,
        "verdict": rules.in_window(publicity, clock.now()),
        "left": lists.countdown(publicity),
    }
    return page(request, "calls/objection/new.html", context, status=status)


def _send(request: HttpRequest, publicity: Publicity, form: ObjectionForm) -> HttpResponse:
    data = form.cleaned_data
    made, code = actions.receive(
        publicity_id=publicity.pk,
        key=data["key"],
        arrived_at=arrived_at(request),
        address=_address(request),
        kind=data["kind"],
        entry_id=int(data["entry"]) if data["entry"] else None,
        name=data["name"],
        contact=data["contact"],
        phone=data["phone"],
        text=data["text"],
        evidence=form.uploads(),
    )
    request.session[_RECEIPT] = {"id": made.pk, "code": code}
    return done(request, "/objections/received/")


@public("提交后的回执只给提交的人看一次")
@never_cache
@require_GET
def received(request: HttpRequest) -> HttpResponse:
    """The receipt, once: number, arrival, query code. Afterwards only number and code lead here."""
    given = request.session.pop(_RECEIPT, None)
    row = None
    if given:
        row = Objection.objects.select_related("publicity__list__call__union").get(pk=given["id"])
    context = {"row": row, "code": given["code"] if given else ""}
    return page(request, "calls/objection/received.html", context)


@public("凭受理编号和查询码查询办理结果")
@never_cache
@require_http_methods(["GET", "POST"])
def status(request: HttpRequest) -> HttpResponse:
    """Where an objection stands, for whoever holds the receipt; POST keeps the code out of addresses."""
    form = StatusForm(request.POST or None)
    row = None
    if request.method == "POST" and form.is_valid():
        row = queries.by_receipt(form.cleaned_data["number"], form.cleaned_data["code"])
        if row is None:
            refused_into(form, Refused(refuse("calls.objection_not_found")), "code")
    decision = getattr(row, "decision", None)
    context = {
        "form": form,
        "row": row,
        "decision": decision,
        "token": signing.dumps(row.pk, salt=_SALT) if row and decision and decision.paper_id else "",
    }
    return page(request, "calls/objection/status.html", context)


@public("答复书凭查询页给出的短期链接下载")
@never_cache
@require_GET
def reply(request: HttpRequest, token: str) -> HttpResponseBase:
    """The reply as PDF, by a link that the status page gave within the last quarter of an hour."""
    try:
        key = signing.loads(token, salt=_SALT, max_age=900)
    except signing.BadSignature as wrong:
        raise Http404 from wrong
    row = get_object_or_404(Objection.objects.select_related("decision__paper__pdf"), pk=key)
    paper = row.decision.paper
    if paper is None:
        raise Http404
    return papers.response(paper)
