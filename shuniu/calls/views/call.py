"""Pages of a call for the union that runs it: list, case page, composing, approval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from shuniu.calls import defaults
from shuniu.calls.actions import call as actions
from shuniu.calls.actions import figures, procedure
from shuniu.calls.forms import call as forms
from shuniu.calls.forms.figures import FiguresForm
from shuniu.calls.models import Call, RubricItem
from shuniu.calls.queries import call as queries
from shuniu.calls.queries import casefile, windows
from shuniu.calls.queries.recommend import calls_recommended_in
from shuniu.calls.rules import call as rules
from shuniu.calls.rules import procedure as procedure_rules
from shuniu.foundation.access import Refused, Who, members_only, who_asks
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.actions import note_look
from shuniu.foundation.journal.queries import since_look, timeline
from shuniu.foundation.ui import slots
from shuniu.foundation.ui.opinion import Opinion
from shuniu.foundation.ui.respond import done, page, refused_into
from shuniu.unions.queries import union_of

STAFF = ("clerk", "checker", "leader", "auditor", "audit_admin")
READERS = (*STAFF, "finance", "sys_admin", "sec_admin")


def mine(request: HttpRequest, pk: int) -> tuple[Who, Call]:
    """The asker and the call of their own union; 404 for everybody else."""
    who = who_asks(request)
    calls = queries.own_calls(who).select_related("union", "document", "paper")
    return who, get_object_or_404(calls, pk=pk)


@members_only(*READERS)
def call_list(request: HttpRequest) -> HttpResponse:
    """Every call that the asker's union may see, the running ones first."""
    who = who_asks(request)
    rows = list(
        queries.calls_visible_to(who)
        .select_related("union", "document")
        .prefetch_related("stages")
        .order_by("-year", "-id")[:200]
    )
    groups = [
        ("进行中", [c for c in rows if c.state == Call.State.PUBLISHED]),
        ("起草和审签", [c for c in rows if c.state in (Call.State.DRAFT, Call.State.PENDING)]),
        ("已结束", [c for c in rows if c.state in (Call.State.FINISHED, Call.State.CANCELLED)]),
    ]
    context = {
        "groups": [g for g in groups if g[1]], "may_compose": who.role == "clerk",
        "recommending": calls_recommended_in(who),
    }  # fmt: skip
    return page(request, "calls/call/list.html", context)


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def compose(request: HttpRequest) -> HttpResponse:
    """Choose the document and the year; the rest is copied from the document."""
    who = who_asks(request)
    form = forms.ComposeForm(
        request.POST or None, union_id=who.union_id or 0, initial={"year": clock.today().year}
    )
    if request.method == "POST" and form.is_valid():
        try:
            call = actions.compose(
                by=who,
                union=union_of(who.union_id or 0),
                document_key=form.cleaned_data["document"],
                year=form.cleaned_data["year"],
            )
        except Refused as refused:
            refused_into(form, refused, "document")
        else:
            return done(request, f"/calls/{call.pk}/", "已按制度生成草稿，请逐项核对。")
    return page(request, "calls/call/compose.html", {"form": form})


