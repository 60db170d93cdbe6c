"""The second person: one page with summary, what changed, evidence, 同意 and 退回."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shuniu.calls.actions import audit as actions
from shuniu.calls.forms import audit as forms
from shuniu.calls.queries import audit as queries
from shuniu.calls.rules import audit as rules
from shuniu.calls.rules.call import APPROVERS
from shuniu.calls.views.audit.desk import back_to, mine
from shuniu.foundation.access import Refused, members_only
from shuniu.foundation.journal.actions import note_look
from shuniu.foundation.journal.queries import since_look
from shuniu.foundation.ui.opinion import Opinion
from shuniu.foundation.ui.respond import done, page


@members_only(*APPROVERS)
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """复核: agree, or send back with a reason."""
    who, look = mine(request, pk)
    application = look.application
    conclusion = look.conclusion
    seen_conclusion = request.POST.get("conclusion", "")  # what the page showed: a newer one is not agreed to
    decision_id = int(seen_conclusion) if seen_conclusion.isdigit() else 0

    def following(said: str) -> HttpResponse:
        another = queries.next_for(who, application.call)
        to = f"/calls/applications/{another.pk}/check/" if another else back_to(who, application)
        return done(request, to, f"“{application.organisation}”{said}")

    def agree(words: str) -> HttpResponse:
        actions.confirm(by=who, application_id=pk, decision_id=decision_id, note=words)
        return following("已同意，待统一生效。")

    def send_back(words: str) -> HttpResponse:
        actions.return_conclusion(by=who, application_id=pk, decision_id=decision_id, reason=words)
        return following("已退回经办人。")

    stands = application.stage != "checking" or bool(
        conclusion and look.run and conclusion.facts.get("inputs") == look.run.inputs
    )
    opinion = Opinion(
        request, yes="同意", agree=agree, no="退回", send_back=send_back,
        may=rules.may_check(who, application, conclusion),
        hand_on=reverse("unions:hand_on", args=["check", pk]), ready=stands,
        hidden={"conclusion": conclusion.pk if conclusion else 0},
    )  # fmt: skip
    if opinion.response is not None:
        return opinion.response
    if opinion.status:  # refused: what the page shows has changed in the meantime
        who, look = mine(request, pk)
        application = look.application
    seen, fresh = since_look(who, application)
    sight = queries.viewer(application, "")
    context = queries.page_of(look) | {
        "look": seen,
        "fresh": queries.shown([e for e in fresh if e.verb.startswith("calls.")][:12]),
        "viewer": sight,
        "rows": queries.checklist(look, "", "", False),
        "may_reopen": rules.may_reopen(who, application),
        "stand": stands,
    }
    if request.method == "GET":
        note_look(by=who, record=application)
    return page(request, "calls/audit/check.html", context | opinion.context, status=opinion.status)


@members_only(*APPROVERS)
@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a checked conclusion that nobody was told of back to the desk."""
    who, look = mine(request, pk)
    application = look.application
    form = forms.ReopenForm(request.POST or None)
    verdict = rules.may_reopen(who, application)
    if request.method == "POST" and form.is_valid():
        try:
            actions.reopen(by=who, application_id=pk, reason=form.cleaned_data["reason"])
        except Refused as problem:
            verdict = problem.verdict
        else:
            return done(request, back_to(who, application), "已退回，由经办人重新审核。")
    context = {"application": application, "call": application.call, "form": form, "verdict": verdict}
    return page(request, "calls/audit/reopen.html", context, status=None if verdict else 409)
