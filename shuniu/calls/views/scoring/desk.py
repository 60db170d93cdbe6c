"""The expert's desk: the pile, one application beside its score sheet, autosave, handing in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuniu.calls import counting, judging, reading, self_assessment, totals
from shuniu.calls.actions import panel as panel_actions
from shuniu.calls.actions import scoring as actions
from shuniu.calls.forms.scoring import SheetForm
from shuniu.calls.models import Evidence, Material, ScoreSheet, SheetRecord
from shuniu.calls.queries import scoring as queries
from shuniu.calls.queries.call import law_of
from shuniu.calls.views.panel.expert import declare_first, own_seat
from shuniu.calls.views.panel.parts import with_reason
from shuniu.foundation.access import Refused, Who, members_only, who_asks
from shuniu.foundation.files import serving
from shuniu.foundation.files.models import Attachment
from shuniu.foundation.papers import queries as papers
from shuniu.foundation.ui.respond import done, page, refused_into


def _own_sheet(who: Who, committee_id: int, application_id: int) -> ScoreSheet:
    """The asker's sheet in their pile; 404 for recused ones, strangers' and what left the review."""
    sheet = (
        queries.sheets_of(who, committee_id)
        .select_related("application__organisation", "application__category", "seat__expert")
        .filter(application_id=application_id)
        .first()
    )
    if sheet is None:
        raise Http404
    return sheet


@members_only("expert")
@require_safe
def pile(request: HttpRequest, committee_id: int) -> HttpResponse:
    """My pile, a page at a time: every application with what I have done about it."""
    who, seat = own_seat(request, committee_id)
    if first := declare_first(request, seat, who):
        return first
    context = {
        "committee": seat.committee,
        "pile": queries.pile_page(who, committee_id, request.GET.get("page", "")),
        "meeting": queries.meeting_of(seat.committee) if seat.committee.closed_at else None,
    }
    return page(request, "calls/scoring/pile.html", context)


@members_only("expert")
@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest, committee_id: int, application_id: int) -> HttpResponse:
    """Material left, scores right. Without JavaScript the same form saves, goes on, or hands in."""
    who, seat = own_seat(request, committee_id)
    if first := declare_first(request, seat, who):
        return first
    sheet = _own_sheet(who, committee_id, application_id)
    sheet.seat = seat
    items = queries.rubric_of(seat.committee.call_id)
    act = request.POST.get("action", "next")
    status = None
    if request.method == "POST":
        form = SheetForm(items, request.POST, complete=act == "submit")
        if form.is_valid():
            try:
                return _kept(request, who, sheet, form, act)
            except Refused as refused:
                refused_into(form, refused)
                status = (
                    409 if refused.verdict.code in {"calls.scoring_closed", "calls.sheet_locked"} else 422
                )
    else:
        points = queries.points_of(sheet)
        initial = {f"p{pk}": _plain(points.get(pk)) for pk in items} | {"comment": sheet.comment}
        form = SheetForm(items, initial=initial)
    return page(request, "calls/scoring/desk.html", _desk(request, who, sheet, form), status=status)


def _plain(points: Any) -> str:
    """8.0 as 8, 8.5 as it is."""
    return "" if points is None else f"{points:f}".rstrip("0").rstrip(".") if points % 1 else f"{points:.0f}"


def _kept(request: HttpRequest, who: Who, sheet: ScoreSheet, form: SheetForm, act: str) -> HttpResponse:
    """Save or hand in, then the next open sheet, else the pile."""
    key, base = sheet.application_id, f"/review/{sheet.seat.committee_id}/"
    if act == "submit":
        actions.submit_sheet(by=who, application_id=key, points=form.points(), comment=form.comment())
        said = f"“{sheet.application.organisation.name}”的评分表已提交。"
    else:
        actions.save_points(by=who, application_id=key, points=form.points(), comment=form.comment())
        said = f"“{sheet.application.organisation.name}”已保存，还没有提交。"
    following = queries.next_open(who, sheet.seat.committee_id, key)
    return done(request, f"{base}{following}/" if following else base, said)


def _desk(request: HttpRequest, who: Who, sheet: ScoreSheet, form: SheetForm) -> dict[str, Any]:
    served = queries.materials_served(sheet.seat)
    handed = queries.handed_in(sheet.application) if served else queries.Handed({}, None, [])
    law = law_of(sheet.seat.committee.call)
    labels = {f.name: f.label for f in judging.own_facts(law)}
    asked = self_assessment.sheet_of(law)
    tabs = reading.tabs_of(
        handed.snapshot, sheet.application.category.directions, labels, asked.items if asked else ()
    )
    tab = request.GET.get("tab", "form")
    tab = tab if tab in tabs else "form"
    counts = {"files": len(handed.materials) + len(handed.proofs)}
    under: dict[str, list[Evidence]] = {}
    for each in handed.proofs:
        under.setdefault(each.row, []).append(each)
    row_labels = {i.key: i.label for i in asked.items} if asked else {}
    raw = request.GET.get("file", "")
    every: list[Material | Evidence] = [*handed.materials, *handed.proofs]
    chosen = next((m for m in every if str(m.attachment_id) == raw), None)
    given = [form[f"p{pk}"].value() for pk in form.items]
    counted = counting.fixed([sheet.application_id]).get(sheet.application_id, {})
    call, points = sheet.seat.committee.call, queries.points_of(sheet)
    return {
        "form": form,
        "sheet": sheet,
        "committee": sheet.seat.committee,
        "application": sheet.application,
        "pile": queries.place_in_pile(who, sheet),
        "tabs": [
            {"label": label, "url": f"?tab={key}", "count": counts.get(key), "current": key == tab}
            for key, label in reading.TABS
        ],
        "tab": tab,
        "parts": tabs[tab],
        "handed": handed,
        "proofs": [(row_labels.get(row, row), files) for row, files in under.items()],
        "criteria": [
            (item, bound, under.get(item.key, ()), counted.get(item.pk)) for item, bound in form.criteria
        ],
        "served": served,
        "chosen": chosen,
        "chosen_shown": chosen is not None and serving.can_be_shown(chosen.attachment),
        "chosen_picture": chosen is not None and chosen.attachment.blob.content_type != "application/pdf",
        "total": totals.total_of(call, ((form.items[pk], p) for pk, p in points.items() if pk in form.items)),
        "left": sum(1 for value in given if value in (None, "")),
        "open": sheet.state == ScoreSheet.State.DRAFT and sheet.seat.committee.closed_at is None,
        "record": None if sheet.state == ScoreSheet.State.DRAFT else queries.last_record(sheet),
    }


@members_only("expert")
@require_POST
def save(request: HttpRequest, committee_id: int, application_id: int) -> HttpResponseBase:
    """Autosave of the fields that changed: 204; 422 with a sentence; 409 when it is closed or locked."""
    who = who_asks(request)
    changed = set(request.POST.getlist("_changed"))
    try:
        form = SheetForm(queries.rubric_for(who, application_id), request.POST, only=changed)
        if not form.is_valid():
            problem = next(iter(form.errors.values()))[0]
            return JsonResponse({"error": f"未保存：{problem}"}, status=422)
        actions.save_points(
            by=who, application_id=application_id, points=form.points(), comment=form.comment()
        )
    except ScoreSheet.DoesNotExist as nobody:
        raise Http404 from nobody
    except Refused as refused:
        return JsonResponse({"error": f"未保存：{refused.verdict.said}"}, status=409)
    return HttpResponse(status=204)


@members_only("expert")
@require_http_methods(["GET", "POST"])
def abstain(request: HttpRequest, committee_id: int, application_id: int) -> HttpResponse:
    """弃权 with a reason."""
    who, seat = own_seat(request, committee_id)
    if first := declare_first(request, seat, who):
        return first
    sheet = _own_sheet(who, committee_id, application_id)
    following = queries.next_open(who, committee_id, application_id)
    base = f"/review/{committee_id}/"
    return with_reason(
        request,
        title=f"弃权：{sheet.application.organisation.name}",
        explain="弃权后这份评分表不计入平均，也不按零分计算。提交后不能自行更改。",
        label="弃权的理由",
        button="弃权",
        act=lambda reason: actions.abstain(by=who, application_id=application_id, reason=reason),
        back=f"{base}{following}/" if following else base,
        said="已弃权。",
        template="calls/panel/expert_reason.html",
    )


@members_only("expert")
@require_http_methods(["GET", "POST"])
def recuse(request: HttpRequest, committee_id: int, application_id: int) -> HttpResponse:
    """A conflict that was noticed later."""
    who, seat = own_seat(request, committee_id)
    if first := declare_first(request, seat, who):
        return first
    sheet = _own_sheet(who, committee_id, application_id)
    return with_reason(
        request,
        title=f"申请回避：{sheet.application.organisation.name}",
        explain="提交后立即生效，不能撤回：您不再看到这家单位的任何材料，已打的分不计入。",
        label="与该单位的关系",
        button="回避",
        act=lambda reason: panel_actions.recuse(by=who, application_id=application_id, detail=reason),
        back=f"/review/{committee_id}/",
        said="已回避，并告知经办人。",
        template="calls/panel/expert_reason.html",
    )


@members_only("expert")
@require_safe
def material(
    request: HttpRequest, committee_id: int, application_id: int, attachment_id: UUID
) -> HttpResponseBase:
    """One file, through the same door as the desk."""
    who, seat = own_seat(request, committee_id)
    if first := declare_first(request, seat, who):
        return first
    if not queries.materials_served(seat):
        raise Http404
    try:
        found = queries.file_for(who, committee_id, application_id, attachment_id)
    except Attachment.DoesNotExist as nobody:
        raise Http404 from nobody
    actions.note_reading(by=who, seat=seat, text=f"查阅申报材料“{found.name}”", application_id=application_id)
    return serving.response(found, inline="inline" in request.GET)


@members_only("expert")
@require_http_methods(["GET", "POST"])
def hand_in(request: HttpRequest, committee_id: int) -> HttpResponse:
    """Check answers: every whole sheet with its total, handed in together."""
    who, seat = own_seat(request, committee_id)
    if first := declare_first(request, seat, who):
        return first
    if request.method == "POST":
        n = actions.submit_all(by=who, committee_id=committee_id)
        return done(request, f"/review/{committee_id}/", f"已提交 {n} 份评分表。")
    shown, whole = queries.ready_to_hand_in(who, seat, request.GET.get("page", ""))
    context = {"committee": seat.committee, "page": shown, "whole": whole}
    return page(request, "calls/scoring/hand_in.html", context)


@members_only("expert")
@require_safe
def paper(request: HttpRequest, committee_id: int, application_id: int) -> HttpResponseBase:
    """My own signed sheet as PDF; made now when the worker has not come to it."""
    who, _seat = own_seat(request, committee_id)
    try:
        record = queries.record_for(who, application_id)
    except SheetRecord.DoesNotExist as nobody:
        raise Http404 from nobody
    return papers.response(record.paper or actions.issue_sheet_paper(record_id=record.pk))
