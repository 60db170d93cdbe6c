"""The ranking after closing and the meeting, for the staff that runs it and for present experts."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuniu.calls.actions import scoring as actions
from shuniu.calls.forms.scoring import MeetingForm, MeetingNoteForm, VoteForm
from shuniu.calls.models import Application, Committee, Seat, Stage
from shuniu.calls.queries import casefile
from shuniu.calls.queries import scoring as queries
from shuniu.calls.queries.outcome import light_calls, stage_word
from shuniu.calls.rules import panel as panel_rules
from shuniu.calls.rules import scoring as rules
from shuniu.calls.views.panel.expert import own_seat
from shuniu.calls.views.panel.parts import STAFF, committee_of
from shuniu.foundation.access import Refused, Who, members_only, who_asks
from shuniu.foundation.journal.actions import note_look
from shuniu.foundation.journal.queries import since_look
from shuniu.foundation.papers import queries as papers
from shuniu.foundation.ui import versions
from shuniu.foundation.ui.lists.base import List
from shuniu.foundation.ui.lists.columns import Column, Sign
from shuniu.foundation.ui.lists.filters import TextSearch
from shuniu.foundation.ui.opinion import Opinion
from shuniu.foundation.ui.respond import done, page, refused_into

PAGE = 50


def _outcome(row: Application) -> Sign | str:
    if row.stage == "qualified":
        return Sign("wait", "待会议决定")
    return Sign("wait" if row.stage == "not_shortlisted" else "ok", stage_word(row))


class RankingList(List):
    """汇总表 of a committee: score, rank, spread; exported as it is shown. Empty before scoring is closed."""

    key = "calls.ranking"
    title = "评审汇总表"
    unit = "家"
    order = "rank"
    page_size = 50
    empty = ("还没有排名", "评分结束后才有汇总表。")
    columns = (
        Column("organisation", "单位", "organisation.name", first=True),
        Column("rank", "名次", kind="number", sort="rank"),
        Column("score", "得分", kind="number", sort="score"),
        Column("sheets", "有效评分", "n_sheets", kind="number"),
        Column("high", "最高", "high", kind="number"),
        Column("low", "最低", "low", kind="number"),
        Column("deviation", "标准差", "deviation", kind="number", extra=True),
        Column("each", "各专家评分", "each", extra=True, wrap=True),
        Column("outcome", "结果", _outcome, kind="status"),
        Column("number", "回执编号", kind="code", extra=True),
    )
    filters = (TextSearch("q", "单位", within=("organisation__name",), placeholder="单位名称"),)

    @classmethod
    def visible(cls, who: Who, *args: Any, **scope: Any) -> QuerySet[Application]:
        return queries.ranked_applications(who, int(scope["committee_id"]))

    @classmethod
    def complete(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return queries.with_figures(rows).prefetch_related(Prefetch("call", light_calls()))


@members_only(*STAFF)
@require_safe
def ranking(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The summary table as a list, with its export."""
    _who, row = committee_of(request, pk)
    context = {"committee": row}
    return RankingList(request, committee_id=row.pk).response("calls/scoring/ranking.html", context)


def _page_of(
    request: HttpRequest, who: Who, committee: Committee, seat: Seat | None
) -> tuple[Page[Any], list[queries.Row]]:
    ids = queries.ranked_ids(who, committee, seat=seat)
    shown = Paginator(ids, PAGE).get_page(request.GET.get("page"))
    return shown, queries.ranking_for(who, committee, list(shown), seat=seat)


