"""The databases of one pytest run: one server, a migrated template, a clone for each worker and for each test
that needs real transactions. Tests always work as `shuniu_app`; nothing is ever flushed.

The migrated data folder is kept below `<data>/tests`, named by what it was made of; a run works on a copy.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlparse

import psycopg

from shuniu.config.databases import APP, OWNER, Cluster, load_secrets
from shuniu.config.fingerprint import GRANTS, SCHEMA, fingerprint, has_command
from shuniu.config.postgres import PostgresRefused, Server, find_binaries, major_version, reachable_folder

ROOT = Path(__file__).resolve().parent.parent
_TEMPLATE = "shuniu_template"
_KEPT_CLUSTERS = 4
# Without the system checks: a page that does not load must not keep other slices from their tables.
_CALL = (
    "import sys, django; django.setup(); from django.core.management import call_command;"
    " call_command(sys.argv[1], verbosity=0)"
)


class Run:
    """The server of one pytest run; it lives in the process that the person started (xdist's controller)."""

    def __init__(self, data: Path, external_url: str) -> None:
        """`data`: the person's data folder; `external_url`: an administrator's address, or empty."""
        self.data = data
        self.external_url = external_url
        self.token = secrets.token_hex(4)
        self._server: Server | None = None
        self._folder: Path | None = None
        self._held: list[IO[Any]] = []
        self._claim: psycopg.Connection[tuple[Any, ...]] | None = None
        self._address: dict[str, str] = {}

    def address(self) -> dict[str, str]:
        """Start on the first call; what a worker must know, or under `error` why there is no database."""
        if not self._address:
            try:
                self._address = self._start_external() if self.external_url else self._start_embedded()
            except (PostgresRefused, psycopg.Error) as error:
                self._address = {"error": str(error)}
        return self._address

    def stop(self) -> None:
        """Stop the server, forget its data."""
        if self._server is not None:
            self._server.stop()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder.with_suffix(".lock").unlink(missing_ok=True)
        if self._claim is not None:
            self._drop_databases(Cluster(self.external_url, load_secrets(self.data)), self.token)
            self._claim.close()
        for handle in self._held:
            handle.close()

    def _start_embedded(self) -> dict[str, str]:
        base = reachable_folder(self.data / "tests")
        with _locked(base / "lock"):
            _forget_dead_runs(base)
            kept = _migrated_cluster(base)
            self._folder = base / "runs" / self.token
            self._folder.parent.mkdir(exist_ok=True)
            claim = self._folder.with_suffix(".lock").open("w")
            fcntl.flock(claim, fcntl.LOCK_EX)
            self._held.append(claim)
            _copy(kept, self._folder)
        passwords = load_secrets(self._folder)
        self._server = Server(self._folder / "postgres", password=passwords["superuser"], durable=False)
        admin = self._server.start()
        return self._told(admin, passwords, _TEMPLATE) | {"kept": str(kept)}

    def _start_external(self) -> dict[str, str]:
        passwords = load_secrets(self.data)
        cluster = Cluster(self.external_url, passwords)
        with _locked(self.data / "tests" / "lock"):
            cluster.ensure_roles()
            self._claim = cluster.admin()
            self._claim.execute("SELECT pg_advisory_lock(%s)", [_number(self.token)])
            self._forget_dead_databases(cluster)
            template = f"{_TEMPLATE}_{_keys('external')[1][:16]}"
            if not cluster.exists(template):
                half = f"shuniu_test_{self.token}_half"
                cluster.create_database(half)
                _manage(cluster, half, "migrate", "grants")
                with cluster.admin() as connection:
                    connection.execute(f'ALTER DATABASE "{half}" RENAME TO "{template}"')
                cluster.seal_template(template)
        return self._told(self.external_url, passwords, template)

    def _told(self, admin: str, passwords: dict[str, str], template: str) -> dict[str, str]:
        told = {"admin": admin, "template": template, "token": self.token}
        return told | {"owner": passwords["owner"], "app": passwords["app"]}

    def _forget_dead_databases(self, cluster: Cluster) -> None:
        assert self._claim is not None
        for (name,) in self._claim.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'shuniu\\_test\\_%'"
        ).fetchall():
            token = str(name).split("_")[2]
            if token == self.token:
                continue
            if (self._claim.execute("SELECT pg_try_advisory_lock(%s)", [_number(token)]).fetchone() or [0])[
                0
            ]:
                cluster.drop_database(str(name))
                self._claim.execute("SELECT pg_advisory_unlock(%s)", [_number(token)])

    def _drop_databases(self, cluster: Cluster, token: str) -> None:
        with cluster.admin() as connection:
            names = connection.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"shuniu_test_{token}_"]
            ).fetchall()
        for (name,) in names:
            cluster.drop_database(str(name))


