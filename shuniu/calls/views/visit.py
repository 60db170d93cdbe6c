"""The visit on the spot: the recommending union's page for a tablet, and the organisation's page to sign."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_safe

from shuniu.calls import self_assessment
from shuniu.calls.actions import visit as actions
from shuniu.calls.forms.recommend import AnswerForm, MarksForm, PlanForm
from shuniu.calls.models import Application, Visit
from shuniu.calls.queries import apply as own
from shuniu.calls.queries import recommend as queries
from shuniu.calls.rules import recommend as rules
from shuniu.foundation.access import ORGANISATION_ROLES, Refused, members_only, who_asks
from shuniu.foundation.files import serving
from shuniu.foundation.files.models import Attachment
from shuniu.foundation.files.queries import attachment_on, attachments_of
from shuniu.foundation.ui.respond import done, page, refused_into

OFFICE = queries.OFFICE


def _record(row: Visit | None) -> dict[str, Any]:
    """The visit as both sides read it."""
    if row is None:
        return {"visit": None, "marks": [], "photos": [], "total": None}
    marks: list[Any] = list(row.marks.select_related("item"))
    own = {r.item.key: r.points for r in self_assessment.rows(row.application)}
    for mark in marks:
        points = own.get(mark.item.key)
        mark.self_points = "" if points is None else f"{points.normalize():f}"
    photos = [(a, serving.can_be_shown(a)) for a in attachments_of(row)]
    return {"visit": row, "marks": marks, "photos": photos, "total": queries.visit_total(row),
            "with_self": bool(own), "self_total": row.application.draft.get("self_total", "")}  # fmt: skip


@members_only(*OFFICE)
@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan, then score item by item with photographs, then sign."""
    who = who_asks(request)
    application = get_object_or_404(queries.applications_through(who), pk=pk)
    row = Visit.objects.filter(application=application).first()
    what = request.POST.get("do", "")
    plan = PlanForm(row, request.POST if what == "plan" else None)
    items = queries.visit_items(application.call_id)
    marks = MarksForm(items, row.marks.all() if row else (), request.POST if what in ("score", "sign") else None,
                      initial={"opinion": row.opinion if row else ""})  # fmt: skip
    here = f"/calls/applications/{pk}/visit/"
    problem = ""
    try:
        if what == "plan" and plan.is_valid():
            cleaned = plan.cleaned_data
            actions.plan(
                by=who, application_id=pk, planned_at=plan.planned_at(), place=cleaned["place"],
                visitors=cleaned["visitors"],
            )  # fmt: skip
            return done(request, here, "实地评估已安排，申报单位会收到通知。")
        if row is not None and what in ("score", "sign") and marks.is_valid():
            given = marks.marks()
            actions.score(by=who, visit_id=row.pk, marks=given, opinion=marks.cleaned_data["opinion"])
            if what == "sign":
                actions.sign(by=who, visit_id=row.pk)
            return done(request, here, "已签字，等待申报单位核对签字。" if what == "sign" else "已保存。")
        if row is not None and what == "photo":
            sent = request.FILES.get("file")
            if not isinstance(sent, UploadedFile):
                problem = "请先选择照片，再点“上传”。"
            else:
                actions.add_photo(by=who, visit_id=row.pk, upload=sent, name=sent.name or "照片")
                return done(request, f"{here}#photos", "照片已上传。")
    except Refused as refused:
        if what == "plan":
            refused_into(plan, refused)
        else:
            refused_into(marks, refused) if marks.is_bound else None
            problem = refused.verdict.said
    verdict = rules.may_change_visit(who, row) if row else rules.may_visit(who, application)
    beside = {r.item.key: r for r in self_assessment.rows(application)}
    context = _record(row) | {
        "rows": [r | {"self": beside.get(r["item"].key)} for r in marks.rows()],
        "self_rows": list(beside.values()),
        "application": application, "plan": plan, "form": marks, "verdict": verdict, "problem": problem,
        "self_total": application.draft.get("self_total", ""),
    }  # fmt: skip
    return page(request, "calls/recommend/visit.html", context, status=422 if problem else None)


@members_only(*ORGANISATION_ROLES)
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The organisation reads the record of the visit and signs it."""
    who = who_asks(request)
    application: Application = get_object_or_404(own.own_applications(who), pk=pk)
    row = Visit.objects.filter(application=application).first()
    if row is None:
        raise Http404
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(by=who, visit_id=row.pk, text=form.cleaned_data["text"])
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, f"/apply/{pk}/", "已签字。")
    # Until the union has signed, what it writes down is its own draft.
    shown = _record(row) if row.signed_at else {"visit": row, "marks": [], "photos": [], "total": None}
    context = shown | {"application": application, "form": form, "verdict": rules.may_answer(who, row)}
    return page(request, "calls/recommend/answer.html", context)


@members_only(*OFFICE, *ORGANISATION_ROLES)
@require_safe
def photo(request: HttpRequest, pk: int, attachment: uuid.UUID) -> HttpResponseBase:
    """A photograph of the visit, for its two sides; the organisation's after the union has signed."""
    who = who_asks(request)
    through = queries.applications_through(who).filter(visit=pk)
    signed = own.own_applications(who).filter(visit=pk, visit__signed_at__isnull=False)
    if not through.exists() and not signed.exists():
        raise Http404
    try:
        found = attachment_on(Visit.objects.get(pk=pk), attachment)
    except Attachment.DoesNotExist as missing:
        raise Http404 from missing
    return serving.response(found, inline=True)