@members_only(*STAFF)
@require_http_methods(["GET", "POST"])
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Meeting mode: live ranking, attendance, notes, votes, minutes, line; one form of the clerk.

    `?screen` shows the ranking alone, large, for the wall of the room.
    """
    who = who_asks(request)
    row = queries.own_meeting(who, pk)
    if row is None:
        return _begin(request, *committee_of(request, pk))
    committee = row.committee
    stages = dict(queries.ranked_ids(who, committee).values_list("pk", "stage"))
    line = queries.line_of(row, {pk for pk, stage in stages.items() if stage == Stage.QUALIFIED})
    initial = {
        "version": row.version, "place": row.place, "minutes": row.minutes, "cut_after": row.cut_after,
        "cut_reason": row.cut_reason, "tie_reason": row.tie_reason, "tie_picks": row.tie_picks,
    }  # fmt: skip
    form = MeetingForm(line.tied, request.POST or None, initial=initial)
    status, both = None, dict[str, Any]()
    if request.method == "POST" and form.is_valid():
        try:
            actions.settle(by=who, committee_id=committee.pk, **form.cleaned_data)
            if request.POST.get("action") == "propose":
                actions.propose(by=who, committee_id=committee.pk)
                return done(request, f"/calls/panels/{pk}/meeting/", "已提交审签。")
            return done(request, f"/calls/panels/{pk}/meeting/", "已保存。")
        except Refused as refused:
            row = queries.meeting_of(committee) or row
            typed = request.POST.copy()
            typed["version"] = str(row.version)  # what is sent next stands against what is kept now
            if refused.verdict.code == "calls.conflict":
                status = 409
                kept = {name: getattr(row, name) for name in initial if name not in ("version", "tie_picks")}
                both = versions.conflict(request, versions.clash(form, "", kept), {}, refused) | {"seen": ""}
                form = MeetingForm(line.tied, typed, initial=initial)
            else:  # what was typed was saved before the result was refused: go on from there
                refused_into(form, refused)
                status, form.data = 422, typed
    shown = Paginator(list(stages), PAGE).get_page(request.GET.get("page"))
    rows = queries.ranking_for(who, committee, list(shown), sides=line.sides)
    seats, total = queries.seats_present(committee, row), shown.paginator.count
    experts = {s.expert.person.identity for s in seats if s.expert.person is not None}
    context = both | {
        "committee": committee,
        "meeting": row,
        "form": form,
        "note_form": MeetingNoteForm(rows),
        "page_obj": shown,
        "rows": rows,
        "line": line,
        "seats": [(s, s.here, total > s.done) for s in seats],  # type: ignore[attr-defined]
        "voting": queries.needs_votes(row),
        "places": queries.places_said(row.committee, len(row.outcome or queries.remaining(row, set(stages)))),
        "may_lead": bool(rules.may_lead(who, row)),
        "may_sign": bool(rules.may_sign(who, row, experts=experts)),
        "total": total,
    }
    on_wall = request.method == "GET" and "screen" in request.GET
    template = "calls/scoring/screen.html" if on_wall else "calls/scoring/meeting.html"
    return page(request, template, context, status=status)


def _begin(request: HttpRequest, who: Who, committee: Committee) -> HttpResponse:
    """Before it begins: the button, or why not yet."""
    verdict = rules.may_open_meeting(who, committee, begun=False)
    if request.method == "POST":
        actions.open_meeting(by=who, committee_id=committee.pk, place=request.POST.get("place", ""))
        return done(request, f"/calls/panels/{committee.pk}/meeting/", "会议开始，请委员签到。")
    context = {
        "committee": committee,
        "verdict": verdict,
        "is_clerk": bool(panel_rules.is_clerk(who, committee.call)),
    }
    return page(request, "calls/scoring/begin.html", context)


@members_only("clerk")
@require_POST
def attend(request: HttpRequest, pk: int, seat_id: int) -> HttpResponse:
    """The clerk signs a member in, or records that they left without voting."""
    who, committee = committee_of(request, pk)
    get_object_or_404(committee.seats, pk=seat_id)
    if "reason" in request.POST:
        reason = request.POST["reason"]
        n = actions.mark_unvoted(by=who, committee_id=committee.pk, seat_id=seat_id, reason=reason)
        return done(request, f"/calls/panels/{pk}/meeting/", f"已记录，{n} 家按弃权计。")
    actions.attend(by=who, committee_id=committee.pk, seat_id=seat_id)
    return done(request, f"/calls/panels/{pk}/meeting/", "已签到。")


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Take down what was said about an application."""
    who, committee = committee_of(request, pk)
    row = queries.meeting_of(committee)
    if row is None:
        raise Http404
    _shown, rows = _page_of(request, who, committee, None)
    chosen = request.GET.get("application")
    form = MeetingNoteForm(rows, request.POST or None, initial={"application": chosen})
    if request.method == "POST" and form.is_valid():
        try:
            actions.note(by=who, committee_id=committee.pk, application_id=form.cleaned_data["application"],
                         text=form.cleaned_data["text"])  # fmt: skip
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, f"/calls/panels/{pk}/meeting/", "已记录。")
    return page(request, "calls/scoring/note.html", {"committee": committee, "form": form})