class Worker:
    """The databases of one process that runs tests."""

    def __init__(self, address: dict[str, str], worker: str) -> None:
        """Create this worker's own database; raises PostgresRefused where the run has none."""
        if "error" in address:
            raise PostgresRefused(address["error"])
        self.cluster = Cluster(address["admin"], {"owner": address["owner"], "app": address["app"]})
        self._template = address["template"]
        self._kept = address.get("kept", "")
        self._prefix = f"shuniu_test_{address['token']}_{worker}"
        self._count = 0
        self.current = ""
        self.cluster.create_database(self._prefix, template=self._template)
        self.use(self._prefix)

    def use(self, name: str) -> None:
        """Point Django, and child processes by their environment, at the database `name`, as shuniu_app."""
        from django.db import connections

        connections.close_all()
        app_url = self.cluster.url(APP, name)
        parts = urlparse(app_url)
        self.current = name
        connections.settings["default"].update(
            NAME=name, USER=APP, PASSWORD=self.cluster.passwords["app"], HOST=parts.hostname or "",
            PORT=str(parts.port or ""), CONN_MAX_AGE=0,
        )  # fmt: skip
        connections.settings["default"]["OPTIONS"].pop("pool", None)
        os.environ["SHUNIU_DATABASE_URL"] = app_url
        os.environ["SHUNIU_OWNER_DATABASE_URL"] = self.cluster.url(OWNER, name)

    @contextlib.contextmanager
    def own_database(self) -> Iterator[str]:
        """A clone of the template for one test, dropped afterwards with whoever is still connected."""
        self._count += 1
        name = f"{self._prefix}_{self._count}"
        self.cluster.create_database(name, template=self._template)
        self.use(name)
        try:
            yield name
        finally:
            self.use(self._prefix)
            self.cluster.drop_database(name)

    @contextlib.contextmanager
    def empty_database(self) -> Iterator[str]:
        """The owner's address of an empty database beside the current one, dropped afterwards."""
        self._count += 1
        name = f"{self._prefix}_{self._count}"
        self.cluster.create_database(name)
        try:
            yield self.cluster.url(OWNER, name)
        finally:
            self.cluster.drop_database(name)

    @contextlib.contextmanager
    def own_server(self, folder: Path) -> Iterator[tuple[Server, Worker] | None]:
        """A durable server of one test's own over a copy of the migrated data in `folder`: it may be killed.

        Django works on its database meanwhile. None where the run's server is somebody else's.
        """
        if not self._kept:
            yield None
            return
        before = self.current
        _copy(Path(self._kept), folder)
        passwords = load_secrets(folder)
        server = Server(folder / "postgres", password=passwords["superuser"])
        told = {"admin": server.start(), "template": self._template, "token": "own"}
        try:
            yield server, Worker(told | {"owner": passwords["owner"], "app": passwords["app"]}, "one")
        finally:
            self.use(before)
            server.stop()

    def owner(self) -> psycopg.Connection[tuple[Any, ...]]:
        """A new autocommit connection of shuniu_owner to the current test database."""
        return psycopg.connect(self.cluster.url(OWNER, self.current), autocommit=True)


def _keys(binaries: str) -> tuple[str, str]:
    """What the migrated cluster is made of; the same and what its privileges are made of."""
    migrated = fingerprint(ROOT, SCHEMA, binaries, Path(__file__).read_text(encoding="utf-8"))
    return migrated, fingerprint(ROOT, GRANTS, migrated)


def _migrated_cluster(base: Path) -> Path:
    """The kept data folder for the code as it is now, made where it is missing."""
    binaries = find_binaries()
    migrated_key, granted_key = _keys(f"{binaries} {major_version(binaries)}")
    migrated, granted = base / f"migrated-{migrated_key[:16]}", base / f"granted-{granted_key[:16]}"
    if not granted.exists():
        if not migrated.exists():
            _build(migrated, None, "migrate")
        _build(granted, migrated, "grants")
    os.utime(granted)
    os.utime(migrated)
    for kind in ("migrated-*", "granted-*"):
        by_age = sorted(base.glob(kind), key=lambda path: path.stat().st_mtime, reverse=True)
        for old in by_age[_KEPT_CLUSTERS:]:
            shutil.rmtree(old, ignore_errors=True)
    return granted


def _build(target: Path, source: Path | None, *commands: str) -> None:
    """Make `target` from `source` (or from nothing) by running `commands` as the owner: whole or not."""
    half = target.with_name(f"half-{target.name}")
    shutil.rmtree(half, ignore_errors=True)
    if source is not None:
        _copy(source, half)
    passwords = load_secrets(half)
    server = Server(half / "postgres", password=passwords["superuser"], durable=False)
    cluster = Cluster(server.start(), passwords)
    try:
        if source is None:
            cluster.ensure_roles()
            cluster.create_database(_TEMPLATE)
        _manage(cluster, _TEMPLATE, *commands)
    finally:
        server.stop()
    half.rename(target)


def _manage(cluster: Cluster, database: str, *commands: str) -> None:
    surroundings = dict(os.environ, SHUNIU_DATABASE_URL=cluster.url(OWNER, database), SHUNIU_ENV="test")
    for command in commands:
        if command != "migrate" and not has_command(ROOT, command):
            continue
        done = subprocess.run(
            [sys.executable, "-c", _CALL, command],
            env=surroundings, cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise PostgresRefused(f"manage.py {command} 失败：\n{done.stdout[-2000:]}{done.stderr[-4000:]}")


def _forget_dead_runs(base: Path) -> None:
    for claim in (base / "runs").glob("*.lock"):
        with claim.open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue
            shutil.rmtree(claim.with_suffix(""), ignore_errors=True)
            claim.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    """Copy a folder with owners and modes: the data belongs to the server's user."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)


def _number(token: str) -> int:
    return zlib.crc32(f"shuniu tests {token}".encode())


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
