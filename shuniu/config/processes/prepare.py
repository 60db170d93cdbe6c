"""The database of one copy, made ready: server, roles, tables, privileges, demonstration."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg

from shuniu.config.databases import APP, OWNER, Cluster, load_secrets
from shuniu.config.environment import ROOT
from shuniu.config.fingerprint import GRANTS, SCHEMA, fingerprint, has_command
from shuniu.config.fonts import font_folder
from shuniu.config.postgres import PostgresRefused, Server, running_port
from shuniu.config.processes.terminal import say

_DEMO = (*SCHEMA, "policies/**/*.yaml", "shuniu/**/demo.py", "shuniu/**/demo*/**/*.py", "shuniu/**/demo_*.py")
_NAME = "shuniu"


class Copy:
    """One copy of the product: a data folder and its database."""

    def __init__(self) -> None:
        """Read from the surroundings: SHUNIU_DATA, SHUNIU_ENV (demo), SHUNIU_DATABASE_URL and its owner's."""
        self.kind = os.environ.get("SHUNIU_ENV") or "demo"
        self.data = Path(os.environ.get("SHUNIU_DATA") or ROOT / ".data").expanduser().resolve()
        self.server: Server | None = None
        self.cluster: Cluster | None = None
        self.database = _NAME
        self.app_url = os.environ.get("SHUNIU_DATABASE_URL", "")
        self.owner_url = os.environ.get("SHUNIU_OWNER_DATABASE_URL", "")

    @property
    def logs(self) -> Path:
        """Folder of the processes' logs."""
        return self.data / "logs"

    def open(self, *, join: bool = False) -> None:
        """Reach the database, starting the embedded server where no other is named.

        With `join`, a server that another process of this copy has started is used. Raises PostgresRefused.
        """
        self.logs.mkdir(parents=True, exist_ok=True)
        if self.app_url and self.owner_url:
            return
        passwords = load_secrets(self.data)
        admin = self.app_url
        if admin:
            self.cluster = Cluster(admin, passwords)
            if self.cluster.user == APP:
                raise PostgresRefused(
                    f"SHUNIU_DATABASE_URL 用的是应用角色 {APP}，它不能建表。"
                    f"请同时设置 SHUNIU_OWNER_DATABASE_URL（角色 {OWNER}），"
                    "或让 SHUNIU_DATABASE_URL 使用能建角色和数据库的管理员。"
                )
            if self.cluster.database not in {"postgres", "template1"}:
                self.database = self.cluster.database
        else:
            self.server = Server(
                self.data / "postgres", password=passwords["superuser"], log=self.logs / "postgres.log"
            )
            self.server.port = running_port(self.data / "postgres") if join else 0
            admin = self.server.url if self.server.port else self.server.start()
            self.cluster = Cluster(admin, passwords)
        self.cluster.ensure_roles()
        self.cluster.ensure_database(self.database)
        self.app_url = self.cluster.url(APP, self.database)
        self.owner_url = self.cluster.url(OWNER, self.database)

    def close(self) -> None:
        """Stop the embedded server, if this process started it."""
        if self.server is not None:
            self.server.stop()

    def surroundings(self, *, owner: bool = False) -> dict[str, str]:
        """Environment of a child process, as shuniu_app unless `owner`."""
        made = dict(os.environ, SHUNIU_ENV=self.kind, SHUNIU_DATA=str(self.data), PYTHONUNBUFFERED="1")
        made.pop("SHUNIU_OWNER_DATABASE_URL", None)
        made["SHUNIU_DATABASE_URL"] = self.owner_url if owner else self.app_url
        made["DJANGO_SETTINGS_MODULE"] = "shuniu.config.settings"
        if self.kind == "demo":
            made.setdefault("SHUNIU_SECRET_KEY", load_secrets(self.data)["secret_key"])
        if "SHUNIU_FONT_DIR" not in made and (fonts := font_folder()):
            made["SHUNIU_FONT_DIR"] = str(fonts)
        return made

    def manage(self, *command: str, owner: bool = False, quiet: bool = False) -> str:
        """Run `manage.py command`; gives what it printed if `quiet`. Raises PostgresRefused if it fails."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *command],
            cwd=ROOT, env=self.surroundings(owner=owner), check=False,
            stdout=subprocess.PIPE if quiet else None, stderr=subprocess.STDOUT if quiet else None, text=True,
        )  # fmt: skip
        if done.returncode:
            detail = f"：\n{(done.stdout or '')[-3000:]}" if quiet else "（原因见上）。"
            raise PostgresRefused(f"manage.py {' '.join(command)} 失败{detail}")
        return done.stdout or ""

    def prepare(self) -> None:
        """Bring tables, privileges, static files and the demonstration up to this code.

        What was done is remembered beside the database that it was done to, so a restored or exchanged
        database, or one that somebody else migrated, is prepared again.
        """
        stamp = self.data / "prepared.json"
        held: dict[str, str] = json.loads(stamp.read_text()) if stamp.exists() else {}
        if held.get("database") != self._identity():
            held = {}
        schema = fingerprint(ROOT, SCHEMA)
        wanted = {"schema": schema, "grants": fingerprint(ROOT, GRANTS, schema)}
        if held.get("schema") != wanted["schema"]:
            say("正在建立或升级数据表 …")
            self.manage("migrate", "--verbosity", "0", owner=True, quiet=True)
        if held.get("grants") != wanted["grants"] and has_command(ROOT, "grants"):
            self.manage("grants", owner=True, quiet=True)
        if self.kind == "production":
            self.manage("collectstatic", "--noinput", "--verbosity", "0", quiet=True)
        elif self.kind == "demo" and has_command(ROOT, "demo"):
            wanted["demo"] = fingerprint(ROOT, _DEMO)
            if held.get("demo") != wanted["demo"]:
                say("正在建立演示数据 …")
                self.manage("demo", owner=True, quiet=True)
        wanted["database"] = self._identity()
        half = stamp.with_suffix(".half")
        half.write_text(json.dumps(wanted))
        half.rename(stamp)

    def forget(self) -> None:
        """Drop the database and the uploaded files of a demonstration, so that it begins anew."""
        if self.kind != "demo" or self.cluster is None:
            raise PostgresRefused("只有演示环境（SHUNIU_ENV=demo，自建的数据库）可以重置。")
        self.cluster.drop_database(self.database)
        for name in ("files", "mail"):
            shutil.rmtree(self.data / name, ignore_errors=True)
        (self.data / "prepared.json").unlink(missing_ok=True)
        self.cluster.ensure_database(self.database)

    def _identity(self) -> str:
        """Which database this is and how far it is migrated."""
        with psycopg.connect(self.owner_url, autocommit=True) as connection:
            row = connection.execute(
                "SELECT (SELECT system_identifier FROM pg_control_system()), d.oid,"
                " to_regclass('public.django_migrations') IS NOT NULL FROM pg_database d"
                " WHERE datname = current_database()"
            ).fetchone()
            assert row is not None
            migrated = ""
            if row[2]:
                migrated = str(
                    connection.execute("SELECT count(*), max(id) FROM django_migrations").fetchone()
                )
        return f"{row[0]} {row[1]} {migrated}"
