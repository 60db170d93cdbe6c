"""The library: documents, and one document clause by clause with what the system does with each."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from shuniu.foundation.access import STAFF_ROLES, Who, public, who_asks
from shuniu.foundation.ui.respond import page
from shuniu.library import queries


def base_for(who: Who) -> str:
    """The frame in which the asker works."""
    if who.role in STAFF_ROLES:
        return "ui/staff.html"
    return "ui/org.html" if who.organisation_id is not None else "ui/public.html"


@require_GET
@public("制度是公开文件")
def library(request: HttpRequest) -> HttpResponse:
    """Every document with its issuer, day and number of clauses."""
    context = {"documents": queries.all_on_disk(), "base": base_for(who_asks(request))}
    return page(request, "library/list.html", context)


@require_GET
@public("制度是公开文件")
def document(request: HttpRequest, key: str) -> HttpResponse:
    """Each clause: number, our short words, the deciding quotation, what the system does, or text only."""
    known = queries.keys()
    if key not in known:
        raise Http404
    law = queries.on_disk(key)
    by_clause: dict[str, list[dict[str, Any]]] = {}
    for condition in law.conditions:
        by_clause.setdefault(condition.clause, []).append({"kind": "条件", "label": condition.label})
    for stage in law.stages:
        by_clause.setdefault(stage.clause, []).append(
            {"kind": "环节", "label": f"{stage.label}（{stage.actor_label}）"}
        )
    for consequence in law.consequences:
        by_clause.setdefault(consequence.clause, []).append({"kind": "后果", "label": consequence.label})
    for limit in law.limits:
        by_clause.setdefault(limit.clause, []).append(
            {"kind": "限额", "label": f"{limit.label}不超过 {limit.at_most} 个"}
        )
    for point in law.not_stated:
        if point.near:
            by_clause.setdefault(point.near, []).append({"kind": "未规定", "label": point.label})
    clauses = [{"clause": c, "uses": by_clause.get(c.number, [])} for c in law.clauses]
    context = {
        "law": law,
        "clauses": clauses,
        "text_only": sum(1 for c in law.clauses if c.text_only),
        "versions": queries.stored_versions(key),
        "base": base_for(who_asks(request)),
    }
    return page(request, "library/document.html", context)
