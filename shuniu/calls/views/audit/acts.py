"""What is done at the desk: answers, ticks, readings, corrections, conclusions, assignment."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from shuniu.calls import auditing
from shuniu.calls.actions import audit as actions
from shuniu.calls.forms import audit as forms
from shuniu.calls.queries import audit as queries
from shuniu.calls.queries.call import law_of
from shuniu.calls.queries.outcome import work
from shuniu.calls.queries.reading import DESK
from shuniu.calls.rules import audit as rules
from shuniu.calls.views.audit.desk import (
    back_to,
    conclude_form,
    correction_due,
    desk_page,
    kept,
    mine,
    refused_page,
)
from shuniu.foundation.access import Refused, Who, members_only, who_asks
from shuniu.foundation.papers import queries as papers
from shuniu.foundation.ui.respond import done, page, refused_into


def _back(request: HttpRequest, pk: int, anchor: str = "") -> str:
    """The desk again, at the same file and the same list."""
    file = request.POST.get("file", "")
    query = (f"file={file}" if file else "") + kept(request)
    return f"/calls/applications/{pk}/audit/" + (f"?{query.lstrip('&')}" if query else "") + anchor


def _conflict(
    request: HttpRequest, application: Any, title: str, mine_: dict[str, str], theirs: dict[str, str],
    refused: Refused, hidden: dict[str, Any], action: str,
) -> HttpResponse:  # fmt: skip
    """U20: both versions on one page; nothing is lost, the second person decides."""
    context = {
        "application": application, "title": title, "mine": mine_, "theirs": theirs, "verdict": refused.verdict,
        "hidden": hidden, "action": action, "back": _back(request, application.pk),
    }  # fmt: skip
    return page(request, "calls/audit/conflict.html", context, status=409)


@members_only("clerk")
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer to the open question; 需要补正 leads to the correction with the item ticked."""
    who, look = mine(request, pk)
    application = look.application
    fact = request.POST.get("a-fact", "")
    accepts = fact.startswith(auditing.ACCEPT)
    spec = law_of(application.call).facts.get(fact)
    form: Any
    if spec is not None and spec.type != "boolean":
        form = forms.ValueForm(spec, request.POST, prefix="a")
    else:
        form = (forms.AcceptForm if accepts else forms.AnswerForm)(request.POST, prefix="a")
    condition = request.POST.get("condition", "")
    fix = request.POST.get("do") == forms.AnswerForm.FIX
    if not fix and not form.is_valid():
        return desk_page(request, who, look, answer_form=form)
    if fix or form.cleaned_data["value"] == forms.AnswerForm.FIX:
        return done(request, f"/calls/applications/{pk}/audit/?fix={condition}{kept(request)}#fix")
    act: Any = actions.accept_reason if accepts else actions.answer
    name = {"condition": fact.removeprefix(auditing.ACCEPT)} if accepts else {"fact": fact}
    cleaned = form.cleaned_data
    try:
        act(by=who, application_id=pk, value=form.given(), note=cleaned["note"], seen=cleaned["seen"], **name)
    except Refused as refused:
        if refused.verdict.code == "calls.answered_meanwhile":
            return _answered(request, application, form, fact, refused)
        refused_into(form, refused)
        return desk_page(request, who, look, answer_form=form)
    return done(request, _back(request, pk, f"#f-{condition}"), "判断已保存。")


def _answered(request: HttpRequest, application: Any, form: Any, fact: str, refused: Refused) -> HttpResponse:
    last = queries.answers_of(application).get(fact)
    typed = isinstance(form, forms.ValueForm)
    words = {"yes": "符合", "no": "不符合"}
    ours = str(form.given()) if typed else words[form.cleaned_data["value"]]
    theirs = last.shown if last and typed else "符合" if last and last.answer else "不符合"
    return _conflict(
        request,
        application,
        "这一条刚被同事判断过",
        {"判断": ours, "理由": form.cleaned_data["note"]},
        {"判断": theirs, "理由": last.note if last else "",
         "判断人": str(last.by) if last else ""},
        refused,
        {"a-fact": fact, "a-value": form.data.get("a-value", ""), "a-note": form.cleaned_data["note"],
         "a-seen": last.pk if last else 0},
        f"/calls/applications/{application.pk}/audit/answer/",
    )  # fmt: skip


