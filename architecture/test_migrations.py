"""Data outlives the program: what was released stays as it was, and the schema is what the models say."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations import RunSQL
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation

from architecture.tree import assert_none
from shuniu.config import schema
from tools import migrations


def test_a_released_migration_is_never_changed() -> None:
    now = schema.present()
    assert len(now) > 15
    assert_none(
        [f"{name}: released, add one after it instead" for name in schema.changed(now, migrations.released())]
    )


def test_the_digest_sees_the_file_the_sql_behind_it_and_what_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = schema.present()
    listed = tmp_path / "released.txt"
    listed.write_text("".join(f"{digest}  {name}\n" for name, digest in now.items()))
    before = migrations.released(listed)
    assert before == now and schema.changed(now, before) == []
    assert schema.changed({k: v for k, v in now.items() if k != "unions.0001_initial"}, before) == [
        "unions.0001_initial"
    ]
    truths = MigrationLoader(None).disk_migrations["calls", "0002_truths"]
    statement = next(o for o in truths.operations if isinstance(o, RunSQL))
    monkeypatch.setattr(statement, "sql", f"{statement.sql} -- another truth")
    assert schema.changed(schema.present(), before) == ["calls.0002_truths"]


def test_models_and_migrations_agree() -> None:
    loader = MigrationLoader(None)
    with translation.override(None):  # the words of Django's own fields, as migrations keep them
        detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
        missing = detector.changes(graph=loader.graph)
    assert_none(
        [
            f"{app}: {operation.describe()}"
            for app, found in missing.items()
            if apps.get_app_config(app).name.startswith("shuniu.")
            for migration in found
            for operation in migration.operations
        ]
    )
