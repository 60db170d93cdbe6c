"""The staff lists of bases and cases."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from shuniu.foundation.access import Who
from shuniu.foundation.ui.lists import Choice, Column, DateRange, Sign, TextSearch
from shuniu.foundation.ui.lists.base import List, Tab
from shuniu.network.models import Base, Story
from shuniu.network.queries import READERS, bases_visible_to, stories_visible_to
from shuniu.registry.models import Organisation
from shuniu.registry.queries import matching

BASE_SIGNS = {"applied": "wait", "in_force": "ok", "declined": "expired", "withdrawn": "bad"}
STORY_SIGNS = {"draft": "now", "submitted": "wait", "published": "ok", "taken_down": "expired"}


def _by_words(*fields: str) -> Any:
    def find(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        found = Q(organisation__in=matching(Organisation.objects.all(), text).values("pk"))
        for field in fields:
            found |= Q(**{f"{field}__icontains": text.strip()})
        return rows.filter(found)

    return find


class Bases(List):
    """示范基地 of the asker's union and, once named, of those below it."""

    key = "network.bases"
    title = "示范基地"
    roles = READERS
    unit = "个"
    columns = (
        Column("name", "名称", sort="name", first=True),
        Column("kind", "类型", lambda row: row.get_kind_display(), sort="kind"),
        Column("holder", "依托单位", "holder", sort="organisation__pinyin"),
        Column("plaque_no", "牌匾编号", sort="plaque_no"),
        Column("granted_on", "命名日期", sort="granted_on", kind="day"),
        Column("review_on", "下次复核", sort="review_on", kind="day"),
        Column(
            "state", "状态", lambda row: Sign(BASE_SIGNS[row.state], row.get_state_display()), kind="status"
        ),
        Column("address", "地址", wrap=True, extra=True),
        Column("union", "建设工会", "union.short_name", sort="union", extra=True),
        Column("ended_on", "撤销日期", sort="ended_on", kind="day", extra=True, shown=False),
    )
    filters = (
        TextSearch(
            "q", "查找", apply=_by_words("name", "address", "plaque_no"), placeholder="名称、单位、地址、编号"
        ),
        Choice("kind", "类型", choices=list(Base.Kind.choices)),
        DateRange("review_on", "下次复核", path="review_on", bar=False),
    )
    tabs = (
        Tab("all", "全部"),
        Tab("applied", "待评审", Q(state="applied")),
        Tab("in_force", "在册", Q(state="in_force")),
        Tab("ended", "未通过或已撤销", Q(state__in=("declined", "withdrawn"))),
    )
    order = "-id"
    page_size = 50
    empty = ("还没有示范基地", "社会组织或经办人申请后列在这里，评审、命名、定期复核都从这里办理。")

    @classmethod
    def visible(cls, who: Who, *args: Any, **scope: Any) -> QuerySet[Base]:
        return bases_visible_to(who).select_related(None)

    @classmethod
    def complete(cls, rows: QuerySet[Base]) -> QuerySet[Base]:
        return rows.select_related("organisation", "union").defer(
            "organisation__bigrams", "organisation__search_text"
        )

    def row_label(self, row: Base) -> str:
        return row.name

    def row_url(self, row: Base) -> str:
        return reverse("network:base", args=[row.pk])


class Stories(List):
    """典型案例 that the asker's union reviews."""

    key = "network.stories"
    title = "典型案例"
    roles = READERS
    unit = "篇"
    columns = (
        Column("title", "标题", sort="title", first=True),
        Column("kind", "类型", lambda row: row.get_kind_display(), sort="kind"),
        Column("organisation", "社会组织", "organisation.name", sort="organisation__pinyin"),
        Column("published_at", "发布时间", sort="published_at", kind="time"),
        Column(
            "state", "状态", lambda row: Sign(STORY_SIGNS[row.state], row.get_state_display()), kind="status"
        ),
        Column("consented_at", "同意公开", sort="consented_at", kind="time", extra=True),
        Column("held_on", "活动日期", sort="held_on", kind="day", extra=True, shown=False),
    )
    filters = (
        TextSearch(
            "q", "查找", apply=_by_words("title", "summary", "body"), placeholder="标题、摘要、正文、单位"
        ),
        Choice("kind", "类型", choices=list(Story.Kind.choices)),
    )
    tabs = (
        Tab("all", "全部"),
        Tab("submitted", "待审核", Q(state="submitted")),
        Tab("published", "已发布", Q(state="published")),
        Tab("draft", "起草中", Q(state="draft")),
        Tab("taken_down", "已撤下", Q(state="taken_down")),
    )
    order = "-id"
    page_size = 50
    empty = (
        "还没有典型案例",
        "社会组织或经办人起草的经验材料、品牌项目、观摩活动列在这里，审核后发布到门户。",
    )

    @classmethod
    def visible(cls, who: Who, *args: Any, **scope: Any) -> QuerySet[Story]:
        return stories_visible_to(who).select_related(None)

    @classmethod
    def complete(cls, rows: QuerySet[Story]) -> QuerySet[Story]:
        return rows.select_related("organisation").defer(
            "organisation__bigrams", "organisation__search_text", "body"
        )

    def row_label(self, row: Story) -> str:
        return row.title

    def row_url(self, row: Story) -> str:
        return reverse("network:story", args=[row.pk])
