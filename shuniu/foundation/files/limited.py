"""Run a function over something hostile in a child process with limits on memory, CPU and time.

`call("package.module:function", {"path": …})`: argument and answer are JSON. The child gets none of our
secrets in its environment and limits itself before the function runs; the function's module should not need
Django. What it imports late and what takes long to import, it names in `HEAVY`.

Children are forked by a nursery, a process that has these modules ready: to start Python and to import them
for every upload would take fifty times longer than to look at it. The nursery sees nothing of the file.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any, NoReturn

MIB = 1024 * 1024
_ROOT = Path(__file__).resolve().parents[3]
_SHOWN = {"PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "SYSTEMROOT"}
_MOST_INPUT = 64 * 1024  # it must fit into the line before anybody reads
_MOST_OUTPUT = 128 * MIB
_EXIT_MEMORY, _EXIT_FAILED = 90, 91
_LATE = 10.0  # seconds beyond the child's own limit: then the nursery itself does not answer
_STATUS = struct.Struct("<i")  # how the child ended, after whatever it said
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
    Raises Limited; ValueError for an argument of more than 64 KiB.
    """
    asked = {"function": function, "argument": argument, "timeout": timeout, "memory": memory}
    words = json.dumps(asked).encode()
    if len(words) > _MOST_INPUT:
        raise ValueError("an argument names what is to be read, it does not bring it along")
    with _SLOTS:
        status, said = _ask(words, timeout)
    if status == 0:
        with contextlib.suppress(ValueError):
            return json.loads(said)
    detail = said[-2000:].decode("utf-8", "replace")
    if -status in {signal.SIGXCPU, signal.SIGALRM, signal.SIGKILL}:
        raise Limited("time", detail)
    if status == _EXIT_MEMORY or -status == signal.SIGABRT:
        raise Limited("memory", detail)
    raise Limited("failed", detail)


def _ask(words: bytes, timeout: float) -> tuple[int, bytearray]:
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            ours.sendall(words)
            ours.shutdown(socket.SHUT_WR)
            _nursery.hand_over(theirs)
        deadline = time.monotonic() + timeout + _LATE
        said = bytearray()
        try:
            while True:
                ours.settimeout(max(0.001, deadline - time.monotonic()))
                chunk = ours.recv(MIB)
                if not chunk:
                    break
                said += chunk
        except TimeoutError as late:
            raise Limited("time", f"{timeout} s") from late
    if len(said) < _STATUS.size:
        raise Limited("failed", "the nursery has gone")
    (status,) = _STATUS.unpack(said[-_STATUS.size :])
    del said[-_STATUS.size :]
    return int(status), said


class _Nursery:
    """The process that forks the children; it ends when the one that started it ends."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def hand_over(self, line: socket.socket) -> None:
        """Let a child read from `line` what is asked and answer there; a nursery that has gone is replaced."""
        with self._lock:
            if self._line is None or self._owner != os.getpid():
                self._start()
            assert self._line is not None
            try:
                socket.send_fds(self._line, [b"."], [line.fileno()])
            except OSError:
                self._start()
                socket.send_fds(self._line, [b"."], [line.fileno()])

    def _start(self) -> None:
        surroundings = {k: os.environ[k] for k in _SHOWN & os.environ.keys()}
        surroundings |= {"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
        if self._line is not None:
            self._line.close()
        self._line, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno())], pass_fds=[theirs.fileno()],
                env=surroundings, cwd=_ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )  # fmt: skip
        self._owner = os.getpid()


_nursery = _Nursery()


# --- in the nursery ----------------------------------------------------------------------------------


def _tend(control: socket.socket) -> None:
    """Fork a child for every line that is handed over, until nobody holds the other end any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that started us
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a keeper
    while True:
        token, lines, *_ = socket.recv_fds(control, 1, 1)
        if not token:
            return
        with socket.socket(fileno=lines[0]) as line:
            asked = json.loads(b"".join(iter(lambda: line.recv(_MOST_INPUT), b"")))
            module, _, name = asked["function"].partition(":")
            with contextlib.suppress(Exception):  # the child meets it again and says it
                for heavy in (module, *getattr(importlib.import_module(module), "HEAVY", ())):
                    importlib.import_module(heavy)
            if os.fork() == 0:
                control.close()
                _keep(line, module, name, asked)


def _keep(line: socket.socket, module: str, name: str, asked: dict[str, Any]) -> NoReturn:
    """Fork the one that does it; say how it ended, however it ended."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        child = os.fork()
        if child == 0:
            _do(line, module, name, asked)
        _, status = os.waitpid(child, 0)
        line.sendall(_STATUS.pack(os.waitstatus_to_exitcode(status)))
    finally:
        os._exit(0)


def _do(line: socket.socket, module: str, name: str, asked: dict[str, Any]) -> NoReturn:
    code = _EXIT_FAILED
    try:
        _limit(asked["timeout"], asked["memory"])
        answer = getattr(importlib.import_module(module), name)(asked["argument"])
        text = json.dumps(answer, ensure_ascii=False).encode()
        if len(text) > _MOST_OUTPUT:
            os._exit(_EXIT_MEMORY)
        line.sendall(text)
        code = 0
    except MemoryError:
        code = _EXIT_MEMORY
    except BaseException:
        line.sendall(traceback.format_exc()[-2000:].encode())
    finally:
        os._exit(code)


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
    signal.setitimer(signal.ITIMER_REAL, timeout)  # nobody handles it: it ends the process


if __name__ == "__main__":
    _tend(socket.socket(fileno=int(sys.argv[1])))
