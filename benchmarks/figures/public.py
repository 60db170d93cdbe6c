"""The web server itself: requests per second of the public list, memory after everything was asked for."""

from __future__ import annotations

import http.client
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.test import Client
from django.urls import reverse

from benchmarks.measure import Line
from benchmarks.processes import MIB, resident, tree, web_server
from benchmarks.stage import Stage
from shuniu.calls.models import Application

THREADS, SECONDS, MOST_REQUESTS = 8, 8.0, 4000
ENOUGH = 10  # rounds from which on the server is loaded in earnest
MOST_MEMORY = 350 * MIB


def web(stage: Stage) -> Iterator[Line]:
    """Own load generator: threads with one kept connection each, so long and so often at most."""
    with tempfile.TemporaryDirectory() as folder, web_server(stage.app_url, Path(folder)) as (port, pid):
        address = reverse("portal:recognised")
        most = MOST_REQUESTS if stage.rounds >= ENOUGH else 20
        count, seconds, failed = _load(port, address, {}, most=most)
        text = f"{count / seconds:.0f} 次/秒（{count:,} 次，{THREADS} 个连接，失败 {failed}）"
        yield Line("公开名录，网页服务", f"{stage.size.recognitions:,} 项", text, "无失败", failed == 0)
        for client, path in _pages(stage):
            _load(port, path, _cookies(client, port), seconds=1.0, most=40 if stage.rounds >= ENOUGH else 2)
        each = [resident(one) for one in tree(pid)]
        text = f"{sum(each) / MIB:.0f} MB（{len(each)} 个进程）"
        yield Line(
            "网页进程内存", "全部页面之后", text, f"< {MOST_MEMORY // MIB} MB", sum(each) < MOST_MEMORY
        )


def _pages(stage: Stage) -> Iterator[tuple[Client, str]]:
    side = stage.large
    yield side.clerk, reverse("registry:organisations") + "?size=200"
    yield side.clerk, reverse("registry:organisations") + "?size=50&q=%E5%BF%83%E7%90%86"
    yield side.clerk, reverse("unions:palette") + "?q=%E5%BF%83%E7%90%86"
    yield side.clerk, reverse("calls:applications", args=[side.call.pk]) + "?size=200"
    yield side.clerk, reverse("calls:ranking", args=[side.closed.pk]) + "?size=200"
    yield side.clerk, reverse("calls:meeting", args=[side.closed.pk])
    one = Application.objects.filter(call=side.call).order_by("pk")[0]
    yield side.clerk, reverse("calls:audit", args=[one.pk])
    yield side.expert, reverse("calls:pile", args=[side.open_seat.committee_id])


def _cookies(client: Client, port: int) -> dict[str, str]:
    """The same session for the server: its cookie is named by the port."""
    assert client.session.session_key is not None
    return {"Cookie": f"shuniu_{port}={client.session.session_key}"}


def _load(
    port: int, path: str, headers: Mapping[str, str], *, seconds: float = SECONDS, most: int = MOST_REQUESTS
) -> tuple[int, float, int]:
    """(answered, seconds, failed) of `THREADS` connections that ask for one page over and over."""
    until = time.monotonic() + seconds
    lock = threading.Lock()
    answered = failed = 0

    def ask() -> None:
        nonlocal answered, failed
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.monotonic() < until:
            with lock:
                if answered + failed >= most:
                    break
            connection.request("GET", path, headers={"Host": f"localhost:{port}", **headers})
            response = connection.getresponse()
            response.read()
            with lock:
                if response.status == 200:
                    answered += 1
                else:
                    failed += 1
        connection.close()

    started = time.monotonic()
    threads = [threading.Thread(target=ask) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answered, time.monotonic() - started, failed
