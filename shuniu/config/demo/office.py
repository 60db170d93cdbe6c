"""What goes on beside the selections: somebody is away, somebody joins, requests wait at other desks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shuniu.calls.models import Application, Call, Seat, Stage
from shuniu.config.demo import words
from shuniu.config.demo.applying import NAMED, received
from shuniu.config.demo.cast import SETUP
from shuniu.config.demo.clock import Line
from shuniu.config.demo.days import at
from shuniu.config.demo.scene import Scene
from shuniu.foundation.access import Who
from shuniu.foundation.accounts import actions as accounts
from shuniu.foundation.accounts.demo import PASSWORD
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.notices.actions import mark_read
from shuniu.recognition import actions as recognition
from shuniu.recognition.models import Recognition
from shuniu.registry import actions as registry
from shuniu.registry import codes
from shuniu.unions import actions as unions
from shuniu.unions.models import RoleGrant

DISTRICT = "东港区总工会"


def lines(scene: Scene) -> list[Line]:
    """The threads beside the selections."""
    return [_roles(scene), _registry(scene), _leaving(scene), _reading(scene)]


def _reading(scene: Scene) -> Line:
    """Everybody has read what came before this week."""
    yield at(scene.today - dt.timedelta(days=4), "08:30")
    for person in scene.cast.people.values():
        mark_read(by=Who(person=person))


def _roles(scene: Scene) -> Line:
    """The leader is away, and an administrator's role waits for the second person."""
    who, today = scene.cast, scene.today
    yield at(today - dt.timedelta(days=3), "17:30")
    leader = who.who("chenzr")
    grant = RoleGrant.objects.get(person=leader.person, union=who.city, role="leader")
    unions.delegate(
        by=leader, grant=grant, to_person=who.people["zhoufh"], first_day=today - dt.timedelta(days=1),
        last_day=today + dt.timedelta(days=6), reason="赴海东省总工会参加培训",
    )  # fmt: skip
    checker = who.who("zhengfh")
    grant = RoleGrant.objects.get(person=checker.person, union=who.city, role="checker")
    yield at(today - dt.timedelta(days=2), "09:05")
    unions.delegate(
        by=checker, grant=grant, to_person=who.people["suncw"], first_day=today,
        last_day=today + dt.timedelta(days=13), reason="参加巡察工作，不在单位",
    )  # fmt: skip
    yield at(today - dt.timedelta(days=2), "16:00")
    unions.grant_role(
        by=who.who("qianxt"), person=who.people["baijb"], union=who.unions["望海市教科文卫体工会"],
        role="sys_admin", first_day=today, note="产业工会自行管理账号",
    )  # fmt: skip


def _registry(scene: Scene) -> Line:
    """A member joins, a correction and two claims wait, one of them at a district."""
    chenxi = next(o for o in scene.everybody if o.name in NAMED)
    owner = scene.applicants.who(chenxi)
    yield at(scene.today - dt.timedelta(days=4), "09:50")
    token = registry.invite_member(by=owner, organisation=chenxi, name="许助理", phone="13900005001")
    accounts.accept_invitation(token=token, username="xuzl", password=PASSWORD)
    yield at(scene.today - dt.timedelta(days=2), "10:40")
    registry.request_correction(
        by=owner, organisation=chenxi, field="address", new="望海市东港区学府路 26 号 3 层",
        reason="上月搬迁，登记证书已换发。", evidence=received("换发后的登记证书", ("住所已变更。", words.INVENTED)),
    )  # fmt: skip
    _claim(
        codes.make_code("52379900", 187723), "claim1", "童专员", 1, union=scene.cast.city,
        name="望海市海棠职工服务中心",
        particulars={
            "registrar": "望海市民政局", "registrar_level": "city", "region": "南湾区",
            "registered_on": dt.date(scene.today.year - 2, 9, 9), "legal_representative": "童海棠",
        },
    )  # fmt: skip
    yield at(scene.today - dt.timedelta(days=1), "10:05")
    clerk = scene.who("majb")
    district = registry.register_organisation(
        by=clerk, union=scene.cast.unions[DISTRICT], code=codes.make_code("52379901", 188277),
        name="望海市东港区海鸥职工服务中心", basis="登记证书副本",
        values={
            "registrar": "望海市东港区民政局", "registrar_level": "district", "region": "东港区",
            "registered_on": dt.date(scene.today.year - 4, 4, 18), "legal_representative": "卓海鸥",
        },
    )  # fmt: skip
    _claim(district.code or "", "claim2", "卓专员", 2)


def _claim(code: str, username: str, who: str, n: int, **new: Any) -> None:
    """Somebody says that they act for the organisation of `code`; `new`: what to enter it with."""
    person = accounts.create_person(by=SETUP, username=username, name=who, phone=f"1390000720{n}")
    proof = received("授权委托书", (f"委托{who}办理工会合作单位申报事项。", words.INVENTED))
    registry.claim(by=Who(person=person), code=code, position="行政主管", proof=proof, **new)


def _leaving(scene: Scene) -> Line:
    """A recognised organisation asks to leave; the approvers have not decided yet."""
    yield at(scene.today - dt.timedelta(days=2), "15:10")
    row = Recognition.objects.filter(state="valid").order_by("-first_day", "-pk").first()
    if row is not None:
        recognition.request_withdrawal(
            by=scene.applicants.who(row.organisation), recognition_id=row.pk,
            reason="机构业务调整，明年起不再承接这一类别的服务。",
        )  # fmt: skip


_LOGINS = (
    ("第四批", (Stage.DRAFT,), 3), ("第四批", (Stage.SUBMITTED,), 1), ("第三批", (Stage.CORRECTING,), 2),
    ("第三批", (Stage.SUBMITTED,), 1), ("第一批", (Stage.SHORTLISTED,), 2),
)  # fmt: skip


def open_log_ins(scene: Scene) -> None:
    """Passwords for the experts who score and for organisations in every situation."""
    seats = Seat.objects.filter(
        committee__call__state=Call.State.PUBLISHED, committee__closed_at__isnull=True, state="active"
    )
    people = list(Person.objects.filter(pk__in=seats.values("expert__person")).order_by("pk")[:6])
    for batch, stages, count in _LOGINS:
        rows = Application.objects.filter(
            call__state=Call.State.PUBLISHED, call__title__contains=batch, stage__in=stages
        ).order_by("pk")
        people += [scene.applicants.person(row.organisation) for row in rows[:count]]
    for person in dict.fromkeys(people):
        if not person.has_usable_password():
            accounts.set_password(by=SETUP, person=person, password=PASSWORD)
