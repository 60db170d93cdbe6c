"""Many rows of one table by COPY: constraints and triggers hold as for any other insert."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

Row = Mapping[str, Any]


def copy(model: type[models.Model], rows: Iterable[Row]) -> int:
    """Insert rows of column → value (every row with the columns of the first); how many there were."""
    made = 0
    with contextlib.ExitStack() as stack:
        writer: Any = None
        columns: Sequence[str] = ()
        for row in rows:
            if writer is None:
                columns = list(row)
                names = ", ".join(connection.ops.quote_name(c) for c in columns)
                cursor = stack.enter_context(connection.cursor())
                stack.enter_context(connection.wrap_database_errors)
                writer = stack.enter_context(
                    cursor.copy(
                        f"COPY {connection.ops.quote_name(model._meta.db_table)} ({names}) FROM STDIN"
                    )
                )
            writer.write_row([row[c] for c in columns])
            made += 1
    return made


def values(instance: models.Model, *, without: Iterable[str] = ()) -> dict[str, Any]:
    """The row of a saved or unsaved instance as COPY takes it; what the database fills in is left out."""
    left_out = set(without)
    found: dict[str, Any] = {}
    for field in instance._meta.concrete_fields:
        value = getattr(instance, field.attname)
        column = str(field.column)
        if column in left_out or isinstance(value, DatabaseDefault) or (field.primary_key and value is None):
            continue
        found[column] = json_text(value) if isinstance(field, models.JSONField) else value
    return found


def json_text(value: Any) -> str | None:
    """What a jsonb column takes as text."""
    return None if value is None else json.dumps(value, ensure_ascii=False)


def keys(model: type[models.Model], count: int) -> list[int]:
    """Keys of the table's sequence, rising."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return sorted(key for (key,) in cursor.fetchall())


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The text with every old word replaced by its new one."""
    pattern = "|".join(re.escape(word) for word in sorted(names, key=len, reverse=True))
    return re.sub(pattern, lambda found: names[found[0]], text)


def settle() -> None:
    """Let the deferred triggers check now what was written so far."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def chunks(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """The items, some at a time."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def tidy() -> None:
    """Outside a transaction: what autovacuum would do in its own time, so that figures do not drift."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)")
