"""Part-of-name search with two characters, over all organisations."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial

from django.urls import reverse

from benchmarks.measure import Line, Timing, answered, queries_of
from benchmarks.stage import Stage
from benchmarks.volume import words

MOST_MS = 20.0
COMMON = ("职工", "心理", "服务", "望海", "法律", "健康", "中心", "协会")


def search(stage: Stage) -> Iterator[Line]:
    """What the palette asks while somebody types, and the list narrowed by the same words."""
    rare = [words.organisation(n).name[3:5] for n in range(0, 24 * 37, 37)]
    terms = [*COMMON, *rare][: max(4, stage.rounds)]
    client = stage.large.clerk
    for figure, address, limit in (
        ("两个字的查找", reverse("unions:palette") + "?q=", MOST_MS),
        ("两个字筛选列表", reverse("registry:organisations") + "?size=50&q=", None),
    ):
        counts, took = set(), []
        for turn in range(max(1, stage.rounds // 10)):
            for term in terms:
                ask = partial(client.get, address + term)
                if turn == 0:
                    counts.add(queries_of(ask))
                before = time.perf_counter()
                response = ask()
                took.append((time.perf_counter() - before) * 1000)
                answered(response)
        timing = Timing(max(counts), tuple(took))
        at = f"{stage.size.organisations:,} 家，{len(terms)} 个词"
        if limit is None:
            yield Line(figure, at, timing.text, "≤ 12 次查询", timing.queries <= 12)
        else:
            yield Line(figure, at, timing.text, f"p95 ≤ {limit:.0f} ms", timing.p95 <= limit, judged=False)
