"""候选名单: for each further award of the documents, who is recommended and why; as a workbook."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from shuniu.foundation.access import Who, members_only, who_asks
from shuniu.foundation.calendar import clock
from shuniu.foundation.papers import sheets
from shuniu.foundation.ui.formats import day
from shuniu.foundation.ui.respond import page
from shuniu.recognition.candidates import FollowUp, candidates, follow_ups

OFFICE = ("clerk", "checker", "leader")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _chosen(who: Who, raw: str) -> tuple[list[FollowUp], FollowUp | None]:
    known = follow_ups(who.union_id or 0)
    chosen = next((f for f in known if f"{f.law.key}:{f.condition.key}" == raw), None)
    return known, chosen or (known[0] if known else None)


@members_only(*OFFICE)
@require_GET
def candidate_list(request: HttpRequest) -> HttpResponse:
    """One award at a time: who qualifies today, by which honour, under which clause."""
    who = who_asks(request)
    known, chosen = _chosen(who, request.GET.get("award", ""))
    context = {
        "tabs": [
            {"label": f.condition.label, "url": f"?award={f.law.key}:{f.condition.key}", "current": f is chosen}
            for f in known
        ],
        "chosen": chosen, "award": f"{chosen.law.key}:{chosen.condition.key}" if chosen else "",
        "rows": candidates(who, chosen, clock.today()) if chosen else [], "today": clock.today(),
    }  # fmt: skip
    return page(request, "recognition/staff/candidates.html", context)


@members_only(*OFFICE)
@require_GET
def candidate_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a workbook."""
    who = who_asks(request)
    _, chosen = _chosen(who, request.GET.get("award", ""))
    if chosen is None:
        raise Http404
    columns = [
        sheets.Column("name", "组织名称", width=32), sheets.Column("code", "统一社会信用代码", width=22),
        sheets.Column("leader", "负责人", width=12), sheets.Column("honours", "荣誉", width=40),
        sheets.Column("why", "符合的依据", width=44), sheets.Column("clause", "条款", width=14),
    ]  # fmt: skip
    rows = [
        {
            "name": c.organisation.name, "code": c.organisation.code or "", "leader": c.leader,
            "honours": "；".join(f"{h.title}（{day(h.awarded_on)}）" for h in c.honours), "why": c.reason,
            "clause": chosen.condition.clause,
        }
        for c in candidates(who, chosen, clock.today())
    ]  # fmt: skip
    meta = f"依据：《{chosen.law.title}》{chosen.condition.clause}　导出日期：{day(clock.today())}"
    body = sheets.write_table(
        title=f"{chosen.condition.label}候选名单", columns=columns, meta=meta, rows=rows
    )
    answer = HttpResponse(body, content_type=_XLSX)
    answer["Content-Disposition"] = 'attachment; filename="candidates.xlsx"'
    return answer
