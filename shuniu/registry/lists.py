"""The staff list of organisations, and the rows of a list on its way in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui.formats import phone_mask
from shuniu.foundation.ui.lists import Choice, Column, Sign, TextSearch, Toned
from shuniu.foundation.ui.lists.base import List, Tab
from shuniu.foundation.ui.lists.filters import Reading
from shuniu.registry.models import (
    ENDED,
    Grade,
    InspectionResult,
    LegalType,
    Organisation,
    Status,
    UnionBuilding,
)
from shuniu.registry.queries import (
    VIEWERS,
    found_by,
    matching,
    organisations_visible_to,
    regions_visible_to,
    with_former,
)

# Whose work is to call people; everybody else reads a telephone masked, on the organisation's page too.
PHONES_CLEAR_FOR = ("clerk", "checker")
_NEAR = 1_000  # rows that are read whole on the way to a page; to a page further back lead the keys alone
_STATUS_KINDS = {"normal": "ok", "closing": "warn", "cancelled": "bad", "revoked": "bad", "candidate": "wait"}
_STATUS_WORDS = {str(value): str(label) for value, label in Status.choices}
_TYPE_WORDS = {str(value): str(label) for value, label in LegalType.choices}
_UNION_WORDS = {str(value): str(label) for value, label in UnionBuilding.Status.choices}
_RESULT_WORDS = {str(value): str(label) for value, label in InspectionResult.choices}


def rating(row: Organisation) -> str | Toned:
    """The grade, or the grade that has run out."""
    if row.rating and row.rating_until and row.rating_until < clock.today():
        return Toned("is-warn", f"{row.rating}（已到期）")
    return row.rating


def inspection(row: Organisation) -> str | Toned:
    """2025年度合格; another result, or none of last year, stands out."""
    if row.inspection_year is None:
        return ""
    text = f"{row.inspection_year}年度{_RESULT_WORDS.get(row.inspection_result, '')}"
    fine = row.inspection_result in {"passed", "reported"} and row.inspection_year >= clock.today().year - 1
    return text if fine else Toned("is-warn", text)


def named(row: Organisation) -> str:
    """The name; where a search found it by a former name or code, that too."""
    former = getattr(row, "found_by", "")
    return f"{row.name}（{former}）" if former else row.name


def _by_rating(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    if value == "none":
        return rows.filter(Q(rating="") | Q(rating_until__lt=clock.today()))
    grades = [g for g in Grade.values if g >= value.removesuffix("+")] if value.endswith("+") else [value]
    return rows.filter(rating__in=grades, rating_until__gte=clock.today())


def _by_inspection(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    year = clock.today().year - 1
    if value == "missing":
        return rows.filter(Q(inspection_year__isnull=True) | Q(inspection_year__lt=year))
    return rows.filter(inspection_year__gte=year, inspection_result=value)


class Organisations(List):
    """社会组织库 of the asker's union and of those below it."""

    key = "registry.organisations"
    title = "社会组织"
    roles = VIEWERS
    unit = "家"
    columns = (
        Column("name", "名称", named, sort="pinyin", first=True),
        Column("code", "统一社会信用代码", sort="code", kind="code"),
        Column("legal_type", "类型", lambda row: _TYPE_WORDS.get(row.legal_type, ""), sort="legal_type"),
        Column("region", "所在区", sort="region"),
        Column("rating", "评估等级", rating, sort="rating"),
        Column("inspection", "最近年检", inspection, sort="inspection_year"),
        Column("union_status", "建会情况", lambda row: _UNION_WORDS.get(row.union_status, ""), sort="union_status"),
        Column(
            "status", "登记状态", lambda row: Sign(_STATUS_KINDS[row.status], _STATUS_WORDS[row.status]),
            sort="status", kind="status",
        ),
        Column("registered_on", "成立登记日期", sort="registered_on", kind="day", extra=True, shown=False),
        Column("registrar", "登记机关", sort="registrar", extra=True, shown=False),
        Column("legal_representative", "法定代表人", extra=True, shown=False),
        Column("contact_name", "联系人", extra=True, shown=False),
        Column(
            "contact_phone", "联系电话", extra=True, shown=False, mask=phone_mask,
            clear_for=PHONES_CLEAR_FOR, kind="code",
        ),
        Column("address", "住所", extra=True, shown=False, wrap=True),
        Column("owning_union", "管理工会", "owner", sort="owning_union", extra=True, shown=False),
        Column("updated_at", "更新时间", sort="updated_at", kind="time", extra=True, shown=False),
    )  # fmt: skip
    filters = (
        TextSearch("q", "名称、拼音首字母、代码", apply=matching, placeholder="名称中的两个字、拼音首字母或代码"),
        Choice("type", "类型", choices=LegalType.choices, apply="legal_type"),
        Choice("region", "所在区", choices=lambda listing: [(r, r) for r in regions_visible_to(listing.who)]),
        Choice(
            "rating", "评估等级", apply=_by_rating,
            choices=[("3A+", "3A 以上"), *((g, g) for g in reversed(Grade.values)), ("none", "无等级或已到期")],
        ),
        Choice(
            "inspection", "上年度年检", apply=_by_inspection,
            choices=[*InspectionResult.choices, ("missing", "没有记录")],
        ),
        Choice("union", "建会情况", choices=UnionBuilding.Status.choices, apply="union_status"),
        Choice("status", "登记状态", choices=Status.choices, bar=False),
    )  # fmt: skip
    tabs = (
        Tab("living", "在册", ~Q(status__in=[*ENDED, Status.CANDIDATE])),
        Tab("candidate", "未登记", Q(status=Status.CANDIDATE)),
        Tab("ended", "已注销或撤销", Q(status__in=ENDED)),
    )
    order = "name"
    count_limit = 5_000
    page_size = 50
    empty = ("没有符合条件的社会组织", "换一个条件，或用 Excel 导入名册、逐家登记。")

    @classmethod
    def visible(cls, who: Who, *args: Any, **scope: Any) -> QuerySet[Organisation]:
        return organisations_visible_to(who)

    @classmethod
    def complete(cls, rows: QuerySet[Organisation]) -> QuerySet[Organisation]:
        return rows.annotate(owner=F("owning_union__short_name")).defer("bigrams", "search_text")

    def page_rows(self, first: int, size: int) -> list[Organisation]:
        """With what a search found each row by, where that is not on the row itself; no further query."""
        sought = self.state.readings.get("q")
        if sought is None and first < _NEAR:
            return list(self.complete(self.ordered)[first : first + size])
        if sought is None:
            return super().page_rows(first, size)
        keys = self.ordered.values("pk")[first : first + size]
        rows = with_former(self.complete(self.source.filter(pk__in=keys))).order_by(
            *self.ordered.query.order_by
        )
        return [self._told(row, sought) for row in rows]

    def each_row(self, most: int, chunk: int) -> Iterator[Organisation]:
        """The export says as the page does by what a search found a row."""
        sought = self.state.readings.get("q")
        if sought is None:
            yield from super().each_row(most, chunk)
            return
        for row in with_former(self.complete(self.ordered))[:most].iterator(chunk_size=chunk):
            yield self._told(row, sought)

    @staticmethod
    def _told(row: Organisation, sought: Reading) -> Organisation:
        row.found_by = found_by(row, str(sought.value))  # type: ignore[attr-defined]
        return row

    def row_url(self, row: Organisation) -> str:
        return f"{self._base}{row.pk}/"

    @cached_property
    def _base(self) -> str:
        return reverse("registry:organisations")


__all__ = ["Organisations", "inspection", "rating"]
