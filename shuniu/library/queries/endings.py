"""Reads of documents that were taken out of use, or that wait for it."""

from __future__ import annotations

from django.db.models import QuerySet

from shuniu.foundation.access import Who
from shuniu.library.models import Ending, Release
from shuniu.library.queries.uploads import READERS


def endings_visible_to(who: Who) -> QuerySet[Ending]:
    """Of the asker's own union."""
    rows = Ending.objects.select_related("release__document", "union", "proposed_by", "decided_by").defer(
        "release__document__files"
    )
    if who.union_id is None or who.role not in READERS:
        return rows.none()
    return rows.filter(union_id=who.union_id)


def endings_waiting(who: Who) -> QuerySet[Ending]:
    """What waits for a second person of the asker's union, the oldest first."""
    return endings_visible_to(who).filter(state=Ending.State.PROPOSED).order_by("proposed_at", "id")


def ended(release: Release | None) -> Ending | None:
    """How a version went out of use; None while it is in use."""
    if release is None:
        return None
    rows = release.endings.filter(state=Ending.State.ENDED).select_related("decided_by", "union")
    return rows.first()


def adopted_from(key: str) -> list[Release]:
    """The newest version of every document that unions below adopted from one, by key."""
    rows = Release.objects.filter(base__key=key).order_by("key", "-id").distinct("key")
    return list(rows.select_related("union"))
