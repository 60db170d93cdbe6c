"""The desk's papers: 补正通知书 and 资格审核表."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shuniu.calls import terms
from shuniu.calls.models import Application, AuditSheet, Correction, Decision
from shuniu.calls.queries import audit as queries
from shuniu.calls.queries.call import law_of
from shuniu.calls.queries.selfcheck import STATUS_KINDS
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.papers.actions import issue
from shuniu.foundation.papers.models import Paper
from shuniu.foundation.ui.formats import day_cn

_FOLDER = "calls/typst"


def _today() -> str:
    return day_cn(clock.today())


def _department(application: Application) -> str:
    """The responsible department of the union that checks."""
    return application.desk.responsible_department if application.desk else application.call.department


def _contact(application: Application) -> str:
    desk, call = application.desk, application.call
    return f"电话：{desk.contact_phone}" if desk else f"联系人：{call.contact}　电话：{call.phone}"


def issue_correction(correction: Correction, *, by: Who, due: dt.date) -> Paper:
    """补正通知书: everything to mend at once, basis, deadline, what follows when it runs out."""
    application = correction.application
    call = application.call
    law = law_of(call)
    check = next((s for s in call.stages.all() if s.kind == "check"), None)
    basis = f"《{law.title}》{check.clause}" if check and check.clause else f"《{law.title}》"
    return issue(
        by=by,
        union=application.desk_union,
        kind="calls.correction",
        title="补正通知书",
        template=f"{_FOLDER}/audit_correction.typ",
        data={
            "number": f"{application.number}-补{correction.round}",
            "to": application.organisation.name,
            "opening": (
                f"你单位在“{call.title}”中申报“{application.category.label}”的材料收悉。"
                f"依据{basis}和本次通知，请一次性补正下列 {len(correction.items)} 项："
            ),
            "items": [[str(n), i["label"], i["reason"]] for n, i in enumerate(correction.items, 1)],
            "message": correction.message,
            "deadline": f"请在{day_cn(due)}24:00前（{correction.days}个工作日内）在网上一次交回。",
            "silent": f"补正的期限{terms.basis(call, terms.CORRECTION_DAYS)}。",
            "late": "逾期没有交回的，按现有材料审核。",
            "contact": _contact(application),
            "signer": f"{application.desk_union.name}{_department(application)}",
            "date": _today(),
        },
        with_number=False,
        about=(application, application.organisation),
        clause=check.clause if check else "",
    )


def issue_sheet(
    application: Application, conclusion: Decision, confirmation: Decision, *, by: Who
) -> AuditSheet:
    """资格审核表: every condition with its result and basis, who judged, who checked, and the digest (R2)."""
    call = application.call
    law = law_of(call)
    answers = queries.answers_of(application)
    run = int(conclusion.facts.get("run", 0))
    rows = [
        [row.clause, row.label, STATUS_KINDS[row.status][1], _basis(row.reason, row.facts, row.asks, answers)]
        for row in queries.findings_of(application, run)
    ]
    word = "符合" if conclusion.verdict == "qualified" else "不符合"
    paper = issue(
        by=by,
        union=application.desk_union,
        kind="calls.audit_sheet",
        title="资格审核表",
        template=f"{_FOLDER}/audit_sheet.typ",
        data={
            "meta": f"{call.title}　依据《{law.title}》{call.document.version}版，校验值 {call.document.digest[:12]}",
            "particulars": [
                ["申报单位", application.organisation.name],
                ["统一社会信用代码", application.organisation.code or "--"],
                ["申报编号", application.number or "--"],
                ["申报类别和方向", f"{application.category.label}：{_directions(application)}"],
            ],
            "columns": [
                {"title": "依据", "width": 2}, {"title": "条件", "width": 4},
                {"title": "审核意见", "width": 2, "align": "center"}, {"title": "事实和理由", "width": 8},
            ],
            "rows": rows,
            "conclusion": f"审核结论：{word}。"
            + (f"{conclusion.note}（{conclusion.clause}）" if conclusion.clause else conclusion.note),
            "people": [
                ["审核人", f"{conclusion.by}", _when(conclusion.at)],
                ["复核人", f"{confirmation.by}", _when(clock.now())],
            ],
            "digest": f"决定依据的校验值：{conclusion.facts.get('digest', '')}",
        },
        with_number=False,
        about=(application,),
        clause=conclusion.clause,
    )  # fmt: skip
    return AuditSheet.objects.create(application=application, decision=confirmation, paper=paper)


def _basis(reason: str, facts: list[Any], asks: list[Any], answers: dict[str, Any]) -> str:
    said = [reason] if reason else []
    for ask in asks:
        row = answers.get(ask["name"])
        if row is not None:
            said += [row.note] if row.note else []
    sources = list(dict.fromkeys(f["source"] for f in facts if f.get("known") and f["source"]))
    return "；".join([*said, *([f"来源：{'、'.join(sources)}"] if sources else [])])


def _directions(application: Application) -> str:
    labels = {d["key"]: d["label"] for d in application.category.directions}
    return "、".join(labels.get(d, d) for d in application.directions) or "--"


def _when(moment: dt.datetime | None) -> str:
    return f"{moment.astimezone(clock.TZ):%Y-%m-%d %H:%M}" if moment else ""
