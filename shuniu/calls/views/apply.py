"""Pages of an applicant: start page, task list, parts of the form, check answers, receipt, withdrawal."""

from __future__ import annotations

import uuid
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuniu.calls import drafts
from shuniu.calls.actions import apply as actions
from shuniu.calls.forms import apply as forms
from shuniu.calls.models import Application, Call, Stage
from shuniu.calls.queries import about, applicant, correction, prefill, selfcheck
from shuniu.calls.queries import apply as queries
from shuniu.calls.queries.call import law_of, published_calls
from shuniu.calls.queries.recommend import recommenders_of
from shuniu.calls.rules import apply as rules
from shuniu.calls.rules.feedback import is_decided
from shuniu.calls.sections import SECTION_LABELS
from shuniu.calls.self_assessment import SECTION as SELF
from shuniu.calls.views.self_rows import rows_of
from shuniu.foundation.access import ORGANISATION_ROLES, Refused, Who, first_refusal, members_only, who_asks
from shuniu.foundation.calendar import clock
from shuniu.foundation.calendar.arrival import arrived_at
from shuniu.foundation.ui.respond import done, page, refused_into
from shuniu.registry.queries import organisations_visible_to

MEMBERS = tuple(ORGANISATION_ROLES)
_OVER = (Stage.WITHDRAWN, Stage.ENDED, Stage.REMOVED, Stage.NOT_SHORTLISTED, Stage.UNQUALIFIED)


def mine(request: HttpRequest, pk: int) -> tuple[Who, Application]:
    """The asker and their own organisation's application; 404 for everybody else."""
    who = who_asks(request)
    return who, get_object_or_404(queries.own_applications(who), pk=pk)


@members_only(*MEMBERS)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """我的申报: open calls, and every application of the organisation."""
    who = who_asks(request)
    applications = list(queries.own_applications(who).order_by("-id")[:100])
    calls = [applicant.opened(c) for c in queries.open_calls()]
    context = {
        "calls": calls,
        "opened": {"calls": calls},
        "rows": [
            {
                "application": a,
                "progress": queries.progress(a),
                "over": a.stage in _OVER and queries.is_told(a),
            }
            for a in applications
        ],
    }
    return page(request, "calls/apply/home.html", context)


