"""The numbers of recommending unions by which a call counts their places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from shuniu.calls.actions.call import note_change, own_draft
from shuniu.calls.models import Call, CallFigure
from shuniu.calls.queries import figures
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock


@transaction.atomic
def change(
    *, by: Who, call_id: int, version: int, facts: Mapping[str, tuple[dt.date, str, Mapping[int, Decimal]]]
) -> Call:
    """推荐名额（办法的推荐环节）: the numbers of the recommending unions by which their places are counted.

    `facts`: fact of the document → day, source, union id → number.
    """
    call = own_draft(by, call_id, version)
    asked = figures.wanted(call, clock.today()).typed
    call.figures.all().delete()
    CallFigure.objects.bulk_create(
        CallFigure(
            call=call, union=union, fact=name, label=fact.label, value=facts[name][2][union.pk], as_of=facts[name][0],
            source=facts[name][1], by=by.person,
        )
        for name, (fact, unions) in asked.items()
        if name in facts
        for union in unions
        if union.pk in facts[name][2]
    )  # fmt: skip
    note_change(by, call, "推荐名额的计算依据", {"facts": sorted(facts)})
    return call
