"""Many new rows at once by COPY: a quarter of the time that `bulk_create` takes, same constraints and triggers.

And many unsaved ones: a list of twenty thousand makes a hundred and twenty thousand of them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

Row = TypeVar("Row", bound=models.Model)
_json = json.JSONEncoder(ensure_ascii=False).encode


@cache
def _defaults(model: type[models.Model]) -> list[tuple[str, Any]]:
    blank = model()
    return [(field.attname, getattr(blank, field.attname)) for field in model._meta.concrete_fields]


def made(model: type[Row], **said: Any) -> Row:
    """`model(**said)` in a fourth of its time: what is not said is looked up once for each model.

    Relations are said by key (`organisation_id`); a list or dict that is a default is shared: say it or set it.
    TypeError for a name that is no column.
    """
    values = [said.pop(name, default) for name, default in _defaults(model)]
    if said:
        raise TypeError(f"{model.__name__} has no {', '.join(said)}")
    return model(*values)


def copy_in(rows: Sequence[models.Model]) -> None:
    """Insert unsaved rows of one model. Rows without a key get one from the database; it is not read back.

    IntegrityError as from any other insert. Django's `save` and signals are passed over, as by `bulk_create`.
    """
    if not rows:
        return
    model = type(rows[0])
    fields = [
        f
        for f in model._meta.concrete_fields
        if not isinstance(getattr(rows[0], f.attname), DatabaseDefault)
        and not (f.primary_key and rows[0].pk is None)
    ]
    names = ", ".join(connection.ops.quote_name(str(f.column)) for f in fields)
    statement = f"COPY {connection.ops.quote_name(model._meta.db_table)} ({names}) FROM STDIN"
    # A list has hundreds of thousands of values: all of a row at once, and only JSON is written out here.
    values = attrgetter(*(f.attname for f in fields))
    jsons = [place for place, f in enumerate(fields) if isinstance(f, models.JSONField)]
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row in rows:
            found = list(values(row))
            for place in jsons:
                found[place] = _json(found[place])
            copy.write_row(found)


def take_keys(rows: Sequence[models.Model]) -> None:
    """Give the unsaved rows keys of their table's sequence."""
    if not rows:
        return
    table = rows[0]._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, len(rows)]
        )
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key
