"""The committees of a call, for the staff that runs it."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from shuniu.calls import phases
from shuniu.calls.actions import panel as actions
from shuniu.calls.actions import scoring as scoring_actions
from shuniu.calls.forms.panel import FreezeForm
from shuniu.calls.models import Seat
from shuniu.calls.queries import panel as queries
from shuniu.calls.queries import scoring as scoring_queries
from shuniu.calls.queries.assignment import short_of_reviews
from shuniu.calls.queries.call import own_calls
from shuniu.calls.queries.casefile import entries
from shuniu.calls.rules import panel as rules
from shuniu.calls.rules import scoring as scoring_rules
from shuniu.calls.views.panel.parts import STAFF, committee_of, with_reason
from shuniu.foundation.access import Refused, members_only, who_asks
from shuniu.foundation.journal.queries import timeline
from shuniu.foundation.ui.opinion import Opinion
from shuniu.foundation.ui.respond import done, page, refused_into


@members_only(*STAFF)
@require_http_methods(["GET", "POST"])
def overview(request: HttpRequest, call_id: int) -> HttpResponse:
    """Every category of a call with its committee; the clerk establishes what is missing."""
    who = who_asks(request)
    call = get_object_or_404(own_calls(who).select_related("union"), pk=call_id)
    if request.method == "POST":
        raw = request.POST.get("category", "")
        category = get_object_or_404(call.categories, pk=int(raw) if raw.isdigit() else 0)
        committee = actions.establish(by=who, category_id=category.pk)
        return done(request, f"/calls/panels/{committee.pk}/", f"已成立{committee}。")
    found = scoring_queries.committees_with_state(who).filter(call=call)
    committees = {c.category_id: c for c in found}
    context = {
        "call": call,
        "rows": [(category, committees.get(category.pk)) for category in call.categories.all()],
        "may_run": bool(rules.may_run(who, call)),
    }
    return page(request, "calls/panel/overview.html", context)


@members_only(*STAFF)
def committee(request: HttpRequest, pk: int) -> HttpResponse:
    """One committee: draws, seats, progress, what comes next. Counts only until scoring is closed (D4)."""
    who, row = committee_of(request, pk)
    meeting = scoring_queries.meeting_of(row)
    signed = meeting is not None and meeting.closed_at is not None
    seats = queries.seats_with_progress(row)
    left = scoring_queries.open_sheets(row).count()
    waiting = scoring_queries.waiting_seats(row)
    phase = phases.phase_of(row, signed=signed)
    draws = queries.draws_of(row)
    live = sum(s.state in rules.LIVE_SEATS for s in seats)
    context = {
        "committee": row,
        "call": row.call,
        "phase": phase,
        "draws": draws,
        "seats": seats,
        "live": live,
        "left": left,
        "waiting": waiting,
        "eligible": len(queries.eligible(row)) if live < row.size else 0,
        "meeting": meeting,
        "gone": queries.left_review(row),
        "overdue": scoring_rules.is_overdue(row),
        "reopenings": scoring_queries.reopenings_of(who, row),
        "may_run": bool(rules.may_run(who, row.call)),
        "is_approver": who.role in scoring_rules.APPROVERS,
        "opening": rules.may_open(
            who,
            row,
            live=live,
            unfinished=queries.unfinished_audits(row),
            qualified=queries.under_review(row).count(),
        ),
        "closing": scoring_rules.may_close(who, row, open_sheets=left + waiting, short=short_of_reviews(row)),
        "timeline": entries(timeline(row, limit=60)),
    }
    return page(request, "calls/panel/committee.html", context)


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the pool of a draw."""
    who, row = committee_of(request, pk)
    pool = queries.eligible(row)
    form = FreezeForm(request.POST or None, again=row.draws.exists())
    if request.method == "POST" and form.is_valid():
        try:
            draw = actions.freeze(
                by=who,
                committee_id=row.pk,
                second_party=form.cleaned_data["second_party"],
                reason=form.cleaned_data.get("reason", ""),
            )
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(
                request, f"/calls/panels/{row.pk}/", f"候选名单已冻结，校验值 {draw.pool_digest[:12]}…"
            )
    context = {"committee": row, "form": form, "pool": pool, "seats": row.size - queries.live_seats(row)}
    return page(request, "calls/panel/freeze.html", context)


