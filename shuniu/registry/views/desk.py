"""The desk of a union's clerk: claims and requests for correction."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from shuniu.foundation.access import Refused, members_only, who_asks
from shuniu.foundation.files import serving
from shuniu.foundation.journal.queries import lines, timeline
from shuniu.foundation.ui.opinion import Opinion
from shuniu.foundation.ui.respond import done, page, refused_into
from shuniu.registry import actions, rules
from shuniu.registry.fields import PROFILE
from shuniu.registry.forms.people import OpinionForm
from shuniu.registry.queries import (
    claims_visible_to,
    corrections_visible_to,
    findings_visible_to,
    open_findings,
    organisations_visible_to,
)
from shuniu.registry.views.shared import READERS, sent


@members_only(*READERS)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first, and what was decided last."""
    who = who_asks(request)
    claims, corrections = claims_visible_to(who), corrections_visible_to(who)
    context = {
        "claims": claims.filter(state="pending"), "corrections": corrections.filter(state="pending"),
        "findings": open_findings(who),
        "decided_claims": claims.exclude(state="pending").order_by("-decided_at")[:20],
        "decided_corrections": corrections.exclude(state="pending").order_by("-decided_at")[:20],
        "fields": {name: spec.label for name, spec in PROFILE.items()},
    }  # fmt: skip
    return page(request, "registry/desk.html", context)


@members_only(*READERS)
@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """One claim: who, for which organisation, on what paper; confirm or refuse."""
    who = who_asks(request)
    row = get_object_or_404(claims_visible_to(who), pk=pk)

    def agree(words: str) -> HttpResponse:
        actions.confirm_claim(by=who, claim=row)
        return done(request, reverse("registry:desk"), f"已确认“{row.name}”的认领，申请人可以登录办理。")

    def send_back(words: str) -> HttpResponse:
        actions.refuse_claim(by=who, claim=row, reason=words)
        return done(request, reverse("registry:desk"), f"没有确认“{row.name}”的认领，已告知申请人。")

    opinion = Opinion(
        request, yes="确认", agree=agree, no="不同意", send_back=send_back, may=rules.may_decide_claim(who, row), most=200
    )  # fmt: skip
    if opinion.response is not None:
        return opinion.response
    particulars = [
        (PROFILE[name].label, PROFILE[name].show(value))
        for name, value in row.particulars.items()
        if name in PROFILE
    ]
    context = {"claim": row, "particulars": particulars, "timeline": lines(timeline(row))}
    return page(request, "registry/claim.html", context | opinion.context, status=opinion.status)


@members_only(*READERS)
@require_GET
def proof(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The paper of a claim."""
    row = get_object_or_404(claims_visible_to(who_asks(request)), pk=pk)
    if row.proof is None:
        raise Http404
    return serving.response(row.proof, inline="download" not in request.GET)


@members_only(*READERS)
@require_http_methods(["GET", "POST"])
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """One request for correction: before and after side by side; agree or refuse."""
    who = who_asks(request)
    row = get_object_or_404(corrections_visible_to(who), pk=pk)

    def decide(approve: bool, words: str) -> HttpResponse:
        actions.decide_correction(by=who, request=row, approve=approve, reason=words)
        said = "已更正，已通知申请单位。" if approve else "没有更正，已告知申请单位。"
        return done(request, reverse("registry:desk"), said)

    opinion = Opinion(
        request, yes="同意更正", agree=partial(decide, True), no="不同意", send_back=partial(decide, False),
        may=rules.may_decide_correction(who, row),
    )  # fmt: skip
    if opinion.response is not None:
        return opinion.response
    spec = PROFILE[row.field]
    context = {
        "correction": row, "label": spec.label,
        "may_read_files": bool(rules.may_read_files(who, row.organisation)),
        "old": spec.show(row.old), "new": spec.show(row.new), "timeline": lines(timeline(row)),
    }  # fmt: skip
    return page(request, "registry/correction.html", context | opinion.context, status=opinion.status)


@members_only(*READERS)
@require_http_methods(["GET", "POST"])
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding of the nightly check: what, since when, from where; what the clerk says of it."""
    who = who_asks(request)
    row = get_object_or_404(findings_visible_to(who), pk=pk)
    form = OpinionForm(*sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.settle_finding(by=who, finding=row, opinion=form.cleaned_data["opinion"])
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, reverse("registry:desk"), f"“{row.organisation.name}”的负面信息已处理。")
    context = {
        "finding": row, "form": form, "verdict": rules.may_settle(who, row),
        "seen": organisations_visible_to(who).filter(pk=row.organisation_id).exists(),
        "timeline": lines(timeline(row)),
    }  # fmt: skip
    return page(request, "registry/finding.html", context)
