"""Lists: the same number of queries for few rows and for all, and at most four times a bare view."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.test import Client, override_settings
from django.urls import reverse

from benchmarks.measure import Ask, Line, compare
from benchmarks.stage import ROWS, Side, Stage

MOST_QUERIES = 12
MOST_TIMES = 4.0


def organisations(stage: Stage) -> Iterator[Line]:
    """社会组织库 of a city union."""
    address = reverse("registry:organisations")
    yield from _list(
        "社会组织列表", stage, [
            (f"{ROWS if rows > ROWS else rows}/{rows:,}", side.clerk, f"{address}?size={ROWS}", "/bare/organisations/")
            for side, rows in ((stage.few, stage.size.few), (stage.large, stage.size.organisations))
        ],
    )  # fmt: skip


def applications(stage: Stage) -> Iterator[Line]:
    """What was handed in to one call, as its clerk sees it."""
    yield from _list(
        "经办人的申报列表", stage, [
            (
                _of(side.rows), side.clerk,
                f"{reverse('calls:applications', args=[side.call.pk])}?size={ROWS}",
                f"/bare/applications/{side.call.pk}/",
            )
            for side in (stage.few, stage.large)
        ],
    )  # fmt: skip


def ranking(stage: Stage) -> Iterator[Line]:
    """汇总表 of a committee after closing."""
    yield from _list(
        "排名页", stage, [
            (
                _of(_ranked(side)), side.clerk,
                f"{reverse('calls:ranking', args=[side.closed.pk])}?size={ROWS}",
                f"/bare/ranking/{side.closed.category_id}/",
            )
            for side in (stage.few, stage.large)
        ], most_queries=15,
    )  # fmt: skip


def public(stage: Stage) -> Iterator[Line]:
    """The public list of what is recognised; nobody is logged in."""
    address = reverse("portal:recognised")
    yield from _list("公开名录", stage, [(_of(stage.size.recognitions), Client(), address, "/bare/public/")])


def _of(rows: int) -> str:
    return f"{min(rows, ROWS)}/{rows:,}"


def _ranked(side: Side) -> int:
    return side.closed.category.applications.count()


def _list(
    figure: str, stage: Stage, sides: list[tuple[str, Client, str, str]], *, most_queries: int = MOST_QUERIES
) -> Iterator[Line]:
    counts = []
    with override_settings(ROOT_URLCONF="benchmarks.bare"):
        for at, client, address, bare in sides:
            asked, beside = compare(stage.rounds, _ask(client, address), _ask(client, bare))
            counts.append(asked.queries)
            yield Line(figure, at, asked.text, f"≤ {most_queries} 次查询", asked.queries <= most_queries)
            times = asked.p50 / beside.p50
            text = f"{times:.1f} 倍（空视图 {beside.queries} 次查询，{beside.p50:.1f} ms）"
            yield Line("  比空视图", at, text, f"≤ {MOST_TIMES:.0f} 倍", times <= MOST_TIMES)
    if len(counts) > 1:
        same = len(set(counts)) == 1
        yield Line("  少行与多行的查询", "", " / ".join(map(str, counts)), "相同", same)


def _ask(client: Client, address: str) -> Ask:
    return partial(client.get, address)