@members_only(*rules.APPROVERS)
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """One page for the second person: the outcome as proposed, sign or send back."""
    who, committee = committee_of(request, pk)
    row = queries.meeting_of(committee)
    if row is None:
        raise Http404
    if row.proposed_at is None and request.method != "POST":
        return done(
            request, f"/calls/panels/{pk}/meeting/"
        )  # sent back: an older message leads to where it is

    def agree(words: str) -> HttpResponse:
        actions.sign(by=who, committee_id=committee.pk)
        return done(request, f"/calls/panels/{pk}/meeting/", "已审签，初步入围名单生效。")

    def send_back(words: str) -> HttpResponse:
        actions.return_result(by=who, committee_id=committee.pk, reason=words)
        return done(request, f"/calls/panels/{pk}/meeting/", "已退回经办人。")

    opinion = Opinion(
        request, yes="同意，生效", agree=agree, no="退回", send_back=send_back,
        may=rules.may_sign(who, row, experts=queries.experts_of(committee)),
        hand_on=reverse("unions:hand_on", args=["meeting", committee.pk]), ready=not queries.has_changed(row),
    )  # fmt: skip
    if opinion.response is not None:
        return opinion.response
    look, fresh = since_look(who, row)
    if opinion.may and request.method == "GET":
        note_look(by=who, record=row)
    names = queries.names_of(row.outcome)
    lines = [entry | {"name": names.get(entry["application"], "")} for entry in row.outcome]
    context = {
        "committee": committee,
        "meeting": row,
        "inside": [x for x in lines if x["in"]],
        "outside": [x for x in lines if not x["in"]],
        "look": look if opinion.may else None,
        "fresh": casefile.entries(fresh[:12]),
    }
    return page(request, "calls/scoring/sign.html", context | opinion.context, status=opinion.status)


@members_only(*STAFF)
@require_safe
def minutes(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Minutes and summary table as the signed PDF."""
    _who, committee = committee_of(request, pk)
    row = queries.meeting_of(committee)
    if row is None or row.paper is None:
        raise Http404
    return papers.response(row.paper)


@members_only(*STAFF)
@require_safe
def sheets(request: HttpRequest, pk: int) -> HttpResponse:
    """Every handed-in sheet, once scoring is closed."""
    who, committee = committee_of(request, pk)
    if committee.closed_at is None:
        raise Http404
    shown = Paginator(queries.records_for_staff(who, committee), PAGE).get_page(request.GET.get("page"))
    return page(request, "calls/scoring/sheets.html", {"committee": committee, "page_obj": shown})


@members_only(*STAFF)
@require_safe
def sheet_paper(request: HttpRequest, pk: int, record_id: int) -> HttpResponseBase:
    """One signed sheet as PDF, once scoring is closed."""
    who, committee = committee_of(request, pk)
    record = get_object_or_404(queries.records_for_staff(who, committee), pk=record_id)
    seat = record.sheet.seat
    text = f"查阅专家 {seat.expert.number} 号的评分表"
    actions.note_reading(by=who, seat=seat, text=text, application_id=record.sheet.application_id)
    return papers.response(record.paper or actions.issue_sheet_paper(record_id=record.pk))


@members_only("expert")
@require_http_methods(["GET", "POST"])
def expert_meeting(request: HttpRequest, committee_id: int) -> HttpResponse:
    """The meeting on an expert's tablet: sign in, ranking, vote. Recused applications are not there."""
    who, seat = own_seat(request, committee_id)
    committee = seat.committee
    row = queries.meeting_of(committee) if committee.closed_at else None
    if row is None or seat.declared_at is None:
        raise Http404
    shown, rows = _page_of(request, who, committee, seat)
    present = seat.pk in queries.attendances(row)
    may_vote = rules.may_vote(who, row, seat, present=present)
    form = VoteForm(rows, request.POST if request.POST.get("action") == "vote" else None)
    back = f"/review/{committee_id}/meeting/?page={shown.number}"
    if request.method == "POST":
        if request.POST.get("action") == "attend":
            actions.attend(by=who, committee_id=committee_id, seat_id=seat.pk)
            return done(request, back, "已签到。")
        if form.is_valid():
            try:
                n = actions.vote(by=who, committee_id=committee_id, choices=form.choices())
                return done(request, back, f"已对 {n} 家单位表决。")
            except Refused as refused:
                refused_into(form, refused)
    bound = form.bound()
    context = {
        "committee": committee,
        "meeting": row,
        "seat": seat,
        "form": form,
        "page_obj": shown,
        "rows": [(r, bound.get(r.application.pk)) for r in rows],
        "present": present,
        "may_vote": bool(may_vote) and bool(bound),
    }
    return page(request, "calls/scoring/expert_meeting.html", context)
