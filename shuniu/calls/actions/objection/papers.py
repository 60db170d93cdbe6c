"""异议受理单 and 答复书: for who objected and for the office; never public."""

from __future__ import annotations

from shuniu.calls import terms
from shuniu.calls.models import Objection, ObjectionProposal
from shuniu.calls.queries.call import stage_clause
from shuniu.calls.rules.apply import stamp
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.papers.actions import issue
from shuniu.foundation.papers.models import Paper
from shuniu.foundation.papers.rendering import OFFICIAL, PLAIN
from shuniu.foundation.ui.formats import day_cn

_EFFECTS = {"keep": "不影响名单", "remove": "移出名单"}


def _about(row: Objection) -> str:
    if row.entry is None:
        return "名单整体"
    return f"{row.entry.application.organisation.name}（{row.entry.application.category.label}）"


def issue_acceptance(row: Objection, *, by: Who) -> Paper:
    """第五条（五）: number, sender, matter, evidence, day of acceptance, handler, until when it is answered."""
    assert row.reply_by is not None and row.handler is not None
    call = row.publicity.list.call
    return issue(
        by=by, union=call.union, kind="calls.objection_acceptance", title=f"异议受理单\n{row.number}",
        template=PLAIN, with_number=False, about=(row,), clause=stage_clause(call, "publicity"),
        data={
            "blocks": [
                {
                    "kind": "fields",
                    "rows": [
                        ["受理编号", row.number],
                        ["公示", row.publicity.list.title],
                        ["提出人", f"{row.name}（{row.get_kind_display()}）"],
                        ["针对单位", _about(row)],
                        ["到达时间", stamp(row.arrived_at)],
                        ["事实和理由", row.text],
                        ["证明材料", "、".join(e.name for e in row.evidence.all()) or "无"],
                        ["受理日", day_cn(clock.today())],
                        ["核查人", row.handler.name],
                        ["答复期限", f"{day_cn(row.reply_by)}（{terms.basis(call, terms.REPLY_DAYS)}）"],
                    ],
                }
            ],
            "signer": call.union.name,
            "date": day_cn(clock.today()),
        },
    )  # fmt: skip


def issue_reply(row: Objection, proposal: ObjectionProposal, *, by: Who) -> Paper:
    """第五条（五）: the written reply with the outcome and what it means for the list."""
    call = row.publicity.list.call
    outcome = Objection.State(proposal.verdict).label
    return issue(
        by=by, union=call.union, kind="calls.objection_reply", title="关于公示异议的答复",
        template=OFFICIAL, with_number=True, about=(row,), clause=proposal.clause or stage_clause(call, "publicity"),
        data={
            "to": row.name,
            "blocks": [
                {
                    "kind": "p",
                    "text": f"你（单位）于{day_cn(row.arrived_at)}对《{row.publicity.list.title}》提出的异议"
                    f"（受理编号 {row.number}，针对{_about(row)}）已经核查。现答复如下。",
                },
                {"kind": "p", "text": proposal.reply},
                {"kind": "p", "text": f"结论：{outcome}。对名单的影响：{_EFFECTS[proposal.effect]}。"},
            ],
            "signer": call.union.name,
            "date": day_cn(clock.today()),
            "attachments": [],
        },
    )  # fmt: skip
