"""Joining by code: an organisation of the registry is claimed, another one is registered."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from shuniu.foundation.access import NOBODY, Refused, Verdict, Who, members_only, public, who_asks
from shuniu.foundation.accounts.adapter import remember_session
from shuniu.foundation.ui.respond import done, page, refused_into
from shuniu.registry import actions, codes, rules
from shuniu.registry.forms.people import ClaimForm, FindForm
from shuniu.registry.models import Claim, Organisation
from shuniu.registry.queries import organisation_by_code, own_claims
from shuniu.registry.views.shared import sent

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_FIELDS = {
    "accounts.username_form": "username", "accounts.username_taken": "username", "accounts.name_missing": "person_name",
    "accounts.phone_form": "phone", "accounts.password_weak": "password",
}  # fmt: skip


@public("社会组织入口：输入代码，认领或登记本单位")
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Which organisation; one's own claims below."""
    form = FindForm(*sent(request))
    if request.method == "POST" and form.is_valid():
        return done(request, reverse("registry:join_code", args=[form.cleaned_data["code"]]))
    return page(
        request, "registry/join/find.html", {"form": form, "claims": own_claims(who_asks(request))[:10]}
    )


@public("认领或登记本单位：经办人核对证明材料后生效")
@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest, code: str) -> HttpResponse:
    """Say who one is and show it; with an account when there is none yet."""
    if codes.problem(code):
        raise Http404
    who, organisation = who_asks(request), organisation_by_code(code)
    new, account = organisation is None, who.person is None
    form = ClaimForm(*sent(request), account=account, new=new)
    if request.method == "POST" and form.is_valid():
        try:
            row = _send(who, code, form, account=account, new=new)
        except Refused as refused:
            refused_into(form, refused, _FIELDS.get(refused.verdict.code))
        else:
            if account:
                login(request, row.person, backend=_BACKEND)
                remember_session(request, row.person)
            return done(
                request, reverse("registry:join"), f"已提交，等待{row.union.name}确认，结果会发消息给您。"
            )
    context = {"form": form, "code": code, "organisation": organisation, "account": account, "new": new}
    return page(request, "registry/join/claim.html", context | {"verdict": _verdict(who, organisation, code)})


def _verdict(who: Who, organisation: Organisation | None, code: str) -> Verdict | None:
    """Why this organisation cannot be claimed, before anything is typed."""
    if organisation is not None:
        code = organisation.code or code
        verdict = rules.may_claim(who if who.person else NOBODY, organisation)
        if not verdict and verdict.code != "registry.login":
            return verdict
    waits = rules.nobody_waits(code)
    return None if waits else waits


def _send(who: Who, code: str, form: ClaimForm, *, account: bool, new: bool) -> Claim:
    data = form.cleaned_data
    said = {"code": code, "position": data["position"], "proof": data["proof"]}
    if new:
        said |= {"name": data["name"], "union": data["union"], "particulars": form.said}
    if not account:
        return actions.claim(by=who, **said)
    return actions.claim_with_account(
        username=data["username"], password=data["password"], person_name=data["person_name"], phone=data["phone"],
        **said,
    )  # fmt: skip


@members_only()
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own claim back."""
    who = who_asks(request)
    actions.withdraw_claim(by=who, claim=get_object_or_404(own_claims(who), pk=pk))
    return done(request, reverse("registry:join"), "申请已撤回。")
