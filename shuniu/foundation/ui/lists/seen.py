"""Which rows somebody opened in this session, so that the list can mark them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

_KEEP = 200
_NAME = "seen_rows"


def mark_seen(request: HttpRequest, key: str, pk: object) -> None:
    """A record's page was opened from the list `key`; remembered until the session ends (the last 200)."""
    seen: dict[str, list[str]] = request.session.get(_NAME, {})
    rows = seen.get(key, [])
    if str(pk) not in rows:
        request.session[_NAME] = seen | {key: [*rows, str(pk)][-_KEEP:]}


def seen_rows(request: HttpRequest, key: str) -> frozenset[str]:
    """The rows of that list that were opened."""
    session: Any = getattr(request, "session", None)
    return frozenset(session.get(_NAME, {}).get(key, ())) if session is not None else frozenset()


__all__ = ["mark_seen", "seen_rows"]
