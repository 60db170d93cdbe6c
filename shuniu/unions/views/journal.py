"""The journal: the auditor's search, one entry, the proof of the chain, its published head."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from shuniu.foundation.access import members_only, public, who_asks
from shuniu.foundation.journal import queries, words
from shuniu.foundation.ui.respond import done
from shuniu.unions import actions
from shuniu.unions.lists import Journal


@members_only("audit_admin", "auditor")
@require_safe
def journal(request: HttpRequest) -> HttpResponseBase:
    """Every act of one's own union, with filters and export."""
    proofs = queries.entries_visible_to(who_asks(request)).filter(verb="verify_journal")
    return Journal(request).response("unions/journal.html", {"head": queries.head(), "proof": proofs.first()})


@members_only("audit_admin", "auditor")
@require_safe
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One entry with its facts and its place in the chain."""
    rows = queries.entries_visible_to(who_asks(request)).select_related("seal__block")
    row = get_object_or_404(rows, pk=entry_id)
    seal = getattr(row, "seal", None)
    facts = [
        {"label": "时间", "value": row.at, "moment": True},
        {"label": "姓名", "value": row.person_name},
        {"label": "身份", "value": f"{row.behalf} {row.role}".strip()},
        {"label": "动作", "value": words.verb_label(row.verb)},
        {"label": "对象", "value": f"{words.kind_label(row.subject.partition(':')[0])} {row.subject_label}"},
        {"label": "依据", "value": row.clause},
        {"label": "查阅", "value": "是" if row.is_reading else "否"},
        {"label": "请求编号", "value": row.request_id},
        {"label": "封存", "value": f"第 {seal.block.number} 块第 {seal.position} 条" if seal else "待封存"},
        {"label": "校验值", "value": seal.digest if seal else ""},
    ]
    context = {
        "entry": row, "facts": facts, "said": words.said(row),
        "raw": json.dumps(row.facts, ensure_ascii=False, indent=2),
    }  # fmt: skip
    return render(request, "unions/journal_entry.html", context)


@members_only("audit_admin", "auditor")
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Have the chain computed again."""
    actions.ask_for_proof(by=who_asks(request))
    return done(request, "unions:journal", "正在逐条核验，结果会发到您的收件箱。")


@public("公布日志链最新一块的校验值，供任何人留存比对")
@require_safe
def head(request: HttpRequest) -> HttpResponse:
    """The newest block: whoever keeps its digest can prove later that nothing before it was changed."""
    return render(request, "unions/journal_head.html", {"head": queries.head()})
