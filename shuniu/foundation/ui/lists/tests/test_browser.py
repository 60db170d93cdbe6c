"""What only a browser shows: cards on a phone, the batch bar, swaps that keep the address."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from shuniu.foundation.ui.lists.tests.conftest import logged_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from shuniu.foundation.accounts.models import Person

pytestmark = [pytest.mark.browser, pytest.mark.real_transactions]


@pytest.fixture
def opened(
    live_url: str, new_page: Callable[..., Page], clerk: Person, people: list[Person], settings: Any
) -> Callable[..., Page]:
    """A function that opens an address as the clerk in a window of that width."""
    cookie = logged_in(clerk).cookies[settings.SESSION_COOKIE_NAME]

    def go(address: str, width: int = 1366, **options: Any) -> Page:
        page = new_page(viewport={"width": width, "height": 900}, **options)
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_url}])
        page.goto(live_url + address)
        return page

    return go


@pytest.mark.parametrize("address", ["/people/", "/people/?mail=no&created_from=2026-01-01", "/people/?q=x"])
def test_U06_cards_and_no_sideways_scroll(opened: Callable[..., Page], address: str) -> None:
    for width in (320, 390, 1366):
        page = opened(address, width)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    labels = page.eval_on_selector_all("tbody td:not(.pick)", "cells => cells.map(c => c.dataset.label)")
    assert all(labels)


def test_U06_shared_pages_fit(opened: Callable[..., Page], people: list[Person]) -> None:
    picks = f"&pick={people[0].pk}&pick={people[1].pk}"
    for address in (
        "/lists/test.people/columns/?next=/people/",
        "/lists/test.people/views/?next=/people/",
        f"/people/?batch=invite{picks}",
    ):
        for width in (320, 1366):
            page = opened(address, width)
            assert page.evaluate(
                "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
            )


def test_U14_ticks_are_counted(opened: Callable[..., Page]) -> None:
    page = opened("/people/")
    bar = page.locator(".batch")
    assert not bar.is_visible()
    page.locator("tbody .tick").first.check()
    for words in ("已选 1 项", "选择全部 30 项"):
        expect(bar).to_contain_text(words)
    expect(bar).to_be_visible()
    page.locator("thead .tick").check()
    expect(bar).to_contain_text("已选 20 项")
    bar.get_by_role("button", name="通知").click()
    expect(page.locator("main")).to_contain_text("可以办理 13 项")


def test_U08_a_swap_keeps_the_address_and_back_returns(opened: Callable[..., Page], live_url: str) -> None:
    page = opened("/people/")
    page.evaluate("window.whole = true")
    page.fill("#list-q", "人员")
    page.press("#list-q", "Enter")
    page.wait_for_url("**/people/?q=*")
    page.get_by_role("navigation", name="分页").get_by_text("共 27 人").wait_for()
    page.locator("#list-sort-name").click()
    page.wait_for_url("**sort=name*")
    page.locator('th[aria-sort="ascending"] #list-sort-name').wait_for()
    assert page.evaluate("window.whole") is True
    assert page.locator("#list-export").get_attribute("href") == page.locator(
        "#list-sort-name"
    ).get_attribute("href").replace("sort=-name", "sort=name&export=xlsx")  # type: ignore[union-attr]
    page.go_back()
    page.get_by_role("navigation", name="分页").get_by_text("共 27 人").wait_for()
    page.go_back()
    page.get_by_text("共 30 人").wait_for()
    assert page.url == f"{live_url}/people/"


def test_U04_everything_without_javascript(opened: Callable[..., Page]) -> None:
    page = opened("/people/", 390, java_script_enabled=False)
    assert page.locator("#list-q").is_visible() and not page.locator("#list-mail").is_visible()
    page.get_by_text("筛选", exact=True).click()  # on a phone all but the search is folded
    page.select_option("#list-mail", "no")
    page.get_by_role("button", name="查询").click()
    expect(page.locator("tbody tr")).to_have_count(10)
    page.locator("tbody .tick").first.check()
    page.locator(".batch").get_by_role("button", name="通知").click()
    expect(page.locator("main")).to_contain_text("没有邮箱，不能通知。")


def test_U12_the_head_stays_in_view(opened: Callable[..., Page]) -> None:
    page = opened("/people/?size=50")
    head = page.locator("thead th").nth(1)
    before = head.bounding_box()
    page.evaluate("window.scrollTo(0, 700)")
    page.wait_for_function("window.scrollY > 500")
    after = head.bounding_box()
    assert before and after and before["y"] > 200 and 0 <= after["y"] < 2


def test_U21_j_and_k_walk_the_rows(opened: Callable[..., Page]) -> None:
    page = opened("/people/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 2
    page.focus("#list-q")
    page.keyboard.press("j")
    assert page.input_value("#list-q") == "j"


def test_U01_no_violation(
    opened: Callable[..., Page], axe: Callable[[Page], list[dict[str, Any]]], people: list[Person]
) -> None:
    for address in (
        "/people/?mail=no&page=7",
        "/people/?q=x",
        "/lists/test.people/columns/?next=/people/",
        f"/people/?batch=invite&pick={people[0].pk}&pick={people[1].pk}",
    ):
        for width in (1366, 390):
            found = axe(opened(address, width))
            assert not found, (address, width, [(v["id"], v["nodes"][0]["html"][:200]) for v in found])
