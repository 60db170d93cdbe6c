"""How a figure is taken: queries of one request, milliseconds of many, beside a bare view in the same run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.http import HttpResponseBase
from django.test.utils import CaptureQueriesContext

from shuniu.foundation.calendar import clock

Ask = Callable[[], HttpResponseBase]


@dataclass(frozen=True)
class Line:
    """One line of the table. `judged`: breaking its limit makes the run fail (queries, ratios)."""

    figure: str
    at: str  # the volume: "50 行"
    value: str
    limit: str
    ok: bool | None = None  # None: reported only
    judged: bool = True

    @property
    def broken(self) -> bool:
        return self.judged and self.ok is False

    @property
    def verdict(self) -> str:
        """The last column."""
        if self.ok is None:
            return "报告"
        return "达到" if self.ok else ("未达到" if self.judged else "超出（绝对时间）")


@dataclass(frozen=True)
class Timing:
    """Milliseconds of many runs and the queries of one."""

    queries: int
    milliseconds: tuple[float, ...]

    @property
    def p50(self) -> float:
        return statistics.median(self.milliseconds)

    @property
    def p95(self) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]

    @property
    def text(self) -> str:
        return f"{self.queries} 次查询，p50 {self.p50:.1f} ms，p95 {self.p95:.1f} ms"


def queries_of(ask: Ask, *, status: Sequence[int] = (200,)) -> int:
    """How many queries one request makes, those of session and log-in included; AssertionError if it fails.

    Every twenty seconds a process compares its clock with the database's (three queries), whatever is asked
    just then: that happens before.
    """
    clock.forget()
    clock.now()
    with CaptureQueriesContext(connection) as captured:
        answered(ask(), status)
    return len(captured)


def answered(response: HttpResponseBase, status: Sequence[int] = (200,)) -> HttpResponseBase:
    """The response, read to its end; AssertionError when it is not what was asked for."""
    assert response.status_code in status, (
        response.status_code,
        str(getattr(response, "content", b"")[:500]),
    )
    if getattr(response, "streaming", False):
        b"".join(response)
    return response


def compare(rounds: int, *asks: Ask, status: Sequence[int] = (200,)) -> list[Timing]:
    """Each request `rounds` times, taking turns, so that noise meets all of them alike."""
    counts = []
    for ask in asks:
        answered(ask(), status)  # caches that a process fills once
        counts.append(queries_of(ask, status=status))
    took: list[list[float]] = [[] for _ in asks]
    for _ in range(rounds):
        for place, ask in enumerate(asks):
            before = time.perf_counter()
            response = ask()
            took[place].append((time.perf_counter() - before) * 1000)
            answered(response, status)
    return [Timing(n, tuple(times)) for n, times in zip(counts, took, strict=True)]
