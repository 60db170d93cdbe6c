"""Writing the journal and sealing it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ParamSpec

import structlog
from django.db import connection, models, transaction

from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.chain import GENESIS, SEALED_FIELDS, canonical, entry_digest, key
from shuniu.foundation.journal.models import Block, Entry, Look, Seal

log = structlog.get_logger(__name__)
P = ParamSpec("P")


def entry(
    *,
    by: Who,
    verb: str,
    text: str,
    subject: models.Model,
    also: Iterable[models.Model | str] = (),
    clause: str = "",
    facts: dict[str, Any] | None = None,
    union_id: int | None = None,
    reading: bool = False,
) -> Entry:
    """One entry, not yet written: `record` writes it, `record_all` many.

    `text` is what the 时间线 shows ("要求补正 2 项，期限 2026-11-25"); `also` names further records that
    show it; `facts` are keys, figures and digests, not personal data: each key has its word in `words`.
    """
    if union_id is None:
        union_id = by.union_id if by.union_id is not None else getattr(subject, "union_id", None)
    context = structlog.contextvars.get_contextvars()
    hat = by.hat
    about = [key(subject), *(key(other) for other in also)]
    return Entry(
        person_id=by.person.pk if by.person else None,
        person_name=by.name,
        role=hat.role_label if hat else (by.system or ""),
        behalf=hat.name if hat else "",
        union_id=union_id,
        verb=verb,
        text=text,
        clause=clause,
        subject=about[0],
        subject_label=str(subject)[:200],
        about=about,
        facts=facts or {},
        is_reading=reading,
        request_id=str(context.get("request_id", "")),
    )


def _written(make: Callable[P, Entry]) -> Callable[P, Entry]:
    def write(*args: P.args, **kwargs: P.kwargs) -> Entry:
        _in_one_transaction()
        row = make(*args, **kwargs)
        row.save(force_insert=True)
        return row

    return write


# `entry`, written in the transaction of the act: if it fails, the act fails. RuntimeError outside a transaction.
record = _written(entry)


def record_all(rows: Sequence[Entry]) -> None:
    """The entries of one act upon many records, in one statement per thousand; as `record` otherwise."""
    _in_one_transaction()
    Entry.objects.bulk_create(rows, batch_size=1000)


def _in_one_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("an act and its journal entry must share one transaction")


@transaction.atomic
def note_look(*, by: Who, record: models.Model) -> None:
    """U22: remember that the asker has seen `record` as it is now."""
    if by.person is not None:
        Look.objects.update_or_create(
            person_id=by.person.pk, subject=key(record), defaults={"at": clock.now()}
        )


# The oldest transaction that may still write here, and the next one to come. Transaction numbers are shared by
# all databases of a server: one that is known by its lock to work in another database is not waited for.
_RUNNING = """
WITH s AS MATERIALIZED (SELECT pg_current_snapshot() AS snap)
SELECT coalesce(
  (SELECT min(x::text::bigint) FROM pg_snapshot_xip(s.snap) x WHERE NOT EXISTS (
     SELECT 1 FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
     WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted
       AND l.transactionid::text::bigint = x::text::bigint & 4294967295
       AND a.datname <> current_database())),
  pg_snapshot_xmax(s.snap)::text::bigint), pg_snapshot_xmax(s.snap)::text::bigint
FROM s
"""
_LOCK = 7_130_001  # advisory lock: one sealer at a time


def seal(*, limit: int = 5000) -> Block | None:
    """Chain the entries whose transactions have all ended, in commit order; None when there are none.

    Entries of running transactions, and what was committed after them, wait for a later block, so that
    nothing is skipped (reliability.md, fact 4) and no act waits for the chain.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not (cursor.fetchone() or [False])[0]:
            return None
        cursor.execute(_RUNNING)
        oldest_running, next_one = cursor.fetchone() or (0, 0)
        last = Block.objects.order_by("-number").first()
        # A restored database counts its transactions anew: then look everywhere once, and take what comes
        # from "the future", since its transactions ended in another server's life.
        since = last.horizon if last and last.horizon <= next_one else 0
        rows = list(
            Entry.objects.filter(models.Q(xid__lt=oldest_running) | models.Q(xid__gte=next_one))
            .filter(xid__gte=since, seal__isnull=True)
            .order_by("xid", "id")
            .values("xid", *SEALED_FIELDS)[:limit]
        )
        if not rows:
            return None
        horizon = oldest_running if len(rows) < limit else min(oldest_running, rows[-1]["xid"])
        return _chain(rows, last, horizon)


def _chain(rows: list[dict[str, Any]], last: Block | None, horizon: int) -> Block:
    previous = digest = last.digest if last else GENESIS
    seals = []
    for position, row in enumerate(rows, 1):
        digest = entry_digest(digest, canonical({f: row[f] for f in SEALED_FIELDS}))
        seals.append(Seal(entry_id=row["id"], position=position, digest=digest))
    block = Block.objects.create(
        number=(last.number + 1) if last else 1, previous=previous, digest=digest, entries=len(rows),
        horizon=horizon,
    )  # fmt: skip
    for each in seals:
        each.block = block
    Seal.objects.bulk_create(seals)
    # The log leaves the database: whoever keeps it can prove a chain that was written anew.
    log.info("journal.sealed", block=block.number, entries=block.entries, digest=digest)
    return block
