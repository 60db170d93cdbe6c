"""The expert's desk and the draw in a real browser: U33, axe, without JavaScript.

U32, U34 and U35 are in journeys/test_behaviours_expert.py.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from shuniu.calls.models import DrawCommitment, ScoreSheet
from shuniu.calls.tests import reviews
from shuniu.foundation.access import Who
from shuniu.unions.tests import cast as unions

pytestmark = [pytest.mark.browser, pytest.mark.real_transactions]
SHOTS = os.environ.get("SHUNIU_SHOTS", "")


def enter(page: Page, live_url: str, who: Who) -> None:
    """Log in by the form."""
    assert who.person is not None
    page.goto(f"{live_url}/accounts/login/")
    page.fill("#id_login", who.person.username)
    page.fill("#id_password", unions.PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url(re.compile(r"^(?!.*login)"))


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def inside(page: Page, selector: str) -> bool:
    """Whether the element is in the viewport, at least in part."""
    box = page.locator(selector).bounding_box()
    size = page.viewport_size
    assert size is not None
    return box is not None and 0 <= box["y"] < size["height"] and 0 <= box["x"] < size["width"]


def judged(axe: Callable[[Page], list[dict[str, Any]]], page: Page) -> list[dict[str, Any]]:
    """What axe finds against WCAG (U01)."""
    return [v for v in axe(page) if any(tag.startswith("wcag") for tag in v["tags"])]


def sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.feature("D5")
def test_U33_desk_on_a_tablet(
    new_page: Callable[..., Page], live_url: str, travel: Any, axe: Callable[[Page], list[dict[str, Any]]]
) -> None:
    of = reviews.review(travel, until="declared")
    member = of.members()[0]
    page = new_page(viewport={"width": 1024, "height": 768})
    enter(page, live_url, member)
    desk = f"{live_url}/review/{of.pk}/{of.applications[0].pk}/"
    page.goto(desk)
    items = list(of.marks())
    shoot(page, "desk-1024")
    assert inside(page, ".split > :first-child")
    assert inside(page, f"#id_p{items[0]}")
    assert inside(page, ".scorebar")
    assert not sideways(page)
    assert judged(axe, page) == []
    expect(page.locator(".review__bar")).to_contain_text("1/3")

    # The page of a refused sheet is as clean as the one that was asked for (U35: what it says).
    page.fill(f"#id_p{items[0]}", "99")
    page.locator("button[value=submit]").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert judged(axe, page) == []

    page.goto(desk)
    for pk in items:
        page.fill(f"#id_p{pk}", "10")
    page.locator("button[value=submit]").click()
    page.wait_for_url(f"**/{of.applications[1].pk}/")
    page.goto(desk)
    expect(page.locator(".scorebar")).to_contain_text("已提交")
    shoot(page, "desk-locked")
    assert judged(axe, page) == []
    sheet = ScoreSheet.objects.get(seat=of.seats()[0], application=of.applications[0])
    assert (sheet.state, sheet.total) == ("submitted", Decimal(50))


@pytest.mark.feature("D5")
def test_U33_phone_and_U04_without_javascript(
    new_page: Callable[..., Page], live_url: str, travel: Any, axe: Callable[[Page], list[dict[str, Any]]]
) -> None:
    of = reviews.review(travel, applications=2, until="open")
    member = of.members()[0]
    page = new_page(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    enter(page, live_url, member)
    page.goto(f"{live_url}/review/{of.pk}/")
    expect(page.locator("h1")).to_contain_text("还不能查看")
    page.locator("a.btn--primary").click()
    page.check("#id_agree")
    assert member.person is not None
    page.fill("#id_name", member.person.name)
    page.locator("button.btn--primary").click()
    page.goto(f"{live_url}/review/{of.pk}/declare/")
    page.check("#id_none")
    page.get_by_role("button", name="提交声明").click()
    expect(page.locator("h1")).to_contain_text("评审清单")
    page.get_by_role("link", name="继续评分").click()
    for pk, value in of.marks().items():
        page.fill(f"#id_p{pk}", str(value))
    page.get_by_role("button", name="提交评分表").click()
    assert ScoreSheet.objects.filter(state="submitted").count() == 1
    assert not of.again().closed_at

    phone = new_page(viewport={"width": 390, "height": 844})
    enter(phone, live_url, member)
    file = of.applications[1].materials.all()[0].attachment_id
    shown = f"{of.applications[1].pk}/?tab=files&file={file}"
    for path in (f"{of.applications[1].pk}/", "", "hand-in/", shown):
        phone.goto(f"{live_url}/review/{of.pk}/{path}")
        assert not sideways(phone), path
        assert judged(axe, phone) == [], path
        shoot(phone, f"phone-{path.strip('/').replace('/', '-').replace('?', '-') or 'pile'}")
    # No phone shows a PDF in a frame: a button opens it.
    expect(phone.locator(".viewer__desk iframe")).to_be_hidden()
    expect(phone.get_by_role("link", name="打开 PDF")).to_have_attribute("target", "_blank")
    phone.set_viewport_size({"width": 1024, "height": 768})
    expect(phone.get_by_role("link", name="打开 PDF")).to_be_hidden()
    box = phone.locator(".viewer__desk iframe").bounding_box()
    assert box is not None and box["height"] > 400 and box["width"] > 400
    phone.set_viewport_size({"width": 390, "height": 844})
    phone.goto(f"{live_url}/review/{of.pk}/{of.applications[1].pk}/")
    assert inside(phone, ".scorebar")
    for path in ("/review/", "/review/undertaking/"):
        phone.goto(f"{live_url}{path}")
        assert judged(axe, phone) == [], path


@pytest.mark.feature("D2", "D8")
def test_a_digest_is_computed_on_the_device(
    new_page: Callable[..., Page], live_url: str, travel: Any, axe: Callable[[Page], list[dict[str, Any]]]
) -> None:
    of = reviews.review(travel, applications=2, until="frozen")
    draw = of.again().draws.get()
    page = new_page()
    enter(page, live_url, of.office.clerk)
    page.goto(f"{live_url}/draws/{draw.pk}/party/")
    assert judged(axe, page) == []
    page.fill("#own-number", "123456")
    page.fill("#own-salt", "海风轻轻吹过来")
    expect(page.locator("#id_digest")).to_have_value(re.compile("^[0-9a-f]{64}$"))
    page.locator("button.btn--primary").click()
    page.wait_for_url("**/party/")
    from shuniu.calls.draw import committed

    assert DrawCommitment.objects.get().value == committed("123456:海风轻轻吹过来")
