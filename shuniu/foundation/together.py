"""Several small reads in one statement: a query for each table costs more than everything that it finds."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models


def together(*querysets: models.QuerySet[Any]) -> list[list[Any]]:
    """The rows of each queryset in its own order, all of them in one query.

    For plain querysets of whole rows: no select_related, no annotations, no defer.
    """
    parts: list[str] = []
    params: list[Any] = []
    for place, rows in enumerate(querysets):
        try:
            sql, values = rows.query.sql_with_params()
        except EmptyResultSet:
            continue
        # Django's own SQL with placeholders; every value travels as a parameter.
        parts.append(f"SELECT {place}, json_agg(found)::text FROM ({sql}) AS found")  # noqa: S608
        params.extend(values)
    found: dict[int, str | None] = {}
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), params)
            found = dict(cursor.fetchall())
    return [rows_of(each.model, found.get(place)) for place, each in enumerate(querysets)]


def rows_of(model: type[models.Model], text: str | None) -> list[Any]:
    """The rows that `json_agg` told of the model's table."""
    fields = model._meta.concrete_fields
    names = [field.attname for field in fields]
    return [
        model.from_db(connection.alias, names, [_typed(f, row[f.column]) for f in fields])
        for row in json.loads(text or "[]")
    ]


def _typed(field: models.Field[Any, Any], value: Any) -> Any:
    """A column out of JSON as Django holds it: days, instants and keys are no longer texts."""
    plain = value is None or isinstance(field, models.JSONField) or not isinstance(value, str)
    if plain or isinstance(field, (models.CharField, models.TextField)):
        return value
    return (field.target_field if isinstance(field, models.ForeignKey) else field).to_python(value)
