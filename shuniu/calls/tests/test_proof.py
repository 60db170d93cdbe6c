"""U22: what cannot be taken back asks for the password once more; who may not is refused without being asked."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from shuniu.calls.actions import amendment
from shuniu.calls.actions import call as calls
from shuniu.calls.models import Call, PublicList
from shuniu.calls.tests import cast, cast_listing
from shuniu.foundation.access import Who
from shuniu.recognition.models import Recognition
from shuniu.recognition.tests import cast as recognitions
from shuniu.unions.tests.cast import PASSWORD, log_in

pytestmark = pytest.mark.django_db

ASKED = "您的登录密码"


@pytest.mark.feature("C11")
def test_a_list_is_public_only_with_the_password(client: Client) -> None:
    of = cast.office()
    call, _ = cast_listing.reviewed_call(of, 1)
    log_in(client, of.clerk)
    address = client.post(f"/calls/{call.pk}/lists/shortlist/freeze/")["Location"]
    refused = client.post(address, {"do": "approve"})
    assert refused.status_code == 409 and ASKED not in refused.content.decode(), "who may not is not asked"
    log_in(client, of.leader)
    assert ASKED in client.get(address).content.decode()
    for typed in ({}, {"again-password": ""}, {"again-password": "falsch"}):
        answer = client.post(address, {"do": "approve"} | typed)
        assert answer.status_code == 422 and "again-password" in answer.content.decode()
    assert PublicList.objects.get().published_at is None
    assert client.post(address, {"do": "return", "reason": ""}).status_code == 422
    assert client.post(address, {"do": "approve", "again-password": PASSWORD}).status_code == 303
    assert PublicList.objects.get().approved_by == of.leader.person
    assert client.post(address, {"do": "approve"}).status_code == 409, "it is over, whoever asks"


@pytest.mark.feature("C1")
def test_a_notice_and_its_amendment_are_public_only_with_the_password(client: Client) -> None:
    of = cast.office()
    call = cast.draft_call(of)
    calls.submit(by=of.clerk, call_id=call.pk)
    address = f"/calls/{call.pk}/approve/"
    log_in(client, of.leader)
    assert ASKED in client.get(address).content.decode()
    for typed in ({}, {"again-password": "falsch"}):
        answer = client.post(address, {"do": "approve"} | typed)
        assert answer.status_code == 422 and "错误：" in answer.content.decode()
    assert Call.objects.get().state == Call.State.PENDING
    assert client.post(address, {"do": "return", "reason": ""}).status_code == 422
    assert client.post(address, {"do": "approve", "again-password": PASSWORD}).status_code == 303
    twice = client.post(address, {"do": "approve"})
    assert twice.status_code == 409 and "不在待审签状态" in twice.content.decode()
    made = amendment.propose(
        by=of.clerk, call_id=call.pk, reason="换人", values={"contact": "吴经办"}, days={}
    )
    address = f"/calls/{call.pk}/amendments/{made.number}/"
    log_in(client, of.checker)
    assert client.post(address, {"do": "approve", "again-password": ""}).status_code == 422
    assert client.post(address, {"do": "approve", "again-password": PASSWORD}).status_code == 303
    assert Call.objects.get().contact == "吴经办"


@pytest.mark.feature("E1")
def test_a_certificate_is_made_anew_with_the_password_and_it_is_asked_again_later(
    client: Client, settings: Any
) -> None:
    of = recognitions.office()
    row = recognitions.recognition(of, recognitions.holder(of)[1])
    address = f"/recognitions/{row.pk}/"
    log_in(client, of.leader)
    sent = {"do": "reissue", "reason": "原件遗失"}
    answer = client.post(address, sent)
    assert answer.status_code == 422 and "原件遗失" in answer.content.decode(), "the reason is kept"
    assert client.post(address, sent | {"again-password": PASSWORD}).status_code == 303
    assert "刚才已确认是您本人" in client.get(address).content.decode()
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    asked = client.get(address).content.decode()
    assert ASKED in asked and "改用通行密钥" not in asked
    Authenticator.objects.create(
        user=of.leader.person, type=Authenticator.Type.WEBAUTHN, data={"name": "办公室"}
    )
    other = f"/accounts/2fa/webauthn/reauthenticate/?next={address}"
    assert f'href="{other}">改用通行密钥' in client.get(address).content.decode()
    suspended = client.post(address, {"do": "suspend", "reason": "核查"})
    assert suspended.status_code == 303, "what can be taken back asks for nothing"
    assert Recognition.objects.get().state == Recognition.State.SUSPENDED


@pytest.mark.browser
@pytest.mark.real_transactions
def test_a_passkey_proves_who_it_is_and_the_words_typed_before_are_sent(page: Page, live_url: str) -> None:
    of = recognitions.office()
    row = recognitions.recognition(of, recognitions.holder(of)[1])
    _come_in(page, live_url, of.leader)
    _add_passkey(page, live_url)
    _come_in(page, live_url, of.leader)  # a new session, in which nobody has proved anything
    address = f"{live_url}/recognitions/{row.pk}/"
    page.goto(address)
    form = page.locator("form:has(input[name=do][value=reissue])")
    page.get_by_text("重新制发", exact=False).first.click()
    form.locator("[name$=reason]").fill("原件遗失，公函已收到")
    form.get_by_text("改用通行密钥").click()
    page.click("#mfa_webauthn_reauthenticate")
    page.wait_for_url(address)
    expect(form.locator("[name$=reason]")).to_have_value("原件遗失，公函已收到")
    expect(form).to_contain_text("刚才已确认是您本人")
    form.get_by_role("button", name="重新制发").click()
    expect(page.locator("main")).to_contain_text("原件遗失，公函已收到")
    expect(form.locator("[name$=reason]")).to_have_value("")
    assert Recognition.objects.get().events.filter(verb="reissue").exists()


def _come_in(page: Page, live_url: str, who: Who) -> None:
    client, name = log_in(Client(), who), settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_url}])


def _add_passkey(page: Page, live_url: str) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(f"{live_url}/accounts/2fa/webauthn/add/")
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/")
