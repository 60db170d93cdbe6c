"""Every figure at a tiny volume: the volume passes the database's own truths, and every page is still asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlparse

import pytest
from django.db import connections

from benchmarks import volume
from benchmarks.figures import ALL
from benchmarks.measuring import table, wide
from benchmarks.stage import Stage
from benchmarks.volume_size import TINY
from shuniu.calls.models import Application, Call, ScoreSheet, Submission
from shuniu.foundation.calendar import clock
from shuniu.registry.actions import current
from shuniu.registry.models import Organisation
from shuniu.registry.queries import snapshot

PROCESSES = ("web", "import")
"""Figures that start processes of their own: too slow for every run, and tested where they live."""


@contextmanager
def _as_owner() -> Iterator[None]:
    """Django's connection as shuniu_owner, who alone may move the clock."""
    settings = connections.settings["default"]
    before = {name: settings[name] for name in ("USER", "PASSWORD")}
    owner = urlparse(os.environ["SHUNIU_OWNER_DATABASE_URL"])
    connections.close_all()
    settings.update(USER=owner.username, PASSWORD=unquote(owner.password or ""))
    try:
        yield
    finally:
        connections.close_all()
        settings.update(before)


@pytest.mark.seconds(24)
@pytest.mark.real_transactions
def test_every_figure_at_tiny_volume() -> None:
    with _as_owner():
        volume.build(TINY, say=lambda text: None)
    _assert_consistent()
    stage = Stage(TINY, 2, os.environ["SHUNIU_DATABASE_URL"])
    lines = [line for name, figure in ALL.items() if name not in PROCESSES for line in figure(stage)]
    assert len(lines) >= len(ALL) - len(PROCESSES)
    # Times mean nothing here; queries, failures and what must be made do.
    over = [line for line in lines if line.broken and "倍" not in line.limit + line.value]
    assert not over, over


def _assert_consistent() -> None:
    large = Call.objects.get(title=volume.TITLE)
    applications = Application.objects.filter(call=large)
    assert applications.count() == TINY.applications
    assert (
        Organisation.objects.filter(owning_union__name__startswith="望海市").count() > TINY.organisations / 2
    )
    submitted = ScoreSheet.objects.filter(application__call=large, state="submitted")
    assert submitted.count() == 3 * TINY.applications
    assert Submission.objects.filter(application__call=large, round=0).count() == TINY.applications
    for application in applications:
        last = application.decisions.order_by("-id")[0]
        assert last.to_stage == application.stage
        assert application.call.apply_from <= application.submitted_at < application.call.apply_until  # type: ignore[operator]
    one = Organisation.objects.filter(rating="4A").order_by("pk")[0]
    said = {name: getattr(one, name) for name in current.ALL_COLUMNS if name != "updated_at"}
    again = current.apply(snapshot(one, clock.today()))
    assert {name: getattr(again, name) for name in said} == said


def test_the_table_lines_up_chinese_and_latin() -> None:
    shown = table([("项目", "值"), ("list", "12"), ("列表", "达到")]).splitlines()
    assert wide("项目x") == 5
    assert [line.index(word) for line, word in ((shown[2], "12"),)] == [6]
    assert shown[3] == "列表  达到"
