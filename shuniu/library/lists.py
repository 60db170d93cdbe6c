"""The organisations behind the figures of an estimate."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Substr
from django.urls import reverse

from shuniu.foundation.access import Who
from shuniu.foundation.ui.lists import Choice, Column, Sign, TextSearch
from shuniu.foundation.ui.lists.base import List
from shuniu.library.models import Impact, ImpactRow
from shuniu.library.queries.impact import (
    KINDS,
    LETTERS,
    conditions_of,
    impact_rows_visible_to,
    impacts_visible_to,
)
from shuniu.library.queries.rehearsal import ANSWERS
from shuniu.library.queries.uploads import READERS
from shuniu.registry.queries import VIEWERS, named


def _impact(listing: List) -> Impact | None:
    """The estimate, read once for each request."""
    if not hasattr(listing, "_impact"):
        found = impacts_visible_to(listing.who).filter(pk=int(listing.scope["impact"])).first()
        listing._impact = found  # type: ignore[attr-defined]
    kept: Impact | None = listing._impact  # type: ignore[attr-defined]
    return kept


def _by_name(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    condition = named(text, "organisation")
    return rows.filter(condition) if condition is not None else rows


def _conditions(listing: List) -> list[tuple[str, str]]:
    """A choice for each condition and each way in which it came out for somebody."""
    impact = _impact(listing)
    return [
        (f"{at}{letter}", f"{each['clause']} {each['label']}：{LETTERS[letter]}")
        for at, each in enumerate(conditions_of(impact) if impact else [])
        for letter in each["letters"]
    ]


def _by_condition(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    found: QuerySet[Any] = rows.annotate(_at=Substr("letters", int(value[:-1]) + 1, 1)).filter(_at=value[-1])
    return found


def _changes(listing: List) -> list[tuple[str, str]]:
    """A choice for each change of the whole answer, and for each of a condition that both documents have."""
    impact = _impact(listing)
    if impact is None:
        return []
    whole = [
        (f"{before}{now}", f"{ANSWERS[before]}变为{ANSWERS[now]}")
        for before, now, _ in impact.figures.get("moves", [])
        if before != now
    ]
    return whole + [
        (
            f"{at}.{each['was']}.{before}{now}",
            f"{each['clause']} {each['label']}：{LETTERS[before]}变为{LETTERS[now]}",
        )
        for at, each in enumerate(conditions_of(impact))
        for before, now, _ in each["moves"]
    ]


def _by_change(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    *places, pair = value.split(".")
    if not places:
        return rows.filter(answer_before=pair[0], answer=pair[1])
    now, before = (int(each) + 1 for each in places)
    rows = rows.annotate(_now=Substr("letters", now, 1), _was=Substr("before", before, 1))
    return rows.filter(_was__in=_either(pair[0]), _now__in=_either(pair[1]))


def _either(letter: str) -> tuple[str, ...]:
    return ("U", "W", "X") if letter == "U" else (letter,)


def _answer(letter: str) -> Sign | str:
    return Sign(KINDS[letter], ANSWERS[letter]) if letter else ""


class ImpactOrganisations(List):
    """Which organisations come out how under a folder: statuses alone, no facts."""

    key = "library.impact"
    title = "测算的社会组织"
    roles = frozenset(READERS)
    unit = "家"
    order = "name"
    page_size = 50
    count_limit = 5_000
    empty = ("没有符合条件的社会组织", "换一个条件再看。")
    columns = (
        Column("name", "名称", "organisation.name", sort="organisation__pinyin", first=True),
        Column("answer", "测算结果", lambda row: _answer(row.answer), sort="answer", kind="status"),
        Column(
            "before", "对照结果", lambda row: _answer(row.answer_before), sort="answer_before", kind="status"
        ),
        Column("unmet", "不符合的条件", lambda row: row.told("F"), wrap=True),
        Column("open", "待查的条件", lambda row: row.told("U"), wrap=True, extra=True),
        Column("code", "统一社会信用代码", "organisation.code", kind="code", extra=True, shown=False),
    )
    filters = (
        TextSearch("q", "名称、代码", apply=_by_name, placeholder="名称中的两个字或代码"),
        Choice("answer", "测算结果", choices=list(ANSWERS.items()), apply="answer"),
        Choice("before", "对照结果", choices=list(ANSWERS.items()), apply="answer_before"),
        Choice("condition", "条件", choices=_conditions, apply=_by_condition),
        Choice("change", "变化", choices=_changes, apply=_by_change),
    )

    @classmethod
    def visible(cls, who: Who, *args: Any, **scope: Any) -> QuerySet[ImpactRow]:
        return impact_rows_visible_to(who, int(scope["impact"]))

    @classmethod
    def complete(cls, rows: QuerySet[ImpactRow]) -> QuerySet[ImpactRow]:
        return rows.select_related("organisation", "impact").only(
            "letters",
            "answer",
            "answer_before",
            "organisation__name",
            "organisation__code",
            "impact__figures",
        )

    def heading(self) -> str:
        impact = _impact(self)
        return f"{impact}（判断日 {impact.on}）" if impact else self.title

    def row_label(self, row: ImpactRow) -> str:
        return row.organisation.name

    def row_url(self, row: ImpactRow) -> str:
        return (
            reverse("registry:organisation", args=[row.organisation_id]) if self.who.role in VIEWERS else ""
        )
