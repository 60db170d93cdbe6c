"""Adverse information of many organisations, and the findings of a union."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import QuerySet

from shuniu.foundation.access import Who
from shuniu.registry.adverse import Adverse, adverse
from shuniu.registry.models import FactRow, Finding, Organisation, Penalty, Screening, Statement
from shuniu.registry.profile import profile
from shuniu.registry.queries.facts import Snapshot
from shuniu.registry.queries.organisations import VIEWERS


def adverse_of(snapshot: Snapshot) -> list[Adverse]:
    """What stands against the organisation on the snapshot's day."""
    rows = snapshot.rows["penalty"]
    return adverse(snapshot.profile.get("status"), rows, snapshot.on, origins(rows))


def adverse_of_many(organisations: Collection[Organisation], on: dt.date) -> dict[int, list[Adverse]]:
    """organisation id → the same, for the check by the clock; four queries, however many there are."""
    ids = [o.pk for o in organisations]
    home = {pk: pk for pk in ids}
    merged = Organisation.objects.filter(merged_into__in=ids).values_list("pk", "merged_into")
    home |= {pk: into for pk, into in merged if into is not None}
    rows: dict[int, list[FactRow]] = {pk: [] for pk in ids}
    for row in Penalty.standing().filter(organisation__in=home, as_of__lte=on):
        rows[home[row.organisation_id]].append(row)
    said: dict[int, list[Statement]] = {pk: [] for pk in ids}
    inherited: dict[int, list[Statement]] = {pk: [] for pk in ids}
    spoken = Statement.standing().filter(organisation__in=home, as_of__lte=on, values__has_key="status")
    for statement in spoken:
        own = statement.organisation_id in said
        (said if own else inherited)[home[statement.organisation_id]].append(statement)
    first = origins([row for found in rows.values() for row in found])
    return {
        pk: adverse(profile(said[pk], on, inherited[pk]).get("status"), rows[pk], on, first) for pk in ids
    }


def origins(rows: Collection[FactRow]) -> dict[int, int]:
    """row → the first row of its line of corrections, for rows that correct another."""
    corrected = {row.pk: row.supersedes_id for row in rows if row.supersedes_id}
    if not corrected:
        return {}
    organisations = {row.organisation_id for row in rows if row.supersedes_id}
    before = dict(
        Penalty.everything()
        .filter(organisation__in=organisations, supersedes__isnull=False)
        .values_list("pk", "supersedes")
    )
    found = {}
    for pk, earlier in corrected.items():
        while earlier in before:
            earlier = before[earlier]
        found[pk] = earlier
    return found


def findings_visible_to(who: Who) -> QuerySet[Finding]:
    """What the nightly check found for the asker's union."""
    rows = Finding.objects.select_related("organisation", "union", "settled_by")
    if who.union_id is None or who.role not in VIEWERS:
        return rows.none()
    return rows.filter(union_id=who.union_id)


def open_findings(who: Who) -> QuerySet[Finding]:
    """Those that nobody has dealt with yet, the oldest first."""
    return findings_visible_to(who).filter(settled_at__isnull=True).order_by("found_at", "id")


def screening_of(organisation: Organisation) -> Screening | None:
    """When the organisation, which the asker sees, was last checked; None when it never was."""
    return Screening.objects.filter(organisation=organisation).first()
