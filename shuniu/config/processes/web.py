"""The web server: one process, so many threads that nobody's submission waits unstamped at a deadline.

They are started when they are needed; only a few of them work at once (`config.middleware.turns`).
"""

from __future__ import annotations

import ctypes
import importlib
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from granian.constants import Interfaces
from granian.server import Server

from shuniu.config import environment
from shuniu.config.environment import UnsafeSettings
from shuniu.config.postgres import death_signal
from shuniu.config.processes.terminal import complain

_THREADS = 1024
_M_ARENA_MAX = -8  # malloc.h of glibc


def _share_arenas() -> None:
    """A crowd's threads share two heaps: one for each of them would keep what a crowd once needed."""
    if sys.platform.startswith("linux") and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(_M_ARENA_MAX, 2)


def load(target: str) -> Callable[..., Any]:
    """Load the application in the serving process, which dies with the one that started it."""
    if tie := death_signal(signal.SIGTERM, parent=os.getppid()):
        tie()
    _share_arenas()
    module, _, name = target.partition(":")
    try:
        loaded: Callable[..., Any] = getattr(importlib.import_module(module), name)
    except UnsafeSettings as problem:
        sys.exit(str(problem))
    return loaded


def main() -> None:
    """Serve on SHUNIU_HOST (127.0.0.1) and PORT (8000) until SIGTERM."""
    try:
        surroundings = environment.read()
    except UnsafeSettings as problem:
        sys.exit(str(problem))
    if surroundings.production and not surroundings.proxies:
        complain(
            "SHUNIU_PROXIES 是 0：没有代理带来 HTTPS，所有页面都会转到 https:// 地址。见运行手册第 5 节。"
        )
    server = Server(
        "shuniu.config.wsgi:application",
        address=os.environ.get("SHUNIU_HOST") or "127.0.0.1",
        port=surroundings.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=_THREADS,
        backlog=2048,
        websockets=False,
        workers_kill_timeout=20,
    )
    server.serve(target_loader=load)


if __name__ == "__main__":
    main()
