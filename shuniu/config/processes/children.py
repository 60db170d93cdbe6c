"""A child process that is kept alive, and its log that is kept small."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from shuniu.config.postgres import death_signal

_LOG_BYTES = 10 * 1024 * 1024
_LOGS_KEPT = 5
_DEATHS, _WITHIN = 5, 60.0  # so many deaths within so many seconds are no accident


class Child:
    """One command of ours, in a session of its own so that Ctrl-C reaches only the supervisor."""

    def __init__(self, name: str, title: str, command: list[str], log: Path) -> None:
        """`title` is what the person at the terminal reads."""
        self.name = name
        self.title = title
        self.command = command
        self.log = log
        self._deaths: list[float] = []
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, surroundings: dict[str, str], folder: Path) -> None:
        """Start it from the main thread; the kernel ends it when that thread dies."""
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self.command, env=surroundings, cwd=folder, stdin=subprocess.DEVNULL, stdout=output,
                stderr=output, start_new_session=True, preexec_fn=death_signal(signal.SIGTERM),
            )  # fmt: skip

    @property
    def running(self) -> bool:
        """Whether it lives."""
        return self._process is not None and self._process.poll() is None

    def keeps_dying(self) -> bool:
        """Count one more death; True when it died so often lately that another start would not help."""
        now = time.monotonic()
        self._deaths = [moment for moment in self._deaths if now - moment < _WITHIN] + [now]
        return len(self._deaths) >= _DEATHS

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        if self.running and self._process is not None:
            with contextlib.suppress(OSError):
                self._process.terminate()

    def wait(self, seconds: float) -> None:
        """Wait until it is gone; after `seconds` it and all its children are killed."""
        if self._process is None:
            return
        try:
            self._process.wait(timeout=max(seconds, 0))
        except subprocess.TimeoutExpired:
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def tail(self, characters: int = 1500) -> str:
        """The end of its log."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-characters:].strip()


def rotate(log: Path) -> None:
    """Keep a log below 10 MiB and five older ones; whoever writes to it goes on in the same file."""
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size < _LOG_BYTES:
            return
        for number in range(_LOGS_KEPT - 1, 0, -1):
            older = log.with_name(f"{log.name}.{number}")
            if older.exists():
                older.rename(log.with_name(f"{log.name}.{number + 1}"))
        shutil.copyfile(log, log.with_name(f"{log.name}.1"))
        os.truncate(log, 0)