@members_only("clerk")
@require_POST
def open_scoring(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the review of a category."""
    who, row = committee_of(request, pk)
    actions.open_scoring(by=who, committee_id=row.pk)
    return done(request, f"/calls/panels/{row.pk}/", "评审已经开始，已通知各位专家。")


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def close_scoring(request: HttpRequest, pk: int) -> HttpResponse:
    """End scoring: what will be counted is shown before."""
    who, row = committee_of(request, pk)
    left = scoring_queries.open_sheets(row).count() + scoring_queries.waiting_seats(row)
    if request.method == "POST":
        scoring_actions.close_scoring(by=who, committee_id=row.pk)
        return done(request, f"/calls/panels/{row.pk}/", "评分已结束，可以召开集中评审会议。")
    context = {
        "committee": row,
        "seats": queries.seats_with_progress(row),
        "verdict": scoring_rules.may_close(who, row, open_sheets=left, short=short_of_reviews(row)),
    }
    return page(request, "calls/panel/close.html", context)


def _seat(row: object, pk: int) -> Seat:
    return get_object_or_404(Seat.objects.select_related("expert"), pk=pk, committee=row)


@members_only(*STAFF)
def seat(request: HttpRequest, pk: int, seat_id: int) -> HttpResponse:
    """One member's sheets: which are in, never what they say."""
    who, row = committee_of(request, pk)
    member = _seat(row, seat_id)
    sheets = member.sheets.select_related("application__organisation").exclude(
        application__in=member.recusals.values("application")
    )
    context = {
        "committee": row,
        "seat": member,
        "sheets": sheets.only(
            "state", "application__organisation__name", "application__stage", "seat_id", "submitted_at"
        ),
        "may_run": bool(rules.may_run(who, row.call)),
    }
    return page(request, "calls/panel/seat.html", context)


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def replace(request: HttpRequest, pk: int, seat_id: int) -> HttpResponse:
    """Replace a member by the next of the order."""
    who, row = committee_of(request, pk)
    member = _seat(row, seat_id)
    return with_reason(
        request,
        title=f"替换专家 {member.expert.number} 号",
        explain="由抽取顺序中的下一位递补，原席位和原因留有记录。已经提交过评分表的不能替换。",
        label="替换原因",
        button="替换",
        act=lambda reason: actions.replace(by=who, seat_id=member.pk, reason=reason),
        back=f"/calls/panels/{row.pk}/",
        said="已按顺序递补。",
    )


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def missing(request: HttpRequest, pk: int, seat_id: int) -> HttpResponse:
    """Record that a member did not score what is left."""
    who, row = committee_of(request, pk)
    member = _seat(row, seat_id)
    return with_reason(
        request,
        title=f"专家 {member.expert.number} 号记为未评分",
        explain="未提交的评分表记为“未评分”，不按零分计算，也不计入平均。",
        label="未评分的原因",
        button="记为未评分",
        act=lambda reason: scoring_actions.mark_missing(by=who, seat_id=member.pk, reason=reason),
        back=f"/calls/panels/{row.pk}/",
        said="已记录。",
    )


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def ask_reopening(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a second person to open a sheet (?sheet=) or the scoring again."""
    who, row = committee_of(request, pk)
    raw = request.GET.get("sheet", "")
    sheet = int(raw) if raw.isdigit() else None
    if sheet is not None:
        get_object_or_404(row.seats, sheets__pk=sheet)
    return with_reason(
        request,
        title="申请重新开放" + ("一份评分表" if sheet else "评分"),
        explain="由复核人或领导（另一人）批准后生效。原来的记录保留。",
        label="重新开放的理由",
        button="提交申请",
        act=lambda reason: scoring_actions.ask_reopening(
            by=who, committee_id=row.pk, sheet_id=sheet, reason=reason
        ),
        back=f"/calls/panels/{row.pk}/",
        said="已提交，等待批准。",
    )


@members_only(*scoring_rules.APPROVERS)
@require_http_methods(["GET", "POST"])
def decide_reopening(request: HttpRequest, pk: int, reopening_id: int) -> HttpResponse:
    """The second person grants or refuses; refusing needs words."""
    who, row = committee_of(request, pk)
    asked = get_object_or_404(scoring_queries.reopenings_visible_to(who), pk=reopening_id, committee=row)

    def decide(granted: bool, words: str) -> HttpResponse:
        scoring_actions.decide_reopening(by=who, reopening_id=asked.pk, granted=granted, answer=words)
        said = "已批准，可以继续评分。" if granted else "未批准，已告知申请人。"
        return done(request, f"/calls/panels/{row.pk}/", said)

    begun = scoring_queries.meeting_of(row) is not None
    opinion = Opinion(
        request, yes="批准", agree=partial(decide, True), no="不批准", send_back=partial(decide, False),
        may=scoring_rules.may_decide_reopening(who, asked, begun=begun),
        hand_on=reverse("unions:hand_on", args=["reopening", asked.pk]),
    )  # fmt: skip
    if opinion.response is not None:
        return opinion.response
    context = {"committee": row, "asked": asked, "timeline": entries(timeline(asked, limit=20))}
    return page(request, "calls/panel/reopening.html", context | opinion.context, status=opinion.status)
