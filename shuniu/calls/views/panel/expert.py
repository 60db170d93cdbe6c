"""The expert's own pages before any material: home, undertaking, declaration."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from shuniu.calls.actions import panel as actions
from shuniu.calls.forms.panel import DeclarationForm, UndertakingForm
from shuniu.calls.models import Seat
from shuniu.calls.queries import panel as queries
from shuniu.calls.queries import scoring as scoring_queries
from shuniu.calls.rules import panel as rules
from shuniu.calls.views.panel.parts import with_reason
from shuniu.foundation.access import Refused, Who, members_only, who_asks
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui.respond import done, page, refused_into


def own_seat(request: HttpRequest, committee_id: int) -> tuple[Who, Seat]:
    """The asker's own live seat; 404 for everybody else."""
    who = who_asks(request)
    try:
        return who, queries.seat_of(who, committee_id)
    except Seat.DoesNotExist as nobody:
        raise Http404 from nobody


def declare_first(request: HttpRequest, seat: Seat, who: Who) -> HttpResponse | None:
    """The 403 page that leads to undertaking or declaration; None when material may be served (U32)."""
    verdict = rules.may_read_material(who, seat, signed=queries.signed_this_year(who))
    if verdict:
        return None
    step = "/review/undertaking/" if verdict.code == "calls.undertaking_first" else ""
    if verdict.code == "calls.declare_first":
        step = f"/review/{seat.committee_id}/declare/"
    context = {"verdict": verdict, "step": step, "committee": seat.committee}
    return page(request, "calls/panel/declare_first.html", context, status=403)


@members_only("expert")
def home(request: HttpRequest) -> HttpResponse:
    """My reviews: what to sign, what to declare, what to score."""
    who = who_asks(request)
    seats = list(queries.seats_of(who).order_by("-committee_id"))
    counts = scoring_queries.pile_counts(who)
    meetings = {s.committee_id for s in scoring_queries.meetings_to_attend(who)}
    rows = [
        {
            "seat": s,
            "meets": s.committee_id in meetings,
            "total": counts.get(s.committee_id, (0, 0))[0],
            "left": counts.get(s.committee_id, (0, 0))[1],
        }
        for s in seats
    ]
    expert, waits = queries.expert_of(who), any(rules.scores_now(s) for s in seats)
    context = {
        "rows": rows,
        "expert": expert,
        "to_sign": expert and waits and not queries.signed_this_year(who),
    }
    return page(request, "calls/panel/home.html", context)


@members_only("expert")
@require_http_methods(["GET", "POST"])
def undertaking(request: HttpRequest) -> HttpResponse:
    """This year's words, signed by typing one's name."""
    who = who_asks(request)
    form = UndertakingForm(request.POST or None, person_name=who.name)
    if request.method == "POST" and form.is_valid():
        try:
            actions.sign_undertaking(by=who)
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, "/review/", "承诺已签署。")
    context = {
        "form": form,
        "text": rules.UNDERTAKING,
        "digest": rules.UNDERTAKING_DIGEST,
        "year": clock.today().year,
        "signed": queries.signed_this_year(who),
        "expert": queries.expert_of(who),
    }
    return page(request, "calls/panel/undertaking.html", context)


@members_only("expert")
@require_http_methods(["GET", "POST"])
def declare(request: HttpRequest, committee_id: int) -> HttpResponse:
    """The 回避声明: names of the applicants only."""
    who, seat = own_seat(request, committee_id)
    may = rules.may_declare(who, seat, signed=queries.signed_this_year(who))
    if not may:
        step = "/review/undertaking/" if may.code == "calls.undertaking_first" else f"/review/{committee_id}/"
        context = {"verdict": may, "step": step, "committee": seat.committee}
        return page(request, "calls/panel/declare_first.html", context, status=403)
    names = (
        queries.under_review(seat.committee)
        .select_related("organisation")
        .order_by("organisation__pinyin", "pk")
    )
    form = DeclarationForm(names, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.declare(by=who, committee_id=committee_id, conflicts=form.conflicts())
        except Refused as refused:
            refused_into(form, refused)
        else:
            if queries.seats_of(who).filter(committee_id=committee_id).exists():
                later = seat.committee.reviews_each is not None
                said = "分派审签以后通知您评分。" if later else "可以开始评分。"
                return done(request, f"/review/{committee_id}/", f"回避声明已提交，{said}")
            return done(request, "/review/", "您与本类别全部申报单位存在回避情形，不参加本次评审。")
    return page(request, "calls/panel/declare.html", {"form": form, "committee": seat.committee})


@members_only("expert")
@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, committee_id: int) -> HttpResponse:
    """Say that one cannot take part."""
    who, seat = own_seat(request, committee_id)
    return with_reason(
        request,
        title="不能参加评审",
        explain="提交后由抽取顺序中的下一位专家递补，不能撤回。",
        label="不能参加的原因",
        button="提交",
        act=lambda reason: actions.decline(by=who, committee_id=seat.committee_id, reason=reason),
        back="/review/",
        said="已记录，谢谢您告知。",
        template="calls/panel/expert_reason.html",
    )
