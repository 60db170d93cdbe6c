"""The papers of a review: each handed-in sheet, and the minutes with the summary table."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import pstdev

from django.db import transaction

from shuniu.calls.models import Application, Meeting, RubricItem, ScoreSheet, Seat, SheetRecord
from shuniu.calls.queries.panel import review_clause
from shuniu.calls.queries.scoring import attendances, counted_sheets, handed_in
from shuniu.calls.self_assessment import FROZEN
from shuniu.foundation.access import Who, system
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.papers import actions as papers
from shuniu.foundation.papers.models import Paper
from shuniu.foundation.papers.rendering import TABLE
from shuniu.foundation.papers.words import in_eights
from shuniu.foundation.ui.formats import day_cn, local


@transaction.atomic
def note_reading(*, by: Who, seat: Seat, text: str, application_id: int) -> None:
    """R2: sealed material was read; told of the seat, since the applicant reads the application's timeline."""
    journal.record(
        by=by,
        verb="calls.read_sealed",
        text=text,
        subject=seat,
        facts={"application": application_id},
        union_id=seat.committee.call.union_id,
        reading=True,
    )


@transaction.atomic
def issue_sheet_paper(*, record_id: int) -> Paper:
    """R5, U35: the signed 评分表 as PDF, across; made once, later calls return the same."""
    record = SheetRecord.objects.select_for_update(of=("self",)).get(pk=record_id)
    if record.paper is not None:
        return record.paper
    sheet = record.sheet
    committee = sheet.seat.committee
    name = record.by.name
    at = local(record.at)
    items = RubricItem.objects.filter(call=committee.call_id, use=RubricItem.Use.REVIEW)
    guides = dict(items.values_list("key", "guide"))
    kinds = {RubricItem.Kind.BONUS: "（附加分）", RubricItem.Kind.DEDUCTION: "（扣分）"}
    own = handed_in(sheet.application).snapshot.get("sections", {}).get(FROZEN) or {}
    rows = [
        [
            str(n), s["label"] + kinds.get(s.get("kind"), ""), guides.get(s["key"]) or "--", str(s["weight"]),
            own.get(s["key"], "--"), ("－" if s.get("kind") == RubricItem.Kind.DEDUCTION else "") + s["points"],
        ]
        for n, s in enumerate(record.scores, 1)
    ]  # fmt: skip
    rows.append(["", "合计", "", str(committee.call.points_total), "", f"{record.total:.1f}"])
    columns = [
        {"title": "序号", "width": "15mm", "align": "center"},
        {"title": "指标", "width": "52mm"},
        {"title": "评分标准"},
        {"title": "分值", "width": "20mm", "align": "right"},
        {"title": "自评", "width": "20mm", "align": "right"},
        {"title": "评分", "width": "20mm", "align": "right"},
    ]
    if not own:  # where the applicant gave itself no points
        columns, rows = [c for c in columns if c["title"] != "自评"], [[*r[:4], r[5]] for r in rows]
    paper = papers.issue(
        by=system("评分表存档"),
        union=committee.call.union,
        kind="calls.sheet",
        title=f"{committee.category.label}评分表",
        template=TABLE,
        with_number=False,
        clause=review_clause(committee.call),
        # The applicant reads the timeline of the application: it names neither expert nor sheet.
        about=(sheet.seat,),
        data={
            "meta": f"{committee.call.title}　申报单位：{sheet.application.organisation.name}"
            f"　专家编号：{sheet.seat.expert.number}",
            "columns": columns,
            "rows": rows,
            "blocks": [
                {"kind": "p", "text": f"评语和扣分理由：{record.comment or '无'}"},
                {"kind": "p", "text": f"评审专家签名：{name}（本人登录后提交，{at:%Y-%m-%d %H:%M:%S}）"},
                {"kind": "p", "text": f"校验值：{in_eights(record.digest)}"},
            ],
        },
    )
    SheetRecord.objects.filter(pk=record.pk).update(paper=paper)
    return paper


