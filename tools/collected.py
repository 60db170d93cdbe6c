"""Which tests carry which mark: pytest collects, nothing is run."""

from __future__ import annotations

import contextlib
import io
from collections import defaultdict

import pytest


class _Collector:
    """Remembers the first argument of one mark for every test."""

    def __init__(self, mark: str) -> None:
        self.mark = mark
        self.found: dict[str, list[str]] = defaultdict(list)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            for marker in item.iter_markers(self.mark):
                for value in marker.args:
                    self.found[str(value)].append(item.nodeid)


def tests_by_mark(mark: str) -> dict[str, list[str]]:
    """Every value of `@pytest.mark.<mark>(value)` with its tests; SystemExit where a test does not load."""
    collector = _Collector(mark)
    heard = io.StringIO()
    with contextlib.redirect_stdout(heard):
        status = pytest.main(["--collect-only", "-q", "-p", "no:terminalreporter"], plugins=[collector])
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise SystemExit(f"有测试不能载入，先运行 make test 看原因。\n{heard.getvalue()[-2000:]}")
    return {value: sorted(set(tests)) for value, tests in collector.found.items()}
