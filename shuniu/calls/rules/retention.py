"""Who settles how long personal data are kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from shuniu.calls import retention
from shuniu.foundation.access import YES, Verdict, Who, refuse, register_refusals
from shuniu.foundation.ui.formats import day

READERS = ("sec_admin", "audit_admin", "auditor")

register_refusals(
    {
        "calls.retention_admin": "保存期限由本单位的安全管理员确定。您现在的身份只能查看。",
        "calls.retention_period": "“{label}”的保存期限应为 {least} 到 {most} 个月的整数，请重新填写。",
        "calls.cleared": (
            "提出人的信息已于 {at} 按保存期限清除，受理单和答复书已经归档。需要查阅的，请按档案管理的规定办理。"
        ),
        "calls.retention_changed": "试算以后情况有变（{what}），保存期限没有确定。请看清新的试算结果后再确认。",
    }
)


def may_settle(who: Who, union_id: int) -> Verdict:
    """The union's own security administrator."""
    return YES if who.acts_for(union_id, "sec_admin") else refuse("calls.retention_admin")


def may_read_papers(cleared_at: dt.datetime | None) -> Verdict:
    """R3: the papers of an objection name who sent it; they leave the desk together with the name."""
    return YES if cleared_at is None else refuse("calls.cleared", at=day(cleared_at))


def are_whole(months: Mapping[str, int]) -> Verdict:
    """A period for every rule, none below its floor."""
    for rule in retention.RULES:
        if not rule.least <= months.get(rule.key, 0) <= retention.MOST:
            return refuse("calls.retention_period", label=rule.label, least=rule.least, most=retention.MOST)
    return YES


def is_as_shown(seen: Mapping[str, int], now: Mapping[str, int]) -> Verdict:
    """Whoever confirms has seen how many are due."""
    for rule in retention.RULES:
        before, after = seen.get(rule.key, 0), now.get(rule.key, 0)
        if before != after:
            what = f"“{rule.label}”由 {before} 条变为 {after} 条"
            return refuse("calls.retention_changed", what=what)
    return YES
