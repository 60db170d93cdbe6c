"""The database of the benchmarks: built once, kept below `<data>/bench` by a hash, cloned for each run.

With SHUNIU_DATABASE_URL (an administrator's address) the kept database lies on that server instead.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.volume_size import Size
from shuniu.config.databases import APP, OWNER, Cluster, load_secrets
from shuniu.config.fingerprint import GRANTS, SCHEMA, fingerprint
from shuniu.config.postgres import PostgresRefused, Server, find_binaries, major_version, reachable_folder

ROOT = Path(__file__).resolve().parent.parent
_RUN = "shuniu_bench"
_MADE_OF = (*SCHEMA, *GRANTS, "benchmarks/volume/**/*.py", "policies/beijing-2017/document.yaml")
_KEPT = 2  # the newest and the one before: a volume takes more than a gigabyte


def data_folder() -> Path:
    """The person's data folder; the benchmarks keep to `bench` in it."""
    return Path(os.environ.get("SHUNIU_DATA") or ROOT / ".data").expanduser().resolve()


@contextlib.contextmanager
def volume(size: Size, external_url: str = "") -> Iterator[tuple[Cluster, str]]:
    """The cluster and the name of a fresh copy of the volume; built first where it is not kept."""
    base = data_folder() / "bench"
    base.mkdir(parents=True, exist_ok=True)
    with (base / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise PostgresRefused("另一次 make bench 正在使用这份数据。请等它结束后再运行。") from error
        if external_url:
            yield from _external(size, external_url, base)
        else:
            yield from _embedded(size, base)


def _embedded(size: Size, base: Path) -> Iterator[tuple[Cluster, str]]:
    binaries = find_binaries()
    key = _key(size, f"{binaries} {major_version(binaries)}")
    place = reachable_folder(base)
    folder = place / f"volume-{key}"
    whole = folder / "whole"
    if folder.exists() and not whole.exists():
        shutil.rmtree(folder)
    passwords = load_secrets(folder)
    server = Server(folder / "postgres", password=passwords["superuser"], durable=False)
    try:
        cluster = Cluster(server.start(), passwords)
        if not whole.exists():
            cluster.ensure_roles()
            _build(cluster, "shuniu_volume", size, base)
            whole.touch()
            _forget_old(place, folder)
        folder.touch()
        yield from _clone(cluster, "shuniu_volume")
    finally:
        server.stop()


def _external(size: Size, url: str, base: Path) -> Iterator[tuple[Cluster, str]]:
    cluster = Cluster(url, load_secrets(data_folder()))
    cluster.ensure_roles()
    name = f"shuniu_volume_{_key(size, 'external')}"
    if not cluster.exists(name):
        half = f"{name}_half"
        cluster.drop_database(half)
        _build(cluster, half, size, base)
        with cluster.admin() as connection:
            connection.execute(f'ALTER DATABASE "{half}" RENAME TO "{name}"')
    yield from _clone(cluster, name)


def _clone(cluster: Cluster, name: str) -> Iterator[tuple[Cluster, str]]:
    cluster.drop_database(_RUN)
    cluster.create_database(_RUN, template=name)
    try:
        yield cluster, _RUN
    finally:
        cluster.drop_database(_RUN)


def _key(size: Size, server: str) -> str:
    return fingerprint(ROOT, _MADE_OF, size.key, server)[:16]


def _build(cluster: Cluster, name: str, size: Size, base: Path) -> None:
    started = time.monotonic()
    print(f"正在建立体量数据（{size.organisations:,} 家组织，{size.applications:,} 份申报）…", flush=True)
    cluster.create_database(name)
    surroundings = surroundings_of(cluster, name, OWNER) | {"SHUNIU_DATA": str(base / "data")}
    for command in (["manage.py", "migrate", "-v", "0"], ["manage.py", "grants"]):
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=surroundings,
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise PostgresRefused(f"{' '.join(command)} 失败：\n{done.stdout[-1000:]}{done.stderr[-3000:]}")
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.building", size.name],
        cwd=ROOT,
        env=surroundings,
        check=False,
        text=True,
    )
    if done.returncode:
        raise PostgresRefused(f"体量数据没有建成（退出码 {done.returncode}），原因见上。")
    print(f"  建成，用时 {time.monotonic() - started:.0f} s", flush=True)


def surroundings_of(cluster: Cluster, database: str, role: str = APP) -> dict[str, str]:
    """Environment of a process that works on `database` as `role`, as the demonstration does."""
    made: dict[str, Any] = {k: v for k, v in os.environ.items() if k != "SHUNIU_OWNER_DATABASE_URL"}
    made |= {
        "SHUNIU_ENV": "demo", "SHUNIU_DATABASE_URL": cluster.url(role, database),
        "SHUNIU_SECRET_KEY": cluster.passwords["secret_key"], "SHUNIU_DATA": str(data_folder() / "bench" / "data"),
        "DJANGO_SETTINGS_MODULE": "shuniu.config.settings", "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    return made


def _forget_old(place: Path, newest: Path) -> None:
    """Delete volumes of older code."""
    by_age = sorted(place.glob("volume-*"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in [path for path in by_age if path != newest][_KEPT - 1 :]:
        shutil.rmtree(old, ignore_errors=True)
