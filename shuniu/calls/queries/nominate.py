"""What was nominated, and where it can be."""

from __future__ import annotations

from django.db import models

from shuniu.calls import quotas
from shuniu.calls.models import Application, Call
from shuniu.calls.queries.apply import open_calls
from shuniu.calls.queries.call import law_of
from shuniu.calls.queries.recommend import recommenders_of
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.unions.queries import descendant_ids


def calls_nominating(union_id: int) -> list[Call]:
    """The calls in which the union may nominate now, soonest end first."""
    now = clock.now()
    return [
        call
        for call in open_calls().filter(apply_from__lte=now)
        if quotas.nominates(law_of(call)) and recommenders_of(call).filter(pk=union_id).exists()
    ]


def nominations_of(who: Who, subject_key: str) -> models.QuerySet[Application]:
    """Every nomination of a thing that the asker may know of: its own to an organisation, its family's to a union."""
    rows = Application.objects.filter(subject_key=subject_key).select_related(
        "call__union", "recommender", "category"
    )
    if who.organisation_id is not None:
        return rows.filter(organisation_id=who.organisation_id).order_by("-id")
    if who.union_id is None:
        return rows.none()
    family = descendant_ids(who.union_id)
    return rows.filter(models.Q(recommender_id__in=family) | models.Q(call__union_id__in=family)).order_by(
        "-id"
    )
