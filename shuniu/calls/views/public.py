"""Public pages of calls: the notice, lists with their 公示, papers. No account, no script needed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from shuniu.calls.models import Call, Publicity, PublicList
from shuniu.calls.queries import casefile, outcome, promotion
from shuniu.calls.queries import listing as lists
from shuniu.calls.queries import public as queries
from shuniu.calls.queries.call import why_cancelled
from shuniu.calls.rules.apply import stamp
from shuniu.foundation.access import public, who_asks
from shuniu.foundation.papers import queries as papers
from shuniu.foundation.papers import sheets
from shuniu.foundation.papers.models import Paper
from shuniu.foundation.ui import slots
from shuniu.foundation.ui.formats import day, period
from shuniu.foundation.ui.respond import page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@public("通知向社会公开")
@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """The notice with conditions, timetable, answers to all, amendments and attachments."""
    call = get_object_or_404(queries.notices(), pk=pk)
    shown = casefile.notice(call)
    shown["contact"] = queries.contact(call, shown["contact"])
    context = {
        "call": call,
        "notice": shown,
        "amendments": [{"row": a, "changes": queries.changes(call, a)} for a in queries.amendments(call)],
        "questions": list(queries.answered(call)),
        "lists": list(queries.lists_of_call(call)),
        "draws": list(queries.draws_of_call(call)),
        "attachments": queries.attachments(call),
        "left": casefile.days_left(call.apply_until) if shown["open_now"] else None,
        "cancelled": call.state == Call.State.CANCELLED,
        "receipt": _receipt(request, call),
        "why": why_cancelled(call),
        "meta": queries.meta(
            title=call.title,
            column="通知公告",
            source=call.union.name,
            published=call.published_at,
            keywords=f"{outcome.work(call)},社会组织,工会,通知",
        ),
    }
    return page(request, "calls/public/notice.html", context)


def _receipt(request: HttpRequest, call: Call) -> dict[str, str]:
    """What the QR code of a receipt asks: whether it is real, and when what it stands for arrived."""
    number = request.GET.get("receipt", "")
    if not number:
        return {}
    found = queries.receipt(call, number, request.GET.get("check", ""))
    if found is None:
        return {"kind": "bad", "said": "没有找到这份回执，或者编号与校验值不符。"}
    return {
        "kind": "ok",
        "said": f"回执 {found.application.number} 属实：{stamp(found.arrived_at)} 到达，内容校验值 {found.digest}。",
    }


@public("公示和名单向社会公开")
@require_safe
def public_list(request: HttpRequest, pk: int) -> HttpResponse:
    """A published list: 公示 with what is left of it, or the formal list."""
    row = get_object_or_404(lists.public_lists(), pk=pk)
    publicity = getattr(row, "publicity", None)
    shortlist, honour = row.kind == PublicList.Kind.SHORTLIST, outcome.grants_honour(row.call)
    rows = lists.public_rows(row)
    context = {
        "row": row,
        "call": row.call,
        "rows": rows,
        "held": 0 if shortlist else lists.held_count(row.call),
        "shortlist": shortlist,
        "publicity": publicity,
        "left": lists.countdown(publicity) if publicity else None,
        "period": period(publicity.starts_on, publicity.ends_on, publicity.working_days) if publicity else "",
        "changes": publicity.changes.select_related("paper__pdf") if publicity else [],
        "corrections": lists.corrections_of(row),
        "attachments": [queries.attachment(p) for p in _papers(row, publicity)],
        "order": lists.ORDER_WORDS,
        "outcome": outcome.outcome_label(row.call),
        "promotions": promotion.shown(row.call) if honour else [],
        "way": outcome.way_to_shortlist(row.call) if shortlist or honour else "",
        "honour": honour,
        "placed": len({r["category"] for r in rows}) > 1 or any(r["directions"] for r in rows),
        "cancelled": row.call.state == Call.State.CANCELLED,
        "navigation": slots.navigation_for(
            who_asks(request), "/notices/?kind=publicity" if publicity else "/lists/"
        ),
        "meta": queries.meta(
            title=row.title,
            column="公示" if publicity else "名单",
            source=row.call.union.name,
            published=row.published_at,
            keywords=f"{outcome.work(row.call)},社会组织,{'公示' if publicity else '名单'}",
        ),
    }
    return page(request, "calls/public/list.html", context)


def _papers(row: PublicList, publicity: Publicity | None) -> list[Paper]:
    """The list's paper and, where it went on view by another, that one."""
    both = [row.paper, publicity.paper if publicity else None]
    return list({p.pk: p for p in both if p is not None}.values())


@public("公布的名单可以下载")
@require_safe
def list_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """The published list as a workbook."""
    row = get_object_or_404(lists.public_lists(), pk=pk)
    rows = lists.public_rows(row)
    columns = [
        sheets.Column("name", "组织名称", width=32),
        sheets.Column("code", "统一社会信用代码", width=22),
        sheets.Column("category_label", "类别", width=18),
        sheets.Column("directions", "方向", width=30),
    ]
    if row.kind == PublicList.Kind.FORMAL and not outcome.grants_honour(row.call):
        columns += [
            sheets.Column("certificate", "证书编号", width=18),
            sheets.Column("period", "有效期", width=26),
        ]
    columns.append(sheets.Column("note", "备注", width=12))
    body = sheets.write_table(
        title=row.title,
        columns=columns,
        meta=f"发布单位：{row.call.union.name}　发布日期：{day(row.published_at)}　校验值：{row.digest[:16]}",
        rows=[_line(r) for r in rows],
    )
    response = HttpResponse(body, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="list-{row.pk}.xlsx"'
    return response


def _line(row: dict[str, object]) -> dict[str, object]:
    granted = row["recognition"]
    directions = row["directions"]
    assert isinstance(directions, list)
    more = (
        {}
        if granted is None
        else {
            "certificate": granted.certificate_no,  # type: ignore[attr-defined]
            "period": f"{day(granted.first_day)} 至 {day(granted.last_day)}",  # type: ignore[attr-defined]
        }
    )
    note = "；".join(words for words in (str(row["note"]), "已更正" if row["was"] else "") if words)
    return row | {"directions": "、".join(directions), "note": note} | more


@public("已经公布的公文可以下载")
@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The PDF of a paper that was published; 404 for every other."""
    found = queries.public_paper(pk)
    if found is None:
        raise Http404
    return papers.response(found)
