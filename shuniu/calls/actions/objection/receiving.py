"""An objection or a clue arrives from the public page, without an account."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Protocol

from django.db import transaction

from shuniu.calls.actions import steps
from shuniu.calls.actions.clauses import require_under
from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.models import ListEntry, Objection, ObjectionEvidence, Publicity
from shuniu.calls.queries import objection as queries
from shuniu.calls.queries.call import stage_clause
from shuniu.calls.rules import objection as rules
from shuniu.foundation.access import Refused, refuse, require, system
from shuniu.foundation.calendar import clock
from shuniu.foundation.files import actions as files
from shuniu.foundation.files.kinds import DEFAULT_MAX_BYTES, EVIDENCE
from shuniu.foundation.files.receiving import Readable
from shuniu.foundation.files.receiving import receive as receive_file
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.unions.queries import people_with

# Nobody's name stands in the journal, not even when somebody who is logged in sends it.
OUTSIDE = system("公示页面")


class Upload(Readable, Protocol):
    """A file as the form hands it on."""

    name: str | None


@transaction.atomic
def receive(
    *,
    publicity_id: int,
    key: uuid.UUID,
    arrived_at: dt.datetime,
    address: str,
    kind: str,
    entry_id: int | None,
    name: str,
    contact: str,
    phone: str,
    text: str,
    evidence: Sequence[Upload] = (),
) -> tuple[Objection, str]:
    """第五条（五）: keep an objection that arrived during the 公示; the row and its query code.

    Nobody's account is written down, whoever is logged in. A repeated click (same key) gives the same row.
    The journal entry names neither who objected nor against whom.
    """
    code = queries.code_of(key)
    earlier = Objection.objects.filter(key=key).first()
    if earlier is not None:
        return earlier, code
    call_id = Publicity.objects.values_list("list__call_id", flat=True).get(pk=publicity_id)
    call = steps.lock(call_id)  # one after the other: numbers without gaps, the second click sees the first
    earlier = Objection.objects.filter(key=key).first()
    if earlier is not None:
        return earlier, code
    publicity = Publicity.objects.select_related("list").get(pk=publicity_id)
    publicity.list.call = call
    require_under(call, rules.in_window(publicity, arrived_at), "publicity")
    anonymous = kind == Objection.Kind.ANONYMOUS
    require(rules.is_named(kind, name, phone))
    sender = queries.sender_digest(address, clock.today())
    if queries.sent_lately(sender) >= rules.PER_HOUR:
        raise Refused(refuse("calls.objection_too_many", limit=rules.PER_HOUR))
    if len(evidence) > rules.MAX_FILES:
        raise Refused(refuse("calls.objection_files", limit=rules.MAX_FILES))
    entry = ListEntry.objects.filter(pk=entry_id, list=publicity.list).first() if entry_id else None
    number = f"YY{call.year}{call.pk:03d}-{_count(call.pk) + 1:04d}"
    with database_refusals():
        row = Objection.objects.create(
            publicity=publicity, entry=entry, number=number, key=key, kind=kind,
            code_digest=queries.code_digest(number, code), arrived_at=arrived_at, sender=sender,
            name="" if anonymous else name.strip(), contact="" if anonymous else contact.strip(),
            phone="" if anonymous else phone.strip(), text=text.strip(),
        )  # fmt: skip
    _keep(row, evidence)
    came = f"{row.get_kind_display()}{'' if anonymous else '异议'}"
    journal.record(
        by=OUTSIDE, verb="calls.object", subject=row, also=(call,), union_id=call.union_id,
        clause=stage_clause(call, "publicity"), text=f"收到{came} {number}，附件 {len(evidence)} 个",
        facts={"kind": kind, "arrived_at": arrived_at.isoformat(), "files": len(evidence)},
    )  # fmt: skip
    tell(
        people_with(call.union_id, "clerk"), title=f"收到{'线索' if anonymous else '异议'} {number}",
        kind="calls.objection", url=f"/calls/objections/{row.pk}/", effect_key=f"calls.objection:{row.pk}",
    )  # fmt: skip
    return row, code


def _count(call_id: int) -> int:
    return Objection.objects.filter(publicity__list__call=call_id).count()


def _keep(row: Objection, evidence: Sequence[Upload]) -> None:
    """The name that the sender gave stands where it can be cleared (R3), never in the journal."""
    for n, upload in enumerate(evidence, 1):
        came = receive_file(upload, name=upload.name or "附件", allowed=EVIDENCE, max_bytes=DEFAULT_MAX_BYTES)
        plain = replace(came, name=f"证明材料{n}{PurePosixPath(came.name).suffix}")
        kept = files.attach(by=OUTSIDE, received=plain, owner=row)
        ObjectionEvidence.objects.create(objection=row, name=came.name, attachment=kept)
