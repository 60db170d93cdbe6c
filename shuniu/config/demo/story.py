"""The selections of the demonstration, one thread each, and the whole that plays them."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from shuniu.calls import demo_review
from shuniu.calls.models import Application, Call, Seat, Stage
from shuniu.config.demo import cast, selections
from shuniu.config.demo.applying import NAMED, Applicants
from shuniu.config.demo.clock import Line, Travel, travelling
from shuniu.config.demo.days import ahead, at
from shuniu.config.demo.scene import Scene, by_category
from shuniu.foundation.accounts import actions as accounts
from shuniu.foundation.accounts.demo import PASSWORD
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import actions as calendar
from shuniu.foundation.calendar import clock
from shuniu.foundation.calendar.models import Year
from shuniu.foundation.calendar.working_days import MissingYear
from shuniu.registry import actions as registry_actions
from shuniu.registry import demo as registry
from shuniu.unions import actions as unions
from shuniu.unions.models import RoleGrant, Union

YEARS_BACK = 2.25


def was_told() -> bool:
    """The whole story is told in one transaction: where its union is, everything is."""
    return Union.objects.filter(name=cast.CITY).exists()


def tell_story() -> None:
    """Tell everything or nothing. The connection is the owner's, since it moves the clock."""
    with transaction.atomic(), travelling() as travel:
        scene = _set_the_scene(travel)
        travel.play(*selections.lines(scene), _last_days(scene))
        _open_log_ins(scene)


def _last_days(scene: Scene) -> Line:
    """Somebody is away, somebody joins, an administrator's role waits for the second person."""
    who, today = scene.cast, scene.today
    yield at(today - dt.timedelta(days=3), "17:30")
    leader = who.who("chenzr")
    grant = RoleGrant.objects.get(person=leader.person, union=who.city, role="leader")
    unions.delegate(
        by=leader, grant=grant, to_person=who.people["zhoufh"], first_day=today - dt.timedelta(days=1),
        last_day=today + dt.timedelta(days=6), reason="赴海东省总工会参加培训",
    )  # fmt: skip
    yield at(today - dt.timedelta(days=2), "16:00")
    unions.grant_role(
        by=who.who("qianxt"), person=who.people["baijb"], union=who.unions["望海市教科文卫体工会"],
        role="sys_admin", first_day=today, note="产业工会自行管理账号",
    )  # fmt: skip
    chenxi = next(o for o in scene.everybody if o.name in NAMED)
    token = registry_actions.invite_member(
        by=scene.applicants.who(chenxi), organisation=chenxi, name="许助理", phone="13900005001"
    )
    accounts.accept_invitation(token=token, username="xuzl", password=PASSWORD)


_LOGINS = (
    ("第四批", (Stage.DRAFT,), 3), ("第四批", (Stage.SUBMITTED,), 1), ("第三批", (Stage.CORRECTING,), 2),
    ("第三批", (Stage.CHECKING, Stage.UNQUALIFIED), 1), ("第一批", (Stage.SHORTLISTED,), 2),
)  # fmt: skip


def _open_log_ins(scene: Scene) -> None:
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
            accounts.set_password(by=cast.SETUP, person=person, password=PASSWORD)


def _set_the_scene(travel: Travel) -> Scene:
    """Unions, people, calendar, experts, organisations, at the beginning."""
    today = travel.present.date()
    travel.begin(at(today - dt.timedelta(days=int(YEARS_BACK * 365)), "09:00"))
    who = cast.Cast()
    cast.build_unions(who)
    cast.build_staff(who)
    _confirm_calendar(who, today)
    clerk = who.who("linjb")
    demo_review.build_pool(by=clerk, union=who.city, entries=cast.expert_entries(who), people=who.experts)
    organisations = registry.build(clerk=clerk, union=who.city, day=clock.today())
    return Scene(who, Applicants(who), today, organisations, by_category(organisations))


def _confirm_calendar(who: cast.Cast, today: dt.date) -> None:
    """Every year of the story, from the State Council's notices where they are known.

    The next year stays missing, as it does until the notice is out, unless a running selection needs it.
    """
    admin = who.who("qianxt")
    calendar.seed_known_years(by=admin, first_year=today.year - 3, last_year=today.year)
    for year in range(today.year - 3, today.year + 1):
        if not Year.objects.filter(year=year).exists():
            _weekends_only(who, year)
    try:
        for plan in selections.running_plans(today):
            plan.timetable()
        ahead(today, 12)  # the reply to an objection of these days
    except MissingYear:
        _weekends_only(who, today.year + 1)


def _weekends_only(who: cast.Cast, year: int) -> None:
    source = f"{year}年部分节假日安排尚未收到，暂按周末安排（演示）"
    calendar.confirm_year(by=who.who("qianxt"), year=year, source=source, days=[])


__all__ = ["tell_story", "was_told"]
