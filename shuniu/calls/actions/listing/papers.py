"""The papers of lists: 公示, its postponement, 正式名单, 更正公告. Made from frozen rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shuniu.calls import terms
from shuniu.calls.models import Call, ListCorrection, Publicity, PublicList
from shuniu.calls.naming import granting_kind
from shuniu.calls.queries import listing as queries
from shuniu.calls.queries import outcome
from shuniu.calls.queries.call import law_of, stage_clause
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.papers.actions import issue
from shuniu.foundation.papers.models import Paper
from shuniu.foundation.papers.rendering import OFFICIAL
from shuniu.foundation.papers.words import in_eights
from shuniu.foundation.ui.formats import day, day_cn, period

# There is no room for a column of codes: they stand under the names.
COLUMNS: list[dict[str, Any]] = [
    {"title": "序号", "width": "12mm", "align": "center"},
    {"title": "组织名称\n统一社会信用代码", "width": 1},
    {"title": "类别", "width": "30mm"},
    {"title": "方向", "width": "42mm"},
]
FORMAL_COLUMNS: list[dict[str, Any]] = [
    *COLUMNS[:2],
    {"title": "类别", "width": "30mm"},
    {"title": "方向", "width": "30mm"},
    {"title": "有效期", "width": "31mm", "align": "center"},
]


def _p(*texts: str) -> list[dict[str, Any]]:
    return [{"kind": "p", "text": text} for text in texts if text]


def _h(text: str) -> dict[str, Any]:
    return {"kind": "h1", "text": text}


def _row(r: dict[str, Any]) -> list[str]:
    return [
        str(r["order"]),
        f"{r['name']}\n{r['code'] or '--'}",
        r["category_label"],
        "、".join(r["directions"]),
    ]


def _names(row: PublicList) -> dict[str, Any]:
    """The table of names; where there is nothing to choose among, without a column that says the same in every line."""
    short = not any(r["directions"] for r in row.frozen) and len({r["category"] for r in row.frozen}) == 1
    n = 2 if short else len(COLUMNS)
    return {"kind": "table", "columns": COLUMNS[:n], "rows": [_row(r)[:n] for r in row.frozen]}


def _about(call: Call) -> str:
    return f"根据《{law_of(call).title}》和《{call.title}》"


def contact_of(call: Call) -> list[str]:
    """Where to write, call and go; the department, no person's name."""
    parts = [
        f"受理部门：{call.union.name}{call.department}",
        f"电话：{call.phone}",
        f"邮箱：{call.email}" if call.email else "",
        f"地址：{call.address}" if call.address else "",
        f"邮编：{call.postcode}" if call.postcode else "",
    ]
    return [p for p in parts if p]


def _issue(
    row: PublicList, *, by: Who, kind: str, title: str, blocks: list[dict[str, Any]],
    stage: str = "", about: tuple[Any, ...] = (), replaces: Paper | None = None,
) -> Paper:  # fmt: skip
    call = row.call
    return issue(
        by=by, union=call.union, kind=kind, title=title, template=OFFICIAL,
        data={
            "to": "", "blocks": blocks, "signer": call.union.name, "date": day_cn(clock.today()),
            "attachments": [],
        },
        with_number=True, about=(row, call, *about), clause=stage_clause(call, stage), replaces=replaces,
    )  # fmt: skip


def issue_publicity(row: PublicList, *, by: Who, starts_on: dt.date, ends_on: dt.date, days: int) -> Paper:
    """第五条（五）: the 公示 with dates, list, and how to object; organisations in full, no persons."""
    call = row.call
    blocks = [
        *_p(
            f"{_about(call)}，经{outcome.way_to_shortlist(call)}，{_chosen(row)}。现将名单予以公示，接受社会监督。"
        ),
        _h("一、公示期限"),
        *_p(
            f"{period(starts_on, ends_on, days)}，自公示次日起算，末日24:00截止。"
            f"公示天数{terms.basis(call, terms.PUBLICITY_DAYS)}。"
        ),
        _h("二、公示名单"),
        _names(row),
        *_p(queries.ORDER_WORDS),
        _h("三、反映方式"),
        *_p(
            "公示期内可以通过网上、来信、来访、电话反映情况。以单位名义反映的，应当加盖单位公章；"
            "以个人名义反映的，应当署真实姓名并留联系方式，以便核实和答复。匿名线索予以核查，不作答复。"
            "反映情况应当客观真实，并附必要的证明材料。",
            *contact_of(call),
            f"名单校验值：{in_eights(row.digest)}。",
        ),
    ]
    title = row.title
    if row.kind == PublicList.Kind.FORMAL:
        title = f"关于{call.year}年度{outcome.outcome_label(call)}命名名单的公示"
    return _issue(row, by=by, kind="calls.publicity", title=title, blocks=blocks, stage="publicity")


