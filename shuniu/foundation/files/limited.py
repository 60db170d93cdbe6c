"""Run a function over something hostile in a child process with limits on memory, CPU and time.

`call("package.module:function", {"path": …})`: argument and answer are JSON. The child gets none of our
secrets in its environment and limits itself before it imports anything; the function's module should not
need Django (its start would cost half a second each time).
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

MIB = 1024 * 1024
_ROOT = Path(__file__).resolve().parents[3]
_MOST_OUTPUT = 128 * MIB
_EXIT_MEMORY = 90
# More children than processors would take each other's seconds away; waiting for a slot does not count.
_SLOTS = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))


class Limited(Exception):
    """The child did not come to an answer: `kind` is "time", "memory" or "failed", `detail` for the log."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind = kind
        self.detail = detail


def call(function: str, argument: Any, *, timeout: float = 5.0, memory: int = 256 * MIB) -> Any:
    """The answer of `function` ("package.module:name"), which takes and returns what JSON can carry.

    `timeout`: seconds of wall clock, and of CPU (rounded up); `memory`: bytes of address space.
    Raises Limited.
    """
    surroundings = {
        k: v for k, v in os.environ.items() if k in {"PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "SYSTEMROOT"}
    } | {"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", __name__, function, repr(timeout), str(memory)]
    try:
        with _SLOTS:
            done = subprocess.run(
                command, input=json.dumps(argument).encode(), capture_output=True, timeout=timeout,
                env=surroundings, cwd=_ROOT, check=False,
            )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        raise Limited("time", f"{timeout} s") from late
    if done.returncode == 0:
        return json.loads(done.stdout)
    detail = done.stderr.decode("utf-8", "replace")[-2000:]
    if -done.returncode in {signal.SIGXCPU, signal.SIGALRM, signal.SIGKILL}:
        raise Limited("time", detail)
    if done.returncode == _EXIT_MEMORY or -done.returncode == signal.SIGABRT:
        raise Limited("memory", detail)
    raise Limited("failed", detail)


def _limit(timeout: float, memory: int) -> None:
    cpu = max(1, int(timeout + 0.999))
    for what, amount in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, memory),
        (resource.RLIMIT_NOFILE, 64),
    ):
        with contextlib.suppress(ValueError, OSError):  # an outer limit that is stricter stays
            resource.setrlimit(what, (amount, amount))
    signal.alarm(cpu + 1)  # also when the parent has gone


def _main() -> None:
    name, timeout, memory = sys.argv[1:4]
    _limit(float(timeout), int(memory))
    try:
        module, _, function = name.partition(":")
        answer = getattr(importlib.import_module(module), function)(json.load(sys.stdin))
        text = json.dumps(answer, ensure_ascii=False)
    except MemoryError:
        os._exit(_EXIT_MEMORY)
    if len(text) > _MOST_OUTPUT:
        os._exit(_EXIT_MEMORY)
    sys.stdout.write(text)


if __name__ == "__main__":
    _main()
