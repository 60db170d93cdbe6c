"""Surveys for tests, made by the actions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.recognition.tests.cast import Office, office, refused
from shuniu.registry.models import Organisation
from shuniu.registry.tests import factories
from shuniu.surveys import actions
from shuniu.surveys.models import Survey

__all__ = ["Open", "draft", "office", "opened", "rate", "rated", "refused"]


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
        "title": "职工心理关爱服务满意度测评", "population": 500, "ends_on": clock.today() + dt.timedelta(days=7)
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
