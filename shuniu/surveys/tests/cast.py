"""Surveys for tests, made by the actions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from shuniu.foundation.access import Who, system
from shuniu.foundation.calendar import actions as calendar
from shuniu.foundation.calendar import clock
from shuniu.foundation.calendar.models import Year
from shuniu.registry.models import Organisation
from shuniu.registry.tests import factories
from shuniu.surveys import actions
from shuniu.surveys.models import Survey
from shuniu.unions.models import Union
from shuniu.unions.tests import cast as unions
from shuniu.unions.tests.cast import refused

__all__ = ["Open", "draft", "office", "opened", "rate", "rated", "refused"]


@dataclass(frozen=True)
class Office:
    """A union with its office; working days of four years are confirmed."""

    union: Union
    clerk: Who
    checker: Who


def office(name: str = "望海市总工会") -> Office:
    """The office of a union of that name."""
    this = clock.today().year
    for year in range(this, this + 4):
        if not Year.objects.filter(year=year).exists():
            calendar.confirm_year(by=system("测试准备"), year=year, source="测试日历", days=[])
    union = unions.union(name, paper_code="望工办" if name.startswith("望海") else "邻工办")
    return Office(union, unions.who("clerk", union), unions.who("checker", union))


@dataclass(frozen=True)
class Open:
    """An open survey with the codes of its tickets."""

    row: Survey
    codes: list[str]


def rated(of: Office) -> tuple[Who, Organisation]:
    """An organisation with its 负责人."""
    made = factories.organisation(of.clerk)
    return factories.member(made), made


def draft(of: Office, organisation: Organisation, *, people: int = 0, **values: Any) -> Survey:
    """A survey that is prepared, with so many people on its roster."""
    given = {
        "title": "职工心理关爱服务满意度测评", "population": 500, "sampling": "random",
        "ends_on": clock.today() + dt.timedelta(days=7),
    } | values  # fmt: skip
    row = actions.make(by=of.clerk, union=of.union, organisation=organisation, **given)
    if people:
        actions.add_people(
            by=of.clerk, survey_id=row.pk, people=[(f"职工{n}", "一车间") for n in range(people)]
        )
    return row


def opened(of: Office, organisation: Organisation, *, people: int = 5, **values: Any) -> Open:
    """An open survey with tickets for everybody."""
    row = draft(of, organisation, people=people, **values)
    actions.open_survey(by=of.clerk, survey_id=row.pk)
    codes = actions.issue_tickets(by=of.clerk, survey_id=row.pk)
    row.refresh_from_db()
    return Open(row, codes)


def rate(code: str, level: int, *reasons: str, **values: Any) -> None:
    """Answer with this ticket."""
    why = reasons or (("服务态度",) if level < 3 else ())
    actions.answer(code=code, level=level, reasons=why, arrived_at=clock.now(), **values)
