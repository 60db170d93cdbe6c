"""allauth's and axes' behaviour here: nobody signs up without an invitation or a registration."""

from __future__ import annotations

import re
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest

from shuniu.foundation.access import hats_of, who_is
from shuniu.foundation.accounts import actions
from shuniu.foundation.accounts.models import Person, clean_username

_WRONG = "登录名或密码不正确。请核对后重新输入；连续输错 5 次将暂停登录 15 分钟。"


class Adapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_email_password_mismatch": _WRONG,
        "username_password_mismatch": _WRONG,
        "email_password_mismatch": _WRONG,
        "incorrect_password": "密码不正确。请重新输入。",
        "too_many_login_attempts": "尝试次数过多。请稍后再试。",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return str(settings.LOGIN_REDIRECT_URL)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Log in, and remember the session for its owner's list."""
        super().login(request, user)
        assert isinstance(user, Person)
        remember_session(request, user)

    def logout(self, request: HttpRequest) -> None:
        """Log out, and close the session in its owner's list."""
        if isinstance(request.user, Person):
            by = who_is(request.user, str(request.session.get("hat", "")))
            actions.note_sign_out(by=by, session_key=request.session.session_key or "")
        super().logout(request)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """What happens to an account stands in the journal, not in allauth's mails."""


class MfaAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": "工会工作人员和评审专家须保留一种第二步验证。请先添加另一种。",
        "cannot_generate_recovery_codes": "还没有启用第二步验证，不需要恢复码。请先启用动态口令或通行密钥。",
        "incorrect_code": "验证码不正确或已过期。请输入软件上现在显示的 6 位数字。",
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Where a second factor is required, the last one stays until another is there."""
        if authenticator.type == Authenticator.Type.RECOVERY_CODES or not must_carry_second(
            authenticator.user
        ):
            return True
        strong = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
        others = Authenticator.objects.filter(user=authenticator.user, type__in=strong)
        return others.exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """通行密钥 1, 通行密钥 2, …"""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"通行密钥 {count + 1}"

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """See Adapter.send_notification_mail."""


def must_carry_second(person: Person) -> bool:
    """Staff and experts carry a second factor where MFA_REQUIRED says so; organisation people are free."""
    return bool(settings.MFA_REQUIRED) and any(hat.kind == "union" for hat in hats_of(person))


def remember_session(request: HttpRequest, person: Person) -> None:
    """Note the present session as a log-in of `person`, under the hat with which it begins."""
    actions.note_sign_in(
        by=who_is(person),
        session_key=request.session.session_key or "",
        device=device_of(request.headers.get("User-Agent", "")),
        address=str(request.META.get("REMOTE_ADDR", ""))[:45],
    )


_BROWSERS = (
    ("MicroMessenger", "微信"), ("wxwork", "企业微信"), ("Edg", "Edge"), ("Firefox", "Firefox"),
    ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("HarmonyOS", "鸿蒙"), ("Android", "安卓"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_of(agent: str) -> str:
    """A browser and a system in words, from a User-Agent: "Chrome，Windows"."""
    browser = next((word for mark, word in _BROWSERS if re.search(mark, agent)), "其他浏览器")
    machine = next((word for mark, word in _SYSTEMS if re.search(mark, agent)), "其他设备")
    return f"{browser}，{machine}"


def axes_username(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Whose wrong passwords are counted: the name as typed, whatever its case."""
    source = credentials or {}
    typed = (
        request.POST.get("login") or source.get("username") or source.get("email") or source.get("login", "")
    )
    return clean_username(str(typed)).lower()
