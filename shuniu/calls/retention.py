"""R3: which personal data of a selection are cleared, how, and how long they are kept at least. Pure data.

本办法未规定: the periods are each union's own (`RetentionPlan`); here stand the proposals and the floors.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass

MOST = 240  # months


@dataclass(frozen=True)
class Rule:
    """One kind of personal data: what happens to it, counted from which day."""

    key: str
    label: str
    effect: str
    since: str
    proposed: int  # months
    least: int  # months; for what an objection brought, the database keeps it too


RULES = (
    Rule(
        "complainant", "异议提出人", "姓名、联系人、电话和证明材料清除；反映的内容、核查意见和决定保留",
        "异议办结", 24, 12,
    ),
    Rule("clue", "匿名线索", "内容和证明材料清除；受理编号、核查意见和决定保留", "线索核完", 24, 12),
    Rule("draft", "没有提交的申报", "草稿和文件清除，申报终止；谁在何时开始申报的记录保留", "报名截止", 6, 1),
    Rule("quarantine", "查出病毒的文件", "文件清除；文件名和校验值保留，同一文件仍然拒收", "上传", 3, 1),
    Rule(
        "contact", "通知上的联系人", "公开页面不再显示姓名、电话和邮箱，通知的 PDF 不再公开；单位内部照常可查",
        "遴选办结或取消", 24, 6,
    ),
)  # fmt: skip
BY_KEY = {rule.key: rule for rule in RULES}

KEPT = "决定、评分、名单、公文（包括异议受理单和答复书）、已提交的申报和操作日志归档保存，不在清除之列。"
CLEARED = "已按期清除"


def proposed() -> dict[str, int]:
    """The periods that a union starts from."""
    return {rule.key: rule.proposed for rule in RULES}


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day so many months earlier; the last of a shorter month."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
