"""Other processes of a run: the web server, and how much memory a process and its children hold."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MIB = 1024 * 1024


def tree(pid: int) -> list[int]:
    """The process and everything below it."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
    return found


def resident(pid: int) -> int:
    """Bytes of the process in memory, what it shares counted in parts (Pss); 0 when it has gone."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


class Watch(threading.Thread):
    """The most memory that a process tree held while somebody looked."""

    def __init__(self, pid: int, every: float = 0.05) -> None:
        super().__init__(daemon=True)
        self.pid, self.every, self.most = pid, every, 0
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(self.every):
            self.most = max(self.most, sum(resident(pid) for pid in tree(self.pid)))

    def end(self) -> int:
        """Stop looking; bytes."""
        self._over.set()
        self.join()
        return self.most


@contextlib.contextmanager
def web_server(app_url: str, folder: Path) -> Iterator[tuple[int, int]]:
    """The product's own web server on a free port of the loopback: (port, pid)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    surroundings = dict(os.environ, SHUNIU_DATABASE_URL=app_url, PORT=str(port), SHUNIU_HOST="127.0.0.1")
    log = folder / "bench-web.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "shuniu.config.processes.web"], cwd=ROOT, env=surroundings, stdout=output,
            stderr=output,
        )  # fmt: skip
    try:
        _wait(port, server, log)
        yield port, server.pid
    finally:
        server.terminate()
        try:
            server.wait(25)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        with contextlib.suppress(OSError, urllib.error.HTTPError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=5).close()
            return
        time.sleep(0.1)
    raise RuntimeError(f"the web server did not come up:\n{log.read_text(errors='replace')[-2000:]}")
