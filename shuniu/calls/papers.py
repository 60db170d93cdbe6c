"""Papers of an application that are made when somebody asks for them: the receipt."""

from __future__ import annotations

from django.conf import settings

from shuniu.calls.models import Application, Submission
from shuniu.calls.rules.apply import stamp
from shuniu.foundation.calendar.clock import TZ
from shuniu.foundation.papers.codes import qr_svg
from shuniu.foundation.papers.rendering import render
from shuniu.foundation.ui.formats import day_cn


def receipt_of(application: Application, submission: Submission) -> bytes:
    """申报回执 as PDF: number, arrival stamp and digest, with a QR code that leads to the notice."""
    materials = [[m["label"], m["name"], m["sha256"][:12]] for m in submission.snapshot["materials"]]
    directions = {d["key"]: d["label"] for d in application.category.directions}
    address = f"{settings.PUBLIC_URL}/notices/{application.call_id}/?receipt={application.number}"
    return render(
        "foundation/papers/typst/plain.typ",
        {
            "title": "申报回执",
            "blocks": [
                {
                    "kind": "fields",
                    "rows": [
                        ["回执编号", application.number or ""],
                        ["申报单位", application.organisation.name],
                        ["信用代码", application.organisation.code or "--"],
                        ["遴选通知", application.call.title],
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
