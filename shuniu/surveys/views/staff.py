"""The office: a survey from its settings to its result, 整改, 回访."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from shuniu.foundation.access import Refused, Who, members_only, refuse, who_asks
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.queries import lines, timeline
from shuniu.foundation.papers import queries as papers
from shuniu.foundation.ui.respond import done, page, refused_into
from shuniu.registry.queries import organisations_visible_to
from shuniu.surveys import actions, queries, rules, subjects
from shuniu.surveys.forms import ReasonForm, SurveyForm, WordsForm, words_for
from shuniu.surveys.lists import KINDS, Surveys
from shuniu.surveys.models import Callback, Evidence, Survey
from shuniu.surveys.papers import conducted
from shuniu.unions.queries import union_of

READERS = tuple(sorted(queries.READERS))
WORDS_A_PAGE = 30


def mine(request: HttpRequest, pk: int) -> tuple[Who, Survey]:
    """Who asks and the survey; 404 for everybody who may not see it."""
    who = who_asks(request)
    return who, get_object_or_404(queries.surveys_visible_to(who).select_related("tally", "result"), pk=pk)


@members_only(*READERS)
@require_http_methods(["GET", "POST"])
def survey_list(request: HttpRequest) -> HttpResponseBase:
    """测评 of the asker's union."""
    return Surveys(request).response("surveys/list.html", {})


@members_only(*rules.STAFF)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new survey; ?organisation= fills in whom, ?subject= binds it to a record of a higher slice."""
    who = who_asks(request)
    asked, key = request.GET.get("organisation", ""), request.GET.get("subject", "")
    subject = subjects.find(who, key) if key else None
    if key and subject is None:
        raise Http404
    initial: dict[str, Any] = {"project": subject.label[:100]} if subject else {}
    if asked.isdecimal() and len(asked) < 18:
        found = organisations_visible_to(who).filter(pk=int(asked)).first()
        initial["code"] = found.code if found else ""
    rated = subject.organisation if subject else None
    form = SurveyForm(who, request.POST or None, rated=rated, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.values()
        if subject:
            values |= {"subject_key": subject.key, "subject_label": subject.label}
        try:
            row = actions.make(
                by=who,
                union=union_of(who.union_id or 0),
                organisation=rated or form.cleaned_data["code"],
                **values,
            )
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, reverse("surveys:roster", args=[row.pk]), "已建立。下一步：录入或导入名单。")
    return page(request, "surveys/edit.html", {"form": form, "row": None, "rated": rated})


@members_only(*rules.STAFF)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The settings, until the opening."""
    who, row = mine(request, pk)
    verdict = rules.may_change(who, row)
    form = SurveyForm(who, request.POST or None, row=row)
    if not verdict:
        raise Refused(verdict)
    if request.method == "POST" and form.is_valid():
        actions.change(by=who, survey_id=pk, **form.values())
        return done(request, reverse("surveys:survey", args=[pk]), "设置已保存。")
    return page(request, "surveys/edit.html", {"form": form, "row": row})


