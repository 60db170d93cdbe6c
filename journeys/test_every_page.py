"""Every page that answers somebody with HTML, as that person sees it, in a real browser.

The pages are those of `matrix.toml` with a "page" under GET, so a new address cannot escape. Each is shown to the
first actor that its line names. What is looked at:

- axe-core finds nothing at 1366 px normal and at 390 px in 长辈版; of the same pages at 390 px normal and at
  1366 px 长辈版, it looks at what width and mode can change (contrast, size and place of targets); contrast is
  judged wherever letters of some colour, size and weight stand on some ground for the first time in this process;
- no sideways scroll at 320 px, in both modes; a title of its own, exactly one h1;
- every link, button and field is hit where it stands: nothing lies over it;
- no request leaves the origin, no console message of the content rules, no failed request;
- at most 60 KB of scripts and 25 KB of style sheets, as gzip would send them.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pytest

from journeys import addresses, matrix
from journeys.browser import PATIENCE, Axe
from journeys.conftest import Standing
from journeys.world import ACTORS, worn

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, Response

pytestmark = [pytest.mark.browser]

_JS, _CSS = 60 * 1024, 25 * 1024
_WIDTHS = {
    "": (1366, 390),
    "elder": (390, 1366),
}  # the whole of axe at the first, what can change at the second
_CONTRAST = "color-contrast"
_CHANGING = [_CONTRAST, "target-size", "scrollable-region-focusable", "link-in-text-block"]


def _pages() -> list[tuple[str, str]]:
    """(label, actor) of every page; the actor is the first one in the order of the world's cast."""
    found = []
    known = addresses.addresses()
    for label, rows in matrix.read().items():
        actor = next((a for a in ACTORS if rows["GET"][a] == "page"), "")
        if actor:
            kind, roles = getattr(known[label.split("#")[0]].view, "access_guard", ("", ()))
            found.append((label, worn(actor, roles if kind == "members" else ())))
    return found


class Tabs:
    """One tab per actor and mode, opened when first asked for; what was judged in any of them."""

    def __init__(self, browser: Browser, axe: Axe) -> None:
        self.browser, self.axe = browser, axe
        self.kept: dict[tuple[str, str], Watch] = {}
        self.weights: dict[str, int] = {}
        self.colours: set[str] = set()

    def tab(self, there: Standing, site: str, actor: str, mode: str) -> Watch:
        key = (actor, mode)
        if key not in self.kept:
            context = self.browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
            context.set_default_timeout(PATIENCE)
            context.add_init_script(self.axe.script)
            cookie = there.cookie(actor)
            cookies = [("mode", mode)] if mode else []
            for name, value in [*cookies, *([cookie] if cookie else [])]:
                context.add_cookies([{"name": name, "value": value, "url": site}])
            self.kept[key] = Watch(context.new_page(), site)
        self.kept[key].forget()
        return self.kept[key]

    def found(self, page: Page, label: str, rules: Sequence[str] = ()) -> list[str]:
        """axe's findings, in a line each. The component page shows every landmark three times on purpose."""
        colours = set(page.evaluate(_COLOURS)) - self.colours
        self.colours |= colours
        without = () if colours else (_CONTRAST,)
        found = self.axe(page, [r for r in rules if r not in without], () if rules else without)
        return [
            f"{v['id']}: {node['target']} {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
            for v in found
            for node in v["nodes"][:3]
            if (label, v["id"]) != ("ui:components", "landmark-unique")
        ]

    def bytes_of(self, watch: Watch, kind: str) -> int:
        """How much of this kind gzip would have sent."""
        for r in watch.answers:
            if r.url not in self.weights and r.request.resource_type == kind and r.status == 200:
                self.weights[r.url] = len(gzip.compress(r.body(), 6))
        own = {r.url for r in watch.answers if r.request.resource_type == kind and r.status == 200}
        return sum(self.weights[url] for url in own if url.startswith(watch.site))

    def close(self) -> None:
        for watch in self.kept.values():
            watch.page.context.close()


@pytest.fixture(scope="module")
def tabs(browser: Browser, axe: Axe) -> Iterator[Tabs]:
    kept = Tabs(browser, axe)
    yield kept
    kept.close()


class Watch:
    """What a page asked for and what the browser complained of."""

    def __init__(self, page: Page, site: str) -> None:
        self.page, self.site = page, site
        self.forget()
        page.on("request", self._request)
        page.on("console", self._console)
        page.on("pageerror", self._error)
        page.on("response", self._response)

    def forget(self) -> None:
        """From now on of the next page."""
        self.foreign: list[str] = []
        self.words: list[str] = []
        self.failed: list[str] = []
        self.answers: list[Response] = []

    def _request(self, request: Request) -> None:
        # The browser's own viewer of PDF shows evidence; it is no part of the page.
        if not request.url.startswith(
            (f"{self.site}/", "data:", "blob:", "chrome://", "chrome-extension://")
        ):
            self.foreign.append(request.url)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security" in message.text:
            self.words.append(message.text)

    def _error(self, error: Error) -> None:
        self.words.append(str(error))

    def _response(self, response: Response) -> None:
        self.answers.append(response)
        if response.status >= 400:
            self.failed.append(f"{response.status} {response.url}")