@members_only(*MEMBERS)
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, call_id: int) -> HttpResponse:
    """Start page: who may apply, self-check, materials, minutes, countdown; then one category."""
    who = who_asks(request)
    call = get_object_or_404(published_calls().select_related("union", "document"), pk=call_id)
    organisation = get_object_or_404(organisations_visible_to(who), pk=who.organisation_id)
    own = list(
        queries.own_applications(who).filter(call=call).exclude(stage__in=(Stage.WITHDRAWN, Stage.ENDED))
    )
    taken = {a.category_id for a in own}
    free = [c for c in call.categories.all() if c.pk not in taken]
    needs_reason = call.soft_limit is not None and len(own) >= call.soft_limit
    recommenders = list(recommenders_of(call).order_by("level", "id"))
    form = forms.StartForm(free, needs_reason, recommenders, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.start(
                by=who,
                call_id=call.pk,
                category_id=int(form.cleaned_data["category"]),
                arrived_at=arrived_at(request),
                override_reason=form.cleaned_data.get("override_reason", ""),
                recommender_id=int(form.cleaned_data.get("recommender") or 0) or None,
            )
        except Refused as refused:
            refused_into(form, refused, "override_reason" if needs_reason else None)
        else:
            return done(request, f"/apply/{made.pk}/", f"已开始申报“{made.category.label}”。")
    context = {
        "call": call,
        "form": form,
        "own": [{"application": a, "progress": queries.progress(a)} for a in own],
        "free": free,
        "needs_reason": needs_reason,
        **selfcheck.self_check(call, organisation, len(own)),
        "materials": list(call.materials.all()),
        "left": applicant.countdown(call),
        "verdict": first_refusal(
            [
                rules.may_start(who, call, organisation, clock.now()),
                rules.within_places(law_of(call), len(own), clock.today()),
            ]
        ),
        "questions": [q for q in call.questions.all() if q.answered_at],
    }
    return page(request, "calls/apply/start.html", context)


@members_only(*MEMBERS)
@require_GET
def task_list(request: HttpRequest, pk: int) -> HttpResponse:
    """任务清单: any order, submit only when all is done; after submission where it is and who holds it."""
    who, application = mine(request, pk)
    context = applicant.case_context(application) | {
        "may_withdraw": bool(rules.may_withdraw(who, application)),
        "editable": application.stage in rules.EDITABLE,
        "decided": bool(is_decided(application)),
    }
    return page(request, "calls/apply/tasks.html", context)


@members_only(*MEMBERS)
@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """One part of the form. 保存并继续 leads back to the task list; 更改 from check answers returns there."""
    who, application = mine(request, pk)
    if section not in queries.sections_of(application) or section == "materials":
        raise Http404
    projects = queries.project_choices(application)
    form = forms.section_form(application, section, projects, request.POST or None)
    seen, tab = request.POST.get("seen", ""), request.POST.get("tab", "") or uuid.uuid4().hex
    status, theirs = None, None
    if request.method == "POST" and form.is_valid():
        values = forms.plain(form.cleaned_data)
        try:
            actions.save_section(
                by=who, application_id=application.pk, section=section, values=values,
                page=drafts.Page.of(request.POST),
            )  # fmt: skip
        except Refused as refused:
            if refused.verdict.code == "calls.draft_version":
                application = mine(request, pk)[1]
                status, theirs, seen = 409, applicant.answers_of(application, section), ""
                both = drafts.both(application.draft, section, request.POST, values)
                form = forms.section_form(application, section, projects, both)
            else:
                refused_into(form, refused)
        else:
            if "stay" in request.POST:
                return done(request, f"/apply/{pk}/{section}/", "已保存。")
            back = request.POST.get("next") == "check"
            return done(request, f"/apply/{pk}/check/" if back else f"/apply/{pk}/", "已保存。")
    return section_page(
        request, who, application, section, form, status=status, seen=seen, tab=tab, theirs=theirs
    )


def section_page(
    request: HttpRequest,
    who: Who,
    application: Application,
    section: str,
    form: Form,
    *,
    status: int | None = None,
    seen: str = "",
    tab: str = "",
    **more: Any,
) -> HttpResponse:
    """The page of a part with its form as it is, or as it was refused."""
    verdict = rules.may_edit(who, application, section)
    context = {
        "application": application,
        "form": form,
        "section": section,
        "said": [] if verdict else applicant.answers_of(application, section),
        "title": SECTION_LABELS[section],
        "why": about.why(application, section),
        "registry": applicant.registry_rows(application) if section == "registry" else [],
        "origin": prefill.origin(application, section),
        "asked": correction.reasons(application).get(section, ""),
        "seen": seen or drafts.seal({n: application.draft.get(section, {}).get(n) for n in form.fields}),
        "tab": tab or request.POST.get("tab", "") or uuid.uuid4().hex,
        "next": request.GET.get("next", request.POST.get("next", "")),
        "verdict": verdict,
        **(rows_of(application, form, more.get("refused_rows", {})) if section == SELF else {}),
        **more,
    }
    return page(request, "calls/apply/section.html", context, status=status)


@members_only(*MEMBERS)
@require_POST
def autosave(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """Keep the fields that changed, as typed; 204. What is wrong is said when the part is saved."""
    who, application = mine(request, pk)
    if section not in queries.sections_of(application) or section in {"materials", "registry"}:
        raise Http404
    form = forms.section_form(application, section, queries.project_choices(application), None)
    values, wrong = forms.plain_where_whole(form, request.POST, request.POST.getlist("_changed"))
    if values:
        actions.save_section(
            by=who, application_id=application.pk, section=section, values=values, wrong=wrong,
            page=drafts.Page.of(request.POST),
        )  # fmt: skip
    return HttpResponse(status=204)


@members_only(*MEMBERS)
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """核对并提交: every answer with 更改, the undertaking, one button; a repeated click changes nothing."""
    who, application = mine(request, pk)
    form = forms.SubmitForm(
        request.POST or None,
        initial={"key": uuid.uuid4(), "signatory": application.organisation.legal_representative},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.submit(
                by=who,
                application_id=application.pk,
                key=form.cleaned_data["key"],
                arrived_at=arrived_at(request),
                signatory=form.cleaned_data["signatory"],
                undertaken=form.cleaned_data["undertaken"],
            )
        except Refused as refused:
            if refused.verdict.code == "calls.after_window":
                raise  # nothing on this page mends it, and a crowd that is late is answered quickly
            refused_into(form, refused)
        else:
            return done(request, f"/apply/{pk}/receipt/")
    if application.stage != Stage.DRAFT and request.method == "GET":
        return done(request, f"/apply/{pk}/")
    context = {
        "application": application,
        "form": form,
        "left": queries.left_of(application),
        "groups": applicant.all_answers(application),
        "materials": applicant.material_rows(application),
        "clause": applicant.false_papers(application.call),
    }
    return page(request, "calls/apply/check.html", context)


@members_only(*MEMBERS)
@require_GET
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """回执: number, arrival time and digest of what was handed in, corrections too; next steps with dates."""
    _, application = mine(request, pk)
    submissions = [
        {"row": s, "arrived": rules.stamp(s.arrived_at)} for s in application.submissions.order_by("round")
    ]
    if not submissions:
        raise Http404
    context = {
        "application": application,
        "submissions": submissions,
        "stages": applicant.side_stages(application),
        "holder": applicant.holder(application),
    }
    return page(request, "calls/apply/receipt.html", context)


@members_only(*MEMBERS)
@require_GET
def receipt_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt as PDF with a QR code of its number and digest."""
    from shuniu.calls.papers import receipt_of

    _, application = mine(request, pk)
    submission = get_object_or_404(application.submissions, round=0)
    response = HttpResponse(receipt_of(application, submission), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{application.number}.pdf"'
    return response


@members_only(*MEMBERS)
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the application back."""
    who, application = mine(request, pk)
    form = forms.WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(by=who, application_id=application.pk, reason=form.cleaned_data["reason"])
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, "/apply/", f"已撤回“{application.category.label}”的申报。")
    context = {"application": application, "form": form, "verdict": rules.may_withdraw(who, application)}
    return page(request, "calls/apply/withdraw.html", context)


@members_only(*MEMBERS)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, call_id: int) -> HttpResponse:
    """Ask about the notice; the answer goes to everybody."""
    from shuniu.calls.actions import question
    from shuniu.calls.forms.question import QuestionForm

    who = who_asks(request)
    call: Call = get_object_or_404(published_calls(), pk=call_id)
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            question.ask(by=who, call_id=call.pk, text=form.cleaned_data["text"])
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, f"/apply/call/{call.pk}/", "问题已提交，答复后会通知您，并对所有人公布。")
    return page(request, "calls/apply/ask.html", {"call": call, "form": form})
