"""Pages of a recommending union: its places, its applications, proposals; for the office above, everybody's places."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from shuniu.calls.actions import audit
from shuniu.calls.actions import nominate as nominating
from shuniu.calls.actions import recommend as actions
from shuniu.calls.forms.panel import ReasonForm
from shuniu.calls.forms.recommend import ProposeForm
from shuniu.calls.models import Call, Recommendation, Stage
from shuniu.calls.queries import recommend as queries
from shuniu.calls.queries.call import law_of, own_calls, published_calls
from shuniu.calls.queries.feedback import DECIDED
from shuniu.calls.quotas import nominates
from shuniu.calls.rules import nominate as nominations
from shuniu.calls.rules import recommend as rules
from shuniu.foundation.access import Refused, Who, members_only, who_asks
from shuniu.foundation.ui.respond import done, page, refused_into
from shuniu.unions.queries import union_of

OFFICE = queries.OFFICE


def _call(who: Who, pk: int) -> tuple[Call, queries.Share | None]:
    """A call in which the asker's union recommends, or that it runs; 404 for everybody else."""
    call = get_object_or_404(published_calls().select_related("union", "document"), pk=pk)
    share = queries.share_of(call, union_of(who.union_id or 0))
    if share is not None and not queries.recommenders_of(call).filter(pk=share.union.pk).exists():
        share = None
    if share is None and not own_calls(who).filter(pk=pk).exists():
        raise Http404
    return call, share


@members_only(*OFFICE)
@require_http_methods(["GET", "POST"])
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """已推荐 1/2: every application through this union with both scores, and what can be done next."""
    who = who_asks(request)
    call, share = _call(who, pk)
    applications = list(queries.applications_through(who).filter(call=call).order_by("pk")) if share else []
    problem: Refused | None = None
    if request.method == "POST":
        try:
            if answer := _act(request, who, call, applications):
                return answer
        except Refused as refused:
            problem = refused
    own = own_calls(who).filter(pk=pk).exists()
    live = queries.live_of(call, who.union_id or 0)
    told = call.lists.filter(published_at__isnull=False).exists()
    rows = [
        _row(who, application, live.get(application.pk)) | {"decided": told and application.stage in DECIDED}
        for application in applications
    ]
    context = {
        "call": call, "share": share, "nominated": nominates(law_of(call)), "rows": rows,
        "shares": queries.shares_of(call) if share is None or own else [],
        "problem": problem.verdict if problem else None, "round": rules.in_round(call),
        "unreleased": [a for a in applications if _unreleased(a)], "visits": rules.visits_first(call),
    }  # fmt: skip
    return page(request, "calls/recommend/overview.html", context, status=409 if problem else None)


def _act(request: HttpRequest, who: Who, call: Call, applications: list[Any]) -> HttpResponse | None:
    here, what = f"/calls/{call.pk}/recommend/", request.POST.get("do")
    if what == "release":
        ids = [a.pk for a in applications if _unreleased(a)]
        return done(request, here, audit.release_many(by=who, ids=ids))
    if what == "confirm":
        row = queries.recommendation_of(who, _number(request.POST.get("row")))
        if row is None:
            raise Http404
        actions.confirm(by=who, recommendation_id=row.pk)
        return done(request, here, "已审签，推荐生效。")
    return None


def _number(raw: str | None) -> int:
    return int(raw) if raw and raw.isdigit() and len(raw) < 19 else 0


def _unreleased(application: Any) -> bool:
    return application.stage in (Stage.QUALIFIED, Stage.UNQUALIFIED) and application.released_at is None


def _row(who: Who, application: Any, given: Recommendation | None) -> dict[str, Any]:
    visit = getattr(application, "visit", None)
    return {
        "application": application, "visit": visit, "given": given,
        "self_total": application.draft.get("self_total", ""), "spot": application.on_the_spot,
        "may_visit": rules.visits_first(application.call) and bool(rules.may_visit(who, application)),
        "may_drop": bool(nominations.may_drop(who, application)),
        "may_propose": given is None and bool(rules.may_propose(who, application, visit)),
        "may_confirm": given is not None and bool(rules.may_confirm(who, given)),
        "may_take_back": given is not None and bool(rules.may_take_back(who, given)),
    }  # fmt: skip


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one of the places, with the reason; both scores stand beside it."""
    who = who_asks(request)
    application = get_object_or_404(queries.applications_through(who), pk=pk)
    form = ProposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.propose(by=who, application_id=pk, reason=form.cleaned_data["reason"])
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(
                request, f"/calls/{application.call_id}/recommend/", "已提请推荐，等待复核人或领导审签。"
            )
    visit = getattr(application, "visit", None)
    verdict = rules.may_propose(who, application, visit)
    context = {
        "application": application, "form": form, "verdict": verdict, "visit": visit,
        "share": queries.share_of(application.call, union_of(who.union_id or 0)),
        "self_total": application.draft.get("self_total", ""),
    }  # fmt: skip
    return page(request, "calls/recommend/propose.html", context)


@members_only(*OFFICE)
@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a proposal or a recommendation back, with the reason."""
    who = who_asks(request)
    row = queries.recommendation_of(who, pk)
    if row is None:
        raise Http404
    back = f"/calls/{row.call_id}/recommend/"
    return _with_reason(
        request, back, lambda reason: actions.take_back(by=who, recommendation_id=pk, reason=reason),
        said="已收回，名额空出。", title=f"收回对{row.application.organisation}的推荐", button="收回推荐",
        explain="收回后名额空出，可以另行推荐；收回的理由写入记录，已经审签的会通知申报单位。",
    )  # fmt: skip


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a nomination back whose papers are not in yet, with the reason."""
    who = who_asks(request)
    application = get_object_or_404(queries.applications_through(who).exclude(subject_key=""), pk=pk)
    back = f"/calls/{application.call_id}/recommend/"
    return _with_reason(
        request, back, lambda reason: nominating.drop(by=who, application_id=pk, reason=reason),
        said="已收回提名，并通知承接单位。", title=f"收回提名：{application.subject_label}", button="收回提名",
        explain="收回后承接单位不能再填报；理由写入记录并通知承接单位。推荐期内可以重新推荐。",
    )  # fmt: skip


def _with_reason(
    request: HttpRequest, back: str, act: Callable[[str], object], *, said: str, **words: str
) -> HttpResponse:
    """A page that asks why before it does something; `words`: title, button and explanation."""
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data["reason"])
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, back, said)
    return page(request, "calls/panel/reason.html", {"form": form, "back": back, **words})
