"""The official papers of a call: the notice and its amendments, made from the call's rows."""

from __future__ import annotations

from typing import Any

from shuniu.calls.models import Amendment, Call, CallCategory
from shuniu.calls.queries import casefile
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.papers.actions import issue
from shuniu.foundation.papers.models import Paper
from shuniu.foundation.papers.rendering import OFFICIAL
from shuniu.foundation.ui.formats import day_cn


def _paragraphs(*texts: str) -> list[dict[str, Any]]:
    return [{"kind": "p", "text": text} for text in texts if text]


def _categories(categories: list[CallCategory]) -> dict[str, Any]:
    return {
        "kind": "table",
        "columns": [
            {"title": "类别", "width": 3},
            {"title": "工作方向", "width": 7},
            {"title": "名额", "width": 1.6, "align": "center"},
        ],
        "rows": [
            [c.label, "、".join(d["label"] for d in c.directions), f"{c.places} 家" if c.places else "不限"]
            for c in categories
        ],
    }


def notice_blocks(call: Call) -> list[dict[str, Any]]:
    """The notice's body as blocks of a paper."""
    notice = casefile.notice(call)
    blocks = _paragraphs(*notice["paragraphs"])
    blocks.append({"kind": "h1", "text": "一、申报条件"})
    blocks += _paragraphs(
        *(f"{n}. {c['words']}（{c['clause']}）" for n, c in enumerate(notice["conditions"], 1))
    )
    blocks.append({"kind": "h1", "text": "二、类别和方向"})
    blocks += _paragraphs(f"本次的类别、工作方向和名额如下（{notice['categories_clause']}）。")
    blocks.append(_categories(notice["categories"]))
    blocks += _paragraphs(*(f"{limit['words']}（{limit['clause']}）" for limit in notice["limits"]))
    blocks.append({"kind": "h1", "text": "三、申报材料"})
    blocks += _paragraphs(
        *(
            f"{n}. {m.label}{'' if m.required else '（选交）'}{'：' + m.hint if m.hint else ''}"
            for n, m in enumerate(notice["materials"], 1)
        )
    )
    blocks.append({"kind": "h1", "text": "四、时间安排"})
    blocks.append(
        {
            "kind": "table",
            "columns": [
                {"title": "环节", "width": 3},
                {"title": "时间", "width": 4},
                {"title": "依据", "width": 3},
            ],
            "rows": [[s["label"], s["dates"], s["clause"] or "--"] for s in notice["stages"]],
        }
    )
    blocks += _paragraphs(
        "报名到结束日24:00截止，以服务器收到的时间为准。",
        *(f"{s.label}：{s.value}{s.unit}（{s.clause}）。" for s in notice["stated"]),
    )
    if notice["terms"]:
        blocks.append({"kind": "h1", "text": "五、制度没有规定、由本通知规定的事项"})
        blocks += _paragraphs(
            "下列事项本办法未规定，由本通知规定。",
            *(
                f"{n}. {t['label']}：{t['value']}{t['unit']}" + (f"（{t['why']}）。" if t["why"] else "。")
                for n, t in enumerate(notice["terms"], 1)
            ),
        )
    blocks.append({"kind": "h1", "text": f"{'六' if notice['terms'] else '五'}、联系方式"})
    return blocks + _paragraphs(_contact(notice["contact"]))


def _contact(contact: dict[str, str]) -> str:
    parts = [contact["department"], contact["contact"], f"电话{contact['phone']}"]
    parts += [
        f"{label}{contact[name]}" for name, label in (("email", "邮箱"), ("address", "地址")) if contact[name]
    ]
    return "，".join(parts) + "。"


def notice_data(call: Call) -> dict[str, Any]:
    """What the template OFFICIAL prints of the notice as it stands, but for title and number."""
    return {
        "to": "各有关社会组织",
        "blocks": notice_blocks(call),
        "signer": call.union.name,
        "date": day_cn(clock.today()),
        "attachments": [],
    }


def issue_notice(call: Call, *, by: Who) -> Paper:
    """第五条（一）: the notice as an official paper with a number."""
    return issue(
        by=by,
        union=call.union,
        kind="calls.notice",
        title=call.title,
        template=OFFICIAL,
        data=notice_data(call),
        with_number=True,
        about=(call,),
    )


def issue_amendment(amendment: Amendment, *, by: Who) -> Paper:
    """本办法未规定: the amendment as an official paper that corrects the notice."""
    call = amendment.call
    rows = [[c["label"], c["before"] or "--", c["after"] or "--"] for c in amendment.changes]
    return issue(
        by=by,
        union=call.union,
        kind="calls.amendment",
        title=f"关于更正《{call.title}》的公告",
        template=OFFICIAL,
        data={
            "to": "各有关社会组织",
            "blocks": [
                *_paragraphs(f"《{call.title}》作如下更正。更正理由：{amendment.reason}"),
                {
                    "kind": "table",
                    "columns": [{"title": "事项"}, {"title": "原来"}, {"title": "改为"}],
                    "rows": rows,
                },
                *_paragraphs("其他内容不变。"),
            ],
            "signer": call.union.name,
            "date": day_cn(clock.today()),
            "attachments": [],
        },
        with_number=True,
        about=(call, amendment),
        replaces=call.paper,
    )
