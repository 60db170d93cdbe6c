"""补报: asked for by a clerk, decided by another person."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shuniu.calls.actions import audit as actions
from shuniu.calls.forms import audit as forms
from shuniu.calls.queries import audit as queries
from shuniu.calls.queries import casefile
from shuniu.calls.queries.reading import DESK
from shuniu.calls.rules import audit as rules
from shuniu.calls.rules.call import APPROVERS
from shuniu.calls.views.call import mine
from shuniu.foundation.access import Refused, members_only
from shuniu.foundation.journal.queries import timeline
from shuniu.foundation.ui.opinion import Opinion
from shuniu.foundation.ui.respond import done, page, refused_into


@members_only(*DESK)
@require_http_methods(["GET", "POST"])
def late(request: HttpRequest, pk: int) -> HttpResponse:
    """Every late entry of the call; a clerk asks for one."""
    who, call = mine(request, pk)
    form = forms.LateForm(request.POST or None) if who.role == "clerk" else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            actions.ask_late(
                by=who,
                call_id=pk,
                code=form.cleaned_data["code"],
                until=form.until(),
                reason=form.cleaned_data["reason"],
            )
        except Refused as refused:
            fields = {"calls.late_unknown": "code", "calls.late_pending": "code", "calls.late_until": "day"}
            refused_into(form, refused, fields.get(refused.verdict.code))
        else:
            return done(request, f"/calls/{pk}/late/", "补报申请已提交，由复核人或领导批准。")
    rows = [
        {"row": row, "verdict": rules.may_decide_late(who, row)} for row in queries.late_requests(who, call)
    ]
    return page(request, "calls/audit/late.html", {"call": call, "form": form, "rows": rows})


@members_only(*APPROVERS)
@require_http_methods(["GET", "POST"])
def decide_late(request: HttpRequest, pk: int, late: int) -> HttpResponse:
    """Grant or refuse one."""
    who, call = mine(request, pk)
    row = get_object_or_404(queries.late_requests(who, call), pk=late)

    def decide(granted: bool, words: str) -> HttpResponse:
        actions.decide_late(by=who, request_id=late, granted=granted, answer=words)
        said = "已批准，该单位可以在期限内补报。" if granted else "未批准，已告知经办人。"
        return done(request, f"/calls/{pk}/late/", said)

    opinion = Opinion(
        request, yes="批准", agree=partial(decide, True), no="不批准", send_back=partial(decide, False),
        may=rules.may_decide_late(who, row), hand_on=reverse("unions:hand_on", args=["late", late]),
    )  # fmt: skip
    if opinion.response is not None:
        return opinion.response
    context = {"call": call, "row": row, "timeline": casefile.entries(timeline(row, limit=20))}
    return page(request, "calls/audit/late_decide.html", context | opinion.context, status=opinion.status)
