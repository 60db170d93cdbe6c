"""Pages of lists for the office: freezing, approval, corrections, the register."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuniu.calls.actions import listing as actions
from shuniu.calls.forms.listing import CorrectionForm, ReturnForm
from shuniu.calls.models import PublicList
from shuniu.calls.naming import Way, way
from shuniu.calls.queries import casefile, outcome
from shuniu.calls.queries import listing as queries
from shuniu.calls.rules import listing as rules
from shuniu.calls.views.call import STAFF, mine
from shuniu.foundation.access import Refused, Who, members_only, who_asks
from shuniu.foundation.accounts.proof import proof, proved
from shuniu.foundation.journal.actions import note_look
from shuniu.foundation.journal.queries import since_look, timeline
from shuniu.foundation.ui.respond import done, page, refused_into


def _mine(request: HttpRequest, pk: int) -> tuple[Who, PublicList]:
    who = who_asks(request)
    row = queries.own_list(who, pk)
    if row is None:
        raise Http404
    return who, row


@members_only(*STAFF)
@require_GET
def lists(request: HttpRequest, pk: int) -> HttpResponse:
    """The call's lists: what is frozen, on view, published; what can be frozen now, or why not."""
    who, call = mine(request, pk)
    published, shown_first = (
        call.lists.filter(published_at__isnull=False).exists(),
        way(call) == Way.SHOWN_FIRST,
    )
    context = {
        "call": call,
        "rows": list(queries.lists_of(who, call.pk)),
        "shortlist": rules.may_freeze_shortlist(who, call),
        "formal": rules.may_freeze_formal(who, call),
        "waiting": queries.shortlist_rows(call) if shown_first and not published else [],
        "named": queries.formal_rows(call) if published or not shown_first else [],
        "named_aside": "公示期满、没有暂缓的单位" if shown_first else "按评审决定自动生成，还没有冻结",
        "shown_first": shown_first,
        "word": "命名名单" if outcome.grants_honour(call) else "正式名单",
        "held": queries.held_count(call),
        "order": queries.ORDER_WORDS,
    }
    return page(request, "calls/listing/lists.html", context)


@members_only("clerk")
@require_POST
def freeze(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Freeze the shortlist or the formal list."""
    who, call = mine(request, pk)
    act = {"shortlist": actions.freeze_shortlist, "formal": actions.freeze_formal}.get(kind)
    if act is None:
        raise Http404
    made = act(by=who, call_id=call.pk)
    return done(request, f"/calls/lists/{made.pk}/", "名单已冻结，等待第二人审签。")


@members_only(*STAFF)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One list: its rows, who froze and approved it; the approver agrees or sends it back."""
    who, row = _mine(request, pk)
    do = request.POST.get("do", "")
    form = ReturnForm(request.POST if do == "return" else None)
    judge = rules.may_approve_list if row.kind == PublicList.Kind.SHORTLIST else rules.may_publish_formal
    verdict = judge(who, row)
    again = proof(request, sent=do == "approve", allowed=bool(verdict))
    status = None
    if request.method == "POST":
        if do == "approve":
            if proved(request, again):
                try:
                    return _approve(request, who, row)
                except Refused as refused:  # a year without a calendar, somebody who was first
                    refused_into(again, refused)
                    status = 409
        elif form.is_valid():
            try:
                actions.return_list(by=who, list_id=pk, reason=form.cleaned_data["reason"])
            except Refused as refused:
                refused_into(form, refused)
            else:
                return done(request, f"/calls/{row.call_id}/lists/", "已退回经办人。")
    publicity = getattr(row, "publicity", None)
    look, fresh = since_look(who, row, row.call)
    if verdict and request.method == "GET":
        note_look(by=who, record=row)
    context = {
        "call": row.call,
        "row": row,
        "honour": outcome.grants_honour(row.call),
        "shown_after": way(row.call) == Way.NAMED_FIRST and row.kind == PublicList.Kind.FORMAL,
        "look": look,
        "fresh": casefile.entries(fresh[:12]),
        "rows": queries.staff_rows(row),
        "form": form,
        "again": again,
        "verdict": verdict,
        "may_correct": bool(rules.may_correct(who, row)),
        "publicity": publicity,
        "left": queries.countdown(publicity) if publicity else None,
        "told": queries.told(row) if publicity else 0,
        "corrections": row.corrections.select_related("paper"),
        "timeline": casefile.entries(timeline(row)),
        "order": queries.ORDER_WORDS,
    }
    return page(request, "calls/listing/list.html", context, status=status)


def _approve(request: HttpRequest, who: Who, row: PublicList) -> HttpResponse:
    if row.kind == PublicList.Kind.SHORTLIST:
        publicity = actions.approve_shortlist(by=who, list_id=row.pk)
        said = f"公示已经开始，到 {publicity.ends_on:%Y-%m-%d} 24:00 自动结束。"
    else:
        actions.publish_formal(by=who, list_id=row.pk)
        honour = outcome.grants_honour(row.call)
        said = "名单已公布，各单位已命名。" if honour else "正式名单已公布，各单位已认定，证书正在制作。"
    return done(request, f"/calls/lists/{row.pk}/", said)


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose a correction of a published list."""
    who, row = _mine(request, pk)
    form = CorrectionForm(row, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.propose_correction(by=who, list_id=pk, **form.values())
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, f"/calls/lists/{pk}/corrections/{made.number}/", "更正已提交审签。")
    context = {"call": row.call, "row": row, "form": form, "verdict": rules.may_correct(who, row)}
    return page(request, "calls/listing/correct.html", context)


@members_only(*STAFF)
@require_http_methods(["GET", "POST"])
def correction(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One correction; the approver publishes or refuses it."""
    who, row = _mine(request, pk)
    made = get_object_or_404(
        row.corrections.select_related("proposed_by", "approved_by", "paper"), number=number
    )
    made.list = row
    do = request.POST.get("do", "")
    form = ReturnForm(request.POST if do == "refuse" else None)
    verdict = rules.may_approve_correction(who, made)
    again = proof(request, sent=do == "publish", allowed=bool(verdict))
    if request.method == "POST":
        if do == "publish":
            if proved(request, again):
                actions.publish_correction(by=who, list_id=pk, number=number)
                return done(request, f"/calls/lists/{pk}/", "更正公告已公布。")
        elif form.is_valid():
            reason = form.cleaned_data["reason"]
            actions.refuse_correction(by=who, list_id=pk, number=number, reason=reason)
            return done(request, f"/calls/lists/{pk}/", "已告知经办人。")
    context = {
        "call": row.call,
        "row": row,
        "correction": made,
        "form": form,
        "again": again,
        "verdict": verdict,
        "timeline": casefile.entries(timeline(made)),
    }
    return page(request, "calls/listing/correction.html", context)
