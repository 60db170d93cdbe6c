"""U05: sizes of letters and of what is pressed, in 长辈版 and without, on pages of every kind of person.

U07: a list that is swapped moves nothing. What a page weighs and whom it asks is looked at on every page in
test_every_page.py; how long a swap takes is measured by the benchmarks.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from journeys import addresses
from journeys.conftest import Standing

pytestmark = [pytest.mark.browser]
Visit = Callable[..., Page]

STAFF = (("clerk", "unions:work"), ("clerk", "registry:organisations"), ("clerk", "calls:applications"))
TOUCH = (
    ("anonymous", "portal:home"), ("anonymous", "calls:object"), ("anonymous", "calls:public_list"),
    ("owner", "calls:application"), ("owner", "calls:apply_section"), ("owner", "registry:home"),
    ("expert", "calls:review_home"), ("leader", "calls:approve_call"),
)  # fmt: skip

# Everything that can be pressed in main, and its size; links in running text, and what is hidden, left out.
_SMALL = """least => {
  const found = [];
  for (const e of document.querySelectorAll('main a[href], main button, main select, main summary,'
      + ' main input:not([type=hidden])')) {
    if (e.matches('a.clause')) continue;  // cites within running text
    const label = e.matches('input[type=checkbox], input[type=radio]')
      && (e.closest('label') || e.closest('.pick'));
    const box = (label || e).getBoundingClientRect();
    if (!box.width || getComputedStyle(e).visibility === 'hidden' || box.bottom < 0) continue;
    if (e.tagName === 'A' && getComputedStyle(e).display === 'inline') {
      const around = e.parentElement.textContent.trim(), own = e.textContent.trim();
      if (around.length > own.length) continue;
      const row = e.closest('li, td, th, dd, p');
      if (row && row.getBoundingClientRect().height >= least) continue;
    }
    if (box.height < least - 0.5 || box.width < 24)
      found.push(`${Math.round(box.width)}×${Math.round(box.height)} ${e.outerHTML.slice(0, 110)}`);
  }
  return found;
}"""
_LETTERS = """() => [...document.querySelectorAll('main *')].filter(e => e.getClientRects().length
    && !e.closest('.sr-only, svg, .badge, .tag, kbd, .stage-word')
    && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())
    && parseFloat(getComputedStyle(e).fontSize) < 23.9)
  .map(e => `${getComputedStyle(e).fontSize} ${e.outerHTML.slice(0, 110)}`)"""


@pytest.mark.parametrize(("actor", "label"), [*STAFF, *TOUCH])
def test_U05_elder_mode_has_large_letters_and_targets(
    visit: Visit, there: Standing, actor: str, label: str
) -> None:
    page = visit(actor, addresses.path_of(there.world, label), width=390, mode="elder")
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 24
    assert page.evaluate(_LETTERS) == []
    assert page.evaluate(_SMALL, 60) == []
    assert page.evaluate(
        "[...document.querySelectorAll('body *')].filter(e => getComputedStyle(e).position === 'fixed'"
        " && e.getClientRects().length && e.getBoundingClientRect().height > 1).length"
    ) == 0, "a floating layer"  # fmt: skip


@pytest.mark.parametrize(("actor", "label"), TOUCH)
def test_U05_what_is_touched_is_large_enough(visit: Visit, there: Standing, actor: str, label: str) -> None:
    page = visit(actor, addresses.path_of(there.world, label), width=390)
    assert page.evaluate(_SMALL, 44) == []


@pytest.mark.parametrize(("actor", "label"), STAFF)
def test_U05_what_staff_press_is_large_enough(visit: Visit, there: Standing, actor: str, label: str) -> None:
    page = visit(actor, addresses.path_of(there.world, label))
    assert page.evaluate(_SMALL, 24) == []


def test_U05_the_choice_survives_and_can_be_taken_back(visit: Visit) -> None:
    page = visit("owner", "/org/")

    def press(name: str) -> None:
        page.locator("details.me > summary").click()
        page.locator("details.me form.display").get_by_role("button", name=re.compile(name)).click()
        page.wait_for_load_state()

    size = "parseFloat(getComputedStyle(document.body).fontSize)"
    small = page.evaluate(size)
    press("^长辈版$")
    page.reload()
    assert page.evaluate(size) >= 24
    press("^退出长辈版$")
    assert page.evaluate(size) == small
    press(r"^字号\s*大$")
    page.reload()
    assert page.evaluate(size) > small


_SHIFTS = """() => { window.shifts = [];
  new PerformanceObserver(list => { for (const e of list.getEntries()) window.shifts.push(
    [e.value, ...e.sources.map(s => s.node ? (s.node.outerHTML || s.node.textContent).slice(0, 80) : '')]); })
    .observe({type: 'layout-shift', buffered: false}); }"""


def test_U07_a_swapped_list_moves_nothing_and_asks_for_nothing_else(visit: Visit, site: str) -> None:
    page = visit("clerk", "/organisations/")
    page.wait_for_load_state("networkidle")
    page.evaluate(_SHIFTS)
    asked: list[tuple[str, str]] = []
    # A browser may look at the page's own mark again for the new address.
    page.on("request", lambda r: asked.append((r.resource_type, r.url)) if "mark.svg" not in r.url else None)
    page.evaluate("window.whole = true")
    for _ in range(2):
        before = page.url
        page.locator("#list-sort-name").click()
        expect(page).not_to_have_url(before)
        page.wait_for_timeout(200)
    assert page.evaluate("window.whole"), "the page was loaded anew"
    assert page.evaluate("window.shifts") == [], "something jumped"
    assert len(asked) == 2 and all(url.startswith(f"{site}/") for _, url in asked), asked
    assert {kind for kind, _ in asked} <= {"xhr", "fetch"}, "a swap brings neither scripts nor style sheets"
