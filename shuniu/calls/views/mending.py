"""The applicant's side of a correction: the paper that asks for it, and handing back."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_POST

from shuniu.calls.actions import apply as actions
from shuniu.calls.views.apply import MEMBERS, mine
from shuniu.foundation.access import members_only
from shuniu.foundation.calendar.arrival import arrived_at
from shuniu.foundation.papers import queries as papers
from shuniu.foundation.ui.respond import done


@members_only(*MEMBERS)
@require_POST
def answer_correction(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the mended parts back."""
    who, application = mine(request, pk)
    raw = request.POST.get("key", "")
    try:
        key = uuid.UUID(raw)
    except ValueError as wrong:
        raise Http404 from wrong
    actions.answer_correction(by=who, application_id=application.pk, key=key, arrived_at=arrived_at(request))
    return done(request, f"/apply/{pk}/", "补正已交回，责任部门会继续审核。")


@members_only(*MEMBERS)
@require_GET
def paper(request: HttpRequest, pk: int, round: int) -> HttpResponseBase:
    """补正通知书 as it was issued to the organisation."""
    _, application = mine(request, pk)
    row = get_object_or_404(application.corrections.select_related("paper__pdf"), round=round)
    if row.paper is None:
        raise Http404
    return papers.response(row.paper)
