"""改进事项: the office's list and page, the organisation's page, the files of a report."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_safe

from shuniu.calls.actions import improvement as actions
from shuniu.calls.forms.feedback import DaysForm, RecheckForm, ReportForm
from shuniu.calls.forms.panel import ReasonForm
from shuniu.calls.lists import Improvements
from shuniu.calls.models import Improvement, ImprovementEvent
from shuniu.calls.queries import feedback as queries
from shuniu.calls.rules import feedback as rules
from shuniu.calls.views.apply import MEMBERS
from shuniu.foundation.access import Refused, members_only, who_asks
from shuniu.foundation.files import serving
from shuniu.foundation.files.models import Attachment
from shuniu.foundation.files.queries import attachments_by_owner
from shuniu.foundation.journal.chain import key
from shuniu.foundation.ui.respond import done, page, refused_into

OFFICE = queries.OFFICE


@members_only(*OFFICE)
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """Everything that the asker's union looks after, or that belongs to its calls."""
    return Improvements(request).response("calls/feedback/improvements.html", {})


def _way(row: Improvement) -> list[dict[str, Any]]:
    """The events with their files."""
    events = queries.events_of(row)
    files = attachments_by_owner(events)
    return [{"event": e, "files": [(a, serving.can_be_shown(a)) for a in files[key(e)]]} for e in events]


@members_only(*OFFICE)
@require_http_methods(["GET", "POST"])
def office(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle what was offered, look again at what was reported."""
    who = who_asks(request)
    row = get_object_or_404(queries.improvements_visible_to(who), pk=pk)
    what = request.POST.get("do", "")
    settle = DaysForm(request.POST if what == "agree" else None, prefix="s")
    reason = ReasonForm(request.POST if what == "decline" else None, label="不列入的理由")
    recheck = RecheckForm(request.POST if what in ("pass", "again") else None, prefix="r")
    problem: Refused | None = None
    try:
        said = ""
        if what == "agree" and settle.is_valid():
            actions.agree(by=who, improvement_id=pk, days=settle.cleaned_data["days"])
            said = "已列入，申报单位会收到通知。"
        elif what == "decline" and reason.is_valid():
            actions.decline(by=who, improvement_id=pk, reason=reason.cleaned_data["reason"])
            said = "没有列入，理由已告知申报单位。"
        elif what == "pass" and recheck.is_valid():
            actions.accept(by=who, improvement_id=pk, text=recheck.cleaned_data["text"])
            said = "复查通过，已办结。"
        elif what == "again" and recheck.is_valid():
            given = recheck.cleaned_data
            actions.again(by=who, improvement_id=pk, text=given["text"], days=given["days"] or 0)
            said = "已退回继续改进，申报单位会收到通知。"
        if said:
            return done(request, f"/calls/improvements/{pk}/", said)
    except Refused as refused:
        problem = refused
        for each in (settle, reason, recheck):
            if each.is_bound:
                refused_into(each, refused)
    bound = next((f for f in (settle, reason, recheck) if f.is_bound), None)
    context = {
        "row": row, "way": _way(row), "settle": settle, "reason": reason, "recheck": recheck, "form": bound,
        "may_settle": rules.may_settle(who, row), "may_recheck": rules.may_recheck(who, row),
        "back": "calls:improvements",
    }  # fmt: skip
    return page(request, "calls/feedback/office.html", context, status=422 if problem else None)


@members_only(*MEMBERS)
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest, pk: int) -> HttpResponse:
    """The organisation tells what it did, with files."""
    who = who_asks(request)
    row = get_object_or_404(queries.improvements_visible_to(who), pk=pk)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        sent = [f for f in request.FILES.getlist("file") if isinstance(f, UploadedFile)]
        try:
            actions.report(
                by=who, improvement_id=pk, text=form.cleaned_data["text"],
                uploads=[(f.name or "文件", f) for f in sent],
            )  # fmt: skip
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, f"/apply/improvements/{pk}/", "已报告，等待工会复查。")
    context = {"row": row, "way": _way(row), "form": form, "may_report": rules.may_report(who, row)}
    return page(request, "calls/feedback/own_improvement.html", context)


@members_only(*OFFICE, *MEMBERS)
@require_safe
def file(request: HttpRequest, pk: int, attachment: uuid.UUID) -> HttpResponseBase:
    """A file of a report, for whoever sees the improvement."""
    row = get_object_or_404(queries.improvements_visible_to(who_asks(request)), pk=pk)
    owners = [key(e) for e in ImprovementEvent.objects.filter(improvement=row)]
    found = Attachment.objects.select_related("blob").filter(
        pk=attachment, owner__in=owners, removed_at__isnull=True
    )
    if not found:
        raise Http404
    return serving.response(found[0], inline="save" not in request.GET)
