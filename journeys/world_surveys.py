"""What the world has of surveys: one prepared, one that runs, one that is counted."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from shuniu.foundation.calendar import clock
from shuniu.registry.models import Organisation
from shuniu.surveys import actions
from shuniu.surveys.models import Survey

if TYPE_CHECKING:
    from journeys.world import World


def surveys_of(world: World) -> None:
    """Each with its roster, tickets and answers; the counted one with an item, a number and its papers."""
    by = world.office.clerk
    organisation = Organisation.objects.get(pk=world.ids["organisation"])

    def prepared(title: str) -> Survey:
        row = actions.make(
            by=by, union=world.office.union, organisation=organisation, title=title, population=60,
            sampling="random",
            ends_on=clock.today() + dt.timedelta(days=9),
        )  # fmt: skip
        people = [(f"职工{n}", "一车间") for n in range(8)]
        actions.add_people(by=by, survey_id=row.pk, people=people)
        return row

    draft, running, counted = (
        prepared("下季度服务测评"),
        prepared("本季度服务测评"),
        prepared("上季度服务测评"),
    )
    codes = {}
    for row in (running, counted):
        actions.open_survey(by=by, survey_id=row.pk)
        codes[row.pk] = actions.issue_tickets(by=by, survey_id=row.pk)
        for code, level in zip(codes[row.pk][1:7], (5, 5, 4, 4, 3, 2), strict=True):
            low = level == 2
            actions.answer(
                code=code, level=level, arrived_at=clock.now(), reasons=["服务态度"] if low else [],
                comment="" if level == 5 else "希望多安排晚上的场次", phone="13900009999" if low else "",
            )  # fmt: skip
    actions.close(by=by, survey_id=counted.pk, reason="场次已经办完")
    actions.issue_evidence(survey_id=counted.pk)
    world.keep(
        draft_survey=draft, open_survey=running, counted_survey=counted, survey_item=counted.items.get(),
        ticket=codes[running.pk][0], used_ticket=codes[running.pk][1],
    )  # fmt: skip
