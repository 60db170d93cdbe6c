"""Counting rows once for all tabs, up to a limit where the list says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count as SqlCount
from django.db.models import Q, QuerySet


@dataclass(frozen=True)
class Count:
    """A number of rows; `capped`: at least so many."""

    number: int
    capped: bool = False

    def __str__(self) -> str:
        return f"{self.number}+" if self.capped else str(self.number)


def count_rows(rows: QuerySet[Any], wheres: Sequence[Q], limit: int) -> list[Count]:
    """How many of `rows` meet each condition, in one query; beyond `limit` (if not 0) only that."""
    if limit:
        return _capped([rows.filter(where) if where else rows for where in wheres], limit)
    if len(wheres) == 1:
        return [Count((rows.filter(wheres[0]) if wheres[0] else rows).count())]
    asked = {
        f"tab_{i}": SqlCount("pk", filter=where) if where else SqlCount("pk")
        for i, where in enumerate(wheres)
    }
    found = rows.order_by().aggregate(**asked)
    return [Count(found[name]) for name in asked]


def _capped(querysets: Sequence[QuerySet[Any]], limit: int) -> list[Count]:
    parts: list[str] = []
    params: list[Any] = []
    for rows in querysets:
        try:
            sql, values = rows.order_by().values("pk")[: limit + 1].query.sql_with_params()
        except EmptyResultSet:
            parts.append("0")
            continue
        # Django's own SQL with placeholders; every value travels as a parameter.
        parts.append(f"(SELECT count(*) FROM ({sql}) AS rows)")  # noqa: S608
        params.extend(values)
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(parts), params)
        found = cursor.fetchone()
    return [Count(min(n, limit), n > limit) for n in found or ()]


__all__ = ["Count", "count_rows"]
