"""Whether a server really runs over some data."""

from __future__ import annotations

import subprocess
from pathlib import Path


def live_postmaster(data: Path) -> int:
    """The process number of the server that really runs on `data`; 0 when there is none.

    A number alone is not believed: it may be reused, or belong to a zombie.
    """
    lines = pid_lines(data)
    if not lines or not lines[0].strip().isdigit():
        return 0
    pid = int(lines[0])
    process = Path(f"/proc/{pid}")
    if not Path("/proc/self").exists():
        return pid if _ps_says_postgres(pid) else 0
    try:
        state = (process / "stat").read_text().rpartition(")")[2].split()[0]
        if state in "ZX":
            return 0
        is_postgres = (process / "exe").readlink().name.split(" ")[0] == "postgres"
        same_place = (process / "cwd").resolve() == data.resolve()
    except OSError:
        return 0
    return pid if is_postgres and same_place else 0


def running_port(folder: Path) -> int:
    """The port of the server that runs over `folder` at this moment; 0 when none does."""
    pointer = folder / "location"
    data = Path(pointer.read_text().strip()) if pointer.exists() else folder / "data"
    lines = pid_lines(data)
    if not live_postmaster(data) or len(lines) < 8 or lines[7].strip() != "ready":
        return 0
    return int(lines[3])


def pid_lines(data: Path) -> list[str]:
    """The lines of postmaster.pid: 0 process, 1 data, 3 port, 7 state; none where there is no such file."""
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def _ps_says_postgres(pid: int) -> bool:
    done = subprocess.run(["ps", "-o", "comm=,stat=", "-p", str(pid)], capture_output=True, check=False)
    words = done.stdout.decode(errors="replace").split()
    return len(words) > 1 and "postgres" in words[0] and not words[-1].startswith("Z")
