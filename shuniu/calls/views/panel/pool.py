"""The expert pool of a union."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from shuniu.calls.actions import panel as actions
from shuniu.calls.forms.panel import TIERS, ExpertForm, category_choices
from shuniu.calls.models import Expert
from shuniu.calls.queries.casefile import entries
from shuniu.calls.queries.panel import experts_visible_to
from shuniu.calls.rules import panel as rules
from shuniu.calls.views.panel.parts import STAFF, with_reason
from shuniu.foundation.access import Refused, Who, members_only, who_asks
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.queries import timeline
from shuniu.foundation.ui import formats, versions
from shuniu.foundation.ui.lists.base import List, Tab
from shuniu.foundation.ui.lists.columns import Column, Sign
from shuniu.foundation.ui.lists.filters import Choice, TextSearch
from shuniu.foundation.ui.respond import done, page, refused_into
from shuniu.unions.queries import union_of


def _state(expert: Expert) -> Sign:
    if expert.retired_at is not None:
        return Sign("expired", "已解聘")
    if expert.term_to < clock.today():
        return Sign("expired", "聘期已满")
    return Sign("ok", "可抽取") if expert.available else Sign("pause", "暂不参加")


def _fields(expert: Expert) -> str:
    labels = dict(category_choices())
    return "、".join(labels.get(key, key) for key in expert.fields)


def _in_field(rows: QuerySet[Expert], key: str) -> QuerySet[Expert]:
    return rows.filter(fields__contains=[key])


class ExpertList(List):
    """The pool: everybody of it, with the telephone masked."""

    key = "calls.experts"
    title = "评审专家库"
    unit = "人"
    order = "number"
    empty = ("还没有评审专家", "按评审类别补充专家后，才能抽取评审委员会。")
    columns = (
        Column("name", "姓名", first=True, sort="name"),
        Column("number", "编号", kind="number", sort="number"),
        Column("fields", "评审类别", _fields, wrap=True),
        Column("employer", "工作单位", sort="employer", wrap=True),
        Column("position", "职称职务", extra=True),
        Column("phone", "手机", mask=lambda p: formats.phone_mask(p or ""), kind="code", extra=True),
        Column("term_to", "聘期至", kind="day", sort="term_to"),
        Column("state", "状态", _state, kind="status"),
    )
    filters = (
        TextSearch("q", "姓名、单位", within=("name", "employer"), placeholder="姓名或工作单位"),
        Choice("field", "评审类别", choices=lambda _: category_choices(), apply=_in_field),
        Choice("tier", "级别", choices=TIERS),
    )
    tabs = (
        Tab("current", "在聘", Q(retired_at__isnull=True)),
        Tab("retired", "已解聘", Q(retired_at__isnull=False)),
    )

    @classmethod
    def visible(cls, who: Who, *args: object, **scope: object) -> QuerySet[Expert]:
        return experts_visible_to(who)

    def row_url(self, row: Expert) -> str:
        return reverse("calls:expert", args=[row.pk])


@members_only(*STAFF)
def experts(request: HttpRequest) -> HttpResponseBase:
    """The list."""
    who = who_asks(request)
    return ExpertList(request).response("calls/panel/experts.html", {"may_add": who.role == "clerk"})


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Take somebody into the pool."""
    who = who_asks(request)
    today = clock.today()
    initial = {"term_from": today, "term_to": today.replace(month=12, day=31), "available": True}
    form = ExpertForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            expert = actions.add_expert(by=who, union=union_of(who.union_id or 0), **form.values())
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, f"/calls/experts/{expert.pk}/", f"已入库，编号 {expert.number}。")
    return page(request, "calls/panel/expert_form.html", {"form": form})


@members_only(*STAFF)
@require_http_methods(["GET", "POST"])
def expert(request: HttpRequest, pk: int) -> HttpResponse:
    """One expert: particulars, account, what happened; the clerk may change them."""
    who = who_asks(request)
    row = get_object_or_404(experts_visible_to(who), pk=pk)
    may_change = bool(rules.may_change_expert(who, row))
    form = ExpertForm.of(row, request.POST or None)
    now = actions.particulars_of(row)
    version, status = versions.reading(request, now), None
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_expert(by=who, expert_id=row.pk, seen=request.POST.get("seen"), **form.values())
        except Refused as refused:
            if refused.verdict.code == "version.changed":
                both = versions.clash(form, version["seen"], now)
                form, status = ExpertForm.of(row, both.data), 409
                version = versions.conflict(request, both, now, refused)
            else:
                refused_into(form, refused)
        else:
            return done(request, f"/calls/experts/{row.pk}/", "已保存。")
    context = version | {
        "expert": row,
        "form": form,
        "may_change": may_change,
        "state": _state(row),
        "fields_text": _fields(row),
        "timeline": entries(timeline(row, limit=30)),
    }
    return page(request, "calls/panel/expert.html", context, status=status)


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """End an appointment."""
    who = who_asks(request)
    row = get_object_or_404(experts_visible_to(who), pk=pk)
    return with_reason(
        request,
        title=f"解聘 {row.name}",
        explain="解聘后不再参加抽取，编号不会给别人。已经完成的评审不受影响。",
        label="解聘原因",
        button="解聘",
        act=lambda reason: actions.retire_expert(by=who, expert_id=row.pk, reason=reason),
        back=f"/calls/experts/{row.pk}/",
        said="已解聘。",
    )


@members_only("clerk")
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the link by which the expert opens an account; shown once."""
    who = who_asks(request)
    row = get_object_or_404(experts_visible_to(who), pk=pk)
    token = actions.invite_expert(by=who, expert_id=row.pk)
    link = request.build_absolute_uri(reverse("accounts:invitation", args=[token]))
    return page(request, "calls/panel/invited.html", {"expert": row, "link": link})
