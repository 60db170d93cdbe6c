"""Truths that the database keeps: append-only tables and the grants of the application's role.

REVOKE alone does not make a table append-only (reliability.md, fact 5): rows are guarded by row triggers,
the table by a statement trigger against TRUNCATE, both ENABLE ALWAYS so that `session_replication_role`
does not skip them, and no foreign key out of such a table cascades.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection, migrations, models

APP_ROLE = "shuniu_app"

_FUNCTION = """
CREATE OR REPLACE FUNCTION shuniu.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


def append_only_sql(table: str, *, columns_may_change: tuple[str, ...] = ()) -> str:
    """SQL that makes `table` append-only.

    `columns_may_change`: columns that may be set later, once, from NULL (e.g. `sealed_at`); every other
    column stays as inserted.
    """
    if columns_may_change:
        free = " OR ".join(
            f"OLD.{c} IS NOT NULL AND NEW.{c} IS DISTINCT FROM OLD.{c}" for c in columns_may_change
        )
        keep = ", ".join(f"'{c}'" for c in columns_may_change)
        guard = f"""
CREATE OR REPLACE FUNCTION shuniu.guard_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF ({free}) OR to_jsonb(OLD) - ARRAY[{keep}] IS DISTINCT FROM to_jsonb(NEW) - ARRAY[{keep}] THEN
    RAISE EXCEPTION 'table {table} is append-only' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION shuniu.guard_{table}();
"""
    else:
        guard = f"""
CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION shuniu.refuse_change();
"""
    return f"""{_FUNCTION}{guard}
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION shuniu.refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION shuniu.refuse_change();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_update;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_delete;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate;
"""


class AppendOnly(migrations.RunSQL):
    """Migration operation: `AppendOnly("journal_entry")`; the model must carry `append_only = True`."""

    def __init__(self, table: str, *, columns_may_change: tuple[str, ...] = ()) -> None:
        self.table = table
        self.columns_may_change = columns_may_change
        super().__init__(
            append_only_sql(table, columns_may_change=columns_may_change),
            f"DROP TRIGGER {table}_no_update ON {table}; DROP TRIGGER {table}_no_delete ON {table};"
            f" DROP TRIGGER {table}_no_truncate ON {table};",
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return "AppendOnly", [self.table], {"columns_may_change": self.columns_may_change}


def grant_statements() -> list[str]:
    """The grants of the application's role, table by table; everything else is revoked first."""
    role = APP_ROLE
    statements = [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public, shuniu TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public, shuniu TO {role}",
    ]
    changeable: dict[str, tuple[str, ...]] = {}
    tables: set[str] = set()
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed:
            continue
        table = model._meta.db_table
        tables.add(table)
        if getattr(model, "append_only", False):
            changeable[table] = getattr(model, "columns_may_change", ())
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
    for table in sorted(existing):
        if table == "django_migrations":
            statements.append(f"GRANT SELECT ON {table} TO {role}")
        elif table in changeable:
            statements.append(f"GRANT SELECT, INSERT ON {table} TO {role}")
            if columns := ", ".join(changeable[table]):
                statements.append(f"GRANT UPDATE ({columns}) ON {table} TO {role}")
        else:
            statements.append(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {role}")
    return statements


def append_only_models() -> list[type[models.Model]]:
    """Every model that says of itself that its rows are only added."""
    return [m for m in apps.get_models() if getattr(m, "append_only", False)]
