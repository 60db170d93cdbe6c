"""R1: every act has its row, in its transaction, and no past row can be changed without being found out."""

from __future__ import annotations

import threading
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from shuniu.foundation.access import Hat, Who, system
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.journal import actions, queries
from shuniu.foundation.journal.models import Block, Entry, Seal
from shuniu.foundation.journal.tasks import seal as seal_sweep
from shuniu.foundation.journal.tests.sealing import seal

pytestmark = [pytest.mark.django_db, pytest.mark.feature("R1")]

TABLES = ("journal_entry", "journal_block", "journal_seal")


def write(
    text: str = "提交申报", *, union: int | None = 1, reading: bool = False, subject: Any = None
) -> Entry:
    with transaction.atomic():
        return actions.record(
            by=Who(hat=Hat("union", union, "望海市总工会", "clerk")) if union else system("测试"),
            verb="submit", text=text, subject=subject or Person(pk=7, name="对象"), clause="第五条",
            facts={"digest": "ab", "n": 1}, reading=reading,
        )  # fmt: skip


@pytest.fixture
def person() -> Person:
    return Person.objects.create(username="w", name="王芳")


# --- writing and reading ------------------------------------------------------------------------------


def test_an_act_and_its_entry_share_one_transaction(person: Person) -> None:
    with pytest.raises(ValueError, match="stop"), transaction.atomic():
        write(subject=person)
        assert Entry.objects.count() == 1
        raise ValueError("stop")
    assert not Entry.objects.exists()


@pytest.mark.real_transactions
def test_without_a_transaction_nothing_is_written(person: Person) -> None:
    with pytest.raises(RuntimeError, match="one transaction"):
        actions.record(by=system("x"), verb="x", text="x", subject=person)
    assert not Entry.objects.exists()


def test_what_an_entry_says(person: Person) -> None:
    hat = Hat("union", 3, "东港区总工会", "checker", on_behalf_of="李明")
    with transaction.atomic():
        entry = actions.record(
            by=Who(person=person, hat=hat),
            verb="check",
            text="复核通过",
            subject=person,
            also=["calls.call:4"],
        )
    entry.refresh_from_db()
    assert (entry.person_name, entry.role, entry.behalf) == ("王芳", "复核人（代李明）", "东港区总工会")
    assert entry.union_id == 3
    assert entry.about == [f"accounts.person:{person.pk}", "calls.call:4"]
    assert entry.at is not None
    automatic = write(union=None)
    assert (automatic.person_name, automatic.role, automatic.union_id) == ("系统", "测试", None)


def test_the_timeline_shows_acts_and_not_readings(person: Person) -> None:
    write("提交", subject=person)
    write("查阅封存材料", subject=person, reading=True)
    write("另一条", subject=Person(pk=person.pk + 1))
    assert [entry.text for entry in queries.timeline(person)] == ["提交"]


def test_readings_are_for_the_auditor_of_the_union() -> None:
    write("查阅封存材料", union=1, reading=True)
    write("别的工会", union=2)

    def seen(role: str, union: int = 1) -> list[str]:
        who = Who(hat=Hat("union", union, "工会", role))
        return [entry.text for entry in queries.entries_visible_to(who)]

    assert seen("audit_admin") == seen("auditor") == ["查阅封存材料"]
    assert seen("auditor", 2) == ["别的工会"]
    for role in ("clerk", "leader", "sys_admin", "sec_admin", "expert"):
        assert seen(role) == []
    assert not queries.entries_visible_to(Who())


# --- append-only --------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_application_s_role_may_only_add(table: str, statement: str) -> None:
    write()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            cursor.execute(statement.format(table))


@pytest.mark.real_transactions
def test_not_even_the_owner_by_mistake(owner_connection: psycopg.Connection[Any]) -> None:
    write()
    seal()
    for table in TABLES:
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            with pytest.raises(psycopg.errors.IntegrityError, match="append-only"):
                owner_connection.execute(statement)
    with pytest.raises(psycopg.Error):  # not the owner's to set: only a superuser may
        owner_connection.execute("SET session_replication_role = replica")


# --- the chain ----------------------------------------------------------------------------------------


@pytest.fixture
def chain(request: pytest.FixtureRequest) -> str:
    """Three blocks of three entries; the head."""
    for block in range(3):
        for n in range(3):
            write(f"第 {block}-{n} 条")
        seal()
    proof = queries.verify()
    assert (proof.intact, proof.blocks, proof.entries) == (True, 3, 9)
    return proof.head


def tamper(owner: psycopg.Connection[Any], *statements: str) -> None:
    """As the owner who stops at nothing: triggers off, change, triggers on again."""
    for table in TABLES:
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for statement in statements:
        assert owner.execute(statement).rowcount >= 1, "there was something to change"
    for table in TABLES:
        owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


