"""Severity and spread of the experts and calibrated scores, for the staff after closing."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from shuniu.calls.calibration import NOTABLE
from shuniu.calls.queries.scoring.calibration import calibrated
from shuniu.calls.views.panel.parts import STAFF, committee_of
from shuniu.foundation.access import members_only
from shuniu.foundation.ui.respond import page


@members_only(*STAFF)
@require_safe
def calibration(request: HttpRequest, pk: int) -> HttpResponse:
    """D7: beside the raw scores, never instead of them."""
    who, row = committee_of(request, pk)
    found = calibrated(who, row, request.GET.get("page", ""))
    if found is None:
        raise Http404
    context = {"committee": row, "found": found, "page_obj": found.page, "notable": NOTABLE}
    return page(request, "calls/scoring/calibration.html", context)
