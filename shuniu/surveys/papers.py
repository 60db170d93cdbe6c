"""What the papers of a survey say: 名单, 测评表, 结果, and the sheet of tickets. Pure."""

from __future__ import annotations

from typing import Any

from shuniu.foundation.papers.codes import qr_svg
from shuniu.foundation.papers.rendering import PLAIN, TABLE
from shuniu.foundation.ui.formats import day, day_cn
from shuniu.surveys.models import LEVELS, LOW, Conductor, Evidence, Survey
from shuniu.surveys.queries import exact, rows_of

SLIPS = "surveys/typst/slips.typ"
NOT_STATED = "本办法未规定，由本次测评在开放前选定"


def conducted(row: Survey) -> str:
    """Who carries it out, as everything says it: 由第三方组织（某某）."""
    name = row.conductor_name or (row.union.name if row.conductor == Conductor.UNION else "")
    return f"{row.get_conductor_display()}{f'（{name}）' if name else ''}"


def _about(row: Survey) -> list[list[str]]:
    return [
        ["被测评单位", row.organisation.name],
        ["服务项目", row.project or row.subject_label or "全部服务"],
        ["组织方式", conducted(row)],
        ["抽样", f"服务对象 {row.population} 人，{row.get_sampling_display()}"],
    ]


def of(part: Evidence.Part, row: Survey) -> tuple[str, str, dict[str, Any]]:
    """Template, title and data of one paper of the evidence pack."""
    signed = {"signer": row.union.name, "date": day_cn(row.closed_at)}
    if part == Evidence.Part.ROSTER:
        return TABLE, f"{row.title}\n测评名单", _roster(row)
    if part == Evidence.Part.FORM:
        return PLAIN, f"{row.title}\n测评表", {"blocks": _form(row)}
    return PLAIN, f"{row.title}\n测评结果", {"blocks": _result(row)} | signed


def _roster(row: Survey) -> dict[str, Any]:
    people = row.entries.values_list("name", "workplace", "given_on")
    return {
        "meta": f"{conducted(row)}　服务对象 {row.population} 人，{row.get_sampling_display()}，名单 {len(people)} 人",
        "columns": [
            {"title": "序号", "width": "14mm", "align": "center"}, {"title": "姓名", "width": "40mm"},
            {"title": "单位或部门", "width": 1}, {"title": "发票日期", "width": "32mm", "align": "center"},
        ],
        "rows": [[str(n), name, where, day(on)] for n, (name, where, on) in enumerate(people, 1)],
        "signatures": ["组织者", "经办人"],
    }  # fmt: skip


def _form(row: Survey) -> list[dict[str, Any]]:
    low = "、".join(LEVELS[level] for level in reversed(LOW))
    return [
        {"kind": "fields", "rows": _about(row)},
        {"kind": "h1", "text": "一、总体评价（选一项）"},
        {"kind": "p", "text": "　　".join(f"□ {word}" for word in LEVELS.values())},
        {"kind": "h1", "text": f"二、选择{low}的，请选择原因（可以多选）"},
        {"kind": "p", "text": "　　".join(f"□ {why}" for why in row.reasons)},
        {"kind": "h1", "text": "三、意见和建议"},
        {"kind": "p", "text": "　\n　"},
        {"kind": "p", "text": "评价不记名，被测评单位看不到每个人的评价。每张票只能评价一次。"},
    ]


def _result(row: Survey) -> list[dict[str, Any]]:
    made = row.result
    issued, back = made.issued, made.received
    levels = [[word, str(n)] for word, n in rows_of(made.levels)] + [["无效", str(back - made.valid)]]
    columns = [{"title": "评价", "width": 1}, {"title": "份数", "width": 1, "align": "right"}]
    why = [{"title": "不满意的原因", "width": 2}, {"title": "人次", "width": 1, "align": "right"}]
    paper = sum(n for key, n in made.channels.items() if key != "web")
    return [
        {"kind": "fields", "rows": [
            *_about(row),
            ["测评时间", f"{day(row.opened_at)} 至 {day(row.ends_on)}"],
            ["名单与发票", f"名单 {made.roster} 人，有效票 {issued} 张，登记发票 {made.given} 人"],
            ["收回", f"{back} 份（回收率 {exact(back, issued)}），其中纸质 {paper} 份；有效 {made.valid} 份"],
            ["满意率公式", f"{row.get_formula_display()}\n依据：{row.basis or NOT_STATED}"],
            ["满意率", f"{exact(made.numerator, made.denominator)}\n以分数为准，不作取舍"],
        ]},
        {"kind": "h1", "text": "一、各级评价"},
        {"kind": "table", "columns": columns, "rows": levels},
        {"kind": "h1", "text": "二、不满意的原因"},
        {"kind": "table", "columns": why, "rows": [[reason, str(n)] for reason, n in made.why]},
        {"kind": "p", "text": "份数由系统从收到的评价计出。每张票只能用一次，票与人、票与评价之间没有对应记录。"},
    ]  # fmt: skip


def slips(row: Survey, codes: list[str], base: str) -> dict[str, Any]:
    """The data of the sheet of tickets: code, address as QR, the form in small."""
    return {
        "title": f"{row.title}测评票",
        "name": row.organisation.name,
        "project": row.project or row.subject_label,
        "by": conducted(row),
        "until": f"{day(row.ends_on)} 24:00 截止",
        "levels": list(LEVELS.values()),
        "reasons": list(row.reasons),
        "typed": f"{base.partition('://')[2]}/t/",
        "slips": [{"code": grouped(code), "svg": qr_svg(f"{base}/t/{code}/")} for code in codes],
    }


def grouped(code: str) -> str:
    """ABCD-EFGH-…: as it is read and typed."""
    return "-".join(code[n : n + 4] for n in range(0, len(code), 4))
