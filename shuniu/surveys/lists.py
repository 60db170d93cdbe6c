"""The staff list of surveys."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from shuniu.foundation.access import Who
from shuniu.foundation.ui.lists import Choice, Column, DateRange, List, Sign, Tab, TextSearch
from shuniu.registry.models import Organisation
from shuniu.registry.queries import matching
from shuniu.surveys.models import Conductor, Survey
from shuniu.surveys.queries import READERS, exact, surveys_visible_to

KINDS = {"draft": "wait", "open": "now", "closed": "ok"}


def _find(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    organisations = matching(Organisation.objects.all(), text).values("pk")
    return rows.filter(Q(title__icontains=text.strip()) | Q(organisation__in=organisations))


def _back(row: Survey) -> str:
    issued = row.tally.tickets - row.tally.voided
    return f"{row.tally.answers}/{issued}" if issued else "--"


def _rate(row: Survey) -> str:
    made = getattr(row, "result", None)
    return exact(made.numerator, made.denominator) if made else "--"


class Surveys(List):
    """测评 of the asker's union."""

    key = "surveys.surveys"
    title = "满意度测评"
    roles = READERS
    unit = "次"
    columns = (
        Column("title", "名称", sort="title", first=True),
        Column("organisation", "被测评单位", "organisation.name", sort="organisation__pinyin", across=True),
        Column(
            "conductor", "组织方式", lambda row: row.get_conductor_display(), sort="conductor", extra=True
        ),
        Column("back", "收回", _back),
        Column("rate", "满意率", _rate, across=True),
        Column("ends_on", "截止日", sort="ends_on", kind="day"),
        Column("state", "状态", lambda row: Sign(KINDS[row.state], row.get_state_display()), kind="status"),
    )
    filters = (
        TextSearch("q", "测评、单位", apply=_find, placeholder="测评名称，单位名称中的两个字"),
        Choice("conductor", "组织方式", choices=Conductor.choices),
        DateRange("ends_on", "截止日", path="ends_on", bar=False),
    )
    tabs = (
        Tab("all", "全部"),
        Tab("running", "没有计票", ~Q(state="closed")),
        Tab("closed", "已计票", Q(state="closed")),
    )
    order = "-ends_on"
    page_size = 50
    empty = ("没有符合条件的测评", "点“新建测评”，录入名单后开放，票发到每个人手里。")

    @classmethod
    def visible(cls, who: Who, *args: Any, **scope: Any) -> QuerySet[Survey]:
        return surveys_visible_to(who).select_related(None)

    @classmethod
    def complete(cls, rows: QuerySet[Survey]) -> QuerySet[Survey]:
        return rows.select_related("organisation", "tally", "result")

    def row_label(self, row: Survey) -> str:
        return row.title

    def row_url(self, row: Survey) -> str:
        return reverse("surveys:survey", args=[row.pk])
