"""What unions bring to shared pages: navigation, to-do, search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q
from django.urls import reverse

from shuniu.foundation.access import STAFF_ROLES, Who
from shuniu.foundation.accounts.models import same_natural_person
from shuniu.foundation.calendar.queries import missing_years_for
from shuniu.foundation.calendar.rules import may_edit
from shuniu.foundation.ui.slots import Found, NavItem, Todo
from shuniu.unions.models import RoleChange
from shuniu.unions.queries import changes_visible_to, unions_found

_STAFF = frozenset(STAFF_ROLES)


def navigation(who: Who) -> Iterable[NavItem]:
    """工作台 first, 工会 behind the business, the calendar and the journal for those who keep them."""
    yield NavItem("工作台", reverse("unions:work"), _STAFF, 0)
    yield NavItem("工会", reverse("unions:tree"), _STAFF, 80)
    yield NavItem("工作日历", reverse("unions:calendar"), frozenset({"sys_admin", "sec_admin"}), 90)
    yield NavItem("操作日志", reverse("unions:journal"), frozenset({"audit_admin", "auditor"}), 95)


def changes_to_confirm(who: Who) -> Iterable[Todo]:
    """Administrators' roles: the security administrator decides, whoever proposed waits."""
    if who.role not in ("sec_admin", "sys_admin") or who.person is None:
        return
    for change in changes_visible_to(who).filter(state=RoleChange.State.PENDING):
        mine = change.proposed_by_id == who.person.pk
        if who.role == "sys_admin" and not mine:
            continue
        if not mine and same_natural_person(who.person, change.person):
            continue
        yield Todo(
            tag="身份确认", title=str(change), sub=f"{change.union.name}，{change.proposed_by.name} 提请",
            url=reverse("unions:change", args=[change.pk]), waiting=mine, key=f"unions.change:{change.pk}",
        )  # fmt: skip


def missing_calendar(who: Who) -> Iterable[Todo]:
    """A year that will be needed within 60 days and is not entered: for whoever keeps the calendar."""
    if not may_edit(who):
        return
    for year in missing_years_for(who):
        yield Todo(
            tag="工作日历", title=f"{year} 年节假日安排尚未录入", sub="公示、补正等期限无法推算",
            url=reverse("unions:calendar_year", args=[year]), key=f"unions.calendar:{year}",
        )  # fmt: skip


_PAGES = (
    ("工作台", "gzt", "unions:work", _STAFF),
    ("全部待办", "qbdb", "unions:work_list", _STAFF),
    ("收件箱", "sjx", "unions:inbox", frozenset[str]()),
    ("个人中心", "grzx", "unions:me", frozenset[str]()),
    ("请人代理", "qrdl", "unions:delegation", _STAFF),
    ("工会名录", "ghml", "unions:tree", _STAFF),
    ("工作日历", "gzrl", "unions:calendar", frozenset({"sys_admin", "sec_admin"})),
    ("操作日志", "czrz", "unions:journal", frozenset({"audit_admin", "auditor"})),
    ("修改密码", "xgmm", "account_change_password", frozenset[str]()),
    ("登录设备", "dlsb", "accounts:sessions", frozenset[str]()),
)


def search(who: Who, text: str, limit: int) -> Sequence[Found]:
    """Pages by name or pinyin initials, then unions."""
    if who.person is None:
        return []
    wanted = text.strip().lower()
    pages = [
        Found("操作", label, reverse(name), "页面")
        for label, letters, name, roles in _PAGES
        if (not roles or who.role in roles) and (not wanted or wanted in label or letters.startswith(wanted))
    ]
    if not wanted:
        return pages[:limit]
    unions = unions_found(who, wanted).filter(Q(is_active=True))[:limit]
    return pages[:limit] + [
        Found("工会", u.name, reverse("unions:union", args=[u.pk]), u.get_level_display()) for u in unions
    ]
