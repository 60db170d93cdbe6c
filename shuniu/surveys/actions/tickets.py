"""Tickets: made in one batch of random codes, shown once, handed out without a name."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable

from django.db import transaction

from shuniu.foundation.access import Who, require
from shuniu.foundation.calendar import clock
from shuniu.surveys import rules
from shuniu.surveys.actions.common import database_refusals, lock, note
from shuniu.surveys.models import Batch, Entry, Tally, Ticket
from shuniu.surveys.queries import digest_of

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without what is misread on paper
_LENGTH = 16  # 80 bits: not guessed, and not found from its digest


@transaction.atomic
def issue_tickets(*, by: Who, survey_id: int, reason: str = "") -> list[str]:
    """J2（本办法未规定）: one ticket for everybody on the roster; the codes, in an order that means nothing.

    The codes are told here and nowhere again: the database keeps their digests. A further batch, with a reason, voids
    what is unused and makes as many anew.
    """
    row = lock(survey_id)
    assert by.person is not None
    tally = Tally.objects.get(survey=row)
    unused = tally.tickets - tally.voided - tally.used
    require(rules.may_issue(by, row, made=tally.tickets, unused=unused, reason=reason))
    codes = [
        "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH)) for _ in range(unused or tally.roster)
    ]
    digests = sorted(digest_of(code) for code in codes)
    whole = hashlib.sha256("".join(digests).encode()).hexdigest()
    with database_refusals():
        batch = Batch.objects.create(
            survey=row, number=row.batches.count() + 1, count=len(codes), voided=unused, digest=whole,
            reason=reason.strip(), by=by.person,
        )  # fmt: skip
        Ticket.objects.bulk_create(
            [Ticket(digest=digest, survey=row, batch=batch) for digest in digests], batch_size=2000
        )
    again = f"，作废未用的 {unused} 张，理由：{batch.reason}" if unused else ""
    note(
        row, by=by, act="issue_tickets", text=f"制测评票 {len(codes)} 张{again}",
        facts={"count": len(codes), "voided": unused, "digest": whole},
    )  # fmt: skip
    return codes


@transaction.atomic
def mark_given(*, by: Who, survey_id: int, entry_ids: Iterable[int]) -> int:
    """J2（本办法未规定）: these people were handed a ticket, one each; which one, nobody notes. How many were new."""
    row = lock(survey_id)
    require(rules.may_give(by, row, made=Tally.objects.get(survey=row).tickets))
    with database_refusals():
        n = Entry.objects.filter(survey=row, pk__in=list(entry_ids), given_on=None).update(
            given_on=clock.today()
        )
    if n:
        note(row, by=by, act="mark_given", text=f"登记发票 {n} 人", facts={"count": n})
    return n
