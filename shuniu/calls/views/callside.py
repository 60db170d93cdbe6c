"""Questions and amendments of a running call."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shuniu.calls.actions import amendment as amendments
from shuniu.calls.actions import question as question_actions
from shuniu.calls.entry import entry_of
from shuniu.calls.forms import call as forms
from shuniu.calls.forms.question import AnswerForm
from shuniu.calls.models import Call
from shuniu.calls.queries import casefile
from shuniu.calls.rules import amendment as amendment_rules
from shuniu.calls.rules import call as rules
from shuniu.calls.views.call import STAFF, mine
from shuniu.foundation.access import Refused, members_only
from shuniu.foundation.journal.queries import timeline
from shuniu.foundation.ui.opinion import Opinion
from shuniu.foundation.ui.respond import done, page, refused_into


@members_only(*STAFF)
def questions(request: HttpRequest, pk: int) -> HttpResponse:
    """Questions during the window; unanswered ones first."""
    who, call = mine(request, pk)
    rows = list(call.questions.select_related("answered_by"))
    context = {
        "call": call,
        "waiting": [q for q in rows if q.answered_at is None],
        "answered": [q for q in rows if q.answered_at is not None],
        "is_clerk": bool(rules.is_clerk(who, call.union)),
    }
    return page(request, "calls/call/questions.html", context)


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: int, question: int) -> HttpResponse:
    """Answer one question to everybody."""
    who, call = mine(request, pk)
    row = get_object_or_404(call.questions, pk=question)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            question_actions.answer(by=who, question_id=row.pk, text=form.cleaned_data["answer"])
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, f"/calls/{pk}/questions/", "已答复，通知页面对所有人公布。")
    return page(request, "calls/call/answer.html", {"call": call, "question": row, "form": form})


class AmendForm(forms.TimetableForm):
    """Dates and contact of a published call, with the reason for changing them."""

    reckons = False

    def __init__(self, call: Call, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(call, name) for name in amendments.CONTACT} | {
            "version": call.version
        }
        super().__init__(call, *args, **kwargs)
        for name in amendments.CONTACT:
            self.fields[name] = deepcopy(forms.BasicsForm.base_fields[name])
        self.fields[amendments.NOTE] = django_forms.CharField(
            label=amendments.NOTE_LABEL, widget=django_forms.Textarea(attrs={"rows": 3}), required=False, max_length=1000,
            help_text="正文、条件、类别和材料有错的写在这里，例如：申报材料第 3 项的“2024 年”改为“2025 年”",
        )  # fmt: skip
        self.fields["reason"] = django_forms.CharField(
            label="更正理由",
            widget=django_forms.Textarea,
            error_messages={"required": "请写明更正理由，会对外公布。"},
        )

    def contact_fields(self) -> list[Any]:
        return [self[name] for name in amendments.CONTACT]


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose an amendment."""
    who, call = mine(request, pk)
    form = AmendForm(call, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = amendments.propose(
                by=who,
                call_id=pk,
                reason=form.cleaned_data["reason"],
                values={name: form.cleaned_data[name] for name in (*amendments.CONTACT, amendments.NOTE)},
                days=form.days(),
            )
        except Refused as refused:
            entry = entry_of(form.stages)
            window = f"{entry.key}_to" if entry else None
            refused_into(form, refused, window if refused.verdict.code == "calls.amend_backwards" else None)
        else:
            return done(request, f"/calls/{pk}/amendments/{made.number}/", "更正已提交审签。")
    return page(
        request, "calls/call/amend.html", {"call": call, "form": form, "verdict": rules.is_running(call)}
    )


@members_only(*STAFF)
@require_http_methods(["GET", "POST"])
def amendment(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One amendment: what changes, who proposed it; the approver agrees or not."""
    who, call = mine(request, pk)
    row = get_object_or_404(
        call.amendments.select_related("proposed_by", "approved_by", "paper"), number=number
    )
    row.call = call

    def agree(words: str) -> HttpResponse:
        amendments.publish(by=who, call_id=pk, number=number)
        return done(request, f"/calls/{pk}/", "更正已公布并通知申报单位。")

    def send_back(words: str) -> HttpResponse:
        amendments.refuse_amendment(by=who, call_id=pk, number=number, reason=words)
        return done(request, f"/calls/{pk}/", "已告知经办人。")

    opinion = Opinion(
        request, yes="同意并公布", agree=agree, no="不同意", send_back=send_back,
        may=amendment_rules.may_approve(who, row), hand_on=reverse("unions:hand_on", args=["amendment", row.pk]),
        proof=True,
    )  # fmt: skip
    if opinion.response is not None:
        return opinion.response
    context = {"call": call, "amendment": row, "timeline": casefile.entries(timeline(row))}
    return page(request, "calls/call/amendment.html", context | opinion.context, status=opinion.status)
