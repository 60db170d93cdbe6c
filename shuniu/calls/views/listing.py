"""Pages of lists for the office: freezing, approval, corrections, the register."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuniu.calls.actions import listing as actions
from shuniu.calls.forms.listing import CorrectionForm
from shuniu.calls.models import PublicList
from shuniu.calls.naming import Way, way
from shuniu.calls.queries import casefile, outcome
from shuniu.calls.queries import listing as queries
from shuniu.calls.rules import listing as rules
from shuniu.calls.views.call import STAFF, mine
from shuniu.foundation.access import Refused, Who, members_only, who_asks
from shuniu.foundation.journal.actions import note_look
from shuniu.foundation.journal.queries import since_look, timeline
from shuniu.foundation.ui.opinion import Opinion
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

    def send_back(words: str) -> HttpResponse:
        actions.return_list(by=who, list_id=pk, reason=words)
        return done(request, f"/calls/{row.call_id}/lists/", "已退回经办人。")

    judge = rules.may_approve_list if row.kind == PublicList.Kind.SHORTLIST else rules.may_publish_formal
    verdict = judge(who, row)
    yes, effect = _effect(row)
    opinion = Opinion(
        request, yes=yes, agree=lambda words: _approve(request, who, row), no="退回", send_back=send_back,
        may=verdict, hand_on=reverse("unions:hand_on", args=["list", pk]), proof=True, explain=effect,
    )  # fmt: skip
    if opinion.response is not None:
        return opinion.response
    publicity = getattr(row, "publicity", None)
    look, fresh = since_look(who, row, row.call)
    if verdict and request.method == "GET":
        note_look(by=who, record=row)
    context = {
        "call": row.call,
        "row": row,
        "look": look,
        "fresh": casefile.entries(fresh[:12]),
        "rows": queries.staff_rows(row),
        "may_correct": bool(rules.may_correct(who, row)),
        "publicity": publicity,
        "left": queries.countdown(publicity) if publicity else None,
        "told": queries.told(row) if publicity else 0,
        "corrections": row.corrections.select_related("paper"),
        "timeline": casefile.entries(timeline(row)),
        "order": queries.ORDER_WORDS,
    }
    return page(request, "calls/listing/list.html", context | opinion.context, status=opinion.status)


def _effect(row: PublicList) -> tuple[str, str]:
    """What the button says, and what follows from agreeing."""
    shown = "公示，期限按本次通知规定的工作日计算，期满自动结束。"
    if row.kind == PublicList.Kind.SHORTLIST:
        return "同意并公示", f"同意后立即{shown}"
    if not outcome.grants_honour(row.call):
        return "同意并公布", "同意后立即公布，名单上的单位同时认定并编发证书。"
    if way(row.call) == Way.NAMED_FIRST:
        return "同意命名并公示", f"同意后名单上的单位即被命名，随即{shown}"
    return "同意并公布", "同意后名单上的单位即被命名。"


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

    def agree(words: str) -> HttpResponse:
        actions.publish_correction(by=who, list_id=pk, number=number)
        return done(request, f"/calls/lists/{pk}/", "更正公告已公布。")

    def send_back(words: str) -> HttpResponse:
        actions.refuse_correction(by=who, list_id=pk, number=number, reason=words)
        return done(request, f"/calls/lists/{pk}/", "已告知经办人。")

    opinion = Opinion(
        request, yes="同意并公布", agree=agree, no="不同意", send_back=send_back,
        may=rules.may_approve_correction(who, made), hand_on=reverse("unions:hand_on", args=["correction", made.pk]),
        proof=True,
    )  # fmt: skip
    if opinion.response is not None:
        return opinion.response
    context = {"call": row.call, "row": row, "correction": made, "timeline": casefile.entries(timeline(made))}
    return page(request, "calls/listing/correction.html", context | opinion.context, status=opinion.status)
