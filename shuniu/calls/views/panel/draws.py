"""A draw: the public page that anybody replays, and the page of its two parties."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_safe

from shuniu.calls import draw as drawing
from shuniu.calls.actions import panel as actions
from shuniu.calls.actions.panel.draws import name_of
from shuniu.calls.forms.panel import CommitForm, RevealForm
from shuniu.calls.models import Draw
from shuniu.calls.queries.panel import applicant_ids, public_draws
from shuniu.calls.rules import panel as rules
from shuniu.foundation.access import Refused, members_only, public, who_asks
from shuniu.foundation.ui.respond import done, page, refused_into


def _steps(draw: Draw) -> dict[str, object]:
    given = list(draw.commitments.order_by("id"))
    parties = []
    for party in draw.parties:
        mine = {g.kind: g for g in given if g.party == party["key"]}
        parties.append(party | {"commit": mine.get("commit"), "reveal": mine.get("reveal")})
    result = getattr(draw, "result", None)
    order = result.order if result else []
    return {
        "draw": draw,
        "parties": parties,
        "result": result,
        "drawn": order[: draw.seats],
        "standby": order[draw.seats :],
        "pool_text": drawing.pool_text(name_of(draw), draw.seats, draw.pool),
        "both": all(p["commit"] for p in parties),
        "lapses": [
            {"label": rules.PARTIES[row.party], "name": row.name, "at": row.at} for row in draw.lapses.all()
        ],
    }


@public("D2：专家抽取过程公开，任何人可以复核；只有编号，没有姓名")
@require_safe
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """Pool, digests, values, order, and how to compute them again."""
    row = get_object_or_404(public_draws(), pk=pk)
    later = row.committee.draws.filter(number__gt=row.number).order_by("number").first()
    return page(request, "calls/panel/draw.html", _steps(row) | {"later": later})


@members_only()
@require_http_methods(["GET", "POST"])
def party(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a party commits and reveals; 404 for whoever speaks for none of the two."""
    who = who_asks(request)
    row = get_object_or_404(public_draws(), pk=pk)
    applicants = applicant_ids(row.committee)
    mine = next((p for p in row.parties if rules.acts_as(who, row, p["key"], applicants)), None)
    if mine is None:
        raise Http404
    shown = _steps(row)
    state = next(p for p in shown["parties"] if p["key"] == mine["key"])  # type: ignore[attr-defined]
    form: CommitForm | RevealForm
    form = RevealForm(request.POST or None) if state["commit"] else CommitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if isinstance(form, RevealForm):
                actions.reveal(by=who, draw_id=row.pk, party=mine["key"], value=form.value())
                said = "号码和暗语已公布。"
            else:
                digest = form.cleaned_data["digest"]
                actions.commit(by=who, draw_id=row.pk, party=mine["key"], digest=digest)
                said = "承诺值已公布。请妥善保存号码和暗语，双方都提交后回来公布。"
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, f"/draws/{row.pk}/party/", said)
    return page(request, "calls/panel/party.html", shown | {"form": form, "mine": mine, "state": state})
