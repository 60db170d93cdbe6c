"""`python -m benchmarks.demonstration [--rounds 9]`: how long every page of the demonstration takes to answer.

The pages are those of `make shots`, asked for over HTTP as the accounts that see them, in turns, so that noise
meets all of them alike; the time of a page is the median of its rounds, the first of which (cold caches) is
left out. SHUNIU_SHOTS_URL asks a product that already runs. Times depend on the machine: nothing fails by them.
"""

from __future__ import annotations

import argparse
import http.cookiejar
import os
import re
import statistics
import time
import tomllib
import urllib.parse
import urllib.request

from benchmarks.measuring import table
from tools.shots import ROOT, objects, running

ORDINARY_MS = 100.0
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Visitor:
    """A browser without a window: cookies, redirects, one account."""

    def __init__(self, url: str, account: str) -> None:
        self.url = url
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)
        if account:
            self._log_in(account)

    def _log_in(self, account: str) -> None:
        from shuniu.foundation.accounts.demo import PASSWORD

        address = f"{self.url}/accounts/login/"
        token = _TOKEN.search(self.opener.open(address).read().decode())
        assert token, "登录页上没有 CSRF 标记"
        sent = {"login": account, "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
        with self.opener.open(address, urllib.parse.urlencode(sent).encode()) as reply:
            assert "/login" not in reply.url, f"{account} 没有登录成功"

    def milliseconds(self, path: str) -> float:
        """From the request to the last byte of the answer; urllib.error.HTTPError for 4xx and 5xx."""
        before = time.perf_counter()
        with self.opener.open(self.url + urllib.parse.quote(path, safe="/?=&%")) as reply:
            reply.read()
        return (time.perf_counter() - before) * 1000


def medians(rounds: int) -> list[tuple[float, str, str]]:
    """Milliseconds, name and address of every page, the slowest first."""
    listed = tomllib.loads((ROOT / "tools" / "shots.toml").read_text(encoding="utf-8"))["shot"]
    with running() as (url, surroundings):
        known = objects(surroundings)
        visitors = {name: Visitor(url, name.format_map(known)) for name in {one["account"] for one in listed}}
        took: list[list[float]] = [[] for _ in listed]
        paths = [one["path"].format_map(known) for one in listed]
        for turn in range(rounds + 1):
            for one, path, times in zip(listed, paths, took, strict=True):
                spent = visitors[one["account"]].milliseconds(path)
                if turn:
                    times.append(spent)
    rows = zip(map(statistics.median, took), (one["name"] for one in listed), paths, strict=True)
    return sorted(rows, reverse=True)


def main() -> None:
    """Print the slowest pages and how many keep to 100 ms."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.demonstration", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--rows", type=int, default=20, help="列出最慢的多少个页面")
    asked = parser.parse_args()
    found = medians(asked.rounds)
    rows = [(name, path, f"{ms:.0f} ms") for ms, name, path in found[: asked.rows]]
    print(table([("页面", "地址", "中位数"), *rows]))
    within = sum(ms <= ORDINARY_MS for ms, _, _ in found)
    middle = statistics.median(ms for ms, _, _ in found)
    print(f"{len(found)} 个页面，{within} 个不超过 {ORDINARY_MS:.0f} ms，中位 {middle:.0f} ms。")
    load = "、".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"每页 {asked.rounds} 次；{os.cpu_count()} 个处理器，负载（1、5、15 分钟）{load}。")


if __name__ == "__main__":
    main()
