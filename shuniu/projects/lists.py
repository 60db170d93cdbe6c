"""The staff list of projects."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from shuniu.foundation.access import Who
from shuniu.foundation.ui.lists import Column, DateRange, Sign, TextSearch
from shuniu.foundation.ui.lists.base import List, Tab
from shuniu.projects.models import Project
from shuniu.projects.queries import READERS, projects_visible_to
from shuniu.registry.models import Organisation
from shuniu.registry.queries import matching

SIGNS = {"running": ("now", "实施中"), "completed": ("ok", "已完成"), "terminated": ("expired", "已终止")}


def _find(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    organisations = matching(Organisation.objects.all(), text).values("pk")
    plain = text.strip()
    return rows.filter(
        Q(name__icontains=plain)
        | Q(leader__icontains=plain)
        | Q(contract_no__icontains=plain)
        | Q(organisation__in=organisations)
    )


class Projects(List):
    """项目 of the asker's union and of those below it."""

    key = "projects.projects"
    title = "项目"
    roles = READERS
    unit = "个"
    columns = (
        Column("name", "项目名称", sort="name", first=True),
        Column("organisation", "承接单位", "organisation.name", sort="organisation__pinyin", across=True),
        Column("leader", "负责人", extra=True),
        Column("starts_on", "开始日期", sort="starts_on", kind="day"),
        Column("completed_on", "完成日期", sort="completed_on", kind="day"),
        Column("amount", "合同金额（元）", "amount_fen", sort="amount_fen", kind="yuan"),
        Column("state", "状态", lambda row: Sign(*SIGNS[row.state]), kind="status"),
        Column("contract_no", "合同编号", sort="contract_no", extra=True),
        Column("union", "委托工会", "union.short_name", sort="union", extra=True),
        Column("ends_on", "计划结束日期", sort="ends_on", kind="day", extra=True, shown=False),
    )
    filters = (
        TextSearch("q", "查找", apply=_find, placeholder="项目、单位、负责人、合同编号"),
        DateRange("starts_on", "开始日期", path="starts_on", bar=False),
    )
    tabs = (
        Tab("all", "全部"),
        Tab("running", "实施中", Q(completed_on__isnull=True, terminated_on__isnull=True)),
        Tab("completed", "已完成", Q(completed_on__isnull=False)),
        Tab("terminated", "已终止", Q(terminated_on__isnull=False)),
    )
    order = "-starts_on"
    page_size = 50
    empty = ("还没有项目", "经办人登记社会组织承接的项目后，会列在这里，可用于推荐评优和登记荣誉。")

    @classmethod
    def visible(cls, who: Who, *args: Any, **scope: Any) -> QuerySet[Project]:
        return projects_visible_to(who).select_related(None)

    @classmethod
    def complete(cls, rows: QuerySet[Project]) -> QuerySet[Project]:
        return rows.select_related("organisation", "union").defer(
            "organisation__bigrams", "organisation__search_text"
        )

    def row_label(self, row: Project) -> str:
        return row.name

    def row_url(self, row: Project) -> str:
        return reverse("projects:project", args=[row.pk])
