"""In a real browser: words that survive a lost session, the palette, a passkey."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from shuniu.foundation.access import Who
from shuniu.foundation.calendar import actions as calendar
from shuniu.foundation.calendar import clock
from shuniu.foundation.notices.actions import tell
from shuniu.unions import actions
from shuniu.unions.tests import cast

pytestmark = [pytest.mark.browser, pytest.mark.real_transactions]


def enter(page: Page, live_url: str, username: str) -> None:
    page.goto(f"{live_url}/accounts/login/")
    page.fill("#id_login", username)
    page.fill("#id_password", cast.PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/work/")


def city() -> dict[str, Who]:
    """A city with a district, an industry union and one person of each kind."""
    year = clock.today().year
    for y in (year, year + 1):
        calendar.confirm_year(by=cast.SETUP, year=y, source="放假通知", days=[])
    union = cast.union(responsible_department="社会联络部", contact_phone="0532-00000000")
    district = cast.union("东港区总工会", level="district", parent=union)
    cast.union("望海市教育工会", level="industry", parent=union)
    cast.union("望海大学工会", level="university", parent=district, industry_parent=union)
    roles = {"sys_admin": "孙系统", "sec_admin": "钱安全", "audit_admin": "沈审计", "clerk": "林经办"}
    cast_of = {r: cast.who(r, union, cast.person(name, username=r)) for r, name in roles.items()}
    tell([cast.me(cast_of["clerk"])], title="周复核退回 1 份审核结论", kind="test", url="/work/list/")
    actions.invite_to_role(
        by=cast_of["sys_admin"], union=union, role="checker", invited_name="新复核", first_day=clock.today()
    )
    actions.grant_role(
        by=cast_of["sys_admin"], person=cast.person("吴候任"), union=district, role="audit_admin",
        first_day=clock.today(),
    )  # fmt: skip
    return cast_of


@pytest.mark.feature("M1")
def test_the_bench_fetches_what_waits_under_another_role(page: Page, live_url: str) -> None:
    who = city()
    cast.grant(cast.me(who["clerk"]), cast.union("南湾区总工会", level="district"), "leader")
    enter(page, live_url, "clerk")
    hats = page.get_by_role("region", name="其他身份的待办")
    expect(hats).to_contain_text("南湾区总工会 · 领导0 件")
    expect(hats).not_to_contain_text("换过去查看")


@pytest.mark.feature("O1")
def test_U09_words_typed_after_the_session_ended_are_there_after_log_in(page: Page, live_url: str) -> None:
    city()
    enter(page, live_url, "clerk")
    page.goto(f"{live_url}/accounts/profile/")
    page.fill("#id_name", "林新名")
    page.context.clear_cookies()
    page.click("main button[type=submit]")
    expect(page.get_by_text("登录状态已过期。")).to_be_visible()
    page.fill("#id_login", "clerk")
    page.fill("#id_password", cast.PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/accounts/profile/")
    expect(page.locator("#id_name")).to_have_value("林新名")
    expect(page.get_by_text("还没有提交")).to_be_visible()


def test_U21_the_palette_opens_a_page_by_keyboard(page: Page, live_url: str) -> None:
    city()
    enter(page, live_url, "clerk")
    page.keyboard.press("Control+k")
    page.keyboard.type("qrdl")
    page.get_by_role("option", name="请人代理", selected=True).wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/me/delegation/")


def test_a_passkey_logs_in_is_the_second_step_and_the_proof(page: Page, live_url: str) -> None:
    city()
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    authenticator = devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }},
    )["authenticatorId"]  # fmt: skip
    enter(page, live_url, "clerk")
    page.goto(f"{live_url}/accounts/2fa/webauthn/add/")
    page.fill("#id_password", cast.PASSWORD)
    page.click("main button[type=submit]")
    page.check("#id_passwordless")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/")
    page.context.clear_cookies()
    page.goto(f"{live_url}/accounts/login/")
    page.click("#passkey_login")
    page.wait_for_url("**/work/")
    page.context.clear_cookies()
    page.goto(f"{live_url}/accounts/login/")
    page.fill("#id_login", "clerk")
    page.fill("#id_password", cast.PASSWORD)
    page.press("#id_password", "Enter")
    page.click("#mfa_webauthn_authenticate")  # the second step after a password
    page.wait_for_url("**/work/")
    # The proof before a step that cannot be taken back, and the way back to its page.
    page.goto(f"{live_url}/accounts/2fa/webauthn/reauthenticate/?next=/me/")
    page.click("#mfa_webauthn_reauthenticate")
    page.wait_for_url(f"{live_url}/me/")
    page.goto(f"{live_url}/accounts/2fa/recovery-codes/generate/")
    assert page.url.endswith("/generate/"), "who has just answered is not asked again"
    page.context.clear_cookies()
    devtools.send("WebAuthn.clearCredentials", {"authenticatorId": authenticator})
    page.goto(f"{live_url}/accounts/login/")
    page.click("#passkey_login")
    page.get_by_text("通行密钥没有通过").wait_for()