def _chosen(row: PublicList) -> str:
    n = len(row.frozen)
    if row.kind == PublicList.Kind.SHORTLIST:
        return f"初步确定 {n} 家次单位入围"
    return f"命名下列 {n} 家单位为{outcome.outcome_label(row.call)}"


def issue_publicity_change(publicity: Publicity, *, by: Who, before: dt.date) -> Paper:
    """M3: the end of a running 公示 has moved; the published paper stays as it is."""
    row = publicity.list
    blocks = _p(
        f"因节假日安排调整，《{row.title}》的公示期末日由{day_cn(before)}改为{day_cn(publicity.ends_on)}"
        f"（{publicity.working_days}个工作日），末日24:00截止。其他内容不变。"
    )
    title = (
        f"关于延长{row.call.year}年度{outcome.outcome_label(row.call)}{outcome.list_word(row)}公示期的公告"
    )
    return _issue(
        row, by=by, kind="calls.publicity_change", title=title, blocks=blocks, stage="publicity",
        replaces=publicity.paper,
    )  # fmt: skip


def issue_formal(row: PublicList, *, by: Who, days: dict[int, tuple[dt.date, dt.date]], held: int) -> Paper:
    """第五条（六）: the formal list; `days`: application → first and last day of validity, empty for an honour."""
    call = row.call
    if outcome.grants_honour(call):
        return _issue_naming(row, by=by)
    table = [
        [
            *_row(r),
            f"{day(days[r['application']][0])}至\n{day(days[r['application']][1])}",
        ]
        for r in row.frozen
    ]  # fmt: skip
    opening = (
        f"{_about(call)}，经公示，认定下列 {len(row.frozen)} 家次单位为{outcome.outcome_label(call)}。"
        if row.number == 1
        else f"{_about(call)}，公示期间反映的问题已经核查，增补认定下列 {len(row.frozen)} 家次单位为"
        f"{outcome.outcome_label(call)}。"
    )
    blocks = [
        *_p(opening),
        {"kind": "table", "columns": FORMAL_COLUMNS, "rows": table},
        *_p(
            queries.ORDER_WORDS,
            "有效期内出现应当取消或者退出情形的，按办法办理。证书可以在本平台凭编号或者二维码核验。",
            f"另有 {held} 家次正在核查，核查后另行公布。" if held else "",
            f"名单校验值：{in_eights(row.digest)}。",
        ),
    ]
    return _issue(row, by=by, kind="calls.formal", title=row.title, blocks=blocks, stage="publish")


def _issue_naming(row: PublicList, *, by: Who) -> Paper:
    """江苏 四3、青岛 二（五）: the decision by which an honour is given."""
    blocks = [
        *_p(f"{_about(row.call)}，经{outcome.way_to_shortlist(row.call)}，决定{_chosen(row)}。"),
        _names(row),
        *_p(queries.ORDER_WORDS, f"名单校验值：{in_eights(row.digest)}。"),
    ]
    return _issue(
        row, by=by, kind="calls.formal", title=row.title, blocks=blocks, stage=granting_kind(row.call)
    )


def issue_correction(correction: ListCorrection, *, by: Who) -> Paper:
    """本办法未规定: what was wrong in a published list and what is right."""
    row = correction.list
    table = [
        [c["name"] or "名单", c["label"], c["before"] or "--", c["after"] or "--"] for c in correction.changes
    ]
    columns = [{"title": t} for t in ("单位", "事项", "原来", "改为")]
    blocks = [
        *_p(f"《{row.title}》作如下更正。更正理由：{correction.reason}"),
        {"kind": "table", "columns": columns, "rows": table},
        *_p("其他内容不变。原名单保留备查，以本公告为准。"),
    ]
    return _issue(
        row, by=by, kind="calls.list_correction", title=f"关于更正《{row.title}》的公告", blocks=blocks,
        about=(correction,), replaces=row.paper,
    )  # fmt: skip
