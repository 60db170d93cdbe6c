"""O4: what was backed up comes back whole, and what is not whole is refused before anything is written."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction

from shuniu.config.backup import BackupRefused, back_up, read, restore
from shuniu.config.environment import ROOT
from shuniu.foundation.access import system
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.files.actions import keep
from shuniu.foundation.files.models import Blob
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.journal.queries import head
from shuniu.foundation.journal.tests.sealing import seal

pytestmark = [pytest.mark.feature("O4"), pytest.mark.django_db]


@pytest.fixture
def url(_django_db_helper: None) -> str:
    """The owner's address of this test's own database."""
    return os.environ["SHUNIU_OWNER_DATABASE_URL"]


@pytest.fixture
def lived() -> list[Blob]:
    """A copy that has lived a little: two sealed blocks, an entry that is not sealed yet, two files."""
    person = Person.objects.create(username="wangfang", name="王芳")
    blobs = []
    for text in ("提交申报", "受理", "要求补正 2 项"):
        with transaction.atomic():
            blobs.append(keep(data=f"%PDF {text}".encode(), kind="pdf", name=f"{text}.pdf"))
            journal.record(by=system("测试"), verb="submit", text=text, subject=person, clause="第五条")
        if text != "要求补正 2 项":
            seal()
    block = head()
    assert block is not None and block.number == 2
    return blobs


def manage(*command: str, url: str, data: Path) -> subprocess.CompletedProcess[str]:
    surroundings = dict(os.environ, SHUNIU_DATABASE_URL=url, SHUNIU_DATA=str(data), SHUNIU_ENV="test")
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *command],
        env=surroundings, cwd=data, capture_output=True, text=True, check=False,
    )  # fmt: skip


def rows(url: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(statement).fetchall()


def tables_of(url: str) -> int:
    return int(rows(url, "SELECT count(*) FROM pg_class WHERE relname = 'journal_entry'")[0][0])


@pytest.mark.real_transactions
def test_a_restored_copy_has_the_same_journal_files_and_truths(
    lived: list[Blob], url: str, empty_database: str, tmp_path: Path
) -> None:
    made = manage("backup", str(tmp_path / "备份 一"), url=url, data=Path(settings.DATA))
    assert made.returncode == 0, made.stderr
    assert "日志 3 条，链首第 2 块" in made.stdout
    held = head()
    assert held is not None

    target = tmp_path / "target"
    target.mkdir()
    back = manage(
        "restore", str(tmp_path / "备份 一"), "--published", held.digest, url=empty_database, data=target
    )
    assert back.returncode == 0, back.stderr
    assert "链首第 2 块与清单一致，日志链完好" in back.stdout

    chain = "SELECT number, digest, entries FROM journal_block ORDER BY number"
    assert rows(empty_database, chain) == rows(url, chain)
    assert rows(empty_database, chain)[-1][:2] == (2, held.digest)
    acts = "SELECT id, at, text, xid FROM journal_entry ORDER BY id"
    assert rows(empty_database, acts) == rows(url, acts)
    for blob in lived:
        path = target / "files" / blob.sha256[:2] / blob.sha256[2:4] / blob.sha256
        assert path.read_bytes() == blob.path.read_bytes()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    # What the database refuses and what the application may do came back as well.
    for statement in ("UPDATE journal_entry SET text = 'x'", "TRUNCATE journal_seal"):
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            rows(empty_database, statement)
    allowed = "SELECT has_table_privilege('shuniu_app', 'journal_entry', {!r})"
    assert rows(empty_database, allowed.format("INSERT")) == [(True,)]
    assert rows(empty_database, allowed.format("UPDATE")) == [(False,)]


@pytest.mark.real_transactions
def test_a_database_that_is_not_empty_is_refused(lived: list[Blob], url: str, tmp_path: Path) -> None:
    back_up(tmp_path / "b", url=url, files=settings.FILES_ROOT)
    before = rows(url, "SELECT count(*), max(id) FROM journal_entry")
    with pytest.raises(BackupRefused, match="不是空的"):
        restore(tmp_path / "b", url=url, files=tmp_path / "files", known=_everything(tmp_path / "b"))
    assert rows(url, "SELECT count(*), max(id) FROM journal_entry") == before
    assert not (tmp_path / "files").exists()


@pytest.mark.real_transactions
def test_damage_of_every_kind_is_refused_before_anything_is_written(
    lived: list[Blob], url: str, empty_database: str, tmp_path: Path
) -> None:
    whole = tmp_path / "whole"
    back_up(whole, url=url, files=settings.FILES_ROOT)
    one = next(name for name in read(whole).digests if name.startswith("files/"))

    def flipped(name: str) -> Any:
        def damage(folder: Path) -> None:
            content = bytearray((folder / name).read_bytes())
            content[len(content) // 2] ^= 1
            (folder / name).write_bytes(content)

        return damage

    def listed(**change: Any) -> Any:
        def damage(folder: Path) -> None:
            path = folder / "manifest.json"
            path.write_text(json.dumps(json.loads(path.read_text()) | change))

        return damage

    damages = {
        "没有 manifest.json": lambda folder: (folder / "manifest.json").unlink(),
        "读不出来": lambda folder: (folder / "manifest.json").write_text("{"),
        "缺少 files/": lambda folder: (folder / one).unlink(),
        f"{one} 的校验值": flipped(one),
        "database.dump 的校验值": flipped("database.dump"),
        "清单不对": listed(digests={"database.dump": "0" * 64, "files/../../x": "0" * 64}),
        "只认识 1": listed(format=2),
        "不认识其中的数据结构": listed(migrations=["calls.9999_later"]),
        "恢复到 99": listed(postgres=99),
    }
    for sentence, damage in damages.items():
        broken = tmp_path / "broken"
        shutil.copytree(whole, broken)
        damage(broken)
        with pytest.raises(BackupRefused, match=sentence):
            restore(broken, url=empty_database, files=tmp_path / "files", known=_everything(whole))
        shutil.rmtree(broken)
    assert tables_of(empty_database) == 0
    assert not (tmp_path / "files").exists()
    # The same folder, undamaged, is taken.
    restore(whole, url=empty_database, files=tmp_path / "files", known=_everything(whole))
    assert tables_of(empty_database) == 1


@pytest.mark.real_transactions
def test_a_manifest_with_another_head_is_found_out(
    lived: list[Blob], url: str, empty_database: str, tmp_path: Path
) -> None:
    folder = tmp_path / "b"
    back_up(folder, url=url, files=settings.FILES_ROOT)
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"journal": {"number": 3, "digest": "f" * 64}}))
    back = manage("restore", str(folder), url=empty_database, data=tmp_path)
    assert back.returncode == 1
    assert "日志链首是第 2 块，清单记的是第 3 块" in back.stderr


@pytest.mark.real_transactions
def test_a_lost_file_is_named_and_the_rest_is_kept(lived: list[Blob], url: str, tmp_path: Path) -> None:
    files = tmp_path / "files"
    shutil.copytree(settings.FILES_ROOT, files)
    lost = lived[0]
    (files / lost.sha256[:2] / lost.sha256[2:4] / lost.sha256).unlink()
    made = back_up(tmp_path / "b", url=url, files=files)
    assert [name.rsplit("/", 1)[1] for name in made.missing] == [lost.sha256]
    assert len(made.digests) == 3  # two files and the dump
    assert read(tmp_path / "b") == made


@pytest.mark.real_transactions
def test_only_the_owner_can_restore_and_a_failure_leaves_the_database_empty(
    lived: list[Blob], url: str, empty_database: str, tmp_path: Path
) -> None:
    back_up(tmp_path / "b", url=os.environ["SHUNIU_DATABASE_URL"], files=settings.FILES_ROOT)
    name = psycopg.conninfo.conninfo_to_dict(empty_database)["dbname"]
    app = psycopg.conninfo.make_conninfo(os.environ["SHUNIU_DATABASE_URL"], dbname=str(name))
    with pytest.raises(BackupRefused, match="pg_restore 没有成功"):
        restore(tmp_path / "b", url=app, files=tmp_path / "files", known=_everything(tmp_path / "b"))
    assert tables_of(empty_database) == 0
    restore(tmp_path / "b", url=empty_database, files=tmp_path / "files", known=_everything(tmp_path / "b"))
    assert tables_of(empty_database) == 1


def test_a_folder_in_use_and_a_database_that_is_away(url: str, tmp_path: Path) -> None:
    (tmp_path / "note").touch()
    with pytest.raises(BackupRefused, match="不是空的"):
        back_up(tmp_path, url=url, files=tmp_path)
    with pytest.raises(BackupRefused, match="连接不上"):
        back_up(tmp_path / "b", url="postgresql://shuniu_owner@127.0.0.1:9/none", files=tmp_path)


def test_the_programs_must_be_of_the_servers_version(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "bin"
    other.mkdir()
    (other / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n")
    (other / "pg_dump").chmod(0o755)
    monkeypatch.setenv("SHUNIU_PG_BIN", str(other))
    with pytest.raises(BackupRefused, match="是 9。请用 SHUNIU_PG_BIN 指向"):
        back_up(tmp_path / "b", url=url, files=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["bin"]


@pytest.mark.real_transactions
def test_the_password_stands_on_no_command_line(
    lived: list[Blob], url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shuniu.config.postgres import find_binaries

    other = tmp_path / "bin"
    other.mkdir()
    (other / "pg_dump").write_text(
        f'#!/bin/sh\necho "$*" >> "{tmp_path}/seen"\nexec "{find_binaries()}/pg_dump" "$@"\n'
    )
    (other / "pg_dump").chmod(0o755)
    monkeypatch.setenv("SHUNIU_PG_BIN", str(other))
    back_up(tmp_path / "b", url=url, files=settings.FILES_ROOT)
    seen = (tmp_path / "seen").read_text()
    password = psycopg.conninfo.conninfo_to_dict(url)["password"]
    assert "shuniu_owner" in seen
    assert str(password) not in seen


@pytest.mark.real_transactions
@pytest.mark.feature("R1")
def test_heads_kept_outside_are_looked_for_in_the_chain(
    lived: list[Blob], capsys: pytest.CaptureFixture[str]
) -> None:
    block = head()
    assert block is not None
    call_command("verify_journal", block.previous, block.digest)
    assert f"2 块、2 条，链首 {block.digest}" in capsys.readouterr().out
    with pytest.raises(CommandError, match="不在日志链中"):
        call_command("verify_journal", "e" * 64)


def _everything(folder: Path) -> set[str]:
    return set(json.loads((folder / "manifest.json").read_text())["migrations"])
