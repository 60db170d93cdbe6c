"""Honours: the ledger, one honour with its paper, recording what another body granted."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from shuniu.foundation.access import ORGANISATION_ROLES, Refused, Who, members_only, who_asks
from shuniu.foundation.files import serving
from shuniu.foundation.journal.queries import lines, timeline
from shuniu.foundation.ui import slots
from shuniu.foundation.ui.acts import Act, Acts, Reason
from shuniu.foundation.ui.respond import done, page, refused_into
from shuniu.recognition import queries, rules
from shuniu.recognition.actions import honours as actions
from shuniu.recognition.actions import upward
from shuniu.recognition.forms import HonourForm, OutcomeForm, UpwardForm
from shuniu.recognition.lists import Honours
from shuniu.recognition.models import Honour
from shuniu.registry.picking import meant_into
from shuniu.unions.queries import union_of

READERS = tuple(sorted(queries.READERS))
MEMBERS = tuple(ORGANISATION_ROLES)
SIGNS = {
    Honour.State.PROPOSED: "wait", Honour.State.IN_FORCE: "ok", Honour.State.DECLINED: "expired",
    Honour.State.REVOKED: "bad",
}  # fmt: skip


@members_only(*READERS)
@require_http_methods(["GET", "POST"])
def honour_list(request: HttpRequest) -> HttpResponseBase:
    """荣誉台账: per project, organisation and leader, whatever the level."""
    return Honours(request).response("recognition/staff/honours.html", {})


def _seen(request: HttpRequest, pk: int) -> tuple[Who, Honour]:
    who = who_asks(request)
    rows = queries.honours_visible_to(who).select_related(
        "organisation", "union", "document", "proof__blob", "recorded_by", "confirmed_by"
    )
    return who, get_object_or_404(rows, pk=pk)


@members_only(*READERS, *MEMBERS)
@require_http_methods(["GET", "POST"])
def honour(request: HttpRequest, pk: int) -> HttpResponse:
    """One honour; a second person confirms it, or it is revoked."""
    who, row = _seen(request, pk)
    staff = who.organisation_id is None
    decide = rules.may_decide_honour(who, row)
    acts = Acts(
        request,
        [
            Act("confirm", "确认属实", partial(actions.confirm, by=who, honour_id=pk), "已确认，荣誉生效。",
                may=decide, style="primary"),
            Act("decline", "不采纳", partial(actions.decline, by=who, honour_id=pk), "已记为未采纳。",
                may=decide, form=Reason),
            Act("revoke", "撤销荣誉", partial(actions.revoke, by=who, honour_id=pk), "已撤销。",
                may=rules.may_revoke_honour(who, row), form=Reason, style="danger", proof=True,
                explain="撤销后不再计入荣誉台账；已发的补助由财务按差额追回。"),
            *_upward_acts(who, row),
        ],
        to=reverse("recognition:honour", args=[pk]),
    )  # fmt: skip
    if acts.response is not None:
        return acts.response
    context = {
        "row": row, "acts": acts, "form": acts.form, "sign": SIGNS[Honour.State(row.state)], "staff": staff,
        "base": "ui/staff.html" if staff else "ui/org.html", "why_not": decide,
        "upward": row.upward.select_related("proposed_by", "decided_by", "result") if staff else [],
        "panels": slots.panels_for(who, row),
        "timeline": lines(timeline(row)) if staff else [],
    }  # fmt: skip
    return page(request, "recognition/staff/honour.html", context)


def _upward_acts(who: Who, row: Honour) -> list[Act]:
    """推荐参评上级: put forward, agreed, answered."""
    put = partial(upward.propose, by=who, honour_id=row.pk)
    may = next(
        (v for level in ("province", "national") if (v := rules.may_put_forward(who, row, level))),
        rules.may_put_forward(who, row, "national"),
    )
    found = [
        Act("upward", "推荐参评上级", put, "已提请推荐，等待复核人或领导审签。", may=may, form=UpwardForm)
    ]
    for each in row.upward.filter(state__in=("proposed", "sent")):
        each.honour = row
        decide = partial(upward.decide, by=who, upward_id=each.pk)
        found += [
            Act(f"send_{each.pk}", f"同意推荐参评“{each.title}”", partial(decide, approve=True), "已同意推荐。",
                may=rules.may_decide_upward(who, each), style="primary"),
            Act(f"keep_{each.pk}", "不同意推荐", lambda reason, decide=decide: decide(approve=False, answer=reason),
                "已退回。", may=rules.may_decide_upward(who, each), form=Reason),
            Act(f"outcome_{each.pk}", f"登记“{each.title}”未获评", partial(upward.not_granted, by=who, upward_id=each.pk),
                "已登记结果。", may=rules.may_tell_outcome(who, each), form=OutcomeForm,
                explain="获评的不在这里登记：凭上级文件登记荣誉，确认后自动记为已获评。"),
        ]  # fmt: skip
    return found


@members_only(*READERS, *MEMBERS)
@require_GET
def proof(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The paper that an honour from above rests on."""
    _, row = _seen(request, pk)
    if row.proof is None:
        raise Http404
    return serving.response(row.proof, inline="download" not in request.GET)


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    """Record an honour of an organisation or its leader that another body granted."""
    who = who_asks(request)
    assert who.union_id is not None  # the door has seen to it
    posted = request.method == "POST"
    form = HonourForm(
        request.POST if posted else None, request.FILES if posted else None,
        initial={"code": request.GET.get("code", "")[:18]},
    )  # fmt: skip
    if posted and form.is_valid():
        data = dict(form.cleaned_data)
        found = meant_into(form, who, "code", data)
        if found is not None:
            try:
                made = actions.record(
                    by=who, union=union_of(who.union_id), organisation=found,
                    subject=actions.of_organisation(found), proof=data.pop("proof"), award=actions.Award(**data),
                )  # fmt: skip
            except Refused as refused:
                refused_into(form, refused)
            else:
                return done(
                    request, reverse("recognition:honour", args=[made.pk]), "已登记，等待另一位确认。"
                )
    context = {
        "form": form, "title": "登记上级评定的荣誉", "submit": "提交确认", "back": reverse("recognition:honours"),
        "crumbs": [("荣誉", reverse("recognition:honours")), ("登记", "")],
        "lead": "项目获得的荣誉在项目页登记。",
    }  # fmt: skip
    return page(request, "registry/form.html", context)
