"""分派 of a call: asked for, looked at, changed and submitted by the clerk, confirmed by a second person."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shuniu.calls.actions import assignment as actions
from shuniu.calls.forms.assignment import ChangeForm
from shuniu.calls.models import AssignmentPlan, Call
from shuniu.calls.queries import assignment as queries
from shuniu.calls.queries import assignment_page as pages
from shuniu.calls.queries.call import own_calls
from shuniu.calls.queries.casefile import entries
from shuniu.calls.rules import assignment as rules
from shuniu.calls.rules import panel as panel_rules
from shuniu.calls.rules.scoring import APPROVERS
from shuniu.calls.views.panel.parts import STAFF, with_reason
from shuniu.foundation.access import Refused, Who, members_only, who_asks
from shuniu.foundation.journal.queries import timeline
from shuniu.foundation.ui.opinion import Opinion
from shuniu.foundation.ui.respond import done, page, refused_into


def _of(request: HttpRequest, call_id: int) -> tuple[Who, Call]:
    who = who_asks(request)
    return who, get_object_or_404(own_calls(who).select_related("union"), pk=call_id)


def _open(who: Who, call: Call) -> AssignmentPlan:
    """The proposal that is not over; 404 without one."""
    plan = queries.plans_visible_to(who).filter(call=call, state__in=queries.OPEN).first()
    if plan is None:
        raise Http404
    return plan


@members_only(*STAFF)
@require_http_methods(["GET", "POST"])
def assignment(request: HttpRequest, call_id: int) -> HttpResponse:
    """The last plan (or ?plan=), with its loads and the others; the clerk asks for one and submits it."""
    who, call = _of(request, call_id)
    here, problem = f"/calls/panels/of/{call.pk}/assignment/", ""
    if request.method == "POST" and request.POST.get("action") == "submit":
        try:
            actions.submit_assignment(
                by=who, plan_id=_open(who, call).pk, gap_reason=request.POST.get("gap_reason", "")
            )
        except Refused as refused:
            if refused.verdict.code != "calls.plan_gaps_why":
                raise
            problem = refused.verdict.said
        else:
            return done(request, here, "已提交审签。")
    elif request.method == "POST":
        actions.ask_assignment(by=who, call_id=call.pk)
        return done(request, here, "已开始计算，算出后通知您核对。")
    plans = list(queries.plans_visible_to(who).filter(call=call).order_by("-number"))
    asked = request.GET.get("plan", "")
    plan = next((p for p in plans if not asked or str(p.number) == asked), None)
    if asked and plan is None:
        raise Http404
    missing = len(queries.missing_reviews(call))
    shown = pages.shown(plan, request.GET.get("page", "")) if plan else None
    context = {
        "call": call,
        "committees": queries.by_assignment(call),
        "plans": plans,
        "plan": plan,
        "shown": shown,
        "page_obj": shown.page if shown else None,
        "missing": missing,
        "asking": rules.may_ask(
            who,
            call,
            committees=queries.by_assignment(call).count(),
            waiting=next((p for p in plans if p.state in queries.OPEN), None),
            undeclared=queries.undeclared(call),
            missing=missing,
        ),
        "is_clerk": bool(panel_rules.may_run(who, call)),
        "may_change": bool(plan and rules.may_change(who, plan)),
        "may_decide": bool(plan and rules.may_decide(who, plan, experts=queries.identities(plan))),
        "may_drop": bool(plan and rules.may_drop(who, plan)),
        "stale": queries.stale_pairs(plan).count() if plan and plan.state in queries.OPEN else 0,
        "problem": problem,
        "gap_reason": request.POST.get("gap_reason", plan.gap_reason if plan else ""),
        "timeline": entries(timeline(plan, limit=40)) if plan else [],
    }
    answer = page(request, "calls/assignment/plan.html", context, status=422 if problem else None)
    if (
        request.headers.get("HX-Request")
        and plan is not None
        and plan.state != AssignmentPlan.State.COMPUTING
    ):
        answer["HX-Refresh"] = "true"  # the page that watched the progress shows the whole outcome
    return answer


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, call_id: int, application_id: int) -> HttpResponse:
    """Put one member for another on one application of the open proposal."""
    who, call = _of(request, call_id)
    plan = _open(who, call)
    application = get_object_or_404(
        call.applications.select_related("organisation", "category"), pk=application_id
    )
    reviews = list(plan.reviews.filter(application=application).select_related("seat__expert"))
    gap = plan.gaps.filter(application=application).first()
    if not reviews and gap is None:
        raise Http404
    able = pages.able(plan, application.pk)
    form = ChangeForm(reviews, able, gap.missing if gap else 0, request.POST or None)
    back = f"/calls/panels/of/{call.pk}/assignment/"
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_assignment(by=who, plan_id=plan.pk, application_id=application.pk, **form.values())
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, back, "已调整。")
    context = {
        "call": call,
        "plan": plan,
        "application": application,
        "form": form,
        "able": able,
        "back": back,
    }
    return page(request, "calls/assignment/change.html", context)


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def drop(request: HttpRequest, call_id: int) -> HttpResponse:
    """Give the open proposal up."""
    who, call = _of(request, call_id)
    plan = _open(who, call)
    return with_reason(
        request,
        title=f"放弃第 {plan.number} 次分派",
        explain="放弃后可以重新分派，这一次的方案留有记录。",
        label="放弃的原因",
        button="放弃",
        act=lambda reason: actions.drop_assignment(by=who, plan_id=plan.pk, reason=reason),
        back=f"/calls/panels/of/{call.pk}/assignment/",
        said="已放弃。",
    )


@members_only(*APPROVERS)
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, call_id: int) -> HttpResponse:
    """One page for the second person: the figures, confirm or send back."""
    who, call = _of(request, call_id)
    back = f"/calls/panels/of/{call.pk}/assignment/"
    plan = queries.plans_visible_to(who).filter(call=call).order_by("-number").first()
    if plan is None:
        raise Http404
    if plan.state != AssignmentPlan.State.SUBMITTED and request.method != "POST":
        return done(request, back)  # decided or sent back since: an older message leads to where it is

    def agree(words: str) -> HttpResponse:
        actions.confirm_assignment(by=who, plan_id=plan.pk)
        return done(request, back, "分派已生效，已通知各位委员。")

    def send_back(words: str) -> HttpResponse:
        actions.return_assignment(by=who, plan_id=plan.pk, reason=words)
        return done(request, back, "已退回经办人。")

    opinion = Opinion(
        request, yes="同意，生效", agree=agree, no="退回", send_back=send_back,
        may=rules.may_decide(who, plan, experts=queries.identities(plan)),
        hand_on=reverse("unions:hand_on", args=["assignment", plan.pk]),
        explain="生效后委员可以查看分派给自己的单位的材料并评分，看不到其他单位的材料。",
    )  # fmt: skip
    if opinion.response is not None:
        return opinion.response
    context = {
        "call": call,
        "plan": plan,
        "shown": pages.shown(plan),
        "changes": plan.changes.select_related(
            "application__organisation", "out__expert", "into__expert", "by"
        ),
    }
    return page(request, "calls/assignment/decide.html", context | opinion.context, status=opinion.status)