def minutes_paper(by: Who, meeting: Meeting) -> Paper:
    """R5, D8: minutes, attendance and 汇总表 of the meeting that `by` signs."""
    committee = meeting.committee
    return papers.issue(
        by=by,
        union=committee.call.union,
        kind="calls.minutes",
        title=f"{committee.category.label}集中评审会议纪要和汇总表",
        template=TABLE,
        with_number=False,
        clause=review_clause(committee.call),
        about=(meeting, committee, committee.call),
        data={
            "meta": f"{committee.call.title}　{day_cn(local(meeting.opened_at).date())}",
            "columns": [
                {"title": "名次", "width": "14mm", "align": "center"},
                {"title": "单位"},
                {"title": "各专家评分", "width": "48mm"},
                {"title": "得分", "width": "18mm", "align": "right"},
                {"title": "分差\n标准差", "width": "17mm", "align": "right"},
                {"title": "赞成/反对\n/弃权", "width": "23mm", "align": "center"},
                {"title": "结果", "width": "22mm", "align": "center"},
                {"title": "说明", "width": "36mm"},
            ],
            "rows": _summary(meeting),
            "blocks": [{"kind": "fields", "rows": _particulars(by, meeting)}],
            "signatures": ["评审组长", "监督人", "记录人", "审签人"],
        },
    )


def _summary(meeting: Meeting) -> list[list[str]]:
    """One row per application, as the result was proposed."""
    ids = [row["application"] for row in meeting.outcome]
    names = dict(Application.objects.filter(pk__in=ids).values_list("pk", "organisation__name"))
    spreads = {row["application"]: row["spread"] for row in meeting.ranking}
    given = _by_expert(meeting)
    return [
        [
            "--" if row["rank"] is None else str(row["rank"]),
            names[row["application"]],
            "、".join(_given(sheet) for sheet in given.get(row["application"], ())) or "--",
            row["score"] or "--",
            f"{spreads[row['application']] or '--'}\n{_deviation(given.get(row['application'], ()))}",
            "/".join(str(row["votes"].get(choice, 0)) for choice in ("for", "against", "abstain")),
            "初步入围" if row["in"] else "未入围",
            row["why"],
        ]
        for row in meeting.outcome
    ]


def _by_expert(meeting: Meeting) -> dict[int, list[ScoreSheet]]:
    """Application → the members' sheets in the order of their seats."""
    found: dict[int, list[ScoreSheet]] = {}
    for sheet in counted_sheets(meeting.committee).order_by("seat__position"):
        found.setdefault(sheet.application_id, []).append(sheet)
    return found


def _given(sheet: ScoreSheet) -> str:
    """What a member gave, by the expert's number."""
    words = f"{sheet.total:.1f}" if sheet.total is not None else sheet.get_state_display()
    return f"{sheet.seat.expert.number}\u00a0号\u00a0{words}"


def _deviation(sheets: Sequence[ScoreSheet]) -> str:
    """标准差 of the sheets that count, with two places."""
    totals = [s.total for s in sheets if s.total is not None]
    return f"{pstdev(totals):.2f}" if totals else "--"


def _discussed(meeting: Meeting) -> str:
    """What was said about each application, one note a line."""
    notes = meeting.notes.select_related("application__organisation").order_by("id")
    return "\n".join(f"{n.application.organisation.name}：{n.text}" for n in notes)


def _particulars(by: Who, meeting: Meeting) -> list[list[str]]:
    """Place, attendance, line, minutes and who answers for them."""
    committee = meeting.committee
    seats = list(
        committee.seats.filter(state=Seat.State.ACTIVE).select_related("expert").order_by("position")
    )
    here = attendances(meeting)
    left = len(meeting.ranking) - len(meeting.outcome)
    reasons = [
        ["退出", f"排名冻结以后有 {left} 家退出，其余依次递补" if left else ""],
        ["划线理由", meeting.cut_reason],
        ["同分处理", meeting.tie_reason],
        ["讨论记录", _discussed(meeting)],
    ]
    return [
        ["地点", meeting.place or "--"],
        [
            "到会委员",
            f"应到 {meeting.expected} 人，实到 {meeting.present} 人："
            + "、".join(s.expert.name for s in seats if s.pk in here),
        ],
        ["缺席委员", "、".join(s.expert.name for s in seats if s.pk not in here) or "无"],
        [
            "计算公式",
            f"得分为有效评分的{committee.get_aggregation_display()}，四舍五入保留 {committee.digits} 位小数；"
            "弃权、未评分和回避的不计入。标准差按有效评分计算，供参考",
        ],
        ["划线", f"入围至第 {meeting.cut_after} 名"],
        *(pair for pair in reasons if pair[1]),
        ["会议纪要", meeting.minutes],
        ["提交、审签", f"{meeting.proposed_by} 提交，{by.name} 审签"],
        ["排名校验值", in_eights(meeting.ranking_digest)],
    ]
