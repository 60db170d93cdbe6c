"""The embedded PostgreSQL comes up, goes down with its launcher, and refuses what it must."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from shuniu.config.environment import ROOT
from shuniu.config.postgres import PostgresRefused, Server, live_postmaster, running_port

pytestmark = pytest.mark.feature("O4")
as_root = pytest.mark.skipif(os.getuid() != 0, reason="needs root")


@pytest.fixture(scope="module")
def empty() -> Iterator[Path]:
    """A server's folder as it is made by the first start."""
    folder = Path(tempfile.mkdtemp(prefix="shuniu-empty-"))
    folder.chmod(0o755)
    made = Server(folder / "data", password="known", durable=False, home=folder / "home")
    made.start()
    made.stop()
    yield folder / "data"
    shutil.rmtree(folder)


@pytest.fixture
def begun(place: Path, empty: Path) -> None:
    """The first start has been: a copy of what it made, for tests that are about what comes afterwards."""
    subprocess.run(["cp", "-a", str(empty), str(place / "data")], check=True)


later = pytest.mark.usefixtures("begun")


@pytest.fixture
def server(place: Path) -> Iterator[Callable[..., Server]]:
    made: list[Server] = []

    def make(folder: Path = place / "data") -> Server:
        made.append(Server(folder, password="known", durable=False, home=place / "home"))
        return made[-1]

    yield make
    for one in made:
        one.stop()


def _launch(
    folder: Path, place: Path, kind: str = "tied", user: str = ""
) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "shuniu.config.tests.launch", str(folder), str(place / "home"), kind]
    child = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=dict(os.environ, PYTHONPATH=str(ROOT))
    )
    assert child.stdout is not None
    return child, child.stdout.readline().strip()


def _ask(url: str, question: str, first: str = "") -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        if first:
            connection.execute(first)
        return str((connection.execute(question).fetchone() or ("",))[0])


def _gone(data: Path) -> bool:
    deadline = time.monotonic() + 20
    while live_postmaster(data):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_it_starts_in_a_path_with_spaces_and_knows_chinese_letters(server: Callable[..., Server]) -> None:
    url = server().start()
    assert _ask(url, "SELECT 'Ä枢' ~ '^[[:alpha:]]+$' AND lower('Ä') = 'ä'") == "True"
    assert int(_ask(url, "SHOW max_connections")) >= 300


@later
def test_a_wrong_password_is_refused_and_no_socket_is_open_to_all(server: Callable[..., Server]) -> None:
    one = server()
    url = one.start()
    assert _ask(url, "SHOW unix_socket_directories") == ""
    with pytest.raises(psycopg.OperationalError, match="password"):
        _ask(url.replace("known", "guessed"), "SELECT 1")


@later
@pytest.mark.parametrize("kind", ["tied", "watched"])
def test_kill_9_of_the_launcher_leaves_no_server_and_loses_nothing(
    server: Callable[..., Server], place: Path, kind: str
) -> None:
    folder = place / "data"
    child, url = _launch(folder, place, kind)
    _ask(url, "SELECT 1", first="CREATE TABLE kept AS SELECT 7 AS n")
    assert running_port(folder) == int(url.rsplit(":", 1)[1].split("/")[0])
    child.send_signal(signal.SIGKILL)
    child.wait()
    one = server()
    assert _ask(one.start(), "SELECT n FROM kept") == "7"
    one.stop()
    assert _gone(one.data)


@later
def test_kill_9_of_the_server_too_and_the_next_start_works(
    server: Callable[..., Server], place: Path
) -> None:
    child, url = _launch(place / "data", place)
    _ask(url, "SELECT 1", first="CREATE TABLE kept AS SELECT 7 AS n")
    one = server()
    os.kill(live_postmaster(one.data), signal.SIGKILL)
    child.kill()
    child.wait()
    assert _ask(one.start(), "SELECT n FROM kept") == "7"


