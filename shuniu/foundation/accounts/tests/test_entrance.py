"""The entrance: log-in, lock-out, the second factor, words that survive, nothing of allauth left open."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from shuniu.foundation import access
from shuniu.foundation.access import Hat
from shuniu.foundation.accounts import actions, demo
from shuniu.foundation.accounts.models import Person, SignIn
from shuniu.foundation.accounts.tests.people import BACKEND, PASSWORD, SETUP, log_in, person
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.feature("O1")]


def text(response: Any) -> str:
    return str(response.content.decode())


def test_log_in_by_name_or_address_in_any_case(client: Client) -> None:
    somebody = person("Zhao.Liu", email="zhao@example.cn")
    for name in ("zhao.liu", "ZHAO@example.cn"):
        fresh = Client()
        answer = fresh.post("/accounts/login/", {"login": name, "password": PASSWORD})
        assert (answer.status_code, answer["Location"]) == (303, "/home/"), name
    assert SignIn.objects.filter(person=somebody).count() == 2


def test_a_wrong_password_says_so_next_to_the_form(client: Client) -> None:
    answer = client.post("/accounts/login/", {"login": person().username, "password": "wrong"})
    assert answer.status_code == 422
    assert "登录名或密码不正确" in text(answer)
    assert "<title>错误：" in text(answer)


def test_five_wrong_passwords_lock_this_name_until_a_stated_time(client: Client) -> None:
    somebody, other = person(), person()
    for _ in range(4):
        assert log_in(client, somebody, "wrong").status_code == 422
    answer = log_in(client, somebody, "wrong")
    assert answer.status_code == 429
    assert "登录已暂停" in text(answer)
    said = re.search(r"<b>(\d{4}-\d\d-\d\d \d\d:\d\d)</b>", text(answer))
    assert said is not None
    until = dt.datetime.strptime(said[1], "%Y-%m-%d %H:%M").replace(tzinfo=clock.TZ)
    assert dt.timedelta(minutes=13) < until - clock.now() < dt.timedelta(minutes=16)
    assert log_in(client, somebody).status_code == 429, "the right password does not open it either"
    assert Entry.objects.get(verb="lock_out").about == [f"accounts.person:{somebody.pk}"], "said once"
    assert log_in(client, other).status_code == 303, "another name behind the same address is free"
    actions.set_password(by=SETUP, person=somebody, password=PASSWORD)
    assert log_in(Client(), somebody).status_code == 303, "a new password opens it again"


def test_only_what_we_use_of_allauth_is_there(client: Client) -> None:
    for path in (
        "signup",
        "email",
        "confirm-email",
        "password/reset",
        "password/set",
        "login/code/confirm",
        "3rdparty",
    ):
        assert client.get(f"/accounts/{path}/").status_code == 404, path


def test_every_address_of_accounts_carries_a_guard() -> None:
    unguarded = [
        pattern.pattern.regex.pattern for pattern in leaves(get_resolver())
        if pattern.callback.__module__.startswith(("allauth", "shuniu.foundation.accounts"))
        and not hasattr(pattern.callback, "access_guard")
    ]  # fmt: skip
    assert unguarded == []


def leaves(resolver: URLResolver) -> list[URLPattern]:
    found: list[URLPattern] = []
    for pattern in resolver.url_patterns:
        found += leaves(pattern) if isinstance(pattern, URLResolver) else [pattern]
    return found


PAGES = [
    "/accounts/profile/", "/accounts/password/change/", "/accounts/sessions/", "/accounts/2fa/",
    "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/", "/accounts/2fa/webauthn/add/",
    "/accounts/logout/",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_ours_without_inline_style_or_script(client: Client, path: str) -> None:
    log_in(client, person())
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = client.get(path)
    assert answer.status_code == 200
    page = text(answer)
    assert '<html lang="zh-CN"' in page
    assert "style=" not in page
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page)


def test_members_pages_send_strangers_to_the_log_in(client: Client) -> None:
    for path in PAGES[:-1]:
        assert client.get(path)["Location"] == f"/accounts/login/?next={path}"


def test_log_out_asks_first_and_ends_the_session(client: Client) -> None:
    log_in(client, person())
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/accounts/sessions/").status_code == 200
    assert client.post("/accounts/logout/").status_code == 303
    assert client.get("/accounts/sessions/").status_code == 302
    assert SignIn.objects.get().ended_at is not None


# --- the words survive (U09) ------------------------------------------------------------------------


def carried(page: str) -> str:
    found = re.search(r'name="kept" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_words_typed_after_the_session_ended_come_back_after_log_in(client: Client) -> None:
    somebody = person(name="原名")
    words = {"name": "新名字", "phone": "13900001111", "email": ""}
    lost = client.post(
        "/accounts/profile/", words, headers={"Referer": "http://testserver/accounts/profile/"}
    )
    assert lost.status_code == 401
    assert "登录状态已过期" in text(lost)
    assert "sessionid" not in client.cookies, "nothing is stored for a stranger"
    wrong = client.post(
        "/accounts/login/", {"login": somebody.username, "password": "x", "kept": carried(text(lost))}
    )
    answer = log_in(client, somebody, kept=carried(text(wrong)))
    back = client.get("/accounts/profile/")
    assert answer.status_code == 303
    assert 'value="新名字"' in text(back)
    assert "还没有提交" in text(back)
    assert Person.objects.get(pk=somebody.pk).name == "原名", "coming back is not sending"
    assert 'value="原名"' in text(client.get("/accounts/profile/")), "once"


def test_secrets_and_forged_words_are_not_carried(client: Client) -> None:
    somebody = person()
    lost = client.post("/accounts/password/change/", {"old": PASSWORD, "new": "x" * 12, "again": "x" * 12})
    log_in(client, somebody, kept=carried(text(lost)))
    assert "xxxxxxxxxxxx" not in text(client.get("/accounts/password/change/"))
    other = Client()
    log_in(other, person(), kept="forged")
    assert other.get("/accounts/profile/").status_code == 200


def test_words_survive_when_every_cookie_is_gone() -> None:
    strict = Client(enforce_csrf_checks=True)
    words = {"name": "新名字", "csrfmiddlewaretoken": "a" * 64}
    ours = {"Origin": "http://testserver", "Referer": "http://testserver/accounts/profile/"}
    assert strict.post("/accounts/profile/", words, headers=ours).status_code == 401
    theirs = {"Origin": "https://evil.example", "Referer": "https://evil.example/"}
    assert strict.post("/accounts/profile/", words, headers=theirs).status_code == 403


def test_words_survive_a_log_in_in_another_window() -> None:
    """The log-in there has made the token of the page here an old one."""
    strict, somebody = Client(enforce_csrf_checks=True), person(name="原名")
    strict.force_login(somebody, backend="allauth.account.auth_backends.AuthenticationBackend")
    strict.get("/accounts/profile/")
    words = {"name": "新名字", "phone": "13900001111", "email": "", "csrfmiddlewaretoken": "a" * 64}
    ours = {"Origin": "http://testserver", "Referer": "http://testserver/accounts/profile/"}
    lost = strict.post("/accounts/profile/", words, headers=ours)
    assert (lost.status_code, lost["Location"]) == (303, "/accounts/profile/")
    back = text(strict.get("/accounts/profile/"))
    assert 'value="新名字"' in back and "还没有提交" in back
    assert Person.objects.get(pk=somebody.pk).name == "原名", "coming back is not sending"
    script = strict.post("/accounts/profile/", words, headers=ours | {"X-Requested-With": "autosave"})
    assert script.status_code == 403
    again = words | {"csrfmiddlewaretoken": script["X-CSRF-Fresh"]}
    assert strict.post("/accounts/profile/", again, headers=ours).status_code == 303
    assert Person.objects.get(pk=somebody.pk).name == "新名字"
    theirs = {"Origin": "https://evil.example", "X-Requested-With": "autosave"}
    refused = strict.post("/accounts/profile/", words | {"name": "坏"}, headers=theirs)
    assert refused.status_code == 403 and "X-CSRF-Fresh" not in refused.headers
    assert "坏" not in text(strict.get("/accounts/profile/"))


def test_an_autosave_without_session_is_told_so(client: Client) -> None:
    answer = client.post("/accounts/profile/", {"name": "某"}, headers={"Accept": "application/json"})
    assert answer.status_code == 401
    fragment = client.post("/accounts/profile/", {"name": "某"}, headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment["HX-Retarget"]) == (200, "body")


# --- the second factor ------------------------------------------------------------------------------


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def test_with_an_app_the_password_alone_does_not_log_in(client: Client) -> None:
    somebody = person()
    secret = generate_totp_secret()
    TOTP.activate(somebody, secret)
    answer = log_in(client, somebody)
    assert (answer.status_code, answer["Location"]) == (303, "/accounts/2fa/authenticate/")
    assert client.get("/accounts/sessions/").status_code == 302
    page = client.get("/accounts/2fa/authenticate/")
    assert "第二步验证" in text(page)
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 422
    assert client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)}).status_code == 303
    assert client.get("/accounts/sessions/").status_code == 200


def test_an_app_is_set_up_with_codes_for_the_day_it_is_lost(client: Client) -> None:
    somebody = person()
    log_in(client, somebody)
    first = client.get("/accounts/2fa/totp/activate/")
    assert first["Location"].startswith("/accounts/reauthenticate/"), "the password once more"
    assert "请再次确认身份" in text(client.get(first["Location"]))
    assert client.post(first["Location"], {"password": "wrong"}).status_code == 422
    assert client.post(first["Location"], {"password": PASSWORD}).status_code == 303
    page = text(client.get("/accounts/2fa/totp/activate/"))
    assert "data:image/svg+xml;base64," in page
    secret = re.search(r"<code>(\w+)</code>", page)
    assert secret is not None
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret[1])})
    assert (answer.status_code, answer["Location"]) == (303, "/accounts/2fa/recovery-codes/")
    assert "恢复码" in text(client.get("/accounts/2fa/recovery-codes/"))
    assert Authenticator.objects.filter(user=somebody).count() == 2


@pytest.fixture
def required(settings: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MFA_REQUIRED = True


def hats(kind: str, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_providers", [lambda person: [Hat(kind, 1, "望海市总工会", role)]])


def test_the_last_second_factor_stays_where_it_is_required(
    client: Client, required: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    hats("union", "clerk", monkeypatch)
    somebody = person()
    TOTP.activate(somebody, generate_totp_secret())
    client.force_login(somebody, backend=BACKEND)
    again = client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert again.status_code == 303
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 422
    assert Authenticator.objects.filter(user=somebody).exists()


# --- the demonstration's accounts -------------------------------------------------------------------


def test_demo_accounts_are_listed_in_the_demonstration_only(
    client: Client, settings: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [demo.DemoAccount("经办人", "lin", "3 件待审核")]
    monkeypatch.setattr(demo, "_providers", [lambda: rows])
    assert "3 件待审核" not in text(client.get("/accounts/login/"))
    settings.ENV = dataclasses.replace(settings.ENV, kind="demo")
    page = text(client.get("/accounts/login/"))
    assert "3 件待审核" in page
    assert demo.PASSWORD in page
