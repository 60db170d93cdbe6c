"""How records are named and entries are chained: what both the writing and the proof of the journal need."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from django.db import models

GENESIS = "0" * 64


def key(record: models.Model | str) -> str:
    """How a record is named in the journal: "calls.application:31"."""
    if isinstance(record, str):
        return record
    return f"{record._meta.label_lower}:{record.pk}"


def entry_digest(previous: str, row: dict[str, Any]) -> str:
    """SHA-256 over the digest before and the canonical JSON of one entry."""
    body = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


SEALED_FIELDS = (
    "id", "at", "person_id", "person_name", "role", "behalf", "union_id", "verb", "text", "clause",
    "subject", "subject_label", "about", "facts", "is_reading", "request_id",
)  # fmt: skip


def canonical(row: dict[str, Any]) -> dict[str, Any]:
    """The row as it is hashed: instants in UTC with microseconds."""
    return row | {"at": row["at"].astimezone(dt.UTC).isoformat(timespec="microseconds")}
