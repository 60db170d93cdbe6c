"""What the database keeps: each ticket once, the count right, nobody joined to an answer."""

from __future__ import annotations

import itertools
import json
import threading
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from shuniu.foundation.access import Refused
from shuniu.surveys import actions
from shuniu.surveys.models import Answer, Batch, Callback, Entry, Result, Survey, Tally, Ticket, Unused
from shuniu.surveys.queries import counted, digest_of
from shuniu.surveys.tests.cast import draft, office, opened, rate, rated, refused

LIVE = ("survey", "entry", "batch", "ticket", "unused", "tally", "answer", "callback")


def _sql(text: str, *values: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return cursor.fetchall() if cursor.description else []


@pytest.mark.django_db
@pytest.mark.feature("J2")
def test_every_raw_way_around_the_count_is_refused() -> None:
    of = office()
    it = opened(of, rated(of)[1], people=4)
    rate(it.codes[0], 5)
    uuid = "gen_random_uuid()"
    tries = {
        "an answer without a ticket": f"INSERT INTO surveys_answer VALUES ({uuid}, 5, '{{}}', '', 'web', false, {it.row.pk})",
        "a ticket used for nothing": "DELETE FROM surveys_unused",
        "a counter": "UPDATE surveys_tally SET answers = 0, used = 0",
        "a counter gone": "DELETE FROM surveys_tally",
        "a ticket back": f"INSERT INTO surveys_unused VALUES ('{digest_of(it.codes[0])}')",
        "an answer changed": "UPDATE surveys_answer SET level = 1",
        "an answer gone": "DELETE FROM surveys_answer",
        "a ticket changed": "UPDATE surveys_ticket SET digest = 'x'",
        "somebody more": f"INSERT INTO surveys_entry (survey_id, name, workplace) VALUES ({it.row.pk}, '多出', '')",
        "somebody gone": "DELETE FROM surveys_entry",
        "the formula": "UPDATE surveys_survey SET formula = 'basic'",
        "open again": "UPDATE surveys_survey SET state = 'draft', opened_at = NULL",
        "gone": "DELETE FROM surveys_survey",
    }
    columns = "id, level, reasons, comment, channel, settled, survey_id"
    for what, sql in tries.items():
        sql = sql.replace("surveys_answer VALUES", f"surveys_answer ({columns}) VALUES")
        with pytest.raises(DatabaseError), transaction.atomic():
            _sql(sql)
            _sql("SET CONSTRAINTS ALL IMMEDIATE")
            pytest.fail(what)
    tally = Tally.objects.get(survey=it.row)
    assert (tally.roster, tally.tickets, tally.used, tally.answers) == (4, 4, 1, 1)


@pytest.mark.django_db
def test_there_are_never_more_tickets_than_people() -> None:
    of = office()
    it = opened(of, rated(of)[1], people=3)
    batch = Batch.objects.get(survey=it.row)
    with pytest.raises(DatabaseError), transaction.atomic():
        Ticket.objects.create(digest="0" * 64, survey=it.row, batch=batch)
    rate(it.codes[0], 4)
    again = actions.issue_tickets(by=of.clerk, survey_id=it.row.pk, reason="一箱票受潮")
    assert len(again) == 2 and Unused.objects.count() == 2
    tally = Tally.objects.get(survey=it.row)
    assert (tally.tickets, tally.voided, tally.used) == (5, 2, 1)
    with refused("surveys.void"):
        rate(it.codes[1], 5)
    rate(again[0], 5)


@pytest.mark.django_db
def test_a_result_that_says_something_else_is_refused() -> None:
    of = office()
    it = opened(of, rated(of)[1], people=2)
    rate(it.codes[0], 2)
    wrong = {"levels": {"5": 1}, "channels": {"web": 1}, "reasons": {}}
    right = counted(it.row)
    for counts, issued in ((wrong, 2), (right, 1)):
        with pytest.raises(DatabaseError, match=r"surveys\.counted"), transaction.atomic():
            Result.objects.create(
                survey=it.row, roster=2, given=0, issued=issued, formula="satisfied", numerator=1,
                denominator=1, **counts,
            )  # fmt: skip


@pytest.mark.real_transactions
@pytest.mark.feature("J2")
def test_one_ticket_in_twenty_hands_is_one_answer() -> None:
    of = office()
    it = opened(of, rated(of)[1], people=3)
    outcomes: list[str] = []
    barrier = threading.Barrier(20)

    def go(n: int) -> None:
        barrier.wait()
        try:
            rate(it.codes[n % 2], 5)
            outcomes.append("taken")
        except Refused as problem:
            outcomes.append(problem.verdict.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(n,)) for n in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(outcomes) == ["surveys.used"] * 18 + ["taken"] * 2
    assert Answer.objects.count() == 2 and Tally.objects.get().used == 2


def _seen(survey_id: int) -> dict[str, Any]:
    """All that a reader of the tables has to join by: columns, and how transactions and places are ordered."""
    rows: dict[str, list[tuple[Any, ...]]] = {}
    tickets = "SELECT digest FROM surveys_ticket WHERE survey_id = %s"
    for name in LIVE:
        where = {"survey": "id = %s", "unused": f"ticket_id IN ({tickets})"}.get(name, "survey_id = %s")
        rows[name] = _sql(
            f"SELECT xmin::text::bigint, to_jsonb(x)::text FROM surveys_{name} x WHERE {where} ORDER BY ctid",
            survey_id,
        )
    transactions = sorted({xid for each in rows.values() for xid, _ in each})
    place = {xid: n for n, xid in enumerate(transactions)}
    # Random by design, or the same in both worlds and only its number differs.
    drop = {"id", "digest", "ticket_id", "survey_id", "batch_id", "made_at", "opened_at", "at", "title"}
    return {
        name: [(place[xid], tuple(sorted((k, str(v)) for k, v in json.loads(row).items() if k not in drop))) for xid, row in each]
        for name, each in rows.items()
    }  # fmt: skip


@pytest.mark.real_transactions
@pytest.mark.feature("J2")
def test_two_worlds_that_differ_in_who_said_what_are_one(django_db_setup: None) -> None:
    of = office()
    of_org = rated(of)[1]
    worlds: list[dict[str, Any]] = []
    for order in ((1, 5, 4, 2), (5, 4, 2, 1), (5, 5, 4, 2)):
        it = opened(of, of_org, people=6, title=f"测评{len(worlds)}")
        entries = list(it.row.entries.all())
        for n, level in enumerate(order):
            # The worst case: each person is handed a ticket and answers at once, one after the other.
            actions.mark_given(by=of.clerk, survey_id=it.row.pk, entry_ids=[entries[n].pk])
            rate(it.codes[n], level)
        worlds.append(_seen(it.row.pk))
    one, swapped, other = worlds
    # Which person, ticket or moment brought the 1 is told by no table, no transaction and no place in a table.
    for name in LIVE:
        if name != "answer":
            assert one[name] == swapped[name], name
    assert sorted(one["answer"]) == sorted(swapped["answer"])
    assert len({xid for xid, _ in one["answer"]}) == 1, "every answer bears the transaction of the last one"
    assert sorted(one["answer"]) != sorted(other["answer"]), "there was nothing that could have leaked"


@pytest.mark.real_transactions
def test_answers_settle_half_by_half_and_in_no_order() -> None:
    of = office()
    it = opened(of, rated(of)[1], people=70)
    for n, code in enumerate(it.codes[:66]):
        rate(code, 5, comment=f"{n:02d}")
    assert Answer.objects.filter(settled=True).count() == 32
    written = [int(words) for (words,) in _sql("SELECT comment FROM surveys_answer ORDER BY ctid")]
    assert sorted(written) == list(range(66))
    agree = sum(a < b for a, b in itertools.pairwise(written))
    assert 15 < agree < 50, written
    assert len({xid for (xid,) in _sql("SELECT xmin::text FROM surveys_answer WHERE settled")}) == 1
    with pytest.raises(DatabaseError):
        _sql("DELETE FROM surveys_answer WHERE settled")


def test_no_column_joins_or_tells_the_time() -> None:
    """A person, a ticket and an answer share no key and no moment, and will not come to share one unnoticed."""
    ours = {"entry": Entry, "ticket": Ticket, "unused": Unused, "answer": Answer, "callback": Callback}
    points = {
        name: {f.related_model for f in model._meta.concrete_fields if f.related_model}
        for name, model in ours.items()
    }
    assert points["answer"] == {Survey} and points["entry"] == {Survey}
    assert not points["ticket"] & {Entry, Answer} and points["unused"] == {Ticket}
    assert Answer not in points["callback"]
    for name in ("ticket", "unused", "answer", "callback"):
        kinds = {f.get_internal_type() for f in ours[name]._meta.concrete_fields if f.name != "done_on"}
        assert not kinds & {"DateTimeField", "DateField", "BigAutoField", "AutoField"}, name


@pytest.mark.real_transactions
def test_whoever_owns_the_tables_sees_a_ticket_only_as_its_digest(
    owner_connection: psycopg.Connection[tuple[Any, ...]],
) -> None:
    of = office()
    it = opened(of, rated(of)[1], people=2)
    for name in LIVE:
        for (row,) in owner_connection.execute(f"SELECT to_jsonb(x)::text FROM surveys_{name} x"):
            assert not any(code in row for code in it.codes), name
    assert draft(of, rated(of)[1]).tally.roster == 0
