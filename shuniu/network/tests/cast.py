"""Bases and cases for tests, made by the actions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.network.actions import bases, stories
from shuniu.network.models import Base, Story
from shuniu.recognition.tests.cast import Office, holder, office, refused
from shuniu.registry.models import Organisation

__all__ = ["Office", "applied", "holder", "in_force", "office", "refused", "tomorrow", "written"]


def tomorrow(days: int = 1) -> dt.date:
    """A day to come."""
    return clock.today() + dt.timedelta(days=days)


def applied(of: Office, organisation: Organisation | None, by: Who | None = None, **values: Any) -> Base:
    """An application for a base."""
    given = {
        "kind": "base", "name": "港区职工心理驿站", "address": "望海市东港区学府路 26 号", "services": "每年服务 3,000 人次。",
        "features": "驿站开在班组里。", "contact": "何专员", "phone": "13900001234",
    } | values  # fmt: skip
    return bases.apply_for(by=by or of.clerk, union=of.union, organisation=organisation, values=given)


def in_force(of: Office, organisation: Organisation | None, **values: Any) -> Base:
    """Reviewed and named by two people."""
    row = applied(of, organisation, **values)
    step = bases.review(
        by=of.clerk, base_id=row.pk, kind="grant", findings="现场看过，做法可学。", review_on=tomorrow(730)
    )
    bases.decide(by=of.checker, step_id=step.pk, approve=True)
    return Base.objects.get(pk=row.pk)


def written(by: Who, of: Office, organisation: Organisation | None, **values: Any) -> Story:
    """A draft of a case."""
    given = {
        "kind": "experience", "title": "把心理服务送到班组", "summary": "驿站开进班组，一线职工不用请假。",
        "body": "起因。\n\n做法。", "held_on": None, "place": "",
    } | values  # fmt: skip
    honour = given.pop("honour", None)
    return stories.write(by=by, union=of.union, organisation=organisation, values=given, honour=honour)
