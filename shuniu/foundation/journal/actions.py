"""Writing the journal and sealing it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

import structlog
from django.db import connection, models, transaction

from shuniu.foundation.access import Who
from shuniu.foundation.journal.models import Block, Entry, Seal


def key(record: models.Model | str) -> str:
    """How a record is named in the journal: "calls.application:31"."""
    if isinstance(record, str):
        return record
    return f"{record._meta.label_lower}:{record.pk}"


def record(
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
    """Write one entry in the transaction of the act: if this fails, the act fails.

    `text` is what the 时间线 shows ("要求补正 2 项，期限 2026-11-25"); `also` names further records that
    show it; `facts` are keys, figures and digests, not personal data. RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an act and its journal entry must share one transaction")
    if union_id is None:
        union_id = by.union_id if by.union_id is not None else getattr(subject, "union_id", None)
    context = structlog.contextvars.get_contextvars()
    hat = by.hat
    about = [key(subject), *(key(other) for other in also)]
    return Entry.objects.create(
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


def entry_digest(previous: str, row: dict[str, Any]) -> str:
    """SHA-256 over the digest before and the canonical JSON of one entry."""
    body = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


SEALED_FIELDS = (
    "id", "at", "person_id", "person_name", "role", "behalf", "union_id", "verb", "text", "clause",
    "subject", "subject_label", "about", "facts", "is_reading", "request_id",
)  # fmt: skip
GENESIS = "0" * 64
_LOCK = 7_130_001  # advisory lock: one sealer at a time


def seal(*, limit: int = 5000) -> Block | None:
    """Chain the entries whose transactions have all ended, in commit order; None when there are none.

    Entries of running transactions wait for a later block, so that nothing is skipped (reliability.md,
    fact 4) and no act waits for the chain.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not (cursor.fetchone() or [False])[0]:
            return None
        rows = list(
            Entry.objects.filter(seal__isnull=True)
            .extra(where=["xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"])
            .order_by("xid", "id")
            .values(*SEALED_FIELDS)[:limit]
        )
        if not rows:
            return None
        last = Block.objects.order_by("-number").first()
        digest = last.digest if last else GENESIS
        block = Block(number=(last.number + 1) if last else 1, previous=digest, entries=len(rows))
        seals = []
        for position, row in enumerate(rows, 1):
            digest = entry_digest(digest, canonical(row))
            seals.append(Seal(entry_id=row["id"], block=block, position=position, digest=digest))
        block.digest = digest
        block.save(force_insert=True)
        for s in seals:
            s.block = block
        Seal.objects.bulk_create(seals)
        return block


def canonical(row: dict[str, Any]) -> dict[str, Any]:
    """The row as it is hashed: instants in UTC with microseconds."""
    import datetime as dt

    return row | {"at": row["at"].astimezone(dt.UTC).isoformat(timespec="microseconds")}
