"""`make run` starts once, stops whole, survives being killed, and says what stands in its way."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shuniu.config.environment import ROOT
from shuniu.config.postgres import running_port
from shuniu.config.processes.children import rotate

pytestmark = pytest.mark.feature("O4")


class Running:
    """One `make run` of the test: its process, what it said, and everything it started."""

    def __init__(self, data: Path, port: int) -> None:
        surroundings = dict(os.environ, SHUNIU_DATA=str(data), PORT=str(port), SHUNIU_ENV="test")
        surroundings.pop("SHUNIU_DATABASE_URL", None)
        surroundings.pop("SHUNIU_OWNER_DATABASE_URL", None)
        self.said = data.parent / f"said-{time.monotonic_ns()}"
        with self.said.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "shuniu.config.processes", "run"],
                env=surroundings, cwd=ROOT, stdout=output, stderr=output,
            )  # fmt: skip

    def until_ready(self, seconds: float) -> str:
        """Everything said until the line that says ready; fails when it does not come."""
        deadline = time.monotonic() + seconds
        while "Ready:" not in self.said.read_text():
            assert self.process.poll() is None, self.said.read_text()
            assert time.monotonic() < deadline, self.said.read_text()
            time.sleep(0.05)
        return self.said.read_text()

    def family(self) -> list[int]:
        """Process numbers of everything that it started, and itself."""
        found = [self.process.pid]
        for parent in found:
            for children in Path(f"/proc/{parent}/task").glob("*/children"):
                found += [int(number) for number in children.read_text().split()]
        return found

    def end(self, number: signal.Signals) -> str:
        """Send it a signal, wait for its end, give what it said."""
        self.process.send_signal(number)
        self.process.wait(timeout=60)
        return self.said.read_text()


def _left_of(family: list[int]) -> list[str]:
    """Who still lives when requests and jobs (20 s each) and the database have had their time to end."""
    deadline = time.monotonic() + 60
    while True:
        alive = []
        for pid in family:
            try:
                name, _, rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")
            except OSError:
                continue
            alive += [f"{name}) {rest.split()[0]}"] if rest.split()[0] not in "ZX" else []
        if not alive or time.monotonic() > deadline:
            return alive
        time.sleep(0.05)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def start(place: Path) -> Iterator[Callable[..., Running]]:
    made: list[Running] = []

    def run(port: int, data: str = "data folder") -> Running:
        made.append(Running(place / data, port))
        return made[-1]

    yield run
    for one in made:
        if one.process.poll() is None:
            one.end(signal.SIGTERM)


@pytest.mark.seconds(70)
@pytest.mark.skipif(not Path("/proc").exists(), reason="reads /proc")
def test_it_starts_stops_and_survives_kill_9(start: Callable[..., Running], port: int, place: Path) -> None:
    first = start(port)
    said = first.until_ready(170)
    assert re.findall("^Ready: .*", said, re.MULTILINE) == [f"Ready: http://localhost:{port}"]
    family = first.family()
    assert len(family) > 6  # supervisor, web and its worker, jobs, the database and its helpers
    assert first.end(signal.SIGINT)
    assert first.process.returncode == 0
    assert _left_of(family) == []

    second = start(port)
    said = second.until_ready(170)
    assert "正在建立或升级数据表" not in said
    family = second.family()
    second.end(signal.SIGKILL)
    assert _left_of(family) == []

    third = start(port)
    third.until_ready(170)
    for pid in third.family():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    third.process.wait()
    fourth = start(port)
    fourth.until_ready(170)

    beside = start(port + 1)  # the same data folder
    assert beside.process.wait(timeout=90) == 1
    assert f"正由另一个枢纽进程（进程号 {fourth.process.pid}）使用" in beside.said.read_text()
    fourth.end(signal.SIGTERM)
    assert running_port(place / "data folder" / "postgres") == 0


def test_a_port_that_is_taken_is_named_and_nothing_is_started(
    start: Callable[..., Running], port: int, place: Path
) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", port))
        holder.listen()
        refused = start(port, "other")
        assert refused.process.wait(timeout=90) == 1
    assert f"端口 {port} 已被别的程序占用" in refused.said.read_text()
    assert not (place / "other" / "postgres").exists()


def test_a_long_log_is_turned_over_and_five_are_kept(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    with log.open("ab") as writer:
        for number in range(7):
            writer.write(b"%d" % number + b"x" * (10 * 1024 * 1024))
            writer.flush()
            rotate(log)
        writer.write(b"after")
    assert log.read_bytes() == b"after"
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == ["web.log", *(f"web.log.{number}" for number in range(1, 6))]
    assert (tmp_path / "web.log.1").read_bytes()[:1] == b"6"
    rotate(log)
    assert log.read_bytes() == b"after"
