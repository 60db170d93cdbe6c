"""Beside a whole run, the tests of database, races and accounts on the oldest PostgreSQL that is supported.

`-p tools.pytest_oldest` starts them with the run and tells of them in its summary; one run waits for the other.
The journeys and the demonstration, which look at whole ways through the product, go through the built-in version.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BINARIES = Path("/usr/lib/postgresql/15/bin")
_CHOSEN = [
    "shuniu", "-m", "real_transactions and not browser", "-p", "no:xdist",
    "--deselect", "shuniu/config/tests/test_demo.py::test_the_demonstration",
]  # fmt: skip
_NONE = "没有安装 PostgreSQL 15（{}），数据库测试只在内置版本上运行。"
_BESIDE = pytest.StashKey[subprocess.Popen[str]]()
_SAID = pytest.StashKey[str]()
_SURROUNDINGS = dict(os.environ)  # the person's own, before conftest.py replaces them by the run's


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start them, in the process that the person started (xdist's controller)."""
    if hasattr(session.config, "workerinput") or not (BINARIES / "postgres").exists():
        return
    session.config.stash[_BESIDE] = subprocess.Popen(
        [sys.executable, "-m", "pytest", *_CHOSEN], cwd=ROOT, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, env=_SURROUNDINGS | {"SHUNIU_PG_BIN": str(BINARIES)},
    )  # fmt: skip


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Wait for them; what fails there fails the run."""
    if _BESIDE not in session.config.stash:
        return
    beside = session.config.stash[_BESIDE]
    session.config.stash[_SAID], _ = beside.communicate()
    if beside.returncode:
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """What they said, before the last line of the run itself."""
    terminalreporter.section("数据库、并发和账目测试，PostgreSQL 15")
    terminalreporter.write_line(config.stash.get(_SAID, _NONE.format(BINARIES)).rstrip())
    if _BESIDE in config.stash and config.stash[_BESIDE].returncode:
        terminalreporter.write_line("PostgreSQL 15 上有测试没有通过。", red=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Whoever breaks off the run breaks off both."""
    if _BESIDE in config.stash and config.stash[_BESIDE].poll() is None:
        config.stash[_BESIDE].terminate()
