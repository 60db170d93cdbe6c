"""A copy of everything that cannot be made again: the database and the files, with proof that it is whole.

The folder holds `database.dump` (pg_dump's own format), `files/` as under SHUNIU_DATA/files, and
`manifest.json`. Either role may read everything and so back up; only shuniu_owner can restore.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shuniu.config.environment import ROOT
from shuniu.config.postgres import PostgresRefused, find_binaries

FORMAT = 1
_DUMP = "database.dump"
_MANIFEST = "manifest.json"
_CHUNK = 1024 * 1024

Connection = psycopg.Connection[tuple[Any, ...]]


class BackupRefused(RuntimeError):
    """The backup cannot be made or restored; the text is a Chinese sentence for the operator."""


@dataclass(frozen=True)
class Head:
    """The newest sealed block of the journal; number 0 and no digest where nothing is sealed yet."""

    number: int
    digest: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `digests`: SHA-256 of every file in the folder, by its path there."""

    made_at: str  # ISO, by the database's clock
    shuniu: str
    postgres: int  # major version of the server and of pg_dump
    journal: Head
    entries: int  # of the journal, sealed or not
    migrations: list[str]  # "calls.0001_initial"
    digests: dict[str, str]
    missing: list[str] = field(default_factory=list)  # files that were lost or damaged before the backup
    format: int = FORMAT


