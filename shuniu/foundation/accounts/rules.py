"""Who may change an account, and what a log-in name, a password and a link must be."""

from __future__ import annotations

import re

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from shuniu.foundation.access import YES, Verdict, Who, refuse, register_refusals
from shuniu.foundation.accounts.models import Invitation, Person, clean_phone
from shuniu.foundation.calendar import clock

register_refusals(
    {
        "accounts.not_yours": "只能修改本人的资料和密码。",
        "accounts.creator": "账号由邀请链接或单位注册产生，不能直接新建。请向对方发送邀请。",
        "accounts.manager": "停用账号、重设密码由系统管理员办理，而且不能对本人办理。",
        "accounts.username_form": "登录名应为 3 至 64 个字母、数字或 . _ - @ 符号。请换一个登录名。",
        "accounts.username_taken": (
            "登录名“{username}”已被使用。您已有账号的，请先登录再打开邀请链接；否则请换一个登录名。"
        ),
        "accounts.email_taken": "邮箱“{email}”已用于另一个账号。请换一个邮箱，或留空。",
        "accounts.name_missing": "没有填写姓名。请填写真实姓名。",
        "accounts.phone_form": "手机号码“{phone}”不是有效的号码。请填写 11 位手机号码，或带区号的电话。",
        "accounts.password_weak": "密码不合要求：{why}。请换一个，至少 10 个字符，字母、数字或符号都可以。",
        "accounts.password_wrong": "原密码不正确。请重新输入；忘记密码的，请联系本单位系统管理员重设。",
        "accounts.link_unknown": "邀请链接无效。请核对链接是否完整，或请邀请人重新发送。",
        "accounts.link_used": "邀请链接已经使用过。请直接登录；仍有问题的，请邀请人重新发送。",
        "accounts.link_revoked": "邀请链接已被邀请人收回。请联系邀请人。",
        "accounts.link_expired": "邀请链接已于 {at} 过期。请邀请人重新发送。",
        "accounts.link_other": "这条链接是发给另一位用户的，不能用您现在的账号办理。请退出登录后再打开。",
        "accounts.session_unknown": "没有找到这次登录，可能已经结束。请刷新页面核对。",
    }
)

_USERNAME = re.compile(r"[A-Za-z0-9._@\-]{3,64}")


def may_create_person(by: Who) -> Verdict:
    """Only the system creates accounts: at an invitation, a registration, the installation."""
    return YES if by.system else refuse("accounts.creator")


def may_manage(by: Who, person: Person) -> Verdict:
    """A system administrator (in which union: see unions.rules) or the system, never oneself."""
    if by.system:
        return YES
    if by.role != "sys_admin" or by.person is None or by.person.pk == person.pk:
        return refuse("accounts.manager")
    return YES


def username_is_good(username: str, *, except_pk: int | None = None) -> Verdict:
    """Its form, and that nobody else has it, also not in other case."""
    if not _USERNAME.fullmatch(username):
        return refuse("accounts.username_form")
    if Person.objects.filter(username__iexact=username).exclude(pk=except_pk or 0).exists():
        return refuse("accounts.username_taken", username=username)
    return YES


def particulars_are_good(name: str, phone: str, email: str, *, except_pk: int | None = None) -> Verdict:
    """A name, a telephone number that can be one, an address that names one account."""
    if not name.strip():
        return refuse("accounts.name_missing")
    if phone.strip() and not re.fullmatch(r"\+?\d{7,15}", clean_phone(phone)):
        return refuse("accounts.phone_form", phone=phone)
    if email and Person.objects.filter(email__iexact=email).exclude(pk=except_pk or 0).exists():
        return refuse("accounts.email_taken", email=email)
    return YES


_WEAK = {
    "password_too_short": "不足 10 个字符",
    "password_too_common": "太常见",
    "password_entirely_numeric": "全是数字",
    "password_too_similar": "和登录名、姓名、手机或邮箱太接近",
}


def password_is_good(password: str, person: Person) -> Verdict:
    """Django's validators, in one sentence of ours: its translations are not complete."""
    try:
        validate_password(password, person)
    except ValidationError as problem:
        wrong = [_WEAK[error.code] for error in problem.error_list if error.code in _WEAK]
        return refuse("accounts.password_weak", why="、".join(wrong) or "太容易被猜到")
    return YES


def link_is_open(invitation: Invitation | None) -> Verdict:
    """A link that exists, is unused, not withdrawn and not expired."""
    if invitation is None:
        return refuse("accounts.link_unknown")
    if invitation.accepted_at is not None:
        return refuse("accounts.link_used")
    if invitation.revoked_at is not None:
        return refuse("accounts.link_revoked")
    if invitation.expires_at <= clock.now():
        at = invitation.expires_at.astimezone(clock.TZ)
        return refuse("accounts.link_expired", at=f"{at:%Y-%m-%d %H:%M}")
    return YES
