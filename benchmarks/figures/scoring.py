"""One score saved: few queries, and no slower in a large call than in a small one."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from django.http import HttpResponseBase
from django.urls import reverse

from benchmarks.measure import Line, compare
from benchmarks.stage import Side, Stage
from shuniu.calls.models import RubricItem

MOST_QUERIES = 12
MOST_TIMES = 1.25
"""A measured ratio of two equal things strays by some per cent; a scan of 10,000 rows would be ten times."""


def score(stage: Stage) -> Iterator[Line]:
    """An expert types the points of one item; the page saves by itself."""
    sides = (stage.hundred, stage.large)
    small, large = compare(2 * stage.rounds, *(_save(side) for side in sides), status=(204,))
    for side, timing in zip(sides, (small, large), strict=True):
        yield Line(
            "保存一个分数", f"{side.label} 份", timing.text, f"≤ {MOST_QUERIES} 次查询",
            timing.queries <= MOST_QUERIES,
        )  # fmt: skip
    times = large.p50 / small.p50
    yield Line(
        "  大小两次遴选之比", f"{stage.large.label} : {stage.hundred.label}", f"{times:.2f} 倍",
        f"不更慢（≤ {MOST_TIMES}）", times <= MOST_TIMES,
    )  # fmt: skip


def _save(side: Side) -> Callable[[], HttpResponseBase]:
    seat = side.open_seat
    sheets = itertools.cycle(
        seat.sheets.order_by("application_id").values_list("application_id", flat=True)[:40]
    )
    item = RubricItem.objects.filter(call=side.call).order_by("order")[0]
    points = itertools.cycle(range(1, item.weight))
    client = side.expert

    def ask() -> HttpResponseBase:
        address = reverse("calls:save_points", args=[seat.committee_id, next(sheets)])
        return client.post(address, {f"p{item.pk}": str(next(points)), "_changed": f"p{item.pk}"})

    return ask
