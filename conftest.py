"""What every test may use: the database as `shuniu_app`, clones for real transactions, the browser.

This file is read before Django's settings are, so that they see a test's surroundings.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

ROOT = Path(__file__).resolve().parent

# The person's own surroundings, before they are replaced by the run's.
_PERSONS_DATA = Path(os.environ.get("SHUNIU_DATA") or ROOT / ".data").resolve()
_EXTERNAL_URL = os.environ.pop("SHUNIU_DATABASE_URL", "")
_RUN_DATA = Path(tempfile.mkdtemp(prefix="shuniu-test-"))
os.environ["SHUNIU_ENV"] = "test"
os.environ["SHUNIU_DATA"] = str(_RUN_DATA)
os.environ["DJANGO_SETTINGS_MODULE"] = "shuniu.config.settings"

import django  # noqa: E402

django.setup()

import hypothesis  # noqa: E402

from shuniu.config.postgres import Server  # noqa: E402
from shuniu.foundation.calendar import clock  # noqa: E402
from tools import pytest_database  # noqa: E402

# How fast the machine is decides no test: no limits of time on examples, no question of the clock that comes by
# itself among the queries that a test counts (`travel` makes both clocks agree again).
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")
clock._REFRESH = 3600.0
(_RUN_DATA / "static").mkdir()

pytest_plugins = ["journeys.browser"]

_RUN = pytest.StashKey[pytest_database.Run]()
_WORKER = pytest.StashKey[pytest_database.Worker]()
_TRANSACTIONAL_FIXTURES = {"transactional_db", "live_server", "django_db_reset_sequences"}


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.stash[_RUN] = pytest_database.Run(_PERSONS_DATA, _EXTERNAL_URL)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell xdist's worker where the server is; it is ours, so it outlives every worker."""
    node.workerinput["shuniu_database"] = node.config.stash[_RUN].address()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _RUN in config.stash:
        config.stash[_RUN].stop()
    shutil.rmtree(_RUN_DATA, ignore_errors=True)


def pytest_collection_finish() -> None:
    """What is there now stays to the end: to look through it for waste takes a fifteenth of the time of all tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(tryfirst=True, wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    for item in items:
        if item.get_closest_marker("real_transactions"):
            item.add_marker(pytest.mark.django_db(transaction=True), append=False)
    yield
    items.sort(key=_seconds, reverse=True)


def _seconds(item: pytest.Item) -> int:
    """What takes long is begun first: then nobody waits for it at the end."""
    marker = item.get_closest_marker("seconds")
    return int(marker.args[0]) if marker else 0


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_test_environment: None) -> Iterator[None]:
    """This process's own clone of the migrated template, in place of Django's own test database."""
    from django.db import connections
    from django.test import TransactionTestCase

    worker_input = getattr(request.config, "workerinput", None)
    if worker_input is None:
        address, name = request.config.stash[_RUN].address(), "main"
    else:
        address, name = worker_input["shuniu_database"], worker_input["workerid"]
    request.config.stash[_WORKER] = pytest_database.Worker(address, name)
    # A test with real transactions owns its database: dropping it is the clean-up, and append-only tables
    # refuse the TRUNCATE that Django would send.
    TransactionTestCase._fixture_teardown = lambda self: None  # type: ignore[attr-defined]
    yield
    connections.close_all()


@pytest.fixture
def _database_of_this_test(request: pytest.FixtureRequest, django_db_setup: None) -> Iterator[str]:
    worker = request.config.stash[_WORKER]
    marker = request.node.get_closest_marker("django_db")
    asked = bool(marker and (marker.kwargs.get("transaction") or (marker.args and marker.args[0])))
    if asked or _TRANSACTIONAL_FIXTURES & set(request.fixturenames):
        with worker.own_database() as name:
            yield name
    else:
        yield worker.current


@pytest.fixture
def _django_db_helper(_database_of_this_test: str, _django_db_helper: None) -> None:
    """pytest-django's own, after the right database has been chosen."""


@pytest.fixture
def owner_connection(
    request: pytest.FixtureRequest, _django_db_helper: None
) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """Autocommit connection of `shuniu_owner` to this test's database; its writes are not rolled back."""
    with request.config.stash[_WORKER].owner() as connection:
        yield connection


@pytest.fixture
def empty_database(request: pytest.FixtureRequest, _django_db_helper: None) -> Iterator[str]:
    """Address, as `shuniu_owner`, of an empty database beside this test's own."""
    with request.config.stash[_WORKER].empty_database() as url:
        yield url


@pytest.fixture
def own_server(
    request: pytest.FixtureRequest, _django_db_helper: None
) -> Iterator[tuple[Server, pytest_database.Worker]]:
    """A durable database server of this test's own, and its databases; Django works there meanwhile."""
    # pytest's own temporary folders are closed to the user that PostgreSQL runs as.
    place = Path(tempfile.mkdtemp(prefix="shuniu-own-"))
    place.chmod(0o755)
    with request.config.stash[_WORKER].own_server(place / "data") as found:
        if found is None:
            pytest.skip("an external server is not ours to kill")
        clock.forget()
        yield found
    clock.forget()
    shutil.rmtree(place)


@pytest.fixture
def administrator_url(request: pytest.FixtureRequest, _django_db_helper: None) -> str:
    """Address of this test's own database for who may create roles and databases."""
    worker = request.config.stash[_WORKER]
    return psycopg.conninfo.make_conninfo(worker.cluster.admin_url, dbname=worker.current)


@pytest.fixture
def travel(owner_connection: psycopg.Connection[tuple[Any, ...]]) -> Iterator[Any]:
    """`travel(instant)` or `travel(days=3)`: move the database's clock; it is real again afterwards."""
    import datetime as dt

    from django.db import connection

    def set_source(source: str) -> None:
        owner_connection.execute(
            "CREATE OR REPLACE FUNCTION shuniu.now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE"
            f" AS $${source}$$"
        )
        # An open transaction hears of the new function only when it next locks a table.
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM calendar_year LIMIT 1")
        clock.forget()

    def move(to: dt.datetime | None = None, **ahead: float) -> dt.datetime:
        now = dt.datetime.now(clock.TZ)
        target = to if to is not None else clock.now() + dt.timedelta(**ahead)
        set_source(f"select clock_timestamp() + interval '{(target - now).total_seconds()} seconds'")
        return clock.now()

    yield move
    set_source("select clock_timestamp()")
