"""The staff list of recognitions."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.calendar.clock import Today
from shuniu.foundation.ui.lists import Choice, Column, DateRange, Sign, TextSearch
from shuniu.foundation.ui.lists.base import List, Tab
from shuniu.foundation.ui.typed import narrow
from shuniu.recognition.models import Honour, Recognition
from shuniu.recognition.models.honour import HonourLevel
from shuniu.recognition.queries import (
    READERS,
    RUNNING,
    honours_visible_to,
    in_force,
    recognitions_visible_to,
    soon_over,
)
from shuniu.recognition.standing import standing
from shuniu.registry.models import Organisation
from shuniu.registry.queries import matching

_STATES = [
    ("valid", "有效"), ("soon", "即将到期"), ("coming", "尚未生效"), ("suspended", "暂停使用"),
    ("expired", "已到期"), ("cancelled", "已取消"), ("withdrawn", "已退出"),
]  # fmt: skip


def _find(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    organisations = matching(Organisation.objects.all(), text).values("pk")
    number = Q(certificate_no__startswith=narrow(text).upper())
    return rows.filter(number | Q(organisation__in=organisations))


def _by_state(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    today = clock.today()
    running = Q(last_day__gte=today)
    conditions = {
        "valid": in_force(today),
        "soon": soon_over(today),
        "coming": Q(state="valid", first_day__gt=today),
        "suspended": running & Q(state="suspended"),
        "expired": Q(state__in=RUNNING, last_day__lt=today),
    }
    return rows.filter(conditions.get(value, Q(state=value)))


def _sign(row: Recognition) -> Sign:
    shown = standing(row, clock.today())
    return Sign(shown.kind, shown.word)


class Recognitions(List):
    """资质 granted by the asker's union and those above and below it."""

    key = "recognition.recognitions"
    title = "资质"
    roles = READERS
    unit = "份"
    columns = (
        Column("name", "组织名称", "organisation.name", sort="organisation__pinyin", first=True),
        Column("certificate_no", "证书编号", sort="certificate_no", kind="code"),
        Column("category", "类别", "category_label", sort="category"),
        Column("directions", "方向", lambda row: "、".join(row.directions), wrap=True, extra=True),
        Column("first_day", "有效期自", sort="first_day", kind="day"),
        Column("last_day", "有效期至", sort="last_day", kind="day"),
        Column("state", "状态", _sign, kind="status"),
        Column("union", "认定单位", "union.short_name", sort="union", extra=True),
        Column("code", "统一社会信用代码", "organisation.code", kind="code", extra=True, shown=False),
        Column("decision", "认定文件", wrap=True, extra=True, shown=False),
        Column("decided_on", "认定日期", sort="decided_on", kind="day", extra=True, shown=False),
    )
    filters = (
        TextSearch("q", "名称、证书编号", apply=_find, placeholder="名称中的两个字、拼音首字母、编号"),
        Choice("category", "类别", choices=lambda listing: _categories(listing.who)),
        Choice("state", "状态", choices=_STATES, apply=_by_state),
        DateRange("last_day", "有效期至", path="last_day", bar=False),
    )
    tabs = (
        Tab("all", "全部"),
        Tab("running", "未到期", Q(state__in=RUNNING, last_day__gte=Today())),
        Tab("expired", "已到期", Q(state__in=RUNNING, last_day__lt=Today())),
        Tab("ended", "已取消或退出", Q(state__in=("cancelled", "withdrawn"))),
    )
    order = "-first_day"
    page_size = 50
    empty = ("没有符合条件的资质", "正式名单公布后，名单上的单位会自动列在这里。")

    @classmethod
    def visible(cls, who: Who, *args: Any, **scope: Any) -> QuerySet[Recognition]:
        return recognitions_visible_to(who).select_related(None)

    @classmethod
    def complete(cls, rows: QuerySet[Recognition]) -> QuerySet[Recognition]:
        return rows.select_related("organisation", "union").defer(
            "organisation__bigrams", "organisation__search_text"
        )

    def row_label(self, row: Recognition) -> str:
        return row.organisation.name

    def row_url(self, row: Recognition) -> str:
        return reverse("recognition:recognition", args=[row.pk])


def _categories(who: Who) -> list[tuple[str, str]]:
    rows = recognitions_visible_to(who).select_related(None).order_by("category_label")
    return list(rows.values_list("category", "category_label").distinct())


_HONOUR_SIGNS = {"proposed": "wait", "in_force": "ok", "declined": "expired", "revoked": "bad"}


def _find_honour(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    organisations = matching(Organisation.objects.all(), text).values("pk")
    plain = text.strip()
    return rows.filter(
        Q(subject_label__icontains=plain)
        | Q(title__icontains=plain)
        | Q(leader__icontains=plain)
        | Q(organisation__in=organisations)
    )


class Honours(List):
    """荣誉台账: what projects, organisations and leaders were honoured with."""

    key = "recognition.honours"
    title = "荣誉"
    roles = READERS
    unit = "项"
    columns = (
        Column("subject", "获誉对象", "subject_label", sort="subject_label", first=True),
        Column("organisation", "社会组织", "organisation.name", sort="organisation__pinyin", across=True),
        Column("leader", "负责人", extra=True),
        Column("level", "级别", lambda row: f"{row.get_level_display()}级", sort="level"),
        Column("title", "荣誉名称", wrap=True),
        Column("awarded_on", "授予日期", sort="awarded_on", kind="day"),
        Column("state", "状态", lambda row: Sign(_HONOUR_SIGNS[row.state], row.get_state_display()), kind="status"),
        Column("granted_by", "授予单位", extra=True),
        Column("decision", "文件", wrap=True, extra=True, shown=False),
        Column("source", "来源", lambda row: row.get_source_display(), extra=True, shown=False),
        Column("union", "登记单位", "union.short_name", sort="union", extra=True, shown=False),
    )  # fmt: skip
    filters = (
        TextSearch("q", "查找", apply=_find_honour, placeholder="对象、单位、负责人、荣誉名称"),
        Choice("level", "级别", choices=list(HonourLevel.choices)),
        DateRange("awarded_on", "授予日期", path="awarded_on", bar=False),
    )
    tabs = (
        Tab("all", "全部"),
        Tab("in_force", "有效", Q(state="in_force")),
        Tab("proposed", "待确认", Q(state="proposed")),
        Tab("ended", "已撤销或未采纳", Q(state__in=("revoked", "declined"))),
    )
    order = "-awarded_on"
    page_size = 50
    empty = ("还没有荣誉", "本会名单公布后自动列入；省级和全国的结果由经办人凭文件登记。")

    @classmethod
    def visible(cls, who: Who, *args: Any, **scope: Any) -> QuerySet[Honour]:
        return honours_visible_to(who).select_related(None)

    @classmethod
    def complete(cls, rows: QuerySet[Honour]) -> QuerySet[Honour]:
        return rows.select_related("organisation", "union").defer(
            "organisation__bigrams", "organisation__search_text"
        )

    def row_label(self, row: Honour) -> str:
        return f"{row.subject_label} {row.title}"

    def row_url(self, row: Honour) -> str:
        return reverse("recognition:honour", args=[row.pk])
