"""Started in place of the server where the kernel cannot tie the server to its launcher.

Standard library only and no import of ours: it is run by its path.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading


def watch(ids: str, command: list[str]) -> int:
    """Run `command` until standard input ends (the launcher is gone), then shut it down fast."""
    identity: dict[str, object] = {}
    if ids != "-":
        uid, gid = (int(part) for part in ids.split(":"))
        identity = {"user": uid, "group": gid, "extra_groups": []}
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, **identity)  # type: ignore[call-overload]

    def wait_for_launcher() -> None:
        while os.read(0, 1):
            pass
        for number in (signal.SIGINT, signal.SIGQUIT):
            with contextlib.suppress(OSError):
                server.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(timeout=20)

    threading.Thread(target=wait_for_launcher, daemon=True).start()
    return int(server.wait())


if __name__ == "__main__":
    raise SystemExit(watch(sys.argv[1], sys.argv[2:]))
