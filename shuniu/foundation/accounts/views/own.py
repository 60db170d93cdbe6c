"""One's own password and sessions; taking up an invitation."""

from __future__ import annotations

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django.contrib import messages
from django.contrib.auth import login as django_login
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuniu.foundation.access import Refused, members_only, public, who_asks
from shuniu.foundation.accounts import actions, queries, rules
from shuniu.foundation.accounts.adapter import remember_session
from shuniu.foundation.accounts.forms import AcceptForm, NewPasswordForm, PasswordForm, ProfileForm
from shuniu.foundation.accounts.kept import posted
from shuniu.foundation.accounts.models import Invitation, Person

_FIELD_OF = {
    "accounts.username_form": "username", "accounts.username_taken": "username",
    "accounts.email_taken": "email", "accounts.name_missing": "name",
    "accounts.phone_form": "phone", "accounts.password_weak": "new",
    "accounts.password_wrong": "old",
}  # fmt: skip


def _field(refusal: Refused) -> str | None:
    return _FIELD_OF.get(refusal.verdict.code)


def see_other(url: str) -> HttpResponseRedirect:
    """303: what was posted is done, look there."""
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


@members_only()
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """One's own name, telephone and address."""
    person = who_asks(request).person
    assert person is not None
    form = ProfileForm(
        posted(request), initial={"name": person.name, "phone": person.phone, "email": person.email}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_own_profile(by=who_asks(request), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(_field(refusal), refusal.verdict.reason)
        else:
            messages.success(request, "本人资料已保存。")
            return see_other("/me/")
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/profile.html", {"form": form}, status=status)


@members_only()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; the other sessions end, this one goes on."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            person = actions.change_password(by=who_asks(request), old=data["old"], new=data["new"])
        except Refused as refusal:
            form.add_error(_field(refusal), refusal.verdict.reason)
        else:
            _go_on(request, person)
            messages.success(request, "密码已修改，其他设备上的登录已全部结束。")
            return see_other(reverse("accounts:sessions"))
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/password.html", {"form": form}, status=status)


def _go_on(request: HttpRequest, person: Person) -> None:
    """A session of its own for the device on which the password was changed."""
    kept = dict(request.session.items())
    request.session.create()
    request.session.update(kept)
    update_session_auth_hash(request, person)
    remember_session(request, person)


@members_only()
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is logged in."""
    rows = queries.sessions_of(who_asks(request))
    context = {"rows": rows, "current": request.session.session_key}
    return render(request, "accounts/sessions.html", context)


@members_only()
@require_POST
def end_session(request: HttpRequest, sign_in_id: int) -> HttpResponse:
    """End one session of one's own."""
    actions.end_session(by=who_asks(request), sign_in_id=sign_in_id)
    if not request.session.exists(request.session.session_key or ""):  # it was the one that asks
        request.session.flush()
        messages.success(request, "您已退出这台设备上的登录。")
        return see_other(reverse("account_login"))
    messages.success(request, "这处登录已结束。")
    return see_other(reverse("accounts:sessions"))


@members_only()
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all of them but the present one."""
    ended = actions.end_other_sessions(by=who_asks(request), session_key=request.session.session_key or "")
    messages.success(request, f"已结束其他 {ended} 处登录。")
    return see_other(reverse("accounts:sessions"))


@public("凭邀请链接建立账号，链接只用一次")
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Take up an invitation, with a new account or the one that one is logged in to."""
    row = queries.invitation_by(token)
    verdict = rules.link_is_open(row)
    if not verdict or row is None:
        return render(request, "accounts/link_closed.html", {"verdict": verdict}, status=410)
    if row.purpose == "accounts.password":
        return _reset(request, token, row)
    who = who_asks(request)
    if who.person is not None:
        return _accept_as(request, token, row)
    return _accept_new(request, token, row)


def _accept_as(request: HttpRequest, token: str, row: Invitation) -> HttpResponse:
    who = who_asks(request)
    if request.method == "POST":
        actions.accept_invitation_as(by=who, token=token)
        messages.success(request, f"已接受邀请：{row.label}。")
        return see_other("/me/")
    return render(request, "accounts/accept_as.html", {"invitation": row})


def _accept_new(request: HttpRequest, token: str, row: Invitation) -> HttpResponse:
    initial = {"name": row.invited_name, "phone": row.invited_phone, "email": row.invited_email}
    form = AcceptForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        data.pop("again")
        try:
            person = actions.accept_invitation(token=token, password=data.pop("new"), **data)
        except Refused as refusal:
            form.add_error(_field(refusal), refusal.verdict.reason)
        else:
            _enter(request, person)
            messages.success(request, f"账号已建立，已接受邀请：{row.label}。")
            return see_other("/me/")
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/accept.html", {"form": form, "invitation": row}, status=status)


def _enter(request: HttpRequest, person: Person) -> None:
    """Log in the person who has just chosen a password by a link: the next page does not ask for it again."""
    django_login(request, person, backend="allauth.account.auth_backends.AuthenticationBackend")
    remember_session(request, person)
    reauthenticate_by_password(request)


def _reset(request: HttpRequest, token: str, row: Invitation) -> HttpResponse:
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.reset_password(token=token, password=form.cleaned_data["new"])
        except Refused as refusal:
            form.add_error(_field(refusal), refusal.verdict.reason)
        else:
            messages.success(request, "密码已重设，请用新密码登录。")
            return redirect("account_login", permanent=False)
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/reset.html", {"form": form, "invitation": row}, status=status)
