"""Reading the journal: 时间线, the auditor's search, the proof of the chain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from shuniu.foundation.access import Who
from shuniu.foundation.journal.chain import GENESIS, SEALED_FIELDS, canonical, entry_digest, key
from shuniu.foundation.journal.models import Block, Entry, Look, Seal


def timeline(record: models.Model, *, limit: int = 200) -> list[Entry]:
    """What happened to `record`, newest first. The caller has fetched it through "who asks"."""
    return list(Entry.objects.filter(about__contains=[key(record)], is_reading=False)[:limit])


def happened(record: models.Model, verb: str, *, since: dt.datetime, by: models.Model | None = None) -> bool:
    """Whether this act stands in the record's history since then, `by` this person where one is named."""
    rows = Entry.objects.filter(about__contains=[key(record)], verb=verb, at__gt=since)
    return (rows if by is None else rows.filter(person_id=by.pk)).exists()


def lines(entries: Iterable[Entry], *, names: bool = True) -> list[dict[str, Any]]:
    """Entries as the component `timeline` takes them; without `names` they say which office acted, not which person."""
    return [
        {
            "when": e.at,
            "by": e.person_name if names else e.behalf or e.person_name,
            "behalf_of": e.behalf if names and e.person_name not in ("系统", e.behalf) else "",
            "text": e.text,
            "clause": e.clause,
        }
        for e in entries
    ]


def since_look(
    who: Who, record: models.Model, *others: models.Model, limit: int = 60
) -> tuple[dt.datetime | None, list[Entry]]:
    """When the asker last opened `record` (None: never), and what happened since to it or to `others`."""
    subjects = [key(record), *(key(other) for other in others)]
    rows = Entry.objects.filter(about__overlap=subjects, is_reading=False)
    look = Look.objects.filter(person_id=who.person.pk, subject=key(record)).first() if who.person else None
    if look is None:
        return None, list(rows[:limit])
    return look.at, list(rows.filter(at__gt=look.at)[:limit])


def entries_visible_to(who: Who) -> models.QuerySet[Entry]:
    """The audit administrator's and 经审's view: acts of their own union, readings included."""
    if who.union_id is None or who.role not in {"audit_admin", "auditor"}:
        return Entry.objects.none()
    return Entry.objects.filter(union_id=who.union_id)


_OF_ONESELF = ("accounts.", "ui.")  # logging in, passwords, exports: no matter that anybody waited for


def done_since(who: Who, since: dt.datetime) -> models.QuerySet[Entry]:
    """What the asker has worked on for the present union since then: the last act on each record, readings left out."""
    if who.person is None or who.union_id is None:
        return Entry.objects.none()
    own = Entry.objects.filter(
        person_id=who.person.pk, union_id=who.union_id, at__gte=since, is_reading=False
    )
    for kind in _OF_ONESELF:
        own = own.exclude(subject__startswith=kind)
    last = own.order_by("subject", "-id").distinct("subject").values("pk")
    return Entry.objects.filter(pk__in=last)


@dataclass(frozen=True)
class Proof:
    """The outcome of walking the whole chain."""

    intact: bool
    blocks: int
    entries: int
    head: str
    problem: str = ""


def head() -> Block | None:
    """The newest block: its digest is published, so that nobody can rewrite what lies before."""
    return Block.objects.order_by("-number").first()


def verify(*, published: Iterable[str] = ()) -> Proof:
    """Compute every digest again from the rows; says where the first difference is.

    `published`: heads that somebody outside has kept; a chain that was written anew, or cut off at its end,
    does not contain them.
    """
    digest, blocks, entries = GENESIS, 0, 0
    kept = set(published)
    for block in Block.objects.order_by("number").iterator():
        blocks += 1
        if block.number != blocks or block.previous != digest:
            return Proof(False, blocks, entries, digest, f"第 {block.number} 块与前一块不相接")
        rows = (
            Seal.objects.filter(block=block)
            .order_by("position")
            .values("position", "digest", *(f"entry__{f}" for f in SEALED_FIELDS))
        )
        count = 0
        for row in rows.iterator():
            count += 1
            digest = entry_digest(digest, canonical({f: row[f"entry__{f}"] for f in SEALED_FIELDS}))
            if row["position"] != count or row["digest"] != digest:
                return Proof(False, blocks, entries, digest, f"日志第 {row['entry__id']} 条与封存时不同")
        entries += count
        if count != block.entries or digest != block.digest:
            return Proof(False, blocks, entries, digest, f"第 {block.number} 块的条数或校验值不符")
        kept.discard(block.digest)
    if kept:
        return Proof(False, blocks, entries, digest, f"已公布的校验值 {min(kept)[:12]} 不在日志链中")
    return Proof(True, blocks, entries, digest)
