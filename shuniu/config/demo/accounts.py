"""The demonstration's accounts for the log-in page and the terminal: who they are, what waits for them."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import QuerySet

from shuniu.calls.models import Application, Call, Expert, Stage
from shuniu.config.demo.cast import CITY, STAFF
from shuniu.foundation.accounts import demo
from shuniu.foundation.accounts.demo import DemoAccount
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.recognition.models import Recognition
from shuniu.registry.models import Membership

ROLES = {
    "clerk": "经办人", "checker": "复核人", "leader": "领导", "finance": "财务", "auditor": "经审",
    "sys_admin": "系统管理员", "sec_admin": "安全管理员", "audit_admin": "审计管理员",
}  # fmt: skip
_WAITS = {
    "linjb": "逾期未审的申报、补正交回、待生效的结论、提问、认领和更正",
    "wujb": "指派的申报、公示期的异议和线索、审签中的专项通知",
    "zhoufh": "待复核的结论、待审签的通知和更正、退出申请；代陈主任",
    "zhengfh": "待审签的通知、更正",
    "chenzr": "待审签的通知和更正、遴选进展；外出期间由周复核代理",
    "suncw": "合作单位和证书（查阅）；代郑复核：待审签的通知、更正",
    "zhaojs": "专家抽取的承诺值",
    "qianxt": "账号和授权、工作日历",
    "lianq": "待确认的管理员变动、待发布的制度",
    "fengsj": "操作日志查询与核验",
    "majb": "单位认领申请",
    "tangzx": "本区合作单位和证书（查阅）",
    "gaoaq": "采用上级制度",
    "baijb": "本行业合作单位查询",
    "xujb": "省级评选：各市推荐进度；上一年度评选的评审、命名和反馈",
    "luofh": "省级评选（查阅）",
    "duanjs": "省级评选的专家抽取（查阅）",
}
_SHORT = {
    Stage.DRAFT: "填写中", Stage.SUBMITTED: "审核中", Stage.CORRECTING: "待补正", Stage.CHECKING: "审核中",
    Stage.SHORTLISTED: "公示中", Stage.NOT_SHORTLISTED: "未入围",
}  # fmt: skip


def with_password() -> QuerySet[Person]:
    """Whoever can log in to the demonstration."""
    return Person.objects.filter(is_active=True).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)


def accounts() -> Iterator[DemoAccount]:
    """Every account that has a password: the office, the other unions, experts, organisations."""
    able = {p.username: p for p in with_password()}
    for username, name, union, roles in STAFF:
        if username in able:
            where = "" if union == CITY else f"，{union}"
            yield DemoAccount(f"{ROLES[roles[0]]} {name}{where}", username, _WAITS[username])
    for expert in Expert.objects.filter(person__in=able.values()).order_by("number").select_related("person"):
        assert expert.person is not None
        yield DemoAccount(
            f"评审专家 {expert.name}（{expert.number} 号）", expert.person.username, "未评完的评分表"
        )
    yield from _organisations(list(able.values()))


def _organisations(able: list[Person]) -> Iterator[DemoAccount]:
    rows = list(
        Membership.objects.filter(person__in=able, period__contains=clock.now())
        .select_related("person", "organisation")
        .order_by("id")
    )
    ids = [row.organisation_id for row in rows]
    waits: dict[int, list[str]] = {}
    running = Application.objects.filter(organisation_id__in=ids, call__state=Call.State.PUBLISHED)
    for application in running.select_related("category").order_by("id"):
        if word := _SHORT.get(Stage(application.stage)):
            waits.setdefault(application.organisation_id, []).append(f"{application.category.label}{word}")
    for held in Recognition.objects.filter(organisation_id__in=ids, state="valid").order_by("last_day"):
        if held.first_day <= clock.today() <= held.last_day:
            words = f"{held.category_label}证书至 {held.last_day:%Y-%m-%d}"
            waits.setdefault(held.organisation_id, []).append(words)
    for row in rows:
        role = "负责人" if row.role == "org_owner" else "成员"
        told = "；".join(waits.get(row.organisation_id, [])) or "申报和证书"
        yield DemoAccount(f"{row.organisation.name}{role} {row.person.name}", row.person.username, told)


def register() -> None:
    """The log-in page of a demonstration lists them."""
    demo.register(accounts)
