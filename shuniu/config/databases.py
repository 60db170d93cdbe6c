"""The two database roles and the databases they meet in, made over an administrator's connection.

`shuniu_owner` owns every object and runs migrations; `shuniu_app` owns nothing and serves everybody.
Neither may create roles or databases: that is the administrator's, whom the application never is.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from shuniu.config.postgres import PostgresRefused

OWNER = "shuniu_owner"
APP = "shuniu_app"
_KEPT = ("superuser", "owner", "app", "secret_key")


def load_secrets(data: Path) -> dict[str, str]:
    """The passwords of this copy, generated on the first call; only the owner of `data` can read them."""
    path = data / "secrets.json"
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    missing = [name for name in _KEPT if name not in kept]
    if missing:
        kept |= {name: secrets.token_hex(32) for name in missing}
        data.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(f".{os.getpid()}")
        half.touch(mode=0o600)
        half.write_text(json.dumps(kept), encoding="utf-8")
        half.rename(path)
    return kept


@contextlib.contextmanager
def _said_in_chinese() -> Iterator[None]:
    try:
        yield
    except psycopg.errors.InsufficientPrivilege as error:
        raise PostgresRefused(
            f"数据库管理员的权限不够，需要能建角色（CREATEROLE）和数据库（CREATEDB）：{error}"
        ) from error


class Cluster:
    """A PostgreSQL server seen by its administrator."""

    def __init__(self, admin_url: str, passwords: dict[str, str]) -> None:
        """`admin_url` may create roles and databases; `passwords` has those of `owner` and `app`."""
        self.admin_url = admin_url
        self.passwords = passwords
        self._parts: dict[str, Any] = dict(conninfo_to_dict(admin_url))

    @property
    def database(self) -> str:
        """The database that the administrator's address names."""
        return str(self._parts.get("dbname") or "postgres")

    @property
    def user(self) -> str:
        """The role that the administrator's address names; empty when it names none."""
        return str(self._parts.get("user") or "")

    def admin(self, database: str = "") -> psycopg.Connection[tuple[Any, ...]]:
        """A new autocommit connection of the administrator, to its own database unless another is named."""
        last: psycopg.OperationalError | None = None
        for name in [database] if database else [self.database, "postgres"]:
            try:
                return psycopg.connect(self.admin_url, autocommit=True, dbname=name)
            except psycopg.OperationalError as error:  # the named database may still have to be made
                last = error
        raise PostgresRefused(f"连接不上数据库服务器：{last}") from last

    def url(self, role: str, database: str) -> str:
        """Address of `database` for `shuniu_owner` or `shuniu_app`."""
        password = self.passwords["owner" if role == OWNER else "app"]
        host, port = str(self._parts.get("host") or "127.0.0.1"), self._parts.get("port") or 5432
        rest = {
            k: str(v)
            for k, v in self._parts.items()
            if k not in {"host", "port", "user", "password", "dbname"}
        }
        if host.startswith("/"):  # a socket's folder cannot stand where a host does
            rest["host"], host = host, ""
        query = f"?{urlencode(rest, quote_via=quote)}" if rest else ""
        return f"postgresql://{role}:{quote(password)}@{host}:{port}/{quote(database)}{query}"

    def ensure_roles(self) -> None:
        """Create both roles, or give them our passwords.

        Raises PostgresRefused on an old server, and where another copy with other passwords is at work.
        """
        with self.admin() as connection, _said_in_chinese():
            if connection.info.server_version < 150000:
                raise PostgresRefused(
                    f"PostgreSQL {connection.info.server_version // 10000} 太旧，需要 15 或更高版本。"
                )
            for role in (OWNER, APP):
                known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
                if known and self._accepts(role):
                    continue
                busy = connection.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE usename = %s", [role]
                ).fetchone()
                if known and busy and busy[0]:
                    raise PostgresRefused(
                        f"服务器上已有角色 {role} 正在被另一份枢纽使用，而它的密码不在本数据文件夹里。"
                        "请把那一份的 secrets.json 复制过来，或换一台数据库服务器。"
                    )
                self._write_role(connection, role, alter=bool(known))
            if not self._is_superuser(connection):  # to create databases for the owner, one must be a member
                connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER)))

    def _accepts(self, role: str) -> bool:
        try:
            psycopg.connect(self.url(role, "postgres")).close()
        except psycopg.OperationalError as error:
            return "password" not in str(error)
        return True

    def _write_role(self, connection: psycopg.Connection[tuple[Any, ...]], role: str, *, alter: bool) -> None:
        plain = self.passwords["owner" if role == OWNER else "app"]
        scrambled = connection.pgconn.encrypt_password(
            plain.encode(), role.encode(), b"scram-sha-256"
        ).decode()
        connection.execute(
            sql.SQL("{} ROLE {} LOGIN NOCREATEDB NOCREATEROLE PASSWORD {}").format(
                sql.SQL("ALTER" if alter else "CREATE"), sql.Identifier(role), sql.Literal(scrambled)
            )
        )

    @staticmethod
    def _is_superuser(connection: psycopg.Connection[tuple[Any, ...]]) -> bool:
        return bool(
            connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
            == (True,)
        )

    def exists(self, database: str) -> bool:
        """Whether there is such a database."""
        with self.admin() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        return found is not None

    def create_database(self, name: str, *, template: str = "") -> None:
        """Create `name`, owned by shuniu_owner, which shuniu_app may enter and nobody else.

        Without `template` it is empty and knows Chinese letters whatever the server's own locale.
        """
        with self.admin() as connection:
            parts: list[sql.Composable] = [
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER))
            ]
            if template:
                # Files are copied; by way of the write-ahead log it takes twice as long.
                parts.append(sql.SQL("TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template)))
            else:
                parts.append(sql.SQL("TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"))
                if connection.info.server_version >= 170000:
                    parts.append(sql.SQL("LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"))
            connection.execute(sql.SQL(" ").join(parts))
            # A database's own privileges are not copied from the template.
            named = {"name": sql.Identifier(name), "app": sql.Identifier(APP)}
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {name} FROM PUBLIC").format(**named))
            connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {name} TO {app}").format(**named))

    def ensure_database(self, name: str) -> None:
        """Create `name` where it is missing; one that the administrator made is given to shuniu_owner."""
        if not self.exists(name):
            self.create_database(name)
            return
        with self.admin() as connection:
            owner = connection.execute(
                "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", [name]
            ).fetchone()
            if owner != (OWNER,):
                given = {"name": sql.Identifier(name), "owner": sql.Identifier(OWNER)}
                connection.execute(sql.SQL("ALTER DATABASE {name} OWNER TO {owner}").format(**given))

    def drop_database(self, name: str) -> None:
        """Drop `name` and whoever is still connected to it; nothing happens where there is none."""
        with self.admin() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def seal_template(self, name: str) -> None:
        """Let nobody connect to `name` any more, so that it can be cloned at any moment."""
        with self.admin() as connection, contextlib.suppress(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name))
            )
