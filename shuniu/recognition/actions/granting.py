"""认定: a recognition comes into being with its number, its period and its code for verification."""

from __future__ import annotations

import datetime as dt
import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from psycopg.types.range import DateRange

from shuniu import policy
from shuniu.foundation.access import Refused, Verdict, Who, refuse
from shuniu.foundation.jobs import enqueue_all
from shuniu.foundation.ui.formats import day
from shuniu.library.models import Document
from shuniu.library.queries import policy_of
from shuniu.recognition.actions.common import database_refusals, note_all
from shuniu.recognition.models import CertificateNumber, Recognition
from shuniu.registry.models import Organisation
from shuniu.unions.models import Union

PREFIX = "RD"  # 认定, where the document gives no letters of its own
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without what is misread when typed from paper


@dataclass(frozen=True)
class Place:
    """Whom one row of a formal list names: who, in which category, from when; `effect_key` grants it once."""

    organisation: Organisation
    category: str
    category_label: str
    directions: Sequence[str]
    first_day: dt.date
    effect_key: str


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
    """第五条（六）、第九条: recognise one organisation in one category from `first_day` on; see `grant_all`."""
    place = Place(organisation, category, category_label, directions, first_day, effect_key)
    return grant_all(
        by=by, union=union, document=document, places=[place], decision=decision, decided_on=decided_on,
        clause=clause,
    )[0]  # fmt: skip


@transaction.atomic
def grant_all(
    *, by: Who, union: Union, document: Document, places: Sequence[Place], decision: str, decided_on: dt.date,
    clause: str = "",
) -> list[Recognition]:  # fmt: skip
    """第五条（六）、第九条: recognise everybody that one decision names, in the order of its list.

    The last day is the document's (policy.validity_period). `decision`: title and number of the formal list. A
    place that was granted before gives the same row. Refused("recognition.already") when a period of the same
    organisation, union and category would overlap: then nobody is granted anything. The certificates' PDFs are
    made by jobs. As many statements for a thousand places as for one.
    """
    counter = _counter(union, decided_on.year)  # its row lock queues the grants of one union
    keys = [p.effect_key for p in places]
    found = {row.effect_key: row for row in Recognition.objects.filter(effect_key__in=keys)}
    wanted = [p for p in places if p.effect_key not in found]
    days = {p.effect_key: policy.validity_period(policy_of(document), p.first_day) for p in wanted}
    if (clash := _clash(wanted, days, union, decided_on, decision)) is not None:
        raise Refused(_overlap(clash))
    numbers = _take(counter, document, len(wanted))
    rows = [
        Recognition(
            organisation=p.organisation, union=union, document=document, category=p.category,
            category_label=p.category_label, directions=list(p.directions), certificate_no=number,
            verify_code=verify_code(), first_day=first, last_day=last,
            effective=DateRange(first, last + dt.timedelta(days=1)), decision=decision, decided_on=decided_on,
            effect_key=p.effect_key,
        )
        for p, number, (first, last) in zip(wanted, numbers, days.values(), strict=True)
    ]  # fmt: skip
    late = _overlap(wanted[0]) if len(wanted) == 1 else refuse("recognition.conflict")
    with database_refusals(late), transaction.atomic():
        Recognition.objects.bulk_create(rows, batch_size=500)
    note_all(
        [(row, f"认定“{row.category_label}”，证书 {row.certificate_no}，有效期 {_period(row)}") for row in rows],
        by=by, verb="grant", clause=clause,
    )  # fmt: skip
    enqueue_all("recognition.certificate", [{"recognition_id": row.pk} for row in rows])
    found |= {row.effect_key: row for row in rows}
    return [found[key] for key in keys]


def _period(row: Recognition) -> str:
    return f"{day(row.first_day)} 至 {day(row.last_day)}"


def _overlap(place: Place) -> Verdict:
    return refuse("recognition.already", organisation=place.organisation.name, category=place.category_label)


def _clash(
    places: Sequence[Place],
    days: dict[str, tuple[dt.date, dt.date]],
    union: Union,
    on: dt.date,
    decision: str,
) -> Place | None:
    """The first place that is held already: a period that overlaps, one that has not begun yet (there is
    nothing to renew), or one by the same decision."""
    if not places:
        return None
    since = min(on, *(first for first, _ in days.values()))
    running = Recognition.objects.filter(
        organisation__in={p.organisation.pk for p in places}, union=union, effective__endswith__gt=since
    )
    held: dict[tuple[int, str], list[Recognition]] = defaultdict(list)
    for row in running:
        held[row.organisation_id, row.category].append(row)
    seen: set[tuple[int, str]] = set()
    for place in places:
        key, (first, last) = (place.organisation.pk, place.category), days[place.effect_key]
        if key in seen:
            return place
        seen.add(key)
        for row in held[key]:
            renewed = row.effective.upper > on and (row.first_day > on or row.decision == decision)
            if renewed or (row.effective.lower <= last and row.effective.upper > first):
                return place
    return None


def verify_code() -> str:
    """What stands in the QR: not guessable."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(16))


def next_number(union: Union, document: Document, year: int) -> str:
    """The union's next certificate number of a year, without a gap, with the letters of the document."""
    return _take(_counter(union, year), document, 1)[0]


def _counter(union: Union, year: int) -> CertificateNumber:
    """The union's counter of a year, locked until the act is committed."""
    CertificateNumber.objects.get_or_create(union=union, year=year)
    return CertificateNumber.objects.select_for_update().get(union=union, year=year)


def _take(counter: CertificateNumber, document: Document, n: int) -> list[str]:
    outcome = policy_of(document).outcome
    letters = (outcome and outcome.code) or PREFIX
    first, counter.last = counter.last + 1, counter.last + n
    counter.save(update_fields=["last"])
    return [f"{letters}-{counter.year}-{number:04d}" for number in range(first, counter.last + 1)]