@members_only(*READERS)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One survey: what is due now, the counts, the result when it is counted."""
    who, row = mine(request, pk)
    do = request.POST.get("do", "")
    form = ReasonForm(request.POST if do == "close" else None)
    if do == "open":
        actions.open_survey(by=who, survey_id=pk)
        return done(request, reverse("surveys:survey", args=[pk]), "已开放。下一步：制票，发到每个人手里。")
    if do == "discard":
        actions.discard(by=who, survey_id=pk)
        return done(request, reverse("surveys:surveys"), "已放弃这次测评。")
    if form.is_bound and form.is_valid():
        try:
            actions.close(by=who, survey_id=pk, reason=form.cleaned_data["reason"])
        except Refused as refused:
            refused_into(form, refused, "reason")
        else:
            return done(request, reverse("surveys:survey", args=[pk]), "已计票，证明材料正在生成。")
    return page(request, "surveys/one.html", _context(request, who, row) | {"form": form})


def _context(request: HttpRequest, who: Who, row: Survey) -> dict[str, Any]:
    tally = row.tally
    issued = tally.tickets - tally.voided
    context: dict[str, Any] = {
        "row": row, "kind": KINDS[row.state], "tally": tally, "issued": issued, "left": issued - tally.used,
        "conducted": conducted(row), "timeline": lines(timeline(row, limit=60)),
        "may_change": rules.may_change(who, row), "may_key": rules.may_key(who, row),
        "may_open": rules.may_open(who, row, roster=tally.roster),
        "back": queries.exact(tally.answers, issued),
    }  # fmt: skip
    if row.state == Survey.State.CLOSED:
        made = row.result
        context |= {
            "result": made, "rate": queries.exact(made.numerator, made.denominator),
            "bars": [{"label": word, "value": n} for word, n in queries.rows_of(made.levels)],
            "invalid": made.received - made.valid, "today": clock.today(),
            "paper": made.received - made.channels.get("web", 0), "reasons": made.why,
            "items": row.items.all(), "evidence": row.evidence.select_related("paper__pdf"),
            "waiting": row.callbacks.filter(state=Callback.State.WAITING).count(),
            "words": Paginator(queries.words_of(row), WORDS_A_PAGE).get_page(request.GET.get("page")),
        }  # fmt: skip
    else:
        context["given"] = row.entries.exclude(given_on=None).count()
    return context


@members_only(*READERS)
@require_GET
def evidence(request: HttpRequest, pk: int, part: str) -> HttpResponseBase:
    """One paper of the evidence pack."""
    _, row = mine(request, pk)
    if part not in Evidence.Part.values:
        raise Http404
    found = row.evidence.select_related("paper__pdf").filter(part=part).first()
    if found is None:
        raise Refused(refuse("surveys.evidence_coming"))
    return papers.response(found.paper)


@members_only(*READERS)
@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """One 整改 item: what the rated did, accepted or sent back."""
    who = who_asks(request)
    row = get_object_or_404(queries.items_visible_to(who), pk=pk)
    do = request.POST.get("do", "")
    form = WordsForm(request.POST if do == "back" else None, label="退回的理由")
    if do == "accept":
        actions.accept(by=who, item_id=pk)
        return done(request, reverse("surveys:survey", args=[row.survey_id]), f"“{row.reason}”已验收。")
    if form.is_bound and form.is_valid():
        actions.send_back(by=who, item_id=pk, remark=form.cleaned_data["text"])
        return done(request, reverse("surveys:item", args=[pk]), "已退回被测评单位。")
    context = {
        "row": row, "form": form, "may_decide": rules.may_decide(who, row), "timeline": lines(timeline(row)),
    }  # fmt: skip
    return page(request, "surveys/item.html", context)


@members_only(*rules.STAFF)
@require_http_methods(["GET", "POST"])
def callbacks(request: HttpRequest, pk: int) -> HttpResponse:
    """Numbers that were left; each is gone when its call is noted."""
    who, row = mine(request, pk)
    rows = list(queries.callbacks_visible_to(who).filter(survey=row).select_related("done_by"))
    forms = words_for(request, [c.pk for c in rows], "callback", "回访情况")
    found = next((pk for pk, form in forms.items() if form.is_bound), None)
    if request.method == "POST" and found is None:
        raise Http404
    if found is not None and forms[found].is_valid():
        try:
            actions.call_back(by=who, callback_id=found, text=forms[found].cleaned_data["text"])
        except Refused as refused:
            refused_into(forms[found], refused)
        else:
            return done(request, reverse("surveys:callbacks", args=[pk]), "已记下，号码已清除。")
    for n, each in enumerate(rows, 1):
        each.title = f"{n}. {each.phone or each.get_state_display()}"  # type: ignore[attr-defined]
    context = {
        "row": row, "rows": [(c, forms[c.pk]) for c in rows], "form": forms[found] if found else None,
        "verdict": rules.is_staff(who, row),
    }  # fmt: skip
    return page(request, "surveys/callbacks.html", context)
