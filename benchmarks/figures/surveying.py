"""A survey of a hundred thousand answers: its result page beside one of a few; what one answer costs meanwhile."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from functools import partial

from django.urls import reverse

from benchmarks.measure import Line, compare
from benchmarks.stage import Stage, logged_in, who_acts
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.registry.models import Organisation
from shuniu.surveys import actions
from shuniu.surveys.models import Survey
from shuniu.unions.models import Union

RESULT_QUERIES = 25
RESULT_MS = 150
_AT_ONCE = 1000  # sheets of one act
_FEW = 10
_LAST = 50  # answers that come singly, with the shaking that each costs


def surveying(stage: Stage) -> Iterator[Line]:
    """Everything through the actions: roster, tickets, sheets in acts of a thousand, single answers, count."""
    union = stage.few.union
    by = who_acts(union, "clerk")
    few, _, _ = _counted(by, union, _FEW, 3)
    large, single, closing = _counted(by, union, stage.size.answers, min(_LAST, stage.size.answers))
    clerk = logged_in(by)
    asks = [partial(clerk.get, reverse("surveys:survey", args=[row.pk])) for row in (few, large)]
    small, full = compare(stage.rounds, *asks)
    at = f"{stage.size.answers:,} 份"
    yield Line(
        "测评结果页", at, full.text, f"p95 < {RESULT_MS} ms", full.p95 < RESULT_MS, False,
    )  # fmt: skip
    yield Line(
        "  查询不随份数增加", at, f"{small.queries} / {full.queries}", f"相同，≤ {RESULT_QUERIES}",
        small.queries == full.queries <= RESULT_QUERIES,
    )  # fmt: skip
    yield Line("  收一份评价", at, f"{single:.1f} ms", "报告")
    yield Line("  计票", at, f"{closing:.1f} s", "报告")


def _counted(by: Who, union: Union, answers: int, singly: int) -> tuple[Survey, float, float]:
    """A counted survey; milliseconds of a single answer towards the end, seconds of the count."""
    organisation = Organisation.objects.filter(owning_union=union).order_by("pk")[0]
    row = actions.make(
        by=by, union=union, organisation=organisation, title=f"{answers} 份的测评", population=answers,
        ends_on=clock.today() + dt.timedelta(days=5),
    )  # fmt: skip
    actions.add_people(by=by, survey_id=row.pk, people=[(f"职工{n}", "") for n in range(answers)])
    actions.open_survey(by=by, survey_id=row.pk)
    codes = actions.issue_tickets(by=by, survey_id=row.pk)
    bulk = codes[: answers - singly]
    for start in range(0, len(bulk), _AT_ONCE):
        sheets = [_sheet(code, start + n) for n, code in enumerate(bulk[start : start + _AT_ONCE])]
        actions.key_sheets(by=by, survey_id=row.pk, sheets=sheets, imported=True)
    began = time.monotonic()
    for code in codes[len(bulk) :]:
        actions.answer(code=code, level=5, arrived_at=clock.now())
    single = (time.monotonic() - began) * 1000 / singly
    began = time.monotonic()
    actions.close(by=by, survey_id=row.pk)
    return row, single, time.monotonic() - began


def _sheet(code: str, n: int) -> actions.Sheet:
    level = (5, 5, 4, 4, 4, 3, 5, 2, 4, 5)[n % 10]
    return actions.Sheet(
        code, level, ("服务态度",) if level == 2 else (), "希望多安排晚上的场次" if n % 5 == 0 else ""
    )
