"""Recognitions that are in force, as a finished selection of last year would have left them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence

from psycopg.types.range import DateRange

from benchmarks.volume.office import LAW, Office
from benchmarks.volume.registry import BULK
from benchmarks.volume.rows import copy, keys
from shuniu import policy
from shuniu.foundation.journal import actions as journal
from shuniu.library import actions as library
from shuniu.library.queries import on_disk
from shuniu.recognition.models import CertificateNumber, Event, Recognition

PREFIX = "HZDW"
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def recognise(office: Office, organisations: Sequence[int], first: dt.date) -> int:
    """Grant one recognition to each organisation from `first` on, with its number and event; how many."""
    law = on_disk(LAW)
    document = library.store(by=office.who("clerk"), key=LAW)
    first, last = policy.validity_period(law, first)
    counter, _ = CertificateNumber.objects.get_or_create(union=office.union, year=first.year)
    chance = random.Random(f"{office.union.pk} {first}")
    ids = keys(Recognition, len(organisations))
    decision = f"关于公布{first.year}年度工会社会组织合作单位名单的通知"
    rows = []
    for n, (pk, organisation_id) in enumerate(zip(ids, organisations, strict=True), 1):
        category = law.categories[n % len(law.categories)]
        rows.append(
            {
                "id": pk, "organisation_id": organisation_id, "union_id": office.union.pk,
                "document_id": document.pk, "category": category.key, "category_label": category.label,
                "directions": [category.directions[n % len(category.directions)].label],
                "certificate_no": f"{PREFIX}-{first.year}-{counter.last + n:04d}",
                "verify_code": "".join(chance.choices(_ALPHABET, k=16)),
                "first_day": first, "last_day": last, "effective": DateRange(first, last + dt.timedelta(days=1)),
                "state": Recognition.State.VALID, "decision": decision, "decided_on": first - dt.timedelta(days=3),
                "effect_key": f"volume.{office.union.pk}.{first}:{n}",
            }
        )  # fmt: skip
    copy(Recognition, rows)
    copy(
        Event,
        (
            {
                "recognition_id": row["id"], "verb": "grant", "reason": "", "clause": "",
                "effective_on": first, "behalf": office.union.name,
            }
            for row in rows
        ),
    )  # fmt: skip
    counter.last += len(rows)
    counter.save(update_fields=["last"])
    journal.record(
        by=BULK, verb="bulk", subject=office.union, union_id=office.union.pk,
        text=f"写入大体量数据：{len(rows)} 项资质", facts={"rows": len(rows)},
    )  # fmt: skip
    return len(rows)
