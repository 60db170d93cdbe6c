"""Composing a call: a draft from a document, its parts, the preview, on to the approver."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from shuniu.calls import defaults
from shuniu.calls.actions import call as actions
from shuniu.calls.actions import figures
from shuniu.calls.forms import call as forms
from shuniu.calls.forms.figures import FiguresForm
from shuniu.calls.models import Call, RubricItem
from shuniu.calls.queries import call as queries
from shuniu.calls.queries import casefile, windows
from shuniu.calls.rules import call as rules
from shuniu.calls.views.call import STAFF, mine
from shuniu.foundation.access import Refused, Who, members_only, who_asks
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui.respond import done, page, refused_into
from shuniu.library.queries import laws_for
from shuniu.unions.queries import union_of


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def compose(request: HttpRequest) -> HttpResponse:
    """Choose the document and the year; the rest is copied from the document."""
    who = who_asks(request)
    union = union_of(who.union_id or 0)
    verdicts = [
        (law, rules.may_compose(who, union, law)) for law in laws_for(union.pk) if law.issuer.may_open
    ]
    form = forms.ComposeForm(
        [law for law, may in verdicts if may], request.POST or None, initial={"year": clock.today().year}
    )
    if request.method == "POST" and form.is_valid():
        try:
            call = actions.compose(
                by=who,
                union=union,
                document_key=form.cleaned_data["document"],
                year=form.cleaned_data["year"],
            )
        except Refused as refused:
            refused_into(form, refused, "document")
        else:
            return done(request, f"/calls/{call.pk}/", "已按制度生成草稿，请逐项核对。")
    context = {
        "form": form,
        "open": any(may for _, may in verdicts),
        "closed": [may.said for _, may in verdicts if not may],
    }
    return page(request, "calls/call/compose.html", context)


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
    sheet = defaults.review_sheet(queries.law_of(call))
    kind = forms.LawRubricFormSet if sheet.clause else forms.RubricFormSet
    form: Any = kind(data, initial=rows, prefix="r")
    form.most = call.points_total
    form.beside = frozenset(item.key for item in items if item.kind != RubricItem.Kind.POINTS)
    form.sheet = sheet
    for row, item in zip(form.forms, items, strict=False):  # rows that are added have none
        row.kind = "" if item.kind == RubricItem.Kind.POINTS else item.get_kind_display()
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
        "推荐名额的计算依据",
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
@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop a draft, asked once more."""
    who, call = mine(request, pk)
    if request.method == "POST":
        actions.discard(by=who, call_id=call.pk)
        return done(request, "/calls/", f"已作废草稿“{call.title}”。")
    return page(request, "calls/call/discard.html", {"call": call, "verdict": rules.may_edit(who, call)})


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
