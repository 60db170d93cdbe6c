"""The two roles can do what they must and no more."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from shuniu.config.databases import load_secrets

pytestmark = [pytest.mark.feature("O4"), pytest.mark.django_db]


def test_tests_work_as_the_application_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls,"
            " has_schema_privilege('public', 'CREATE'), has_database_privilege(current_database(), 'CREATE'),"
            " (SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user)"
            " FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("shuniu_app", False, False, False, False, False, False, 0)


def test_the_application_cannot_truncate_or_make_triggers_anywhere() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*),"
            " count(*) FILTER (WHERE has_table_privilege(oid, 'TRUNCATE, TRIGGER, REFERENCES'))"
            " FROM pg_class WHERE relkind IN ('r', 'p')"
            " AND relnamespace::regnamespace::text IN ('public', 'shuniu')"
        )
        tables, dangerous = cursor.fetchone() or (0, 0)
    assert tables > 5
    assert dangerous == 0


def test_the_owner_owns_every_table_and_is_no_superuser(
    owner_connection: psycopg.Connection[tuple[Any, ...]],
) -> None:
    row = owner_connection.execute(
        "SELECT current_user, rolsuper, (SELECT count(*) FROM pg_class WHERE relkind = 'r'"
        " AND relnamespace = 'public'::regnamespace AND relowner <> r.oid) FROM pg_roles r"
        " WHERE rolname = current_user"
    ).fetchone()
    assert row == ("shuniu_owner", False, 0)


def test_secrets_are_made_once_and_closed_to_others(tmp_path: Path) -> None:
    first = load_secrets(tmp_path)
    assert len(first["secret_key"]) >= 50
    assert load_secrets(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


@pytest.mark.real_transactions
def test_real_transactions_get_a_database_of_their_own() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        name = str((cursor.fetchone() or [""])[0])
    assert name.rsplit("_", 1)[1].isdigit()
    assert connection.settings_dict["NAME"] == name