# Letters that are seen and what they stand on, up to the first ground that nothing shines through.
_COLOURS = """() => {
  const found = new Set();
  for (const e of document.querySelectorAll('body, body *')) {
    const words = e.matches('input, select, textarea')
      || [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!words || !e.checkVisibility({visibilityProperty: true})) continue;
    const own = getComputedStyle(e), says = [own.color, own.fontSize, own.fontWeight, own.textShadow];
    let solid = false;
    for (let up = e; up; up = up.parentElement) {
      const s = getComputedStyle(up);
      if (s.opacity !== '1') says.push(`opacity ${s.opacity}`);
      if (solid) continue;
      says.push(s.backgroundColor, s.backgroundImage);
      solid = s.backgroundImage === 'none' && s.backgroundColor.startsWith('rgb(');
      if (!solid && /absolute|fixed|sticky/.test(s.position)) says.push(`over something: ${up.className}`);
    }
    found.add(says.filter(word => word !== 'none' && word !== 'rgba(0, 0, 0, 0)').join(' / '));
  }
  return [...found];
}"""
_SIDEWAYS = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const wide = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > room + 1);
  return wide.slice(0, 4).map(e => `${e.tagName}.${e.className} ${Math.round(e.getBoundingClientRect().right)}`)
    .concat([`page ${document.documentElement.scrollWidth} > ${room}`]);
}"""


# A link or button whose middle belongs to something else does what that one says.
_COVERED = """() => [...document.querySelectorAll('main :is(a[href], button, input, select, textarea, summary)')]
  .filter(e => e.checkVisibility({visibilityProperty: true}))
  .flatMap(e => {
    e.scrollIntoView({block: 'center', inline: 'center'});
    const [box] = e.getClientRects();
    if (!box || box.width < 4 || box.height < 4) return [];
    const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (!at || at.contains(e) || e.contains(at) || [...(e.labels ?? [])].some(l => l.contains(at))) return [];
    return [`“${e.innerText || e.name}” lies under ${at.outerHTML.slice(0, 120)}`];
  })"""


@pytest.mark.parametrize(("label", "actor"), _pages())
def test_U01_U06_U07_page(there: Standing, site: str, tabs: Tabs, label: str, actor: str) -> None:
    path = addresses.path_of(there.world, label)
    problems: list[str] = []
    for mode, (width, other) in _WIDTHS.items():
        watch = tabs.tab(there, site, actor, mode)
        page = watch.page
        page.set_viewport_size({"width": width, "height": 900})
        where = f"{path} as {actor} in mode {mode!r}"
        answer = page.goto(site + path)
        assert answer is not None and answer.status == 200, f"{where}: {answer and answer.status}"
        page.wait_for_load_state("networkidle") if page.locator("[hx-trigger*=load]").count() else None
        problems += [f"{where} at {width}: {found}" for found in tabs.found(page, label)]
        if not mode:
            problems += [f"{where}: {words}" for words in _head_and_weight(tabs, watch)]
            problems += [f"{where}: {covered}" for covered in page.evaluate(_COVERED)]
        page.set_viewport_size({"width": other, "height": 900})
        problems += [f"{where} at {other}: {found}" for found in tabs.found(page, label, _CHANGING)]
        page.set_viewport_size({"width": 320, "height": 900})
        problems += [f"{where}, at 320 px: {wide}" for wide in page.evaluate(_SIDEWAYS)]
        problems += [f"{where}: {words}" for words in (*watch.foreign, *watch.words, *watch.failed)]
    assert not problems, "\n" + "\n".join(problems)


def _head_and_weight(tabs: Tabs, watch: Watch) -> list[str]:
    page, problems = watch.page, []
    if len(page.title().split("·")[0].split("-")[0].strip()) < 2:
        problems.append(f"title {page.title()!r}")
    if page.locator("h1").count() != 1:
        problems.append(f"{page.locator('h1').count()} h1")
    for kind, limit in (("script", _JS), ("stylesheet", _CSS)):
        if (weight := tabs.bytes_of(watch, kind)) > limit:
            problems.append(f"{weight} bytes of {kind}, at most {limit}")
    return problems


def test_every_page_is_looked_at() -> None:
    """As many pages as the matrix has; a file that was emptied would pass everything."""
    assert len(_pages()) > 80
