"""The six slots: each slice registers in its apps.py what it brings to shared pages.

Navigation, to-do, organisation page, panels of any record, search providers, calendar changed. A lower
slice never imports a higher one; it asks the slot.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from shuniu.foundation.access import Who


@dataclass(frozen=True)
class NavItem:
    """A first-level entry of the main navigation."""

    label: str
    url: str
    roles: frozenset[str]  # hats that see it
    order: int
    also: tuple[str, ...] = ()  # what else than its own address begins a path that marks it as current


@dataclass(frozen=True)
class Todo:
    """One thing that waits for the asker, or (waiting=True) for somebody the asker waits for."""

    tag: str
    title: str
    url: str
    sub: str = ""
    due: dt.date | None = None
    waiting: bool = False
    key: str = ""  # stable identity, for messages that must not repeat
    matter: str = ""  # of an approval that may come back: its key and round (default: the key)
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Panel:
    """What a slice shows on a record's page: a template of its own and the context for it."""

    title: str
    template: str
    context: dict[str, Any]
    order: int = 100


@dataclass(frozen=True)
class Found:
    """One result of the search palette."""

    group: str
    label: str
    url: str
    hint: str = ""


NavProvider = Callable[[Who], Iterable[NavItem]]
TodoProvider = Callable[[Who], Iterable[Todo]]
PanelProvider = Callable[[Who, Any], Iterable[Panel]]
SearchProvider = Callable[[Who, str, int], Sequence[Found]]
CalendarListener = Callable[[], None]
TodoSorter = Callable[[Who, Sequence[Todo]], Sequence[Todo]]

_navigation: list[NavProvider] = []
_todos: list[TodoProvider] = []
_sorters: list[TodoSorter] = []
_panels: dict[str, list[PanelProvider]] = {}
_search: list[SearchProvider] = []
_calendar: list[CalendarListener] = []


def navigation(provider: NavProvider) -> None:
    """Register first-level navigation."""
    _navigation.append(provider)


def todo(provider: TodoProvider) -> None:
    """Register what waits for somebody."""
    _todos.append(provider)


def todo_sorter(sorter: TodoSorter) -> None:
    """Register who says of all the to-dos which wait for somebody else (转办)."""
    _sorters.append(sorter)


def panel(label: str, provider: PanelProvider) -> None:
    """Register a panel on the page of records of `label` ("registry.organisation")."""
    _panels.setdefault(label, []).append(provider)


def search(provider: SearchProvider) -> None:
    """Register a source of the palette."""
    _search.append(provider)


def calendar_changed(listener: CalendarListener) -> None:
    """Register a job to enqueue on commit when a working day changes."""
    _calendar.append(listener)


def navigation_for(who: Who, path: str) -> list[dict[str, Any]]:
    """The navigation of `who`, with the entry that `path` belongs to marked as current."""
    items = sorted(
        (i for p in _navigation for i in p(who) if not i.roles or who.role in i.roles), key=lambda i: i.order
    )
    starts = {i.url: (i.url, *i.also) for i in items}
    fitting = (p for each in starts.values() for p in each if path == p or (p != "/" and path.startswith(p)))
    best = max(fitting, key=len, default="")
    return [{"label": i.label, "url": i.url, "current": bool(best) and best in starts[i.url]} for i in items]


def todos_for(who: Who) -> list[Todo]:
    """Everything that waits, earliest due first, without a due date last."""
    far = dt.date.max
    found: Sequence[Todo] = [t for p in _todos for t in p(who)]
    for sorter in _sorters:
        found = sorter(who, found)
    return sorted(found, key=lambda t: (t.due or far, t.tag, t.title))


def panels_for(who: Who, record: models.Model) -> list[Panel]:
    """What the slices know of this record."""
    found = (panel for p in _panels.get(record._meta.label_lower, []) for panel in p(who, record))
    return sorted(found, key=lambda panel: panel.order)


def found_for(who: Who, text: str, limit: int = 8) -> list[Found]:
    """What the palette finds, each provider's first `limit`."""
    return [f for p in _search for f in p(who, text, limit)]


def tell_calendar_changed() -> None:
    """Run every listener (they only enqueue)."""
    for listener in _calendar:
        listener()