def back_up(folder: Path, *, url: str, files: Path) -> Manifest:
    """Write a backup of the database at `url` and of its files into `folder`, which is new or empty.

    May run while the product works: the dump, the journal's head and the list of files are of one instant.
    Raises BackupRefused; then `folder` is left as it was.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BackupRefused(f"文件夹 {folder} 不是空的。请换一个新的文件夹，例如以日期命名。")
    half = folder.with_name(f"{folder.name}.half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700, parents=True)
    try:
        with _connected(url) as connection:
            made = _write(half, connection, url, files)
        (half / _MANIFEST).write_text(
            json.dumps(asdict(made), ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8"
        )
        os.sync()
        if folder.exists():
            folder.rmdir()
        half.rename(folder)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return made


def restore(folder: Path, *, url: str, files: Path, known: set[str]) -> Manifest:
    """Put a backup into the empty database at `url` and its files under `files`.

    `known`: the migrations of this code, "calls.0001_initial". Everything is checked before anything is
    written. Raises BackupRefused. The caller then gives the grants and asks `prove`.
    """
    manifest = read(folder)
    if later := sorted(set(manifest.migrations) - known):
        raise BackupRefused(
            f"备份由更新的版本（{manifest.shuniu}）建立，本程序不认识其中的数据结构 {later[0]} 等 {len(later)} 项。"
            "请先换成那个版本的程序。"
        )
    with _connected(url) as connection:
        server = connection.info.server_version // 10000
        if server < manifest.postgres:
            raise BackupRefused(
                f"备份来自 PostgreSQL {manifest.postgres}，目标是 {server}。请恢复到 {manifest.postgres} 或更高版本。"
            )
        program = _program("pg_restore", server)
        tables = connection.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname !~ '^pg_'"
            " AND n.nspname <> 'information_schema'"
        ).fetchone()
        if tables != (0,):
            raise BackupRefused(
                f"目标数据库 {connection.info.dbname} 不是空的。恢复只写入空库，以免覆盖现有数据：请新建一个库。"
            )
    for name, digest in manifest.digests.items():
        if name.startswith("files/"):
            _place(folder / name, files / name.removeprefix("files/"), digest)
    # One transaction: a restore that fails leaves the database as empty as it was.
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    _run([program, *options, str(folder / _DUMP)], url)
    return manifest


def read(folder: Path) -> Manifest:
    """The manifest of the backup in `folder`, after every file has been compared with it."""
    try:
        held: dict[str, Any] = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        if held["format"] != FORMAT:
            raise BackupRefused(
                f"备份的格式是 {held['format']}，本程序只认识 {FORMAT}。请用建立它的版本恢复。"
            )
        manifest = Manifest(**(held | {"journal": Head(**held["journal"])}))
    except FileNotFoundError:
        raise BackupRefused(f"{folder} 里没有 {_MANIFEST}：这不是枢纽的备份，或备份没有做完。") from None
    except (KeyError, TypeError, ValueError) as problem:
        raise BackupRefused(
            f"{folder / _MANIFEST} 已损坏，读不出来（{problem}）。请用另一份备份。"
        ) from problem
    # Names become paths: only the two kinds that `back_up` writes are taken.
    odd = [n for n, d in manifest.digests.items() if n not in (_DUMP, f"files/{d[:2]}/{d[2:4]}/{d}")]
    if odd or _DUMP not in manifest.digests:
        raise BackupRefused(
            f"{folder / _MANIFEST} 的清单不对（{odd[0] if odd else _DUMP}）。请用另一份备份。"
        )
    for name, digest in manifest.digests.items():
        path = folder / name
        if not path.is_file():
            raise BackupRefused(f"备份不完整：缺少 {name}。请用另一份备份。")
        if _digest(path) != digest:
            raise BackupRefused(f"备份已损坏：{name} 的校验值与清单不符。请用另一份备份。")
    return manifest


def _write(half: Path, connection: Connection, url: str, files: Path) -> Manifest:
    server = connection.info.server_version // 10000
    program = _program("pg_dump", server)
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    (snapshot,) = _one(connection, "SELECT pg_export_snapshot()")
    try:
        made_at, entries = _one(
            connection,
            "SELECT to_char(shuniu.now() AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD\"T\"HH24:MI:SS\"+08:00\"'),"
            " (SELECT count(*) FROM journal_entry)",
        )
        head = connection.execute(
            "SELECT number, digest FROM journal_block ORDER BY number DESC LIMIT 1"
        ).fetchone()
        migrations = connection.execute("SELECT app || '.' || name FROM django_migrations").fetchall()
        blobs = connection.execute(
            "SELECT sha256 FROM files_blob WHERE scan <> 'infected' AND erased_at IS NULL ORDER BY sha256"
        ).fetchall()
    except psycopg.errors.InsufficientPrivilege as problem:
        raise BackupRefused(
            "当前角色读不到全部数据表。请以 shuniu_owner 运行，或先运行 grants。"
        ) from problem
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName) as problem:
        raise BackupRefused(f"数据库 {connection.info.dbname} 里没有枢纽的数据表。请核对地址。") from problem
    # --no-sync: os.sync() at the end covers the files as well.
    _run([program, "--format=custom", "--no-sync", f"--snapshot={snapshot}", f"--file={half / _DUMP}"], url)
    (half / _DUMP).chmod(0o600)
    digests, missing = {_DUMP: _digest(half / _DUMP)}, []
    for (sha256,) in blobs:
        name = f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
        try:
            _place(files / name, half / "files" / name, sha256)
        except (BackupRefused, FileNotFoundError):
            missing.append(name)
        else:
            digests[f"files/{name}"] = sha256
    return Manifest(
        made_at=made_at,
        shuniu=version(),
        postgres=server,
        journal=Head(*head) if head else Head(0, ""),
        entries=entries,
        migrations=sorted(str(row[0]) for row in migrations),
        digests=digests,
        missing=missing,
    )


def version() -> str:
    """The version of this code, as pyproject.toml says."""
    with (ROOT / "pyproject.toml").open("rb") as source:
        return str(tomllib.load(source)["project"]["version"])


def _place(source: Path, target: Path, digest: str) -> None:
    """Copy one file, closed to others, and compare what arrived; one that is there already is kept."""
    if target.exists():
        if _digest(target) != digest:
            raise BackupRefused(f"{target} 已存在而内容不同。请把原来的文件夹移走，再恢复。")
        return
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = target.with_name(f"{target.name}.half")
    shutil.copyfile(source, half)
    half.chmod(0o600)
    if _digest(half) != digest:
        half.unlink()
        raise BackupRefused(f"{source} 的内容与登记的校验值不符，磁盘可能有坏块。")
    half.rename(target)


def _digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    try:
        connection = psycopg.connect(url, connect_timeout=10)
    except psycopg.OperationalError as problem:
        raise BackupRefused(f"连接不上数据库：{problem}") from problem
    with connection:
        yield connection


def _one(connection: Connection, statement: str) -> tuple[Any, ...]:
    row = connection.execute(statement).fetchone()
    assert row is not None
    return row


def _program(name: str, server: int) -> Path:
    """pg_dump or pg_restore of the server's own version: another one writes or reads what this one cannot."""
    given = os.environ.get("SHUNIU_PG_BIN", "")
    try:
        program = (Path(given).expanduser() if given else find_binaries()) / name
    except PostgresRefused as problem:
        raise BackupRefused(str(problem)) from problem
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        said = ""
    found = re.search(r"\) (\d+)", said)
    if found is None or int(found[1]) != server:
        raise BackupRefused(
            f"数据库是 PostgreSQL {server}，而 {program} {f'是 {found[1]}' if found else '不能运行'}。"
            f"请用 SHUNIU_PG_BIN 指向 PostgreSQL {server} 的 bin 文件夹。"
        )
    return program


def _run(command: list[str | Path], url: str) -> None:
    """Run a program of PostgreSQL on the database at `url`; its password travels in the environment."""
    parts = conninfo_to_dict(url)
    password = parts.pop("password", None)
    address = make_conninfo("", **parts)
    surroundings = {key: value for key, value in os.environ.items() if not key.startswith("SHUNIU_")}
    if password:
        surroundings["PGPASSWORD"] = str(password)
    done = subprocess.run(
        [*command, "--no-password", f"--dbname={address}"],
        env=surroundings | {"LC_ALL": "C.UTF-8"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise BackupRefused(f"{Path(command[0]).name} 没有成功：{done.stderr.strip()[-1500:]}")
