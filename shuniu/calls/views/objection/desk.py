"""The desk of objections: for the office of the union that runs the call, for nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from shuniu.calls.actions import objection as actions
from shuniu.calls.forms.objection import AcceptForm, ProposalForm
from shuniu.calls.forms.panel import ReasonForm
from shuniu.calls.models import Objection
from shuniu.calls.queries import casefile
from shuniu.calls.queries import objection as queries
from shuniu.calls.rules import objection as rules
from shuniu.calls.rules import retention as retention_rules
from shuniu.calls.views.call import STAFF
from shuniu.foundation.access import Refused, Verdict, Who, members_only, require, who_asks
from shuniu.foundation.calendar import clock
from shuniu.foundation.files import serving
from shuniu.foundation.journal.queries import timeline
from shuniu.foundation.papers import queries as papers
from shuniu.foundation.ui.opinion import Opinion
from shuniu.foundation.ui.respond import done, page, refused_into


def _mine(request: HttpRequest, pk: int) -> tuple[Who, Objection]:
    """The objection to one of the office; that they saw who objected is written down."""
    who = who_asks(request)
    row = get_object_or_404(queries.objections_of(who), pk=pk)
    if row.name:
        actions.note_reading(by=who, objection=row)
    return who, row


@members_only(*STAFF)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """What came in, the open ones first, with the day by which each is answered."""
    rows = list(queries.objections_of(who_asks(request))[:300])
    still = (Objection.State.RECEIVED, Objection.State.LOOKING)
    context = {
        "groups": [
            ("待办", [r for r in rows if r.state in still]),
            ("已办结", [r for r in rows if r.state not in still]),
        ],
        "today": clock.today(),
    }
    return page(request, "calls/objection/desk.html", context)


@members_only(*STAFF)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One objection: words, evidence, who looks into it; the form of the step that is due."""
    who, row = _mine(request, pk)
    do = request.POST.get("do", "")
    forms: dict[str, Any] = {
        "accept_form": AcceptForm(request.POST if do == "accept" else None),
        "propose_form": ProposalForm(row, request.POST if do == "propose" else None),
        "take_form": ReasonForm(request.POST if do == "take" else None, label="接手的理由"),
    }
    if request.method == "POST" and do in _ACTS:
        answer = _ACTS[do](request, who, row, forms)
        if answer is not None:
            return answer
    proposal = queries.open_proposal(row)
    opinion = _opinion(request, who, row, rules.may_decide(who, row, proposal))
    if opinion.response is not None:
        return opinion.response
    context = (
        opinion.context
        | forms
        | {
            "row": row,
            "call": row.publicity.list.call,
            "evidence": row.evidence.select_related("attachment__blob"),
            "proposal": proposal,
            "decision": getattr(row, "decision", None),
            "returned": row.proposals.filter(returned_at__isnull=False).select_related("returned_by"),
            "may_accept": rules.may_accept(who, row),
            "can_hold": rules.can_hold(row),
            "may_propose": rules.may_propose(who, row),
            "may_take": rules.may_take_over(who, row),
            "timeline": casefile.entries(timeline(row)),
            "form": next((f for f in forms.values() if f.is_bound), opinion.form),
        }
    )
    return page(request, "calls/objection/one.html", context, status=opinion.status)


def _accept(request: HttpRequest, who: Who, row: Objection, forms: dict[str, Any]) -> HttpResponse | None:
    form = forms["accept_form"]
    if not form.is_valid():
        return None
    try:
        data = form.cleaned_data
        actions.accept(by=who, objection_id=row.pk, hold=data["hold"], reason=data["reason"])
    except Refused as refused:
        refused_into(form, refused)
        return None
    return done(request, f"/calls/objections/{row.pk}/", "已受理，由您核查。")


def _propose(request: HttpRequest, who: Who, row: Objection, forms: dict[str, Any]) -> HttpResponse | None:
    form = forms["propose_form"]
    if not form.is_valid():
        return None
    try:
        data = form.cleaned_data
        actions.propose(
            by=who, objection_id=row.pk, verdict=data["verdict"], effect=data["effect"], findings=data["findings"],
            reply=data.get("reply", ""), clause=data["clause"],
        )  # fmt: skip
    except Refused as refused:
        refused_into(form, refused, "reply" if refused.verdict.code == "calls.objection_no_reply" else None)
        return None
    return done(request, f"/calls/objections/{row.pk}/", "核查意见已提交审签。")


def _take(request: HttpRequest, who: Who, row: Objection, forms: dict[str, Any]) -> HttpResponse | None:
    form = forms["take_form"]
    if not form.is_valid():
        return None
    actions.take_over(by=who, objection_id=row.pk, reason=form.cleaned_data["reason"])
    return done(request, f"/calls/objections/{row.pk}/", "已接手，由您核查。")


def _opinion(request: HttpRequest, who: Who, row: Objection, may: Verdict) -> Opinion:
    here = f"/calls/objections/{row.pk}/"

    def agree(words: str) -> HttpResponse:
        actions.decide(by=who, objection_id=row.pk)
        return done(request, here, "已审签，答复和对名单的影响已经生效。")

    def send_back(words: str) -> HttpResponse:
        actions.return_proposal(by=who, objection_id=row.pk, reason=words)
        return done(request, here, "已退回核查人。")

    return Opinion(
        request, yes="同意", agree=agree, no="退回", send_back=send_back, may=may,
        hand_on=reverse("unions:hand_on", args=["objection", row.pk]), explain="同意后答复和对名单的影响立即生效。",
    )  # fmt: skip


_Act = Callable[[HttpRequest, Who, Objection, dict[str, Any]], HttpResponse | None]
_ACTS: dict[str, _Act] = {"accept": _accept, "propose": _propose, "take": _take}


@members_only(*STAFF)
@require_GET
def evidence(request: HttpRequest, pk: int, evidence: int) -> HttpResponseBase:
    """A file that came with an objection."""
    _, row = _mine(request, pk)
    kept = get_object_or_404(row.evidence.select_related("attachment__blob"), pk=evidence)
    if kept.attachment is None:
        raise Http404
    return serving.response(kept.attachment, inline=True)


@members_only(*STAFF)
@require_GET
def paper(request: HttpRequest, pk: int, which: str) -> HttpResponseBase:
    """异议受理单 or 答复书."""
    _, row = _mine(request, pk)
    require(retention_rules.may_read_papers(row.cleared_at))
    decision = getattr(row, "decision", None)
    found = {"acceptance": row.paper, "reply": decision.paper if decision else None}.get(which)
    if found is None:
        raise Http404
    return papers.response(found)
