"""The selections of the demonstration, one thread each, and the whole that plays them."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from shuniu.calls import demo_review
from shuniu.config.demo import cast, selections
from shuniu.config.demo.applying import Applicants
from shuniu.config.demo.clock import Travel, travelling
from shuniu.config.demo.days import at
from shuniu.config.demo.office import open_log_ins
from shuniu.config.demo.scene import Scene, by_category
from shuniu.foundation.calendar import actions as calendar
from shuniu.foundation.calendar import clock, working_days
from shuniu.foundation.calendar.models import Year
from shuniu.foundation.calendar.working_days import MissingYear
from shuniu.registry import demo as registry
from shuniu.unions.models import Union

YEARS_BACK = 2.25
_FURTHEST = dt.timedelta(
    days=45
)  # the province's award ends in 41 days; an objection is answered long before


def was_told() -> bool:
    """The whole story is told in one transaction: where its union is, everything is."""
    return Union.objects.filter(name=cast.CITY).exists()


def tell_story() -> None:
    """Tell everything or nothing. The connection is the owner's, since it moves the clock."""
    with transaction.atomic(), travelling() as travel:
        scene = _set_the_scene(travel)
        travel.play(*selections.lines(scene))
        open_log_ins(scene)


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
        working_days.is_working(today + _FURTHEST)
    except MissingYear:
        _weekends_only(who, today.year + 1)


def _weekends_only(who: cast.Cast, year: int) -> None:
    source = f"{year}年部分节假日安排尚未收到，暂按周末安排（演示）"
    calendar.confirm_year(by=who.who("qianxt"), year=year, source=source, days=[])


__all__ = ["tell_story", "was_told"]
