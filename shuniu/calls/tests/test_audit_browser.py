"""The check desk in a real browser: j and k, ticks saved at once, a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from shuniu.calls.models import Application, Decision
from shuniu.calls.tests import cast
from shuniu.calls.tests.test_audit import at_desk, concluded
from shuniu.foundation.access import Who
from shuniu.unions.tests.cast import log_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.real_transactions]


@pytest.fixture
def opened(live_url: str, new_page: Callable[..., Page], settings: Any) -> Callable[..., Page]:
    """A function that opens an address as somebody, in a window of that width."""
    from django.test import Client

    def go(who: Who, address: str, width: int = 1366) -> Page:
        cookie = log_in(Client(), who).cookies[settings.SESSION_COOKIE_NAME]
        page = new_page(viewport={"width": width, "height": 900})
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_url}])
        page.goto(live_url + address)
        return page

    return go


def desk_url(application: Application, tail: str = "audit/") -> str:
    return f"/calls/applications/{application.pk}/{tail}"


@pytest.mark.feature("C8")
def test_U19_evidence_and_checklist_walk_together(opened: Callable[..., Page]) -> None:
    of = cast.office()
    made = at_desk(of)
    page = opened(of.clerk, desk_url(made))
    current = page.locator("article.finding[aria-current] h3").first
    first = current.text_content() or ""
    page.keyboard.press("j")
    page.wait_for_url("**file=*")
    expect(current).not_to_have_text(first)
    page.keyboard.press("k")
    expect(current).to_have_text(first)
    page.click("article#f-scope h3 a")
    page.wait_for_selector("#n-scope")
    note = page.locator("#n-scope")
    note.fill("jk 键在输入框里是字")
    saved = page.locator("article#f-scope [data-save-state][data-state=saved]")
    with page.expect_response(lambda r: "_changed=ticked" in (r.request.post_data or "")):
        page.check("#t-scope")
    saved.wait_for()
    page.reload()
    expect(page.locator("#t-scope")).to_be_checked()
    expect(page.locator("#n-scope")).to_have_value("jk 键在输入框里是字")


@pytest.mark.feature("C8")
def test_U22_the_second_person_agrees_on_a_phone(opened: Callable[..., Page]) -> None:
    of = cast.office()
    made = at_desk(of)
    concluded(of, made)
    page = opened(of.checker, desk_url(made, "check/"), 390)
    page.click("button:has-text('退回')")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.click("button:has-text('同意')")
    page.wait_for_url("**/applications/")
    assert Decision.objects.filter(application=made, verb="confirm", by=of.checker.person).count() == 1
