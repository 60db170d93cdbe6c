"""Applications that end without a decision on their merits."""

from __future__ import annotations

from django.db import transaction

from shuniu.calls.actions import stages
from shuniu.calls.models import Application, Call, Stage
from shuniu.foundation.access import Who
from shuniu.foundation.notices.actions import tell
from shuniu.registry.models import Organisation
from shuniu.registry.queries import people_of

# 正式入围 is over too: what it brought is a recognition, which has ends of its own.
_OVER = (
    Stage.WITHDRAWN, Stage.ENDED, Stage.UNQUALIFIED, Stage.NOT_SHORTLISTED, Stage.REMOVED, Stage.RECOGNISED,
)  # fmt: skip


@transaction.atomic
def end_all(*, call: Call, by: Who, reason: str) -> int:
    """End every live application of a call and tell the organisations; the number ended."""
    ids = list(
        Application.objects.filter(call=call)
        .exclude(stage__in=_OVER)
        .order_by("id")
        .values_list("pk", flat=True)
    )
    for pk in ids:
        end_one(application_id=pk, by=by, reason=reason)
    return len(ids)


@transaction.atomic
def end_one(*, application_id: int, by: Who, reason: str, clause: str = "") -> Application:
    """End one application: cancelled call, deregistered organisation."""
    application = stages.lock(application_id)
    if application.stage in _OVER:
        return application
    stages.decide(
        application, by=by, verb="end", to=Stage.ENDED, text=f"申报终止：{reason}", note=reason, clause=clause
    )
    tell(
        people_of(application.organisation_id),
        title=f"申报已终止：{application.category.label}",
        body=reason,
        kind="calls.ended",
        url=f"/apply/{application.pk}/",
        effect_key=f"calls.ended:{application.pk}",
    )
    return application


@transaction.atomic
def end_for_organisation(*, organisation: Organisation, by: Who, reason: str, clause: str = "") -> int:
    """第七条（一）: an organisation that is deregistered in the middle leaves every running call."""
    ids = (
        Application.objects.filter(organisation=organisation, call__state=Call.State.PUBLISHED)
        .exclude(stage__in=_OVER)
        .order_by("id")
        .values_list("pk", flat=True)
    )
    done = list(ids)
    for pk in done:
        end_one(application_id=pk, by=by, reason=reason, clause=clause)
    return len(done)
