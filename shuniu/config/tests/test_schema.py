"""O4: data and program fit together: other migrations of the same names are found out; a wrong address is said."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from psycopg import sql

from shuniu.config import schema
from shuniu.config.environment import ROOT

pytestmark = [pytest.mark.feature("O4")]


@pytest.mark.real_transactions
def test_a_database_made_by_other_migrations_of_the_same_names_is_refused(
    owner_connection: psycopg.Connection[Any],
) -> None:
    kept = schema.kept()
    assert len(kept) > 15 and schema.changed(schema.present(), kept) == []
    other = json.dumps(kept | {"calls.0001_initial": "0" * 64})
    owner_connection.execute(sql.SQL("COMMENT ON SCHEMA shuniu IS {}").format(sql.Literal(other)))
    with pytest.raises(CommandError, match=r"另一版 calls\.0001_initial 建立.*数据没有改动"):
        call_command("migrate", verbosity=0)


def test_a_command_that_gets_no_connection_says_why_at_once() -> None:
    url = "postgresql://shuniu_app:geheim@127.0.0.1:1/shuniu"
    surroundings = os.environ | {"SHUNIU_ENV": "demo", "SHUNIU_DATABASE_URL": url}
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_journal"], cwd=ROOT, env=surroundings, capture_output=True, text=True,
        timeout=25,
    )  # fmt: skip
    assert done.returncode == 1 and "数据库没有接受连接" in done.stderr and "refused" in done.stderr
    assert "Traceback" not in done.stderr and "geheim" not in done.stderr
