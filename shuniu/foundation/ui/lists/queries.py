"""What a person keeps about lists; the first argument is who asks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from shuniu.foundation.access import Who
from shuniu.foundation.ui.models import Export, ListPreference, SavedView


def preference(who: Who, key: str) -> ListPreference | None:
    """How `who` wants this list; None until they chose."""
    if who.person is None:
        return None
    return ListPreference.objects.filter(person=who.person, key=key).first()


def views(who: Who, key: str) -> list[SavedView]:
    """The views that `who` saved for this list, by name."""
    if who.person is None:
        return []
    return list(SavedView.objects.filter(person=who.person, key=key))


def exports_of(who: Who) -> QuerySet[Export, Any]:
    """The exports that this very person asked for."""
    return Export.objects.filter(person=who.person) if who.person is not None else Export.objects.none()


def export_of(who: Who, export_id: UUID) -> Export | None:
    """One's own export; a stranger's does not exist."""
    return exports_of(who).filter(pk=export_id).first()


__all__ = ["export_of", "exports_of", "preference", "views"]