@members_only("clerk")
@require_POST
def tick(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick and note of one condition: 204 for an autosave, 303 for a plain form; a colleague's save is shown."""
    who = who_asks(request)
    application = get_object_or_404(queries.desk_applications(who), pk=pk)
    form = forms.TickForm(request.POST)
    automatic = request.headers.get("X-Requested-With") == "autosave"
    if not form.is_valid():
        reason = "；".join(str(e) for errors in form.errors.values() for e in errors)
        if automatic:
            return JsonResponse({"error": reason}, status=422)
        return desk_page(request, *mine(request, pk), status=422, problem=reason)
    changed = request.POST.getlist("_changed") if automatic else ["ticked", "note"]
    cleaned = form.cleaned_data
    try:
        row = actions.save_tick(
            by=who,
            application_id=pk,
            condition=cleaned["condition"],
            ticked=cleaned["ticked"] if "ticked" in changed else None,
            note=cleaned["note"] if "note" in changed else None,
            version=cleaned["version"],
        )
    except Refused as refused:
        if automatic:
            return JsonResponse({"error": refused.verdict.said}, status=409)
        if refused.verdict.code == "calls.tick_version":
            return _ticked(request, application, form, refused)
        return refused_page(request, *mine(request, pk), refused)
    if automatic:
        return HttpResponse(status=204, headers={"X-Form-Version": str(row.version)})
    return done(request, _back(request, pk, f"#f-{row.condition}"), "核对情况已保存。")


def _ticked(request: HttpRequest, application: Any, form: Any, refused: Refused) -> HttpResponse:
    cleaned = form.cleaned_data
    row = application.ticks.select_related("by").get(condition=cleaned["condition"])
    return _conflict(
        request,
        application,
        "这一条刚被同事保存过",
        {"核对": "已核对" if cleaned["ticked"] else "未核对", "备注": cleaned["note"]},
        {"核对": "已核对" if row.ticked else "未核对", "备注": row.note, "保存人": str(row.by)},
        refused,
        {"condition": row.condition, "version": row.version, "note": cleaned["note"]}
        | ({"ticked": "1"} if cleaned["ticked"] else {}),
        f"/calls/applications/{application.pk}/audit/tick/",
    )


@members_only(*rules.DESK)
@require_POST
def reading(request: HttpRequest, pk: int) -> HttpResponse:
    """Which reading counts: for this application (clerk) or the whole call (checker, leader)."""
    who, look = mine(request, pk)
    application = look.application
    condition = request.POST.get("r-condition", "")
    found = next((f for f in look.findings if f.condition == condition), None)
    if found is None:
        raise Http404
    form = forms.ReadingForm(found.readings, request.POST, prefix="r")
    if form.is_valid():
        whole = who.role != "clerk"
        try:
            actions.choose_reading(
                by=who,
                call_id=application.call_id,
                application_id=None if whole else pk,
                condition=condition,
                reading=form.cleaned_data["reading"],
                reason=form.cleaned_data["reason"],
            )
        except Refused as refused:
            refused_into(form, refused)
        else:
            scope = f"本次{work(application.call)}全部申报" if whole else "本份申报"
            return done(request, _back(request, pk, f"#f-{condition}"), f"已确定理解，适用于{scope}。")
    return desk_page(request, who, look, answer_form=form)


@members_only("clerk")
@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """一次性补正: first the notice as it will go out, then (do=send) the notice itself."""
    who, look = mine(request, pk)
    application = look.application
    form = forms.CorrectionForm(rules.correctable(application), request.POST, prefix="k")
    if not form.is_valid():
        return desk_page(request, who, look, correction=form)
    if request.POST.get("do") == "send":
        try:
            actions.send_correction(
                by=who,
                application_id=pk,
                items=form.items(),
                message=form.cleaned_data["message"],
                run=form.cleaned_data["run"],
            )
        except Refused as refused:
            return refused_page(request, who, look, refused)
        return done(request, _back(request, pk), f"补正通知书已发出，共 {len(form.items())} 项。")
    verdict = rules.may_correct(who, application)
    if not verdict:
        return refused_page(request, who, look, Refused(verdict))
    days, due = correction_due(application)
    context = {
        "application": application, "call": application.call, "items": form.items(), "days": days, "due": due,
        "message": form.cleaned_data["message"], "back": _back(request, pk, "#fix"), "keep": kept(request),
        "hidden": [(k, v) for k, v in request.POST.items() if k.startswith("k-") or k == "from"],
    }  # fmt: skip
    return page(request, "calls/audit/notice.html", context)


@members_only("clerk")
@require_POST
def conclude(request: HttpRequest, pk: int) -> HttpResponse:
    """作出审核结论."""
    who, look = mine(request, pk)
    application = look.application
    form = conclude_form(look, request.POST)
    if not form.is_valid():
        return desk_page(request, who, look, conclude=form)
    cleaned = form.cleaned_data
    try:
        actions.conclude(
            by=who,
            application_id=pk,
            verdict=cleaned["verdict"],
            note=cleaned["note"],
            clause=cleaned["clause"],
            run=cleaned["run"],
        )
    except Refused as refused:
        if refused.verdict.code in {"calls.audit_stage", "calls.audit_moved"}:
            return refused_page(request, who, look, refused)
        refused_into(form, refused)
        return desk_page(request, who, look, conclude=form)
    following = queries.next_for(who, application.call)
    to = f"/calls/applications/{following.pk}/audit/" if following else back_to(who, application)
    return done(request, to, f"“{application.organisation}”的审核结论已提交复核。")


@members_only(*rules.DESK)
@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the application to a clerk."""
    who, look = mine(request, pk)
    application = look.application
    form = forms.assign_form(queries.clerks_of(application.desk_union_id))(request.POST)
    if not form.is_valid():
        return desk_page(request, who, look, status=422, problem="请从名单中选择经办人。")
    words = actions.assign_many(by=who, ids=[pk], clerk=int(form.cleaned_data["clerk"]))
    return done(request, _back(request, pk), words)


@members_only(*DESK)
@require_safe
def correction_pdf(request: HttpRequest, pk: int, round: int) -> HttpResponseBase:
    """补正通知书 as issued."""
    application = get_object_or_404(queries.desk_applications(who_asks(request)), pk=pk)
    correction = get_object_or_404(application.corrections.select_related("paper__pdf"), round=round)
    if correction.paper is None:
        raise Http404
    return papers.response(correction.paper)


@members_only(*DESK)
@require_safe
def sheet_pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    """资格审核表 as issued after the second person agreed."""
    application = get_object_or_404(queries.desk_applications(who_asks(request)), pk=pk)
    sheet = application.audit_sheets.select_related("paper__pdf").order_by("-id").first()
    if sheet is None:
        raise Http404
    return papers.response(sheet.paper)


__all__ = ["Who", "answer", "assign", "conclude", "correct", "correction_pdf", "reading", "sheet_pdf", "tick"]
