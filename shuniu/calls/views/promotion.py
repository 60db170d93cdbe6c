"""The page of publicity work: what was done, one form for the next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from shuniu.calls.actions import promotion as actions
from shuniu.calls.forms.promotion import PromotionForm, StrikeForm
from shuniu.calls.queries import promotion as queries
from shuniu.calls.rules import promotion as rules
from shuniu.calls.views.call import STAFF, mine
from shuniu.foundation.access import Refused, members_only
from shuniu.foundation.ui.respond import done, page, refused_into


@members_only(*STAFF)
@require_http_methods(["GET", "POST"])
def promotion(request: HttpRequest, pk: int) -> HttpResponse:
    """What was recorded; the clerk adds the next."""
    who, call = mine(request, pk)
    verdict = rules.may_record(who, call)
    form = PromotionForm(queries.named(call), request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        data["application_id"] = data.pop("application")
        try:
            actions.record(by=who, call_id=call.pk, **data)
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, f"/calls/{call.pk}/promotion/", "已登记。")
    rows = list(queries.of_call(call))
    context = {"call": call, "rows": rows, "form": form, "verdict": verdict}
    return page(request, "calls/promotion/list.html", context)


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def strike(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Strike a mistaken record out, with a reason."""
    who, call = mine(request, pk)
    row = get_object_or_404(queries.of_call(call), pk=number)
    row.call = call
    verdict = rules.may_strike(who, row)
    form = StrikeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.strike(by=who, promotion_id=row.pk, reason=form.cleaned_data["reason"])
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, f"/calls/{call.pk}/promotion/", "已作废，记录仍然保留。")
    context = {"call": call, "row": row, "form": form, "verdict": verdict}
    return page(request, "calls/promotion/strike.html", context)
