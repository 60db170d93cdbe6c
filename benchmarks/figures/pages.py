"""Pages about one thing: the meeting with its live ranking, one application at the clerk's desk."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.urls import reverse

from benchmarks.measure import Line, compare
from benchmarks.stage import Side, Stage
from shuniu.calls.models import Application

MEETING_QUERIES = 15
APPLICATION_QUERIES = 25


def meeting(stage: Stage) -> Iterator[Line]:
    """集中评审会议: ranking with sheets, votes and notes, a page at a time."""
    sides = (stage.few, stage.large)
    addresses = [reverse("calls:meeting", args=[side.closed.pk]) for side in sides]
    asks = [partial(side.clerk.get, at) for side, at in zip(sides, addresses, strict=True)]
    for side, timing in zip(sides, compare(stage.rounds, *asks), strict=True):
        rows = side.closed.category.applications.count()
        yield Line(
            "会议中的排名", f"{rows:,} 份", timing.text, f"≤ {MEETING_QUERIES} 次查询",
            timing.queries <= MEETING_QUERIES,
        )  # fmt: skip


def application(stage: Stage) -> Iterator[Line]:
    """One application as its clerk opens it from the list."""
    sides = (stage.few, stage.large)
    asks = [partial(side.clerk.get, _desk(side)) for side in sides]
    small, large = compare(stage.rounds, *asks)
    for side, timing in zip(sides, (small, large), strict=True):
        yield Line(
            "一份申报（审核台）", f"{side.label} 份", timing.text, f"≤ {APPLICATION_QUERIES} 次查询",
            timing.queries <= APPLICATION_QUERIES,
        )  # fmt: skip
    yield Line(
        "  查询不随规模增加", "", f"{small.queries} / {large.queries}", "相同", small.queries == large.queries
    )


def _desk(side: Side) -> str:
    middle = Application.objects.filter(call=side.call).order_by("pk")[side.rows // 2]
    return reverse("calls:audit", args=[middle.pk])
