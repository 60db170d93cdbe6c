"""Applications that end without a decision on their merits."""

from __future__ import annotations

from django.db import transaction

from shuniu.calls.actions import stages
from shuniu.calls.models import Application, Call, Stage
from shuniu.calls.models.application import OVER
from shuniu.calls.queries.people import people_of_many
from shuniu.foundation.access import Who
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.notices.actions import Letter, tell_all
from shuniu.registry.queries import people_of

CHUNK = 500


@transaction.atomic
def end_all(*, call: Call, by: Who, reason: str) -> int:
    """End every live application of a call and tell the organisations; the number ended."""
    ids = list(
        Application.objects.filter(call=call)
        .exclude(stage__in=OVER)
        .order_by("id")
        .values_list("pk", flat=True)
    )
    for n in range(0, len(ids), CHUNK):
        rows = [a for a in stages.lock_many(ids[n : n + CHUNK]) if a.stage not in OVER]
        stages.decide_all([_ruling(a, reason) for a in rows], by=by, verb="end")
        people = people_of_many(a.organisation_id for a in rows)
        tell_all(_letter(a, person, reason) for a in rows for person in people[a.organisation_id])
    return len(ids)


def _ruling(application: Application, reason: str, clause: str = "") -> stages.Ruling:
    return stages.Ruling(application, Stage.ENDED, f"申报终止：{reason}", note=reason, clause=clause)


def _letter(application: Application, person: Person, reason: str) -> Letter:
    return Letter(
        person, title=f"申报已终止：{application.category.label}", body=reason, kind="calls.ended",
        url=f"/apply/{application.pk}/", effect_key=f"calls.ended:{application.pk}",
    )  # fmt: skip


@transaction.atomic
def end_one(*, application_id: int, by: Who, reason: str, clause: str = "") -> Application:
    """End one application: cancelled call, deregistered organisation."""
    application = stages.lock(application_id)
    if application.stage in OVER:
        return application
    stages.decide_all([_ruling(application, reason, clause)], by=by, verb="end")
    tell_all(_letter(application, person, reason) for person in people_of(application.organisation_id))
    return application
