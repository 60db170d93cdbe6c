"""Which migrations made the tables: by digest, so that one that was changed afterwards is found out.

Django remembers names only; a migration that was generated anew under its old name is taken for done, and the pages
fail later. The digests of what was done stand in the database itself, as the comment of the schema `shuniu`, so that
they travel with every backup. docs/decisions/one-migration-before-the-first-release.md
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from django.db import connection
from django.db.migrations import Migration, RunSQL
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql


def present() -> dict[str, str]:
    """Every migration of the product, "calls.0001_initial", with the digest of its file and of the SQL it runs."""
    return {
        f"{app}.{name}": digest_of(migration)
        for (app, name), migration in sorted(MigrationLoader(None).disk_migrations.items())
        if migration.__module__.startswith("shuniu.")
    }


def digest_of(migration: Migration) -> str:
    """SHA-256 over the file and every SQL statement of it, also one that stands in a `truths.py`."""
    source = sys.modules[migration.__module__].__file__
    assert source is not None
    digest = hashlib.sha256(Path(source).read_bytes())
    for operation in migration.operations:
        if isinstance(operation, RunSQL):
            digest.update(repr(operation.sql).encode())
    return digest.hexdigest()


def changed(now: dict[str, str], before: dict[str, str]) -> list[str]:
    """The names of what is no longer as it was, or is gone."""
    return [name for name, digest in before.items() if now.get(name) != digest]


def kept() -> dict[str, str]:
    """The digests that the database keeps of what was done to it; empty where nothing was noted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = 'shuniu'"
        )
        row = cursor.fetchone()
    found: dict[str, str] = json.loads(row[0]) if row and row[0] else {}
    return found


def keep() -> None:
    """Note the digests of everything that has been done, as shuniu_owner."""
    done = {f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()}
    text = json.dumps({name: digest for name, digest in present().items() if name in done})
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("COMMENT ON SCHEMA shuniu IS {}").format(sql.Literal(text)))
