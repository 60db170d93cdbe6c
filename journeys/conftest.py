"""The world of `world.py`, built once in a run and copied for each process, and a server over it."""

from __future__ import annotations

import datetime as dt
import fcntl
import itertools
import os
import pickle
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from journeys.world import World
    from tools.pytest_database import Worker

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass
class Standing:
    """A world that stands in a database of its own, its sessions, and where its pages are served."""

    world: World
    worker: Worker
    database: str
    outside: str  # the database that other tests of this process use
    cookies: dict[str, tuple[str, str]] = field(default_factory=dict)

    def enter(self) -> None:
        """This process and its servers now work on the world's database."""
        from shuniu.foundation.calendar import clock

        self.worker.use(self.database)
        clock.forget()

    def leave(self) -> None:
        """The next test finds its own database again."""
        from shuniu.foundation.calendar import clock

        self.worker.use(self.outside)
        clock.forget()

    def cookie(self, actor: str) -> tuple[str, str] | None:
        """Name and value of the actor's session; None for nobody."""
        if actor == "anonymous":
            return None
        if actor not in self.cookies:
            from django.conf import settings
            from django.test import Client

            who = self.world.people[actor]
            assert who.person is not None and who.hat is not None
            client = Client()
            client.force_login(who.person, backend=BACKEND)
            kept = client.session
            kept["hat"] = who.hat.key
            kept.save()
            self.cookies[actor] = (settings.SESSION_COOKIE_NAME, str(kept.session_key))
        return self.cookies[actor]


def _travel(worker: Worker) -> Callable[..., dt.datetime]:
    """As the fixture `travel`, without its end: the world's clock is set right by the builder."""
    from shuniu.foundation.calendar import clock

    def move(to: dt.datetime | None = None, **ahead: float) -> dt.datetime:
        real = dt.datetime.now(clock.TZ)
        target = to if to is not None else clock.now() + dt.timedelta(**ahead)
        away = (target - real).total_seconds()
        source = "select clock_timestamp()"
        if abs(away) > 1:
            source += f" + interval '{away} seconds'"
        with worker.owner() as connection:
            connection.execute(
                "CREATE OR REPLACE FUNCTION shuniu.now() RETURNS timestamptz LANGUAGE sql VOLATILE"
                f" PARALLEL SAFE AS $${source}$$"
            )
        from django.db import connections

        connections["default"].close()
        clock.forget()
        return clock.now()

    return move


@pytest.fixture(scope="session")
def standing(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Standing]:
    """The world, in a database of this process: built by the first one of the run that asks, copied by the others."""
    from django.conf import settings

    import conftest

    worker = request.config.stash[conftest._WORKER]
    together = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        together = together.parent
    kept, files = together / "world", together / "world files"
    with (together / "world.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            with django_db_blocker.unblock():
                told = _build(worker)
            shutil.copytree(settings.FILES_ROOT, files)
            kept.write_bytes(pickle.dumps(told))
    told = pickle.loads(kept.read_bytes())
    shutil.copytree(files, settings.FILES_ROOT, dirs_exist_ok=True)
    for module, name, first in told.numbers:
        used = next(getattr(import_module(module), name))
        setattr(import_module(module), name, itertools.count(max(first, used)))
    name = f"{worker.current}_world"
    worker.cluster.create_database(name, template=told.database)
    yield Standing(told.world, worker, name, worker.current, told.cookies)
    worker.cluster.drop_database(name)


# Names of people and keys are counted in each process; whoever takes the world over goes on after it.
_NUMBERS = (("shuniu.unions.tests.cast", "_numbers"), ("shuniu.registry.tests.factories", "_number"))


@dataclass
class _Built:
    world: World
    database: str
    cookies: dict[str, tuple[str, str]]
    numbers: list[tuple[str, str, int]]


def _build(worker: Worker) -> _Built:
    """Build the world in a database from which every process of the run clones its own."""
    from journeys import world
    from shuniu.foundation.accounts.actions import note_sign_in

    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    outside, name = worker.current, f"{worker.current}_first_world"
    worker.cluster.create_database(name, template=worker._template)
    worker.use(name)
    built = world.build(_travel(worker))
    stands = Standing(built, worker, name, outside)
    for actor in world.ACTORS:
        stands.cookie(actor)
    clerk, elsewhere = built.people["clerk"], "of-another-device"
    built.keep(sign_in=note_sign_in(by=clerk, session_key=elsewhere, device="手机", address="192.0.2.7"))
    stands.leave()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    numbers = [(module, name, next(getattr(import_module(module), name))) for module, name in _NUMBERS]
    return _Built(built, name, stands.cookies, numbers)


@pytest.fixture
def there(standing: Standing, django_db_blocker: Any) -> Iterator[Standing]:
    """The test works in the world: `there.world`. What it writes stays, unless it rolls back."""
    with django_db_blocker.unblock():
        standing.enter()
        yield standing
        standing.leave()


@pytest.fixture(scope="session")
def _server(django_db_setup: None) -> Iterator[str]:
    from pytest_django.live_server_helper import LiveServer

    server = LiveServer("localhost")
    yield str(server.url)
    server.stop()


@pytest.fixture
def site(_server: str, there: Standing) -> str:
    """Address of the product over the world's database."""
    return _server


@pytest.fixture
def visit(there: Standing, site: str, new_page: Callable[..., Page]) -> Callable[..., Page]:
    """`visit("clerk", "/work/", width=390, mode="elder")`: a page of somebody's own, opened at an address."""

    def go(actor: str, path: str, *, width: int = 1366, mode: str = "", **options: Any) -> Page:
        page = new_page(viewport={"width": width, "height": 900}, **options)
        cookie = there.cookie(actor)
        kept = [*([("mode", mode)] if mode else []), *([cookie] if cookie else [])]
        for name, value in kept:
            page.context.add_cookies([{"name": name, "value": value, "url": site}])
        answer = page.goto(site + path)
        assert answer is not None and answer.status == 200, f"{path}: {answer and answer.status}"
        return page

    return go
