"""The tree of unions and one union."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from shuniu.foundation.access import STAFF_ROLES, UNION_ROLES, Refused, members_only, who_asks
from shuniu.foundation.accounts.kept import posted
from shuniu.foundation.journal.queries import lines, timeline
from shuniu.foundation.ui import versions
from shuniu.foundation.ui.respond import done, page, refused_into
from shuniu.unions import actions
from shuniu.unions.forms import ActiveUnionForm, UnionForm
from shuniu.unions.models import Union
from shuniu.unions.queries import (
    administered_by,
    children_of,
    grants_of_union,
    invitations_of_union,
    union_tree,
    unions_found,
    unions_visible_to,
)
from shuniu.unions.queries.roles import sees_people


@members_only(*STAFF_ROLES)
@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    """Every union: as a tree, or what a search finds."""
    who = who_asks(request)
    text = request.GET.get("q", "").strip()[:60]
    context: dict[str, Any] = {"q": text, "can_add": who.role == "sys_admin"}
    if text:
        context["page"] = Paginator(unions_found(who, text).select_related("parent"), 50).get_page(
            request.GET.get("page")
        )
    else:
        context["nodes"] = union_tree(who)
    return render(request, "unions/tree.html", context)


def _facts(union: Union) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [{"label": "层级", "value": union.get_level_display()}]
    for label, parent in (("上级（地方）", union.parent), ("上级（产业）", union.industry_parent)):
        if parent is not None:
            rows.append({"label": label, "value": parent.name, "url": f"/unions/{parent.pk}/"})
    for label, value in (
        ("简称", union.short_name), ("所在区", union.region), ("责任部门", union.responsible_department),
        ("机关代字", union.paper_code), ("联系电话", union.contact_phone), ("联系邮箱", union.contact_email),
        ("地址", union.address), ("邮编", union.postcode),
    ):  # fmt: skip
        rows.append({"label": label, "value": value})
    return rows


@members_only(*STAFF_ROLES)
@require_safe
def union(request: HttpRequest, union_id: int) -> HttpResponse:
    """One union: facts for every colleague; people and history for its own and those above."""
    who = who_asks(request)
    rows = unions_visible_to(who).select_related("parent", "industry_parent")
    record = get_object_or_404(rows, pk=union_id)
    insiders = sees_people(who, record)
    context = {
        "union": record,
        "facts": _facts(record),
        "insiders": insiders,
        "may_reset": insiders and who.role == "sec_admin",
        "may_administer": administered_by(who).filter(pk=record.pk).exists(),
        "grants": grants_of_union(who, record),
        "roles": UNION_ROLES,
        "invitations": invitations_of_union(who, record),
        "children": Paginator(children_of(who, record), 50).get_page(request.GET.get("page")),
        "history": lines(timeline(record, limit=30)) if insiders else [],
    }
    return render(request, "unions/union.html", context)


@members_only("sys_admin")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Set up a union below one's own."""
    who = who_asks(request)
    initial = {"parent": request.GET.get("parent", "")}
    form = UnionForm(posted(request), parents=administered_by(who).filter(is_active=True), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            record = actions.create_union(by=who, **form.cleaned_data)
        except Refused as refused:
            refused_into(form, refused, "name" if refused.verdict.code == "unions.name_taken" else None)
        else:
            return done(request, f"/unions/{record.pk}/", f"已设立{record.name}。")
    return page(request, "unions/union_form.html", {"form": form, "union": None})


@members_only("sys_admin")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, union_id: int) -> HttpResponse:
    """Change the facts of a union."""
    who = who_asks(request)
    mine = administered_by(who)
    record = get_object_or_404(mine, pk=union_id)
    keep = [p for p in (record.parent, record.industry_parent) if p is not None]
    parents = {u.pk: u for u in [*mine.filter(is_active=True).exclude(pk=record.pk), *keep]}
    initial = {f: getattr(record, f) for f in actions.tree.CHANGEABLE}
    initial |= {"parent": record.parent_id or "", "industry_parent": record.industry_parent_id or ""}
    form = ActiveUnionForm(posted(request), parents=parents.values(), initial=initial)
    now = actions.tree.facts_of(record)
    context, status = versions.reading(request, now), None
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_union(by=who, union=record, seen=request.POST.get("seen"), **form.cleaned_data)
        except Refused as refused:
            if refused.verdict.code == "version.changed":
                both = versions.clash(form, context["seen"], now)
                form = ActiveUnionForm(both.data, parents=parents.values(), initial=initial)
                context, status = versions.conflict(request, both, now, refused), 409
            else:
                refused_into(form, refused, "name" if refused.verdict.code == "unions.name_taken" else None)
        else:
            return done(request, f"/unions/{record.pk}/", "已保存。")
    return page(request, "unions/union_form.html", context | {"form": form, "union": record}, status=status)