@later
def test_a_reused_process_number_is_not_believed(server: Callable[..., Server]) -> None:
    one = server()
    one.start()
    one.stop()
    stale = one.data / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{one.data}\n0\n5432\n\n127.0.0.1\n\nready\n")
    if one.account:
        os.chown(stale, one.account.uid, one.account.gid)
    assert live_postmaster(one.data) == 0
    assert _ask(one.start(), "SELECT 1") == "1"


@later
def test_a_second_start_in_the_same_folder_says_who_is_there(
    server: Callable[..., Server], place: Path
) -> None:
    server().start()
    child, said = _launch(place / "data", place)
    assert child.wait() == 1
    assert "正由另一个枢纽进程" in said
    assert str(os.getpid()) in said


@later
def test_data_of_another_version_is_refused(server: Callable[..., Server]) -> None:
    one = server()
    one.start()
    one.stop()
    (one.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(PostgresRefused, match="由 PostgreSQL 14 建立"):
        one.start()


@as_root
@later
def test_data_of_another_user_is_refused(server: Callable[..., Server]) -> None:
    one = server()
    one.start()
    one.stop()
    os.chown(one.data, 4711, 4711)
    with pytest.raises(PostgresRefused, match="属于另一个用户"):
        one.start()


@as_root
def test_root_hands_over_to_an_unprivileged_user(server: Callable[..., Server]) -> None:
    one = server()
    one.start()
    owner = Path(f"/proc/{live_postmaster(one.data)}").stat().st_uid
    assert owner != 0
    assert one.account is not None
    assert owner == one.account.uid


@as_root
def test_below_a_closed_folder_the_data_goes_to_a_folder_of_its_own(
    server: Callable[..., Server], place: Path
) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    one = server(closed / "data")
    _ask(one.start(), "SELECT 1", first="CREATE TABLE kept AS SELECT 7 AS n")
    one.stop()
    assert place / "home" in one.data.parents
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert _ask(server(closed / "data").start(), "SELECT n FROM kept") == "7"


@as_root
def test_programs_below_a_closed_folder_are_copied(
    server: Callable[..., Server], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shuniu.config.postgres import find_binaries

    closed = place / "closed"
    closed.mkdir(mode=0o700)
    package = find_binaries().parent.parent
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.is_dir():
            shutil.copytree(part, closed / part.name, symlinks=True)
    monkeypatch.setenv("SHUNIU_PG_BIN", str(closed / package.name / "pginstall" / "bin"))
    one = server()
    assert _ask(one.start(), "SELECT 1") == "1"
    program = Path(f"/proc/{live_postmaster(one.data)}/exe").readlink()
    assert place / "home" in program.parents


@as_root
def test_an_ordinary_user_starts_it_as_itself(place: Path) -> None:
    """The interpreter may lie where nobody else can reach it, so the child forks and changes its user."""
    nobody = pwd.getpwnam("nobody")
    folder = place / "theirs"
    folder.mkdir()
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(nobody.pw_gid)
            os.setuid(nobody.pw_uid)
            one = Server(folder / "data", password="known", durable=False)
            said = _ask(one.start(), "SELECT current_user") + f" {one.data.stat().st_uid}"
            one.stop()
            os.write(write, said.encode())
        except BaseException as problem:
            os.write(write, repr(problem).encode())
        finally:
            os._exit(0)
    os.close(write)
    said = os.read(read, 4000).decode()
    os.waitpid(child, 0)
    assert said == f"postgres {nobody.pw_uid}"


def test_old_and_missing_programs_are_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHUNIU_PG_BIN", str(place))
    with pytest.raises(PostgresRefused, match="没有 initdb 和 postgres"):
        Server(place / "data", password="known").start()
    for name in ("initdb", "postgres"):
        (place / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.2'\n")
        (place / name).chmod(0o755)
    one = Server(place / "data", password="known", home=place / "home")
    with pytest.raises(PostgresRefused, match="需要 15 或更高"):
        one.start()
