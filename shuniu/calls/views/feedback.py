"""逐项反馈: the office writes and releases, the organisation reads."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_safe

from shuniu.calls.actions import feedback as actions
from shuniu.calls.actions import improvement
from shuniu.calls.forms.feedback import AskForm, FeedbackForm, OfferForm
from shuniu.calls.forms.panel import ReasonForm
from shuniu.calls.lists import Feedbacks
from shuniu.calls.models import Application, Feedback
from shuniu.calls.queries import feedback as queries
from shuniu.calls.queries.call import own_calls
from shuniu.calls.queries.recommend import applications_through
from shuniu.calls.rules import feedback as rules
from shuniu.calls.views.apply import MEMBERS, mine
from shuniu.foundation.access import Refused, Who, members_only, who_asks
from shuniu.foundation.papers import queries as papers
from shuniu.foundation.ui.respond import done, page, refused_into

OFFICE = queries.OFFICE


@members_only(*OFFICE)
@require_safe
def listing(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The decided applications of one call and what each was told."""
    call = get_object_or_404(own_calls(who_asks(request)), pk=pk)
    return Feedbacks(request, call_id=call.pk).response(
        "calls/feedback/list.html", {"call": call, "counts": queries.counts_of(call.pk)}
    )


def _for_office(who: Who, pk: int) -> tuple[Application, bool]:
    """An application of the asker's own call (True), or one that went through their union; 404 for others."""
    found = queries.applications_for_feedback(who).filter(pk=pk).first()
    if found is not None:
        return found, True
    return get_object_or_404(applications_through(who), pk=pk), False


@members_only(*OFFICE)
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write, submit, release or send back; and ask for improvements. Who recommended reads and asks."""
    who = who_asks(request)
    application, own_call = _for_office(who, pk)
    row = (
        Feedback.objects.filter(application=application).select_related("submitted_by", "released_by").first()
    )
    what = request.POST.get("do", "")
    items = list(application.call.rubric.filter(use="review").order_by("order"))
    form = FeedbackForm(items, row, request.POST if what in ("save", "submit") else None)
    reason = ReasonForm(request.POST if what == "return" else None, label="退回理由")
    asking = AskForm(items, request.POST if what == "ask" else None, prefix="ask")
    problem: Refused | None = None
    try:
        if said := _act(who, pk, what, form, reason, asking):
            return done(request, f"/calls/applications/{pk}/feedback/", said)
    except Refused as refused:
        problem = refused
        for each in (form, reason, asking):
            if each.is_bound:
                refused_into(each, refused)
    context: dict[str, Any] = {
        "application": application, "row": row, "form": form, "reason": reason, "asking": asking,
        "own_call": own_call, "problem": problem.verdict.said if problem and not form.is_bound else "",
        "may_write": rules.may_write(who, application, row) if own_call else None,
        "may_release": rules.may_release(who, row) if row and own_call else None,
        "may_ask": rules.may_ask(who, application),
        "remarks": queries.remarks_on(application) if own_call else [],
        "improvements": queries.improvements_visible_to(who).filter(application=application),
    }  # fmt: skip
    if own_call:
        context["told"] = told_of(application, row)
    elif row is not None and row.state == Feedback.State.RELEASED:
        context["told"] = row.content
    fields = {item.key: form[f"c_{item.key}"] for item in items}
    context["rows"] = [
        r | {"field": fields[r["key"]], "said": _known_of(r)} for r in context.get("told", {}).get("rows", [])
    ]
    return page(request, "calls/feedback/write.html", context, status=409 if context["problem"] else None)


def _known_of(row: dict[str, str]) -> str:
    """What stands about a row, for who writes about it: 自评 5，实地 4，专家平均 4.2。再得分：……"""
    parts = [("自评", row["own"]), ("实地", row["visit"]), ("专家平均", row["panel"])]
    return "。".join(x for x in ("，".join(f"{word} {n}" for word, n in parts if n), row["lacks"]) if x)


def told_of(application: Application, row: Feedback | None) -> dict[str, Any]:
    """What was released, else what would be."""
    if row is not None and row.state == Feedback.State.RELEASED:
        return dict(row.content)
    return queries.content_of(application, row.summary if row else "", row.comments if row else {})


def _act(who: Who, pk: int, what: str, form: FeedbackForm, reason: ReasonForm, asking: AskForm) -> str:
    """Do what was asked and say so; "" where a form was refused, or nothing was asked."""
    if what in ("save", "submit") and form.is_valid():
        act = actions.save if what == "save" else actions.submit
        version, summary = form.cleaned_data["version"] or 0, form.cleaned_data["summary"]
        act(by=who, application_id=pk, version=version, summary=summary, comments=form.comments())
        return "已保存，还没有提交。" if what == "save" else "已提交审签。"
    if what == "release":
        actions.release(by=who, application_id=pk)
        return "已审签，反馈已经发给申报单位。"
    if what == "return" and reason.is_valid():
        actions.send_back(by=who, application_id=pk, reason=reason.cleaned_data["reason"])
        return "已退回经办人。"
    if what == "ask" and asking.is_valid():
        given = asking.cleaned_data
        improvement.ask(by=who, application_id=pk, row=given["row"], what=given["what"], wants=given["wants"],
                        days=given["days"])  # fmt: skip
        return "已列入改进事项，申报单位会收到通知。"
    return ""


@members_only(*MEMBERS)
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest, pk: int) -> HttpResponse:
    """What the organisation was told, row by row; what it is to improve, and what it offers."""
    who, application = mine(request, pk)
    row = queries.own_feedback(who).filter(application=application).first()
    form = OfferForm(application.call.rubric.filter(use="review").order_by("order"), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            improvement.offer(
                by=who, application_id=pk, row=form.cleaned_data["row"], what=form.cleaned_data["what"]
            )
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, f"/apply/{pk}/feedback/#improvements", "已提出，工会确认后告知期限。")
    context = {
        "application": application, "row": row, "told": row.content if row else None, "form": form,
        "rows": row.content["rows"] if row else [], "may_offer": rules.may_offer(who, application),
        "improvements": queries.improvements_visible_to(who).filter(application=application),
    }  # fmt: skip
    return page(request, "calls/feedback/own.html", context)


@members_only(*MEMBERS)
@require_safe
def own_paper(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The feedback as PDF; made now when the worker has not come to it."""
    who, application = mine(request, pk)
    row = queries.own_feedback(who).filter(application=application).select_related("paper").first()
    if row is None:
        raise Http404
    return papers.response(row.paper or actions.issue_paper(feedback_id=row.pk))