FIFTH = "(SELECT id FROM journal_entry ORDER BY id OFFSET 4 LIMIT 1)"


@pytest.mark.real_transactions
@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 microsecond'", "person_id = 1", "person_name = '某某'", "role = 'x'",
        "behalf = 'x'",
        "union_id = 2", "verb = 'x'", "text = 'x'", "clause = 'x'", "subject = 'x'", "subject_label = 'x'",
        "about = array['x']", "facts = '{\"n\": 2}'", "is_reading = true", "request_id = 'x'",
    ],
)  # fmt: skip
def test_a_changed_row_is_found(chain: str, owner_connection: psycopg.Connection[Any], change: str) -> None:
    tamper(owner_connection, f"UPDATE journal_entry SET {change} WHERE id = {FIFTH}")
    proof = queries.verify()
    assert not proof.intact
    assert "与封存时不同" in proof.problem
    assert proof.blocks == 2


@pytest.mark.real_transactions
@pytest.mark.parametrize(
    ("statements", "problem"),
    [
        ((f"DELETE FROM journal_seal WHERE entry_id = {FIFTH}",
          f"DELETE FROM journal_entry WHERE id = {FIFTH}"), "不同"),
        (("UPDATE journal_block SET digest = repeat('0', 64) WHERE number = 2",), "校验值不符"),
        (("UPDATE journal_block SET entries = 2 WHERE number = 3",), "条数"),
        (("DELETE FROM journal_seal WHERE block_id = (SELECT id FROM journal_block WHERE number = 2)",
          "DELETE FROM journal_block WHERE number = 2"), "不相接"),
    ],
)  # fmt: skip
def test_a_missing_row_or_block_is_found(
    chain: str, owner_connection: psycopg.Connection[Any], statements: tuple[str, ...], problem: str
) -> None:
    tamper(owner_connection, *statements)
    proof = queries.verify()
    assert not proof.intact
    assert problem in proof.problem


@pytest.mark.real_transactions
def test_an_end_that_was_cut_off_does_not_hold_the_published_head(
    chain: str, owner_connection: psycopg.Connection[Any]
) -> None:
    assert queries.verify(published=[chain]).intact
    tamper(
        owner_connection,
        "DELETE FROM journal_seal WHERE block_id = (SELECT id FROM journal_block WHERE number = 3)",
        "DELETE FROM journal_block WHERE number = 3",
        "DELETE FROM journal_entry WHERE id NOT IN (SELECT entry_id FROM journal_seal)",
    )
    assert queries.verify().intact, "the chain alone does not tell"
    assert "不在日志链中" in queries.verify(published=[chain]).problem


@pytest.mark.real_transactions
def test_an_open_transaction_is_waited_for_and_never_skipped() -> None:
    """reliability.md, fact 4: the entry with the lower number is committed last."""
    written, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                write("慢")
                written.set()
                assert may_commit.wait(20)
        finally:
            connection.close()

    write("先")
    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(20)
    write("快")
    first = actions.seal()
    assert first is not None
    assert first.entries == 1, "what began after the open transaction waits with it"
    assert actions.seal() is None
    may_commit.set()
    thread.join()
    assert seal_sweep() == 2
    texts = Seal.objects.order_by("block__number", "position").values_list("entry__text", flat=True)
    assert list(texts) == ["先", "慢", "快"]
    assert queries.verify().intact


@pytest.mark.real_transactions
def test_many_writers_and_two_sealers_leave_one_whole_chain() -> None:
    def run(work: Any) -> None:
        try:
            for _ in range(15):
                work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in [write] * 6 + [actions.seal] * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal_sweep()
    proof = queries.verify()
    assert (proof.intact, proof.entries) == (True, 90)
    assert not Entry.objects.filter(seal__isnull=True).exists()


@pytest.mark.real_transactions
def test_a_large_backlog_is_sealed_in_pieces() -> None:
    for n in range(7):
        write(str(n))
    assert [getattr(actions.seal(limit=3), "entries", 0) for _ in range(4)] == [3, 3, 1, 0]
    assert queries.verify().intact


@pytest.mark.real_transactions
def test_a_restored_database_goes_on_sealing(owner_connection: psycopg.Connection[Any]) -> None:
    """Its transaction numbers begin anew, below those of the rows that it brought along."""
    write("旧")
    seal()
    tamper(owner_connection, "UPDATE journal_block SET horizon = 4000000000000")
    Entry.objects.create(
        xid=3_999_999_999_999, verb="x", text="备份前未封存", subject="a:1", subject_label="a"
    )
    write("恢复后")
    assert seal_sweep() == 2
    write("再后")
    assert seal_sweep() == 1
    assert Block.objects.count() == 3
    assert queries.verify().intact
