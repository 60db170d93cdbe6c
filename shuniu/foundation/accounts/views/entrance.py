"""Logging in and out, and what stands in the way of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.account.views import LoginView, LogoutView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.views import LoginWebAuthnView
from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from shuniu.foundation.access import public
from shuniu.foundation.accounts import actions, demo, kept
from shuniu.foundation.accounts.adapter import axes_username
from shuniu.foundation.accounts.forms import LoginForm
from shuniu.foundation.accounts.queries import person_logging_in
from shuniu.foundation.calendar import clock


class InOurLook:
    """What every page of allauth gets: our `site` stays, a refused form is 422, a kept promise 303."""

    request: HttpRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        context.pop("site", None)
        return context

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        form = context.get("form")
        if self.request.method == "POST" and form is not None and form.is_bound and not form.is_valid():
            kwargs.setdefault("status", 422)
        return super().render_to_response(context, **kwargs)  # type: ignore[misc, no-any-return]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        if request.method == "POST" and response.status_code == 302:
            response.status_code = 303
        return response


def entrance_context(request: HttpRequest, next_url: str, kept_words: str) -> dict[str, Any]:
    """What the log-in page shows beside its form."""
    return {
        "next_url": next_url,
        "kept": kept_words,
        "demo_accounts": demo.accounts(),
        "demo_password": demo.PASSWORD,
        "passkeys": bool(settings.MFA_PASSKEY_LOGIN_ENABLED),
    }


def log_in_again(request: HttpRequest) -> HttpResponse:
    """The log-in page in place of one that needs a log-in; what was posted is carried by its form.

    Status 401, so that no script takes it for an answer; htmx shows it as a page of its own.
    """
    words = kept.keep(request)
    next_url = kept.page_of(request) if request.method == "POST" else request.get_full_path()
    context = {"form": LoginForm(request=request), **entrance_context(request, next_url, words)}
    htmx = request.headers.get("HX-Request") == "true"
    response = render(request, "account/login.html", context, status=200 if htmx else 401)
    if htmx:
        response["HX-Retarget"], response["HX-Reswap"] = "body", "innerHTML"
    response["Cache-Control"] = "no-store"
    return response


class _KeepsWords(InOurLook):
    """A log-in that gives back the words which were typed before it."""

    def form_valid(self, form: Any) -> HttpResponse:
        self.page = kept.release(self.request, self.request.POST.get("kept", ""))
        return super().form_valid(form)  # type: ignore[misc, no-any-return]


class LogIn(_KeepsWords, LoginView):
    """The log-in page."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        request = self.request
        next_url = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME, "")
        words = request.POST.get("kept", "")
        return super().get_context_data(**kwargs) | entrance_context(request, next_url, words)


class LogInByPasskey(_KeepsWords, LoginWebAuthnView):
    """The challenge of a passkey (JSON), and its answer."""


class LogOut(InOurLook, LogoutView):
    """Logging out; opened as a page it asks first."""


class SecondFactor(InOurLook, AuthenticateView):
    """The code or the passkey after the password."""


def locked(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """Too many wrong passwords: until when, and what to do. Every further try starts the time again."""
    lasts = get_cool_off(request) or dt.timedelta()
    until = clock.now() + lasts
    if person := person_logging_in(axes_username(request, credentials)):
        actions.note_lock_out(person=person, lasts=lasts)
    context = {"until": until, "limit": settings.AXES_FAILURE_LIMIT}
    return render(request, "accounts/locked.html", context, status=429)


log_in = public("登录页")(LogIn.as_view())
log_in_by_passkey = public("通行密钥登录")(LogInByPasskey.as_view())
log_out = public("退出登录，只结束本人会话")(LogOut.as_view())
second_factor = public("登录第二步，须先通过密码")(SecondFactor.as_view())


@public("账号已停用的说明")
def inactive(request: HttpRequest) -> HttpResponse:
    """A stopped account was used."""
    return render(request, "accounts/inactive.html", status=403)
