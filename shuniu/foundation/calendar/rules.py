"""Who may change the working calendar."""

from __future__ import annotations

from collections.abc import Callable

from shuniu.foundation.access import YES, Verdict, Who, refuse, register_refusals

register_refusals(
    {
        "calendar.role": "工作日历由系统管理员维护。请联系本单位系统管理员办理。",
        "calendar.keeper": (
            "工作日历全系统共用一份，由{keeper}的系统管理员维护。您可以查看；内容有误或缺少年份的，请联系{keeper}。"
        ),
        "calendar.missing_year": (
            "{year} 年的放假和调休安排还没有录入，无法计算工作日。"
            "请系统管理员按国务院办公厅的通知录入并确认 {year} 年的工作日历，然后再办。"
        ),
        "calendar.other_year": "{date} 不在 {year} 年内。请核对日期，或选择对应的年份。",
        "calendar.twice": "{date} 填了两次。请只保留一行。",
        "calendar.same_as_week": "{date} 本来就是{usual}，不必填写。请核对日期，或删去这一行。",
        "calendar.no_note": "{date} 没有写说明。请填写节日名称或“调休上班”。",
        "calendar.no_source": "没有写依据。请填写放假通知的名称或文号。",
    }
)


Keeper = Callable[[], tuple[int, str] | None]
_keeper: list[Keeper] = []


def register_keeper(keeper: Keeper) -> None:
    """A higher slice tells which union keeps the one calendar: its key and name; None while nobody could."""
    _keeper[:] = [keeper]


def may_edit(who: Who) -> Verdict:
    """The system administrator of the union that keeps the calendar, or the product when it seeds the table."""
    if who.system:
        return YES
    if who.role != "sys_admin":
        return refuse("calendar.role")
    keeper = _keeper[0]() if _keeper else None
    if keeper is not None and keeper[0] != who.union_id:
        return refuse("calendar.keeper", keeper=keeper[1])
    return YES
