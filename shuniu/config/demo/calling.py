"""What the office does to open a selection: compose, submit, approve; and the timetable that it sets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shuniu.calls import terms
from shuniu.calls.actions import call as calls
from shuniu.calls.models import Call
from shuniu.config.demo.cast import Cast
from shuniu.config.demo.clock import Line
from shuniu.config.demo.days import DAY, ahead, at, back

LAW = "beijing-2017"

MATERIALS = (
    ("registered_here", "法人登记证书副本", "第七条（一）", "登记证书正本或副本的扫描件", True),
    ("inspection", "上一年度年检结论", "第七条（一）", "年检结论页，或登记管理机关公告截图", True),
    ("capability", "专业能力和专业人才证明", "第七条（三）", "人员名册、资格证书，姓名可只留姓", True),
    ("experience", "相关项目经历证明", "第七条（四）", "合同首页、验收意见或委托单位证明", True),
    ("prices", "服务价目或预算说明", "", "没有的可以不交", False),
)


@dataclass(frozen=True)
class Plan:
    """A selection as the office plans it. Stages follow one another in working days."""

    title: str
    year: int
    categories: Mapping[str, int | None]  # category key → places
    starts: dt.date
    apply_days: int = 15  # calendar days
    check: int = 9
    review: int = 6
    shortlist: int = 2
    publicity: int = 5
    publish: int = 3
    committee: int = 5
    clerk: str = "linjb"
    checker: str = "zhoufh"
    terms: Mapping[str, tuple[Any, str]] = field(default_factory=dict)

    def timetable(self) -> dict[str, tuple[dt.date | None, dt.date | None]]:
        """First and last day of each stage; MissingYear when a year is not confirmed."""
        last = self.starts + (self.apply_days - 1) * DAY
        table: dict[str, tuple[dt.date | None, dt.date | None]] = {
            "notice": (None, None),
            "apply": (self.starts, last),
        }
        for key in ("check", "review", "shortlist", "publicity", "publish"):
            first = ahead(last, 1)
            # The days of 公示 are those after the day on which it is published.
            last = ahead(last, getattr(self, key) + (key == "publicity"))
            table[key] = (first, last)
        return table

    @property
    def apply_ends(self) -> dt.date:
        """The last day of the window."""
        return self.starts + (self.apply_days - 1) * DAY


def title(year: int, what: str = "") -> str:
    """ "关于开展2026年度第一批…的通知"."""
    return f"关于开展{year}年度{what}工会社会组织合作单位遴选和认定工作的通知"


def draft(cast: Cast, plan: Plan, *, timetable: bool = True) -> Call:
    """Compose and fill in everything (without the timetable where it is left open)."""
    clerk = cast.who(plan.clerk)
    call = calls.compose(by=clerk, union=cast.city, document_key=LAW, year=plan.year)

    def version() -> int:
        return Call.objects.values_list("version", flat=True).get(pk=call.pk)

    values = {"title": plan.title, "contact": clerk.name, "email": "lianluo@example.org"}
    calls.change_basics(by=clerk, call_id=call.pk, version=version(), values=values)
    calls.change_categories(
        by=clerk, call_id=call.pk, version=version(), keep=list(plan.categories), places=dict(plan.categories)
    )
    rows = [
        {"key": key, "label": label, "clause": clause, "hint": hint, "required": required}
        for key, label, clause, hint, required in MATERIALS
    ]
    calls.change_materials(by=clerk, call_id=call.pk, version=version(), rows=rows)
    settled = {
        "application_days": (plan.apply_days, ""),
        terms.COMMITTEE_SIZE: (plan.committee, "参照上一年度的做法"),
        terms.PUBLICITY_DAYS: (plan.publicity, "参照上一年度的做法"),
        terms.CALIBRATION: (terms.BY_SEVERITY, "各委员给分宽严不一，供会议参考"),
        "appeal": ("公示期内向社会联络部书面提出", "便于申报单位反映情况"),
        **plan.terms,
    }
    calls.change_terms(by=clerk, call_id=call.pk, version=version(), values=settled)
    if timetable:
        calls.change_timetable(by=clerk, call_id=call.pk, version=version(), days=plan.timetable())
    return call


def published(cast: Cast, plan: Plan) -> Line:
    """Drafted three working days before the window, submitted, approved by the second person; gives the call.

    Use as `call = yield from published(cast, plan)`.
    """
    first = back(plan.starts, 3)
    yield at(first, "09:40")
    call = draft(cast, plan)
    yield at(first, "16:20")
    calls.submit(by=cast.who(plan.clerk), call_id=call.pk)
    yield at(back(plan.starts, 1), "10:15")
    calls.publish(by=cast.who(plan.checker), call_id=call.pk)
    yield at(plan.starts, "00:05")
    return Call.objects.get(pk=call.pk)
