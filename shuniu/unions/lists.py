"""The auditor's list of acts."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Cast, StrIndex, Substr
from django.urls import reverse

from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.models import Entry
from shuniu.foundation.journal.queries import done_since, entries_visible_to
from shuniu.foundation.journal.words import kind_label, names_known, said, verb_label
from shuniu.foundation.ui.lists import Choice, Column, DateRange, List, TextSearch

_CELL = 32_000  # a cell of Excel holds little more


def _raw(entry: Entry) -> str:
    """The facts letter by letter, as they were sealed."""
    return json.dumps(entry.facts, ensure_ascii=False, sort_keys=True)[:_CELL] if entry.facts else ""


def _said(entry: Entry) -> str:
    """The facts in words, one after another."""
    return "；".join(f"{fact.label}：{fact.value}" for fact in said(entry)).replace("\n", "，")


def _seal(entry: Entry, name: str) -> str:
    return str(getattr(entry.seal, name)) if hasattr(entry, "seal") else ""


def _place(entry: Entry) -> str:
    return (
        f"第 {entry.seal.block.number} 块第 {entry.seal.position} 条" if hasattr(entry, "seal") else "待封存"
    )


class Journal(List):
    """Who did what, for which union, when, under which clause."""

    key = "unions.journal"
    title = "操作日志"
    roles = ("audit_admin", "auditor")
    unit = "条"
    order = "-at"
    count_limit = 10_000
    csv = True
    columns = (
        Column("text", "内容", first=True, wrap=True, width=60),
        Column("at", "时间", kind="time", sort="at"),
        Column("person_name", "姓名", sort="person_name"),
        Column("role", "身份"),
        Column("verb", "动作", lambda e: verb_label(e.verb), sort="verb"),
        Column("subject_label", "对象", wrap=True),
        Column("kind", "对象类别", lambda e: kind_label(e.subject.partition(":")[0]), extra=True),
        Column("clause", "依据", extra=True),
        Column("is_reading", "查阅", lambda e: "查阅" if e.is_reading else "", extra=True, shown=False),
        Column("subject", "对象编号", kind="code", extra=True, shown=False),
        Column("behalf", "代表", extra=True, shown=False),
        Column("request_id", "请求编号", kind="code", extra=True, shown=False),
        Column("said", "事实", _said, extra=True, shown=False, wrap=True, width=60),
        Column("facts", "事实（原文）", _raw, extra=True, shown=False, wrap=True),
        Column("seal", "封存", _place, extra=True, shown=False),
        Column("digest", "校验值", lambda e: _seal(e, "digest"), kind="code", extra=True, shown=False),
    )
    filters = (
        TextSearch("q", "内容或对象", within=("text", "subject_label", "subject")),
        Choice("person", "姓名", apply="person_name",
               choices=lambda listing: _values(listing, "person_name")),
        Choice(
            "verb", "动作",
            choices=lambda listing: [(v, verb_label(v)) for v, _ in _values(listing, "verb")],
        ),
        Choice("kind", "对象类别", choices=lambda listing: _kinds(listing), apply="subject__startswith"),
        DateRange("at", "日期"),
        Choice("reading", "查阅", choices=(("1", "只看查阅"), ("0", "不看查阅")),
               apply=lambda rows, value: rows.filter(is_reading=value == "1")),
    )  # fmt: skip
    empty = ("没有符合条件的记录", "换一个条件，或清除条件后再看。每一步办理都会留下记录。")

    @classmethod
    def visible(cls, who: Who, *args: Any, **scope: Any) -> QuerySet[Any]:
        return entries_visible_to(who).select_related("seal__block")

    def page_rows(self, first: int, size: int) -> list[Any]:
        return self._told(super().page_rows(first, size))

    def each_row(self, most: int, chunk: int) -> Iterator[Any]:
        rows = super().each_row(most, chunk)
        while part := list(islice(rows, chunk)):
            yield from self._told(part)

    def _told(self, rows: list[Any]) -> list[Any]:
        """Where the facts are shown in words, the names in them are asked for once for all rows."""
        return names_known(rows) if any(column.key == "said" for column in self.shown_columns) else rows

    def row_url(self, row: Any) -> str:
        return reverse("unions:journal_entry", args=[row.pk])


class Done(List):
    """本周已办: what the asker has worked on since Monday, each matter once, by the journal."""

    key = "unions.done"
    title = "本周已办"
    unit = "件"
    order = "-at"
    columns = (
        Column("subject_label", "办理的事项", first=True, wrap=True, width=40),
        Column("kind", "类别", lambda e: kind_label(e.subject.partition(":")[0])),
        Column("text", "最后一步", wrap=True, width=60),
        Column("at", "时间", kind="time", sort="at"),
        Column("clause", "依据", extra=True),
    )
    empty = ("本周还没有办理过事项", "从本周一零时起，您以现在的身份为本单位办理的每一件事会列在这里。")

    @classmethod
    def visible(cls, who: Who, *args: Any, **scope: Any) -> QuerySet[Any]:
        today = clock.today()
        monday = today - dt.timedelta(days=today.weekday())
        return done_since(who, dt.datetime.combine(monday, dt.time(), clock.TZ))


def _values(listing: List, field: str) -> list[tuple[str, str]]:
    values = listing.source.order_by(field).values_list(field, flat=True).distinct()[:300]
    return [(str(v), str(v)) for v in values]


def _kinds(listing: List) -> list[tuple[str, str]]:
    """The kinds of records that occur, without their numbers."""
    cut = StrIndex(F("subject"), Value(":"))
    kind = Substr(Cast("subject", TextField()), 1, cut)
    found = listing.source.annotate(_kind=kind).order_by("_kind").values_list("_kind", flat=True).distinct()
    return [(k, kind_label(str(k).rstrip(":"))) for k in found[:100]]