@members_only(*STAFF)
def call_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The case page: stage bar, what is left, panels of every part, 时间线."""
    who, call = mine(request, pk)
    gaps = queries.gaps(call) if call.state == Call.State.DRAFT else []
    context = {
        "call": call,
        "law": queries.law_of(call),
        "stages": casefile.stage_bar(call),
        "tasks": casefile.tasks(call, gaps) if call.state == Call.State.DRAFT else [],
        "gaps": gaps,
        "panels": slots.panels_for(who, call),
        "timeline": casefile.entries(timeline(call, limit=60)),
        "may_edit": bool(rules.may_edit(who, call)),
        "may_approve": bool(rules.may_approve(who, call)),
        "is_clerk": bool(rules.is_clerk(who, call.union)),
        "is_approver": who.role in rules.APPROVERS,
        "back": procedure_rules.may_go_back(call) if call.state == Call.State.PUBLISHED else None,
        "following": procedure_rules.following(call) if call.state == Call.State.PUBLISHED else None,
        "advance": procedure_rules.may_advance(call) if call.state == Call.State.PUBLISHED else None,
        "terms": casefile.settled_terms(call),
        "outside": windows.differences(call) if call.state in (Call.State.DRAFT, Call.State.PENDING) else [],
    }
    return page(request, "calls/call/page.html", context)


@dataclass(frozen=True)
class Section:
    """A part of the draft: how its form is built, how it is saved, which template draws it."""

    title: str
    template: str
    build: Callable[[Call, Any], Any]
    save: Callable[[Who, Call, Any, int], Call]


def _basics(call: Call, data: Any) -> forms.BasicsForm:
    initial = {name: getattr(call, name) for name in actions.BASICS} | {"version": call.version}
    return forms.BasicsForm(data, initial=initial)


def _materials(call: Call, data: Any) -> Any:
    rows: Any = call.materials.values("key", "label", "hint", "clause", "required")
    return forms.MaterialFormSet(data, initial=list(rows), prefix="m")


def _rubric(call: Call, data: Any) -> Any:
    items = list(call.rubric.filter(use=RubricItem.Use.REVIEW))
    rows = [{name: getattr(item, name) for name in ("key", "label", "guide", "weight")} for item in items]
    form: Any = forms.RubricFormSet(data, initial=rows, prefix="r")
    form.most = call.points_total
    form.beside = frozenset(item.key for item in items if item.kind != RubricItem.Kind.POINTS)
    form.kinds = {item.key: item for item in items}
    form.sheet = defaults.review_sheet(queries.law_of(call))
    return form


SECTIONS: dict[str, Section] = {
    "basics": Section(
        "标题、正文和联系方式",
        "calls/call/section.html",
        _basics,
        lambda by, call, form, v: actions.change_basics(
            by=by, call_id=call.pk, version=v, values={k: form.cleaned_data[k] for k in actions.BASICS}
        ),
    ),
    "timetable": Section(
        "时间表",
        "calls/call/timetable.html",
        lambda call, data: forms.TimetableForm(call, data, stated=windows.stated(call)),
        lambda by, call, form, v: actions.change_timetable(
            by=by, call_id=call.pk, version=v, days=form.days()
        ),
    ),
    "categories": Section(
        "类别和名额",
        "calls/call/categories.html",
        lambda call, data: forms.CategoriesForm(call, queries.law_of(call), data),
        lambda by, call, form, v: actions.change_categories(
            by=by, call_id=call.pk, version=v, keep=form.cleaned_data["keep"], places=form.places()
        ),
    ),
    "materials": Section(
        "材料清单",
        "calls/call/materials.html",
        _materials,
        lambda by, call, form, v: actions.change_materials(
            by=by, call_id=call.pk, version=v, rows=form.rows()
        ),
    ),
    "terms": Section(
        "办法未规定的事项",
        "calls/call/terms.html",
        lambda call, data: forms.TermsForm(call, queries.law_of(call), data),
        lambda by, call, form, v: actions.change_terms(
            by=by, call_id=call.pk, version=v, values=form.values()
        ),
    ),
    "figures": Section(
        "推荐工会的数",
        "calls/call/figures.html",
        FiguresForm,
        lambda by, call, form, v: figures.change(by=by, call_id=call.pk, version=v, facts=form.facts()),
    ),
    "rubric": Section(
        "评分表",
        "calls/call/rubric.html",
        _rubric,
        lambda by, call, form, v: actions.change_rubric(by=by, call_id=call.pk, version=v, rows=form.rows()),
    ),
}


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def edit_section(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """One part of the draft. Of two people who save, the second gets both versions (409), nothing is lost."""
    if section not in SECTIONS:
        raise Http404
    who, call = mine(request, pk)
    part = SECTIONS[section]
    form = part.build(call, request.POST or None)
    status, theirs, refusal, version = None, None, "", call.version
    if request.method == "POST" and form.is_valid():
        raw = request.POST.get("version", "")
        try:
            part.save(who, call, form, int(raw) if raw.isdigit() else 0)
        except Refused as refused:
            refusal, status = refused.verdict.said, 409
            if refused.verdict.code == "calls.version":
                call = Call.objects.get(pk=pk)
                version, theirs = call.version, part.build(call, None)
        else:
            return done(request, f"/calls/{pk}/", f"已保存：{part.title}")
    context = {
        "call": call,
        "form": form,
        "section": part,
        "version": version,
        "theirs": theirs,
        "refusal": refusal,
        "law": queries.law_of(call),
        "verdict": rules.may_edit(who, call),
    }
    return page(request, part.template, context, status=status)


@members_only("clerk")
@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the draft to the approver."""
    who, call = mine(request, pk)
    actions.submit(by=who, call_id=call.pk)
    return done(request, f"/calls/{pk}/", "已提交审签，复核人和领导会收到提醒。")


