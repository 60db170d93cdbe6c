"""O4: migrations render less than Django would, and say the same to the database."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, models
from django.db.migrations import AlterField, Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from shuniu.config.migrating import sparing

pytestmark = [pytest.mark.feature("O4"), pytest.mark.django_db]
Way = Callable[[ProjectState, Migration], contextlib.AbstractContextManager[None]]
KEY = ("recognition", "0003_honours")  # tables, columns, keys to three slices, constraints and indexes


class Altering(Migration):
    operations = (AlterField("Organisation", "name", models.CharField(max_length=77)),)


@pytest.fixture
def before() -> tuple[Migration, Callable[[], ProjectState]]:
    """A migration of the product, and a function that gives the state it finds, rendered."""
    loader = MigrationLoader(None)

    def state() -> ProjectState:
        made = loader.project_state(KEY, at_end=False)
        assert made.apps
        return made

    return loader.graph.nodes[KEY], state


def djangos(state: ProjectState, migration: Migration) -> contextlib.AbstractContextManager[None]:
    return contextlib.nullcontext()


def said(way: Way, state: ProjectState, migration: Migration) -> list[str]:
    editor: Any
    with way(state, migration), connection.schema_editor(collect_sql=True) as editor:
        migration.apply(state, editor, collect_sql=True)
    return [str(line) for line in editor.collected_sql]


def test_the_statements_are_djangos(before: tuple[Migration, Callable[[], ProjectState]]) -> None:
    migration, state = before
    statements = said(sparing, state(), migration)
    assert len(statements) > 20
    assert statements == said(djangos, state(), migration)


def test_a_step_of_another_kind_finds_everything_rendered_anew(
    before: tuple[Migration, Callable[[], ProjectState]],
) -> None:
    migration, give = before
    state = give()
    said(sparing, state, migration)
    old = state.apps.get_model("registry", "Organisation")
    state.reload_model("registry", "organisation")
    with sparing(state, migration):
        state.reload_model("registry", "organisation")
    holder = ("recognition", "Recognition")
    assert old is not state.apps.get_model("registry", "Organisation")
    assert _holder(state, *holder) is not state.apps.get_model("registry", "Organisation"), "this was spared"
    with sparing(state, Altering("an alteration", "registry")):
        assert _holder(state, *holder) is state.apps.get_model("registry", "Organisation")


def _holder(state: ProjectState, app: str, model: str) -> Any:
    return state.apps.get_model(app, model)._meta.get_field("organisation").related_model
