"""Recognitions: the office's list and page, the organisation's certificates, public verification."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from shuniu.foundation.access import ORGANISATION_ROLES, Refused, Who, members_only, public, refuse, who_asks
from shuniu.foundation.accounts.proof import proof, proved
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.queries import lines, timeline
from shuniu.foundation.papers import queries as papers
from shuniu.foundation.ui.opinion import Opinion
from shuniu.foundation.ui.respond import done, page, refused_into
from shuniu.library.queries import policy_of
from shuniu.recognition import actions, queries, rules
from shuniu.recognition.forms import ReasonForm, VerifyForm
from shuniu.recognition.lists import Recognitions
from shuniu.recognition.models import Recognition, WithdrawalRequest
from shuniu.recognition.standing import public_standing, standing

READERS = tuple(sorted(queries.READERS))
MEMBERS = tuple(ORGANISATION_ROLES)


def _mine(request: HttpRequest, pk: int) -> tuple[Who, Recognition]:
    who = who_asks(request)
    rows = queries.recognitions_visible_to(who).select_related("paper__pdf", "document")
    return who, get_object_or_404(rows, pk=pk)


def _entries(row: Recognition, *, names: bool) -> list[dict[str, Any]]:
    """时间线; the organisation reads which office acted, not which person."""
    return lines((e for e in timeline(row) if names or e.verb != "issue_paper"), names=names)


def _facts(row: Recognition) -> dict[str, Any]:
    law = policy_of(row.document)
    return {
        "row": row,
        "standing": standing(row, clock.today()),
        "honour": law.outcome.label if law.outcome else row.category_label,
        "law": law,
    }


# --- the office ---------------------------------------------------------------------------------------


@members_only(*READERS)
@require_http_methods(["GET", "POST"])
def recognition_list(request: HttpRequest) -> HttpResponseBase:
    """资质: every recognition that the asker's union may see."""
    return Recognitions(request).response("recognition/staff/list.html", {})


_VERBS: dict[str, tuple[str, Callable[..., object], str]] = {
    "suspend": ("暂停使用", actions.suspend, "已暂停使用，核验页面立即显示。"),
    "resume": ("恢复使用", actions.resume, "已恢复使用。"),
    "reissue": ("重新制发证书", actions.reissue, "证书已重新制发，编号和有效期不变。"),
}


@members_only(*READERS)
@require_http_methods(["GET", "POST"])
def recognition(request: HttpRequest, pk: int) -> HttpResponse:
    """One recognition with its 时间线; suspension, new certificate, decision on a withdrawal."""
    who, row = _mine(request, pk)
    request_ = row.withdrawals.filter(decided_at__isnull=True).select_related("requested_by").first()
    do = request.POST.get("do", "")
    forms = {key: ReasonForm(request.POST if do == key else None, auto_id=f"{key}-%s") for key in _VERBS}
    form = forms.get(do) or ReasonForm()
    again = proof(request, sent=do == "reissue", allowed=bool(rules.may_reissue(who, row, "有")))
    proven = do != "reissue" or proved(request, again)
    opinion = _on_withdrawal(request, who, request_) if request_ else None
    if opinion is not None and opinion.response is not None:
        return opinion.response
    if form.is_bound and form.is_valid() and proven:
        _, act, said = _VERBS[do]
        try:
            act(by=who, recognition_id=pk, reason=form.cleaned_data["reason"])
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, f"/recognitions/{pk}/", said)
    may = {
        "suspend": rules.may_suspend(who, row),
        "resume": rules.may_resume(who, row),
        "reissue": rules.may_reissue(who, row, "有"),
    }
    context = _facts(row) | {
        "verbs": [(key, label, forms[key]) for key, (label, _, _) in _VERBS.items() if may[key]],
        "withdrawal": request_,
        "opinion": opinion,
        "form": opinion.form if opinion is not None and opinion.form.is_bound else form,
        "again": again,
        "do": do,
        "timeline": _entries(row, names=True),
    }
    return page(request, "recognition/staff/one.html", context, status=opinion.status if opinion else None)


def _on_withdrawal(request: HttpRequest, who: Who, row: WithdrawalRequest) -> Opinion:
    here = f"/recognitions/{row.recognition_id}/"

    def agree(words: str) -> HttpResponse:
        actions.decide_withdrawal(by=who, request_id=row.pk, approve=True)
        return done(request, here, "已批准退出，自今日起生效。")

    def send_back(words: str) -> HttpResponse:
        actions.decide_withdrawal(by=who, request_id=row.pk, approve=False, reason=words)
        return done(request, here, "已告知该单位。")

    return Opinion(
        request, yes="批准退出", agree=agree, no="不批准", send_back=send_back,
        may=rules.may_decide_withdrawal(who, row), hand_on=reverse("unions:hand_on", args=["withdrawal", row.pk]),
    )  # fmt: skip


@members_only(*READERS, *MEMBERS)
@require_GET
def certificate_pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The certificate as PDF, for the office and for the organisation itself."""
    _, row = _mine(request, pk)
    if row.paper is None:
        raise Refused(refuse("recognition.paper_coming"))
    return papers.response(row.paper)


# --- the organisation ---------------------------------------------------------------------------------


@members_only(*MEMBERS)
@require_GET
def certificates(request: HttpRequest) -> HttpResponse:
    """证书: what the organisation holds and held."""
    today = clock.today()
    rows = [
        {"row": r, "standing": standing(r, today)}
        for r in queries.recognitions_visible_to(who_asks(request))[:100]
    ]
    return page(request, "recognition/own/list.html", {"rows": rows})


@members_only(*MEMBERS)
@require_http_methods(["GET", "POST"])
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """One certificate: status, PDF, 时间线, application to withdraw."""
    who, row = _mine(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.request_withdrawal(by=who, recognition_id=pk, reason=form.cleaned_data["reason"])
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, f"/certificates/{pk}/", "退出申请已提交，自工会批准之日起生效。")
    context = _facts(row) | {
        "form": form,
        "may_withdraw": rules.may_ask_withdrawal(who, row),
        "waiting": row.withdrawals.filter(decided_at__isnull=True).first() if rules.is_running(row) else None,
        "timeline": _entries(row, names=False),
    }
    return page(request, "recognition/own/one.html", context)


# --- everybody ----------------------------------------------------------------------------------------


def _unindexed(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return response


@public("任何人都可以核验证书")
@never_cache
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """By certificate number or the organisation's code: one big word first."""
    form = VerifyForm(request.GET if "q" in request.GET else None)
    rows: list[Recognition] = []
    if form.is_bound and form.is_valid():
        rows = queries.verified(form.cleaned_data["q"])
    return _result(request, form, rows)


@public("证书上的二维码指向核验页")
@never_cache
@require_safe
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """By the code in the QR; an unknown one says so and what to do."""
    rows = [r for r in queries.verified(code) if r.verify_code == code.upper()]
    return _result(request, VerifyForm({"q": code}), rows)


def _result(request: HttpRequest, form: VerifyForm, rows: list[Recognition]) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "asked": form.is_bound and form.is_valid(), "now": clock.now()}
    status = None
    if context["asked"] and not rows:
        status = 404
    if len(rows) == 1:
        context |= _facts(rows[0]) | {"standing": public_standing(rows[0], clock.today())}
    else:
        today = clock.today()
        context["rows"] = [{"row": r, "standing": public_standing(r, today)} for r in rows]
    if not form.is_bound or form.is_valid():
        status = status or 200
    return _unindexed(page(request, "recognition/verify/page.html", context, status=status))
