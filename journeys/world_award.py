"""What the world has of an award that goes up: the province asks, the city visits and recommends."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from shuniu.calls.actions import apply, evidence, recommend, stages, visit
from shuniu.calls.models import Application, Call, RubricItem, Stage
from shuniu.calls.tests import award, cast
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.files.tests import samples
from shuniu.unions.models import Union

if TYPE_CHECKING:
    from journeys.world import World


def award_of(world: World) -> None:
    """One application whose visit is planned, one that is recommended and waits for the second person."""
    of, people = world.office, world.people
    above = award.office(_union_of(people["parent.clerk"]))
    law, cast.LAW = cast.LAW, "jiangsu"
    try:
        call = cast.published_call(above)
    finally:
        cast.LAW = law
    planned = _through(call, people["other"], of)
    given = _through(call, people["owner"], of)
    cast.move_to(call, "site_visit", above.clerk)
    unsigned, row = award.planned(planned, of), award.planned(given, of)
    items = RubricItem.objects.filter(call=call)
    marks: visit.Marks = {item.pk: (Decimal(item.weight), "看了台账") for item in items}
    for each in (unsigned, row):
        visit.score(by=of.clerk, visit_id=each.pk, marks=marks, opinion="情况属实。")
    photo = visit.add_photo(by=of.clerk, visit_id=row.pk, upload=io.BytesIO(samples.png()), name="现场.png")
    visit.sign(by=of.clerk, visit_id=row.pk)
    visit.answer(by=people["owner"], visit_id=row.pk, text="")
    proposed = recommend.propose(by=of.clerk, application_id=given.pk, reason="服务成效突出")
    world.keep(
        proof=given.evidence.get(),
        award_call=call,
        visit_app=planned,
        award_app=given,
        visited=row,
        open_visit=unsigned,
        visit_photo=photo,
        recommendation=proposed,
    )


def _union_of(who: Who) -> Union:
    assert who.hat is not None
    return Union.objects.get(pk=who.hat.id)


def _through(call: Call, who: Who, of: cast.Office) -> Application:
    """Handed in through the city and passed by its check, decided by people who are not asked again."""
    made = apply.start(
        by=who, call_id=call.pk, category_id=call.categories.get().pk, arrived_at=clock.now(),
        recommender_id=of.union.pk,
    )  # fmt: skip
    proof = io.BytesIO(samples.pdf())
    proof.name = "学习记录.pdf"
    evidence.upload(by=who, application_id=made.pk, row="party_lead", said={}, upload=proof)
    with transaction.atomic():
        locked = stages.lock(made.pk)
        locked.draft |= {"self_total": "86"}
        locked.number, locked.submitted_at = f"SB{call.year}-{made.pk}", clock.now()
        locked.released_at = clock.now() + dt.timedelta(seconds=1)
        stages.decide(locked, by=of.checker, verb="confirm", to=Stage.QUALIFIED, text="复核同意")
    return Application.objects.get(pk=made.pk)
