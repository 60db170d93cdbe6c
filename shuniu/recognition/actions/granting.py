"""认定: a recognition comes into being with its number, its period and its code for verification."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence

from django.db import transaction
from psycopg.types.range import DateRange

from shuniu import policy
from shuniu.foundation.access import Refused, Who, refuse
from shuniu.foundation.jobs import enqueue
from shuniu.foundation.ui.formats import day
from shuniu.library.models import Document
from shuniu.library.queries import policy_of
from shuniu.recognition.actions.common import database_refusals, note
from shuniu.recognition.models import CertificateNumber, Recognition
from shuniu.registry.models import Organisation
from shuniu.unions.models import Union

PREFIX = "RD"  # 认定, where the document gives no letters of its own
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without what is misread when typed from paper


@transaction.atomic
def grant(
    *,
    by: Who,
    organisation: Organisation,
    union: Union,
    document: Document,
    category: str,
    category_label: str,
    directions: Sequence[str],
    first_day: dt.date,
    decision: str,
    decided_on: dt.date,
    effect_key: str,
    clause: str = "",
) -> Recognition:
    """第五条（六）、第九条: recognise one organisation in one category from `first_day` on.

    The last day is the document's (policy.validity_period). `decision`: title and number of the formal list;
    `effect_key` grants once: a repeated call gives the same row. Refused("recognition.already") when a period
    of the same organisation, union and category would overlap. The certificate's PDF is made by a job.
    """
    earlier = Recognition.objects.filter(effect_key=effect_key).first()
    if earlier is not None:
        return earlier
    first, last = policy.validity_period(policy_of(document), first_day)
    number = next_number(union, document, decided_on.year)  # its row lock queues the grants of one union
    overlap = refuse("recognition.already", organisation=organisation.name, category=category_label)
    if _already_renewed(organisation, union, category, decided_on, decision):
        raise Refused(overlap)
    with database_refusals(overlap), transaction.atomic():
        row = Recognition.objects.create(
            organisation=organisation, union=union, document=document, category=category,
            category_label=category_label, directions=list(directions), certificate_no=number,
            verify_code=verify_code(), first_day=first, last_day=last,
            effective=DateRange(first, last + dt.timedelta(days=1)), decision=decision, decided_on=decided_on,
            effect_key=effect_key,
        )  # fmt: skip
    note(
        row, by=by, verb="grant", clause=clause, effective_on=first,
        text=f"认定“{category_label}”，证书 {number}，有效期 {day(first)} 至 {day(last)}",
    )  # fmt: skip
    enqueue("recognition.certificate", recognition_id=row.pk, once=f"recognition.certificate:{row.pk}")
    return row


def _already_renewed(
    organisation: Organisation, union: Union, category: str, on: dt.date, decision: str
) -> bool:
    """A period that has not begun yet, or one by the same decision: there is nothing to renew."""
    same = Recognition.objects.filter(
        organisation=organisation, union=union, category=category, effective__endswith__gt=on
    )
    return any(row.first_day > on or row.decision == decision for row in same)


def verify_code() -> str:
    """What stands in the QR: not guessable."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(16))


def next_number(union: Union, document: Document, year: int) -> str:
    """The union's next certificate number of a year, without a gap, with the letters of the document."""
    outcome = policy_of(document).outcome
    CertificateNumber.objects.get_or_create(union=union, year=year)
    counter = CertificateNumber.objects.select_for_update().get(union=union, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{(outcome and outcome.code) or PREFIX}-{year}-{counter.last:04d}"
