"""Pages of a call for the union that runs it: list, case page, approval, its stages."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from shuniu.calls.actions import call as actions
from shuniu.calls.actions import procedure
from shuniu.calls.forms import call as forms
from shuniu.calls.models import Call
from shuniu.calls.queries import call as queries
from shuniu.calls.queries import casefile, windows
from shuniu.calls.queries.reading import DESK
from shuniu.calls.queries.recommend import calls_recommended_in
from shuniu.calls.rules import call as rules
from shuniu.calls.rules import procedure as procedure_rules
from shuniu.foundation.access import Refused, Who, members_only, who_asks
from shuniu.foundation.accounts.proof import proof, proved
from shuniu.foundation.journal.actions import note_look
from shuniu.foundation.journal.queries import since_look, timeline
from shuniu.foundation.ui import slots
from shuniu.foundation.ui.opinion import Opinion
from shuniu.foundation.ui.respond import done, page, refused_into

STAFF = ("clerk", "checker", "leader", "auditor", "audit_admin")
READERS = (*STAFF, "finance", "sys_admin", "sec_admin")


def mine(request: HttpRequest, pk: int) -> tuple[Who, Call]:
    """The asker and the call of their own union; 404 for everybody else."""
    who = who_asks(request)
    calls = queries.own_calls(who).select_related("union", "document", "paper")
    return who, get_object_or_404(calls, pk=pk)


@members_only(*READERS)
def call_list(request: HttpRequest) -> HttpResponse:
    """Every call that the asker's union may see, the running ones first."""
    who = who_asks(request)
    rows = list(
        queries.with_counts(queries.calls_visible_to(who))
        .select_related("union", "document")
        .prefetch_related("stages")
        .order_by("-year", "-id")[:200]
    )
    groups = [
        ("进行中", [c for c in rows if c.state == Call.State.PUBLISHED]),
        ("起草和审签", [c for c in rows if c.state in (Call.State.DRAFT, Call.State.PENDING)]),
        ("已结束", [c for c in rows if c.state in (Call.State.FINISHED, Call.State.CANCELLED)]),
    ]
    context = {
        "groups": [g for g in groups if g[1]], "may_compose": who.role == "clerk",
        "recommending": calls_recommended_in(who), "counted": who.role in DESK,
    }  # fmt: skip
    return page(request, "calls/call/list.html", context)


@members_only(*STAFF)
def call_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The case page: stage bar, what is left, panels of every part, 时间线."""
    who, call = mine(request, pk)
    gaps = queries.gaps(call) if call.state == Call.State.DRAFT else []
    context = {
        "call": call,
        "law": queries.law_of(call),
        "stages": casefile.stage_bar(call),
        "tasks": casefile.tasks(call, gaps) if call.state == Call.State.DRAFT else [],
        "gaps": gaps,
        "panels": slots.panels_for(who, call),
        "timeline": casefile.entries_of_call(timeline(call, limit=60)),
        "may_edit": bool(rules.may_edit(who, call)),
        "may_approve": bool(rules.may_approve(who, call)),
        "is_clerk": bool(rules.is_clerk(who, call.union)),
        "is_approver": who.role in rules.APPROVERS,
        "back": procedure_rules.may_go_back(call) if call.state == Call.State.PUBLISHED else None,
        "following": procedure_rules.following(call) if call.state == Call.State.PUBLISHED else None,
        "advance": procedure_rules.may_advance(call) if call.state == Call.State.PUBLISHED else None,
        "terms": casefile.settled_terms(call),
        "why_cancelled": queries.why_cancelled(call) if call.state == Call.State.CANCELLED else "",
        "outside": windows.differences(call) if call.state in (Call.State.DRAFT, Call.State.PENDING) else [],
    }
    return page(request, "calls/call/page.html", context)


@members_only("checker", "leader")
@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """第二人审签: one page with what will be published; agree (U22: proving who sits there), or send back with a reason."""
    who, call = mine(request, pk)

    def agree(words: str) -> HttpResponse:
        actions.publish(by=who, call_id=call.pk)
        return done(request, f"/calls/{pk}/", "已审签并发布，门户网站可以看到。")

    def send_back(words: str) -> HttpResponse:
        actions.return_to_draft(by=who, call_id=call.pk, reason=words)
        return done(request, f"/calls/{pk}/", "已退回经办人修改。")

    verdict = rules.may_approve(who, call)
    opinion = Opinion(
        request, yes="同意并发布", agree=agree, no="退回", send_back=send_back, may=verdict,
        hand_on=reverse("unions:hand_on", args=["call", pk]), proof=True,
    )  # fmt: skip
    if opinion.response is not None:
        return opinion.response
    look, fresh = since_look(who, call)
    if verdict and request.method == "GET":
        note_look(by=who, record=call)
    context = {
        "call": call,
        "look": look,
        "fresh": casefile.entries(fresh[:12]),
        "notice": casefile.notice(call),
        "verdict": verdict,
        "outside": windows.differences(call),
        "timeline": casefile.entries(timeline(call, limit=20)),
    }
    return page(request, "calls/call/approve.html", context | opinion.context, status=opinion.status)


@members_only("clerk")
@require_POST
def advance(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the next stage."""
    who, call = mine(request, pk)
    call = procedure.advance(by=who, call_id=call.pk)
    return done(request, f"/calls/{pk}/", "已进入下一环节。")


@members_only("checker", "leader")
@require_http_methods(["GET", "POST"])
def go_back(request: HttpRequest, pk: int) -> HttpResponse:
    """A stage opened by mistake."""
    return _with_reason(
        request, pk, "退回上一环节", lambda who, reason: procedure.go_back(by=who, call_id=pk, reason=reason),
        lambda call: "回到上一环节，已经办理的不受影响；经办人、复核人、领导和已入席的专家都会收到通知。",
    )  # fmt: skip


@members_only("checker", "leader")
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel the whole call."""
    return _with_reason(
        request, pk, "取消本次通知", lambda who, reason: actions.cancel(by=who, call_id=pk, reason=reason),
        lambda call: f"取消以后不能恢复：没有办结的 {queries.not_over(call)} 份申报随即终止，申报单位、专家和办理人员"
        "都会收到通知，理由写在公开页面上。",
        sure=True,
    )  # fmt: skip


def _with_reason(
    request: HttpRequest, pk: int, title: str, act: Callable[[Who, str], object], effects: Callable[[Call], str],
    *, sure: bool = False,
) -> HttpResponse:  # fmt: skip
    """`sure`: what cannot be taken back asks once more who is there."""
    who, call = mine(request, pk)
    form = forms.ReasonForm(request.POST or None)
    again = proof(request, sent=request.method == "POST") if sure else None
    if request.method == "POST" and form.is_valid() and (again is None or proved(request, again)):
        try:
            act(who, form.cleaned_data["reason"])
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, f"/calls/{pk}/", f"已办理：{title}")
    context = {"call": call, "form": form, "again": again, "title": title, "effects": effects(call)}
    return page(request, "calls/call/reason.html", context)
