"""`make shots`: pictures of the demonstration at 1366 and 390 px, as tools/shots.toml lists them.

The product is started over a data folder of its own (.data/shots), on a free port. Names given as arguments
take only these pictures; SHUNIU_SHOTS_URL takes them from a product that already runs.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from journeys.browser import launch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

ROOT = Path(__file__).resolve().parent.parent
WIDTHS = {1366: 900, 390: 844}


@contextlib.contextmanager
def running() -> Iterator[tuple[str, dict[str, str]]]:
    """Address of the demonstration and the surroundings of its copy; stopped afterwards if started here."""
    if given := os.environ.get("SHUNIU_SHOTS_URL"):
        yield given.rstrip("/"), dict(os.environ, SHUNIU_ENV="demo")
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = ROOT / ".data" / "shots"
    surroundings = dict(os.environ, PORT=str(port), SHUNIU_DATA=str(data), SHUNIU_ENV="demo")
    product = subprocess.Popen(
        [sys.executable, "-m", "shuniu.config.processes", "run"],
        cwd=ROOT, env=surroundings, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert product.stdout is not None
        for line in product.stdout:
            if line.startswith("Ready: "):
                break
        else:
            raise SystemExit("演示没有启动，原因见上。")
        yield f"http://localhost:{port}", surroundings
    finally:
        product.send_signal(signal.SIGTERM)
        product.wait()


def objects(surroundings: dict[str, str]) -> dict[str, Any]:
    """What `{names}` in addresses stand for in this copy."""
    told = subprocess.run(
        [sys.executable, "-m", "shuniu.config.processes", "manage", "demo_objects"],
        cwd=ROOT, env=surroundings, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(told.stdout.strip().splitlines()[-1])
    return found


def visitor(browser: Browser, url: str, account: str, width: int) -> BrowserContext:
    """A visitor's browser window, logged in as `account` where one is named."""
    from shuniu.foundation.accounts.demo import PASSWORD

    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    if account:
        page = context.new_page()
        page.goto(f"{url}/accounts/login/")
        page.fill("input[name=login]", account)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda address: "/login" not in address)
        page.close()
    return context


def take(context: BrowserContext, url: str, shot: dict[str, Any], width: int) -> str:
    """Take one picture; gives what is wrong with the page, empty when nothing is."""
    page = context.new_page()
    reply = page.goto(url + shot["path"], wait_until="networkidle")
    target = ROOT / "shots" / f"{shot['name']}-{width}.png"
    page.screenshot(path=target, full_page=True)
    if shot.get("readme") and width == 1366:
        pictures = ROOT / "docs" / "pictures"
        pictures.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=pictures / f"{shot['name']}.png")
    sideways = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    page.close()
    wrong = [] if reply and reply.ok else [f"回答 {reply.status if reply else '无'}"]
    return "、".join(wrong + (["横向滚动"] if sideways else []))


def main(names: list[str]) -> int:
    """Take the pictures; 1 when a page answers with an error or scrolls sideways."""
    from playwright.sync_api import sync_playwright

    listed = tomllib.loads((ROOT / "tools" / "shots.toml").read_text(encoding="utf-8"))["shot"]
    shots = [shot for shot in listed if not names or shot["name"] in names]
    if not names:
        shutil.rmtree(ROOT / "shots", ignore_errors=True)
    (ROOT / "shots").mkdir(exist_ok=True)
    trouble = 0
    with running() as (url, surroundings), sync_playwright() as driver:
        known = objects(surroundings)
        browser = launch(driver)
        windows: dict[tuple[str, int], BrowserContext] = {}  # one log-in serves all pictures of an account
        for shot in shots:
            try:
                named = shot | {key: shot[key].format_map(known) for key in ("path", "account")}
            except KeyError as missing:
                trouble += 1
                print(f"shots/{shot['name']}  演示里没有 {missing}", flush=True)
                continue
            for width in WIDTHS:
                key = (named["account"], width)
                if key not in windows:
                    windows[key] = visitor(browser, url, named["account"], width)
                wrong = take(windows[key], url, named, width)
                trouble += bool(wrong)
                print(f"shots/{shot['name']}-{width}.png  {wrong or '好'}", flush=True)
        browser.close()
    return 1 if trouble else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
