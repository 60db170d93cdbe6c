"""Which former name or code a search has found an organisation by."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from shuniu.registry import codes, names
from shuniu.registry.models import FormerCode, FormerName, Organisation
from shuniu.registry.queries.organisations import Hit


def with_former(rows: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """The rows with what they were called and numbered before, in the same query; for `found_by`."""
    own = {"organisation": OuterRef("pk")}
    called = FormerName.objects.filter(**own).values(told=JSONObject(text="name", until="until"))
    numbered = FormerCode.objects.filter(**own).values(told=JSONObject(text="code", until="until"))
    merged = Organisation.objects.filter(merged_into=OuterRef("pk")).order_by("pk").values("name")
    return rows.annotate(
        called_before=ArraySubquery(called),
        numbered_before=ArraySubquery(numbered),
        merged_names=ArraySubquery(merged),
    )


def found_by(row: Any, text: str) -> str:
    """ "曾用名…，至 2025-03-31" where the text stands in a former name or code only; `row` is one of `with_former`."""
    words, code = names.words(text), codes.normalise(text)
    if len("".join(words)) < names.PAIR or _on_itself(row, words, code):
        return ""
    for former in row.numbered_before:
        if former["text"].startswith(code):
            return f"曾用代码 {former['text']}，至 {former['until']}"
    for former in row.called_before:
        if all(word in names.plain(former["text"]) for word in words):
            return f"曾用名“{former['text']}”，至 {former['until']}"
    for name in row.merged_names:
        if all(word in names.plain(name) for word in words):
            return f"已并入的“{name}”"
    return ""


def found_by_former(hits: Collection[Hit], text: str) -> dict[int, str]:
    """organisation id → the same, for what a search has shown to the asker; at most one query."""
    words, code = names.words(text), codes.normalise(text)
    ids = [hit.pk for hit in hits if not _on_itself(hit, words, code)]
    if not ids:
        return {}
    rows = with_former(Organisation.objects.filter(pk__in=ids)).only("name", "initials", "code")
    return {row.pk: told for row in rows if (told := found_by(row, text))}


def _on_itself(row: Any, words: Collection[str], code: str) -> bool:
    """Whether the present name, initials or code say why the row was found."""
    name = names.plain(row.name)
    return all(word in name or word in row.initials for word in words) or (row.code or "").startswith(code)
