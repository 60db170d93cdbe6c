"""A real browser for tests: which one is found, and the fixtures `browser`, `page`, `live_url` and `axe`."""

from __future__ import annotations

import functools
import json
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright
    from pytest_django.live_server_helper import LiveServer

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30_000  # milliseconds for what comes at once on a machine that is not busy
_MODULES = ROOT / "node_modules"
_SYSTEM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# Without these the browser keeps knocking at hosts that a closed network does not have.
_QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
]


@dataclass(frozen=True)
class Found:
    """A browser's program (None: Playwright's own), its origin, further arguments and surroundings."""

    program: Path | None
    origin: str
    arguments: list[str] = field(default_factory=list)
    surroundings: dict[str, str] = field(default_factory=dict)


class NoBrowser(RuntimeError):
    """No browser was found; the text says in Chinese what to do."""


def find_browser(playwrights_own: Path | None = None) -> Found:
    """SHUNIU_BROWSER, else Playwright's own, else the system's Chromium, else npm's; raises NoBrowser."""
    given = os.environ.get("SHUNIU_BROWSER", "")
    if given:
        program = shutil.which(given)
        if not program:
            raise NoBrowser(f"SHUNIU_BROWSER 指向的 {given} 不是能运行的程序。")
        return Found(Path(program), "SHUNIU_BROWSER")
    if playwrights_own is not None and playwrights_own.exists():
        return Found(None, "Playwright")
    for name in _SYSTEM:
        if program := shutil.which(name):
            return Found(Path(program), "system")
    packed = _MODULES / "@sparticuz" / "chromium" / "bin"
    if (packed / "chromium.br").exists():
        return _unpacked(packed)
    raise NoBrowser(
        "找不到浏览器。请安装 Debian 的 chromium-headless-shell 或 chromium，"
        "或运行 make browser 取得 npm 的 @sparticuz/chromium，"
        "或用 SHUNIU_BROWSER 指向一个 Chromium。"
    )


def _unpacked(packed: Path) -> Found:
    """npm's Chromium with its bundled libraries, unpacked once."""
    import brotli  # type: ignore[import-untyped]

    target = ROOT / ".data" / "browser"
    if not (target / "whole").exists():
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for archive in packed.glob("*.tar.br"):
            plain = target / archive.stem
            plain.write_bytes(brotli.decompress(archive.read_bytes()))
            with tarfile.open(plain) as bundle:
                # The software renderer is looked for beside the program.
                inside = "" if archive.name.startswith("swiftshader") else archive.name.split(".")[0]
                bundle.extractall(target / inside, filter="data")
            plain.unlink()
        program = target / "chromium"
        program.write_bytes(brotli.decompress((packed / "chromium.br").read_bytes()))
        program.chmod(0o755)
        (target / "whole").touch()
    libraries = ":".join(str(folder) for folder in sorted(target.glob("al*/lib")))
    arguments = ["--headless=shell", "--use-gl=angle", "--use-angle=swiftshader", "--disable-dev-shm-usage"]
    return Found(target / "chromium", "npm", arguments, {"LD_LIBRARY_PATH": libraries})


def launch(playwright: Playwright, **options: Any) -> Browser:
    """Start the browser that is found; the sandbox is only given up where root cannot have one."""
    found = find_browser(Path(playwright.chromium.executable_path))
    return playwright.chromium.launch(
        executable_path=str(found.program) if found.program else None,
        args=[*_QUIET, *found.arguments],
        chromium_sandbox=os.getuid() != 0,
        env={**os.environ, **found.surroundings},
        **options,
    )


def _whole(kind: type[Any], name: str) -> None:
    """A click or a key is over when the page that it leads to is there whole, not when it has just begun."""
    act = getattr(kind, name)

    @functools.wraps(act)
    def until_whole(self: Any, *arguments: Any, **options: Any) -> None:
        act(self, *arguments, **options)
        page = self if hasattr(self, "goto") else self.page
        page.wait_for_load_state()  # asks nothing where no other page came

    setattr(kind, name, until_whole)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver; its event loop runs in this thread, which Django must be told to tolerate.

    How fast the machine is decides nothing: expectations wait as long as clicks do.
    """
    from playwright.sync_api import Locator, Page, expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    for kind in (Locator, Page):
        for name in ("click", "press"):
            _whole(kind, name)
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as driver:
        yield driver
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One headless browser for the whole run."""
    running = launch(playwright)
    yield running
    running.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A function that opens a page of a fresh visitor; it takes `Browser.new_context`'s options."""
    opened = []

    def open_page(**options: Any) -> Page:
        defaults: dict[str, Any] = {
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
            "viewport": {"width": 1366, "height": 900},
        }
        context = browser.new_context(**(defaults | options))
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        return context.new_page()

    yield open_page
    for context in opened:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A page of a fresh visitor, 1366 × 900."""
    return new_page()


@pytest.fixture
def live_url(live_server: LiveServer) -> str:
    """Address of the product, served by threads over this test's own database, with its static files."""
    return str(live_server.url).replace("127.0.0.1", "localhost")


class Axe:
    """`axe(page)`: axe-core's violations on a page, in Chinese.

    `rules`: of these rules alone; `without`: of all but these. A context that is given `script` as its init
    script has it on every page: sending it to each of many takes longer than to look.
    """

    def __init__(self, source: str, words: dict[str, Any]) -> None:
        self.script = f"{source};axe.configure({{locale: {json.dumps(words, ensure_ascii=False)}}});"

    def __call__(
        self, page: Page, rules: Sequence[str] = (), without: Sequence[str] = ()
    ) -> list[dict[str, Any]]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(self.script)
        asked: dict[str, Any] = {"runOnly": list(rules)} if rules else {}
        # Of what passes, one element of each rule is told: to describe them all takes longer than to look.
        asked |= {"resultTypes": ["violations"], "rules": {rule: {"enabled": False} for rule in without}}
        found: dict[str, Any] = page.evaluate("asked => axe.run(document, asked)", asked)
        return list(found["violations"])


@pytest.fixture(scope="session")
def axe() -> Axe:
    """What looks at a page with axe-core."""
    folder = _MODULES / "axe-core"
    if not (folder / "axe.min.js").exists():
        pytest.fail("缺少 axe-core：请运行 make test（它会用 npm 安装），或在仓库里运行 npm ci。")
    source = (folder / "axe.min.js").read_text(encoding="utf-8")
    words = json.loads((folder / "locales" / "zh_CN.json").read_text(encoding="utf-8"))
    return Axe(source, words)
