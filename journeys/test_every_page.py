"""Every page that answers somebody with HTML, as that person sees it, in a real browser.

The pages are those of `matrix.toml` with a "page" under GET, so a new address cannot escape. Each is shown to the
first actor that its line names. What is looked at:

- axe-core finds nothing at 1366 px normal and at 390 px in 长辈版; of the same pages at 390 px normal and at
  1366 px 长辈版, it looks at what width and mode can change (contrast, size and place of targets);
- no sideways scroll at 320 px, in both modes; a title of its own, exactly one h1;
- every link, button and field is hit where it stands: nothing lies over it;
- no request leaves the origin, no console message of the content rules, no failed request;
- at most 60 KB of scripts and 25 KB of style sheets, as gzip would send them.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from journeys import addresses, matrix
from journeys.conftest import Standing
from journeys.world import ACTORS, worn

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, Response

pytestmark = [pytest.mark.browser]

_JS, _CSS = 60 * 1024, 25 * 1024
_WIDTHS = {
    "": (1366, 390),
    "elder": (390, 1366),
}  # the whole of axe at the first, what can change at the second
_CHANGING = ["color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block"]


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


class Contexts:
    """One browser context per actor, width and mode, opened when first asked for; one page of it at a time."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.kept: dict[tuple[str, str], BrowserContext] = {}

    def page(self, there: Standing, site: str, actor: str, width: int, mode: str) -> Page:
        key = (actor, mode)
        if key not in self.kept:
            context = self.browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
            context.set_default_timeout(20_000)
            cookie = there.cookie(actor)
            cookies = [("mode", mode)] if mode else []
            for name, value in [*cookies, *([cookie] if cookie else [])]:
                context.add_cookies([{"name": name, "value": value, "url": site}])
            self.kept[key] = context
        page = self.kept[key].new_page()
        page.set_viewport_size({"width": width, "height": 900})
        return page

    def close(self) -> None:
        for context in self.kept.values():
            context.close()


@pytest.fixture(scope="module")
def contexts(browser: Browser) -> Iterator[Contexts]:
    kept = Contexts(browser)
    yield kept
    kept.close()


class Watch:
    """What a page asked for and what the browser complained of."""

    def __init__(self, page: Page, site: str) -> None:
        self.site, self.foreign, self.words, self.failed = site, [], [], []  # type: ignore[var-annotated]
        self.answers: list[Response] = []
        page.on("request", self._request)
        page.on("console", self._console)
        page.on("pageerror", self._error)
        page.on("response", self._response)

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

    def bytes_of(self, kind: str) -> int:
        """How much of this kind gzip would have sent."""
        own = [r for r in self.answers if r.url.startswith(self.site) and r.status == 200]
        bodies = [r.body() for r in own if r.request.resource_type == kind]
        return sum(len(gzip.compress(body, 6)) for body in bodies)


def _axe(axe: Callable[..., list[dict[str, Any]]], page: Page, label: str, **only: Any) -> list[str]:
    """axe's findings, in a line each. The component page shows every landmark three times on purpose."""
    return [
        f"{v['id']}: {node['target']} {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for v in axe(page, **only)
        for node in v["nodes"][:3]
        if (label, v["id"]) != ("ui:components", "landmark-unique")
    ]


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
def test_U01_U06_U07_page(
    there: Standing, site: str, contexts: Contexts, axe: Callable[..., list[dict[str, Any]]],
    label: str, actor: str,
) -> None:  # fmt: skip
    path = addresses.path_of(there.world, label)
    problems: list[str] = []
    for mode, (width, other) in _WIDTHS.items():
        page = contexts.page(there, site, actor, width, mode)
        watch = Watch(page, site)
        where = f"{path} as {actor} in mode {mode!r}"
        answer = page.goto(site + path)
        assert answer is not None and answer.status == 200, f"{where}: {answer and answer.status}"
        page.wait_for_load_state("networkidle") if page.locator("[hx-trigger*=load]").count() else None
        problems += [f"{where} at {width}: {found}" for found in _axe(axe, page, label)]
        if not mode:
            problems += [f"{where}: {words}" for words in _head_and_weight(page, watch)]
            problems += [f"{where}: {covered}" for covered in page.evaluate(_COVERED)]
        page.set_viewport_size({"width": other, "height": 900})
        problems += [f"{where} at {other}: {found}" for found in _axe(axe, page, label, rules=_CHANGING)]
        page.set_viewport_size({"width": 320, "height": 900})
        problems += [f"{where}, at 320 px: {wide}" for wide in page.evaluate(_SIDEWAYS)]
        problems += [f"{where}: {words}" for words in (*watch.foreign, *watch.words, *watch.failed)]
        page.close()
    assert not problems, "\n" + "\n".join(problems)


def _head_and_weight(page: Page, watch: Watch) -> list[str]:
    problems = []
    if len(page.title().split("·")[0].split("-")[0].strip()) < 2:
        problems.append(f"title {page.title()!r}")
    if page.locator("h1").count() != 1:
        problems.append(f"{page.locator('h1').count()} h1")
    for kind, limit in (("script", _JS), ("stylesheet", _CSS)):
        if (weight := watch.bytes_of(kind)) > limit:
            problems.append(f"{weight} bytes of {kind}, at most {limit}")
    return problems


def test_every_page_is_looked_at() -> None:
    """As many pages as the matrix has; a file that was emptied would pass everything."""
    assert len(_pages()) > 80
