"""The office's lists and work bench in a real browser: addresses that hold the state, keys, formats, figures."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from journeys.conftest import Standing
from journeys.world import STAFF
from shuniu.registry.models import Organisation

pytestmark = [pytest.mark.browser]
Visit = Callable[..., Page]

LIST = "/organisations/"
ROWS = "#list tbody tr"
_FOCUS = """() => { const s = getComputedStyle(document.activeElement);
  return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== 'none'; }"""


def test_U03_the_keyboard_alone_reaches_everything(visit: Visit) -> None:
    page = visit("clerk", LIST)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top >= 0"), (
        "the skip link is not seen"
    )
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    seen: list[str] = []
    for _ in range(25):
        page.keyboard.press("Tab")
        where = page.evaluate("document.activeElement.outerHTML.slice(0, 90)")
        assert page.evaluate("document.activeElement !== document.body"), "focus was lost"
        assert page.evaluate(_FOCUS), f"focus is not seen on {where}"
        seen.append(where)
    assert len(set(seen)) > 12


def test_U03_a_menu_closes_with_escape_and_gives_the_focus_back(visit: Visit) -> None:
    page = visit("clerk", "/work/")
    summary = page.locator("details.me > summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('details.me').open")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('details.me').contains(document.activeElement)")
    page.keyboard.press("Escape")
    assert not page.evaluate("document.querySelector('details.me').open")
    assert page.evaluate("document.activeElement === document.querySelector('details.me > summary')")


def test_U03_a_dialog_keeps_the_focus_and_gives_it_back(visit: Visit) -> None:
    page = visit("clerk", "/work/")
    opener = page.locator("main a[href]").first
    opener.focus()
    page.keyboard.press("?")
    dialog = page.locator("#shortcuts")
    expect(dialog).to_be_visible()
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('#shortcuts').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    expect(opener).to_be_focused()


@pytest.mark.feature("A15")
def test_U08_the_address_is_the_state_and_back_restores_it(visit: Visit) -> None:
    page = visit("clerk", LIST)
    page.get_by_role("searchbox", name=re.compile("名称")).fill("望海市")
    page.get_by_role("button", name="查询", exact=True).click()
    page.wait_for_url(re.compile(r"[?&]q="))
    page.set_viewport_size({"width": 1366, "height": 420})
    number, address = page.locator(ROWS).count(), page.url
    last = page.locator("#list tbody th a").last
    last.scroll_into_view_if_needed()
    height = page.evaluate("scrollY")
    assert height > 0
    opened = last.get_attribute("href")
    last.click()
    page.wait_for_url(f"**{opened}")
    page.go_back()
    page.wait_for_url(address)
    expect(page.locator(ROWS)).to_have_count(number)
    expect(page.locator("tr.visited th a")).to_have_attribute("href", opened or "")
    page.wait_for_function(f"Math.abs(scrollY - {height}) <= 50")
    page.goto(address)
    expect(page.locator(ROWS)).to_have_count(number)
    expect(page.get_by_role("searchbox", name=re.compile("名称"))).to_have_value("望海市")


def test_U10_formats_and_masks_by_role(visit: Visit, there: Standing) -> None:
    row = Organisation.objects.get(pk=there.world.ids["organisation"])
    assert re.fullmatch(r"1\d{10}", row.contact_phone), "there is nothing that could leak"
    pages = {actor: visit(actor, f"{LIST}{row.pk}/") for actor in ("clerk", "auditor")}
    assert row.contact_phone in pages["clerk"].locator("main").inner_text()
    assert row.contact_phone not in pages["auditor"].content()
    desk = visit("clerk", f"/calls/{there.world.ids['desk_call']}/applications/")
    times = desk.locator("td[data-label='提交时间']").all_inner_texts()
    assert times
    assert all(re.fullmatch(r"(\d{4}-)?\d\d-\d\d \d\d:\d\d", t.strip()) for t in times), times
    empty = visit("clerk", LIST).locator("td[data-label='评估等级']").all_inner_texts()
    assert "--" in [t.strip() for t in empty]


@pytest.mark.parametrize("actor", STAFF)
def test_U11_every_figure_of_the_bench_opens_as_many_rows(visit: Visit, site: str, actor: str) -> None:
    page = visit(actor, "/work/")
    stats = page.locator("main nav.stats a.stat")
    told = [
        (
            stats.nth(n).get_attribute("href") or "",
            int(re.sub(r"\D", "", stats.nth(n).locator("b").inner_text())),
        )
        for n in range(stats.count())
    ]
    assert told
    for address, number in told:
        page.goto(site + address)
        pager = page.locator("main .pager [data-say]")
        rows = page.locator("main ul.todo > li").count()
        shown = re.findall(r"共 (\d+)", pager.first.inner_text()) if pager.count() else [rows]
        assert int(shown[0]) == number, address


def test_U11_something_waits_for_the_clerk_and_for_the_checker(visit: Visit) -> None:
    for actor in ("clerk", "checker"):
        page = visit(actor, "/work/list/")
        expect(page.locator("main ul.todo > li")).not_to_have_count(0)


def test_U12_columns_are_chosen_once_and_kept(visit: Visit) -> None:
    page = visit("leader", LIST)
    before = page.locator("#list thead th").all_inner_texts()
    page.get_by_role("link", name="列与密度").click()
    line = page.locator("tbody tr", has=page.get_by_role("rowheader", name="评估等级", exact=True))
    line.locator("input[type=checkbox]").uncheck()
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url(re.compile(f"{LIST}(\\?.*)?$"))
    page.reload()
    after = page.locator("#list thead th").all_inner_texts()
    assert [w.strip() for w in before if w.strip() != "评估等级"] == [w.strip() for w in after]
    fresh = visit("leader", LIST)
    assert fresh.locator("#list thead th").all_inner_texts() == after
    top = page.locator("#list thead").evaluate("e => e.getBoundingClientRect().top")
    assert top is not None
    page.get_by_role("link", name="列与密度").click()
    page.get_by_role("button", name="恢复默认").click()
    page.wait_for_url(re.compile(f"{LIST}(\\?.*)?$"))
    assert page.locator("#list thead th").all_inner_texts() == before


@pytest.mark.feature("A15")
def test_U13_one_box_finds_by_two_characters_initials_and_code(visit: Visit, there: Standing) -> None:
    row = Organisation.objects.get(pk=there.world.ids["organisation"])
    page = visit("clerk", LIST)
    for typed in ("晨曦", "whscxzgxlgazx", row.code or ""):
        page.get_by_role("searchbox", name=re.compile("名称")).fill(typed)
        page.get_by_role("button", name="查询", exact=True).click()
        expect(page.locator("#list .chip")).to_contain_text(typed)
        expect(page.locator("#list tbody th")).to_have_count(1)
        expect(page.locator("#list tbody th")).to_contain_text(row.name)
        page.get_by_role("link", name="重置").click()
        expect(page.locator("#list .chip")).to_have_count(0)


def test_U13_a_chip_takes_its_condition_away(visit: Visit) -> None:
    page = visit("clerk", f"{LIST}?q=望海市&region=东港区")
    chips = page.locator("#list .chip")
    expect(chips).to_have_count(2)
    chips.first.click()
    expect(chips).to_have_count(1)
    expect(page).to_have_url(re.compile("region="))
    expect(page).not_to_have_url(re.compile("[?&]q="))


def test_U13_a_word_that_is_still_being_composed_asks_nothing(visit: Visit) -> None:
    page = visit("clerk", "/work/")
    with page.expect_response("**/palette/**"):  # it asks once when it opens
        page.keyboard.press("Control+k")
    box = page.get_by_role("combobox")
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if "/palette/" in r.url else None)
    box.evaluate(
        "e => { e.dispatchEvent(new CompositionEvent('compositionstart', {bubbles: true})); e.value = 'chenxi';"
        " e.dispatchEvent(new InputEvent('input', {bubbles: true, isComposing: true})); }"
    )
    page.wait_for_timeout(500)
    assert asked == []
    with page.expect_response("**/palette/**"):
        box.evaluate(
            "e => { e.value = '晨曦'; e.dispatchEvent(new CompositionEvent('compositionend', {bubbles: true})); }"
        )
    assert len(asked) == 1


def test_U21_the_palette_finds_opens_and_gives_the_focus_back(visit: Visit, there: Standing) -> None:
    page = visit("clerk", "/work/")
    opener = page.locator("main a[href]").first
    opener.focus()
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(box).not_to_be_visible()
    expect(opener).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("晨曦")
    found = page.locator(f"[role=option][data-url$='/organisations/{there.world.ids['organisation']}/']")
    found.wait_for()
    while found.get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/organisations/{there.world.ids['organisation']}/"))


def test_U21_the_keys_can_be_switched_off(visit: Visit) -> None:
    page = visit("clerk", "/work/")
    page.keyboard.press("?")
    page.get_by_label("在这台电脑上使用快捷键").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_have_count(0)
    page.reload()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_have_count(0)
