"""Papers that are made when somebody asks for them: the receipt, the 申报表, the roster of a committee."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from shuniu.calls.models import Application, Committee, Seat, Submission, YearlyUndertaking
from shuniu.calls.queries import applicant
from shuniu.calls.queries.outcome import outcome_label, work
from shuniu.calls.queries.public import RECEIPT_SIGNS
from shuniu.calls.rules.apply import stamp
from shuniu.foundation.calendar.clock import TZ
from shuniu.foundation.papers.codes import qr_svg
from shuniu.foundation.papers.rendering import PLAIN, render
from shuniu.foundation.ui.formats import day_cn, when


def receipt_of(application: Application, submission: Submission) -> bytes:
    """申报回执 as PDF: number, arrival stamp and digest, with a QR code by which anybody can verify the three."""
    materials = [[m["label"], m["name"], m["sha256"][:12]] for m in submission.snapshot["materials"]]
    directions = {d["key"]: d["label"] for d in application.category.directions}
    said = urlencode({"receipt": application.number or "", "check": submission.digest[:RECEIPT_SIGNS]})
    address = f"{settings.PUBLIC_URL}/notices/{application.call_id}/?{said}"
    return render(
        PLAIN,
        {
            "title": "申报回执",
            "blocks": [
                {
                    "kind": "fields",
                    "rows": [
                        ["回执编号", application.number or ""],
                        ["申报单位", application.organisation.name],
                        ["信用代码", application.organisation.code or "--"],
                        [f"{work(application.call)}通知", application.call.title],
                        ["申报类别", application.category.label],
                        [
                            "工作方向",
                            "、".join(directions.get(d, d) for d in submission.snapshot["directions"]),
                        ],
                        ["到达时间", stamp(submission.arrived_at)],
                        ["内容校验值", submission.digest],
                    ],
                },
                {
                    "kind": "table",
                    "columns": [{"title": "材料"}, {"title": "文件"}, {"title": "校验值"}],
                    "rows": materials,
                },
            ],
            "check": {
                "svg": qr_svg(address),
                "words": f"{application.number}\n{day_cn(submission.arrived_at.astimezone(TZ).date())}",
            },
        },
    )


def form_of(application: Application) -> dict[str, Any]:
    """documents.md §2 申报表: all that the application says as it is now, as data of the template PLAIN."""
    call = application.call
    blocks: list[dict[str, Any]] = [
        _fields(
            ("申报单位", application.organisation.name),
            ("统一社会信用代码", application.organisation.code or "--"),
            ("申报类别", application.category.label),
            (f"{work(call)}通知", call.title),
            ("提交时间", stamp(application.submitted_at) if application.submitted_at else "尚未提交"),
        )
    ]
    blocks += _part("登记信息", (_registered(r) for r in applicant.registry_rows(application)))
    for group in applicant.all_answers(application):
        blocks += _part(group["title"], ((r["label"], str(r["value"])) for r in group["rows"]))
    files = [
        [row["item"].label, m.attachment.name, m.attachment.blob.sha256[:12]]
        for row in applicant.material_rows(application)
        for m in row["files"]
    ]
    columns = [{"title": "材料"}, {"title": "文件"}, {"title": "校验值", "width": "32mm"}]
    blocks += [{"kind": "h1", "text": "证明材料"}, {"kind": "table", "columns": columns, "rows": files}]
    blocks += [
        {"kind": "h1", "text": "真实性承诺"},
        {"kind": "p", "text": "本单位承诺以上内容和所附材料真实、完整，并承担相应责任。"},
        {"kind": "signatures", "labels": ["法定代表人", "单位（盖章）", "日期"]},
    ]
    number = {"number": application.number} if application.number else {}
    return {"title": f"{outcome_label(call)}申报表", "blocks": blocks} | number


def _registered(row: dict[str, Any]) -> tuple[str, str]:
    return row["label"], f"{row['value']}（{row['source']}）" if row.get("source") else str(row["value"])


def _fields(*rows: tuple[str, str]) -> dict[str, Any]:
    return {"kind": "fields", "rows": [list(row) for row in rows]}


def _part(title: str, rows: Any) -> list[dict[str, Any]]:
    return [{"kind": "h1", "text": title}, _fields(*rows)]


def roster_of(committee: Committee) -> dict[str, Any]:
    """documents.md §2 评审专家名册与回避承诺: everybody who was drawn, as data of the template TABLE."""
    seats = list(
        committee.seats.select_related("expert", "draw__result")
        .prefetch_related("recusals__application__organisation")
        .order_by("position")
    )
    signed: dict[int, list[dt.datetime]] = {}
    given = YearlyUndertaking.objects.filter(expert__in=[s.expert_id for s in seats]).order_by("signed_at")
    for expert_id, at in given.values_list("expert", "signed_at"):
        signed.setdefault(expert_id, []).append(at)
    return {
        "title": f"{committee.category.label}评审专家名册和回避承诺",
        "meta": f"{committee.call.title}　评审委员会 {committee.size} 人，由公布了校验值的候选名单公开抽取",
        "columns": [
            {"title": "席位", "width": "12mm", "align": "center"},
            {"title": "专家\n编号", "width": "12mm", "align": "center"},
            {"title": "姓名", "width": "18mm"},
            {"title": "工作单位\n职称职务"},
            {"title": "领域", "width": "26mm"},
            {"title": "抽取", "width": "28mm"},
            {"title": "保密与廉洁\n承诺", "width": "26mm"},
            {"title": "回避情形", "width": "44mm"},
            {"title": "签名", "width": "20mm"},
        ],
        "rows": [_member(committee, seat, signed.get(seat.expert_id, [])) for seat in seats],
        "blocks": [],
        "signatures": ["经办人", "监督人", "日期"],
    }


def _member(committee: Committee, seat: Seat, signed: list[dt.datetime]) -> list[str]:
    """`signed`: this expert's yearly undertakings, of which the last before the declaration counts."""
    promised = [at for at in signed if seat.declared_at is None or at <= seat.declared_at]
    expert, key = seat.expert, committee.category.key
    best = [d["label"] for d in committee.category.directions if f"{key}:{d['key']}" in expert.directions]
    away = [f"{r.application.organisation.name}：{r.detail}" for r in seat.recusals.all()]
    declared = f"{when(seat.declared_at)} 声明" if seat.declared_at else "还没有声明"
    left = f"\n{seat.get_state_display()}：{seat.reason}" if seat.reason else ""
    return [
        str(seat.position), str(expert.number), expert.name, f"{expert.employer}\n{expert.position or '--'}",
        "、".join([committee.category.label, *best]),
        f"第 {seat.draw.number} 次抽取\n{when(seat.draw.result.at)}",
        f"{when(promised[-1])} 签署" if promised else "还没有签署",
        "\n".join([declared, *(away or ["无"] if seat.declared_at else [])]) + left,
        "",
    ]  # fmt: skip