@members_only(*STAFF)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The notice as the public will see it."""
    _, call = mine(request, pk)
    context = {"call": call, "notice": casefile.notice(call), "preview": True}
    return page(request, "calls/call/preview.html", context)


@members_only("checker", "leader")
@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """第二人审签: one page with what will be published; agree (U22: proving who sits there), or send back with a reason."""
    who, call = mine(request, pk)

    def agree(words: str) -> HttpResponse:
        actions.publish(by=who, call_id=call.pk)
        return done(request, f"/calls/{pk}/", "已审签并发布，门户网站可以看到。")

    def send_back(words: str) -> HttpResponse:
        actions.return_to_draft(by=who, call_id=call.pk, reason=words)
        return done(request, f"/calls/{pk}/", "已退回经办人修改。")

    verdict = rules.may_approve(who, call)
    opinion = Opinion(
        request, yes="同意并发布", agree=agree, no="退回", send_back=send_back, may=verdict,
        hand_on=reverse("unions:hand_on", args=["call", pk]), proof=True,
    )  # fmt: skip
    if opinion.response is not None:
        return opinion.response
    look, fresh = since_look(who, call)
    if verdict and request.method == "GET":
        note_look(by=who, record=call)
    context = {
        "call": call,
        "look": look,
        "fresh": casefile.entries(fresh[:12]),
        "notice": casefile.notice(call),
        "verdict": verdict,
        "outside": windows.differences(call),
        "timeline": casefile.entries(timeline(call, limit=20)),
    }
    return page(request, "calls/call/approve.html", context | opinion.context, status=opinion.status)


@members_only("clerk")
@require_POST
def advance(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the next stage."""
    who, call = mine(request, pk)
    call = procedure.advance(by=who, call_id=call.pk)
    return done(request, f"/calls/{pk}/", "已进入下一环节。")


@members_only("checker", "leader")
@require_http_methods(["GET", "POST"])
def go_back(request: HttpRequest, pk: int) -> HttpResponse:
    """A stage opened by mistake."""
    return _with_reason(
        request, pk, "退回上一环节", lambda who, reason: procedure.go_back(by=who, call_id=pk, reason=reason)
    )


@members_only("checker", "leader")
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel the whole call."""
    return _with_reason(
        request, pk, "取消本次通知", lambda who, reason: actions.cancel(by=who, call_id=pk, reason=reason)
    )


def _with_reason(
    request: HttpRequest, pk: int, title: str, act: Callable[[Who, str], object]
) -> HttpResponse:
    who, call = mine(request, pk)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act(who, form.cleaned_data["reason"])
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, f"/calls/{pk}/", f"已办理：{title}")
    return page(request, "calls/call/reason.html", {"call": call, "form": form, "title": title})
