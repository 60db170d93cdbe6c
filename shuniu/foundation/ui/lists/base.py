"""The list itself: what a slice declares, and what follows from the address and from who asks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Self

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.module_loading import autodiscover_modules

from shuniu.foundation.access import STAFF_ROLES, Who, who_asks
from shuniu.foundation.ui.lists import queries
from shuniu.foundation.ui.lists.batch import BATCH_LIMIT, BatchAction, Preview, preview
from shuniu.foundation.ui.lists.columns import Column
from shuniu.foundation.ui.lists.counts import Count, count_rows
from shuniu.foundation.ui.lists.filters import Choices, Filter
from shuniu.foundation.ui.lists.state import State, read_state
from shuniu.foundation.ui.models import Density, ListPreference, SavedView

_LISTS: dict[str, type[List]] = {}


@dataclass(frozen=True)
class Tab:
    """One state of the rows, with its count."""

    key: str
    label: str
    where: Q = field(default_factory=Q)


class List:
    """A staff list. Declare it in the slice's `lists.py`, show it with `MyList(request, **scope).response()`.

    `visible` is its only source: page, counts, batch and export all ask it, with the same person and hat.
    """

    key: ClassVar[str] = ""
    title: ClassVar[str] = ""
    roles: ClassVar[Collection[str]] = frozenset(STAFF_ROLES)  # who has the list at all, its column names too
    unit: ClassVar[str] = "条"
    columns: ClassVar[Sequence[Column]] = ()
    filters: ClassVar[Sequence[Filter]] = ()
    tabs: ClassVar[Sequence[Tab]] = ()
    tab_label: ClassVar[str] = "状态"
    batch: ClassVar[Sequence[BatchAction]] = ()
    order: ClassVar[str] = ""  # key of a column, with "-" for descending
    page_size: ClassVar[int] = 20
    density: ClassVar[str] = Density.MIDDLE
    count_limit: ClassVar[int] = 0  # above it the count reads "1000+"; 0: always exact
    exports: ClassVar[bool] = True
    csv: ClassVar[bool] = False  # offered as plain text too, for programs that read it
    params: ClassVar[Sequence[str]] = ()  # parameters of the page that are not the list's
    empty: ClassVar[tuple[str, str]] = ("没有符合条件的记录", "换一个条件，或清除条件后再看。")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.key:
            other = _LISTS.setdefault(cls.key, cls)
            if (other.__module__, other.__qualname__) != (cls.__module__, cls.__qualname__):
                raise ValueError(f"two lists are called {cls.key}")

    def __init__(self, request: HttpRequest, **scope: Any) -> None:
        self.request: HttpRequest | None = request
        self._open(who_asks(request), request.path, request.GET, scope)

    @classmethod
    def rebuilt(cls, who: Who, path: str, query: str, scope: Mapping[str, Any]) -> Self:
        """The same list again without its request: for a job, or behind a form's own address."""
        listing = cls.__new__(cls)
        listing.request = None
        listing._open(who, path, QueryDict(query), dict(scope))
        return listing

    @classmethod
    def count(cls, who: Who, query: str = "", **scope: Any) -> int:
        """How many rows the list has at `?query`: for the figure that leads there."""
        return cls.rebuilt(who, "", query, scope).total.number

    def _open(self, who: Who, path: str, params: QueryDict, scope: dict[str, Any]) -> None:
        self.who, self.path, self.asked, self.scope = who, path, params, scope
        self.options: dict[str, Choices] = {}

    # --- what a slice says ---

    @classmethod
    def visible(cls, who: Who, *args: Any, **scope: Any) -> QuerySet[Any]:
        """The rows that `who` may see here; nobody else asks the database."""
        raise NotImplementedError

    @classmethod
    def complete(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        """What the cells need (select_related, prefetch, annotations); asked for one page's rows only."""
        return rows

    @classmethod
    def for_batch(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        """What the verdicts of a batch need; the same as the cells, unless a list says otherwise."""
        return cls.complete(rows)

    def heading(self) -> str:
        """What an export is called, when the title alone would not say it (a call's name, a year)."""
        return self.title

    def row_label(self, row: Any) -> str:
        """The row in words, for ticks and previews."""
        return str(row)

    def row_url(self, row: Any) -> str:
        """Where the first column leads; "" for nowhere."""
        return ""

    # --- what follows ---

    @cached_property
    def allowed_columns(self) -> list[Column]:
        """The columns that `who` may see at all."""
        return [c for c in self.columns if c.for_who(self.who)]

    @cached_property
    def shown_columns(self) -> list[Column]:
        """The columns in this person's order; the row's name stands first."""
        chosen = self.preference.columns if self.preference else []
        by_key = {c.key: c for c in self.allowed_columns}
        found = [by_key[k] for k in chosen if k in by_key and not by_key[k].first]
        if not found:
            found = [c for c in self.allowed_columns if c.shown and not c.first]
        return [c for c in self.allowed_columns if c.first] + found

    @cached_property
    def preference(self) -> ListPreference | None:
        return queries.preference(self.who, self.key)

    @cached_property
    def views(self) -> list[SavedView]:
        return queries.views(self.who, self.key)

    @cached_property
    def state(self) -> State:
        return read_state(self, self.asked)

    @property
    def size(self) -> int:
        """Rows on a page: the address, else this person's choice, else the list's."""
        return self.state.size or (self.preference and self.preference.page_size) or self.page_size

    @cached_property
    def source(self) -> QuerySet[Any]:
        return self.visible(self.who, **self.scope)

    @cached_property
    def narrowed(self) -> QuerySet[Any]:
        """The rows that the filters leave, all tabs together."""
        rows = self.source
        for narrowing in self.filters:
            if reading := self.state.readings.get(narrowing.key):
                rows = narrowing.narrow(rows, reading.value)
        return rows

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """The rows of the tab, unordered."""
        tab = self.tab
        return self.narrowed.filter(tab.where) if tab is not None and tab.where else self.narrowed

    @cached_property
    def tab(self) -> Tab | None:
        """The tab that is open."""
        first = self.tabs[0] if self.tabs else None
        return next((t for t in self.tabs if t.key == self.state.tab), first)

    @cached_property
    def ordered(self) -> QuerySet[Any]:
        """The rows in the order of the header; the key breaks ties, so that pages never overlap."""
        sort = self.state.sort or self.order
        descending = sort.startswith("-")
        column = next((c for c in self.columns if c.sort and c.key == sort.removeprefix("-")), None)
        rows = self.rows.order_by("-pk" if descending or not column else "pk")
        if column is None:
            return rows
        nullable = not isinstance(column.sort, str) or _may_be_null(rows.model, column.sort)
        return rows.order_by(column.order(descending, nullable), "-pk" if descending else "pk")

    @cached_property
    def counts(self) -> list[Count]:
        """One count per tab, or the only one; one query."""
        return count_rows(self.narrowed, [t.where for t in self.tabs] or [Q()], self.count_limit)

    @property
    def total(self) -> Count:
        """How many rows the open tab has."""
        return self.counts[self.tabs.index(self.tab) if self.tab else 0]

    def page_rows(self, first: int, size: int) -> list[Any]:
        """`size` rows from the `first` (0-based): keys by the order first, then the whole rows, in one query."""
        keys = self.ordered.values("pk")[first : first + size]
        rows = self.complete(self.source.filter(pk__in=keys))
        return list(rows.order_by(*self.ordered.query.order_by))

    def each_row(self, most: int, chunk: int) -> Iterator[Any]:
        """Every row in order, `chunk` at a time, as `page_rows` would show it: what an export writes."""
        return iter(self.complete(self.ordered)[:most].iterator(chunk_size=chunk))

    def picked(self, picks: Sequence[str]) -> tuple[QuerySet[Any], int]:
        """The rows ticked (or all that the filters leave, for "all"), and how many keys were named."""
        if list(picks) == ["all"]:
            return self.ordered, 0
        keys = {p for p in picks if p.isascii() and (p.isdigit() or len(p) == 36)}
        pk = self.source.model._meta.pk
        keys = {k for k in keys if _fits(pk, k)}
        return self.source.filter(pk__in=keys).order_by("pk"), len(keys)

    def preview(self, action: BatchAction, picks: Sequence[str]) -> Preview:
        """What `action` would do with the ticked rows."""
        chosen, named = self.picked(picks)
        rows = list(self.for_batch(chosen)[: BATCH_LIMIT + 1])
        found = len(rows) if len(rows) <= BATCH_LIMIT else chosen.count()
        rows = rows[:BATCH_LIMIT]
        missing = max(named - found, 0)
        return preview(action, self.who, rows, self.row_label, missing=missing, found=found)

    def batch_action(self, key: str) -> BatchAction | None:
        """The action of that name, when the bar offers it to `who`."""
        return next((a for a in self.batch if a.key == key and a.offered_to(self.who)), None)

    def response(
        self, template: str = "ui/list/page.html", context: Mapping[str, Any] | None = None
    ) -> HttpResponseBase:
        """The page, its fragment, the preview of a batch or the export: whatever the address asks."""
        from shuniu.foundation.ui.lists.page import respond

        return respond(self, template, dict(context or {}))


def find(key: str) -> type[List]:
    """The list of that key; KeyError for none. Looks into every app's `lists` module the first time."""
    if key not in _LISTS:
        autodiscover_modules("lists")
    return _LISTS[key]


def _fits(pk: Any, raw: str) -> bool:
    try:
        pk.get_prep_value(pk.to_python(raw))
    except Exception:
        return False
    return not raw.isdigit() or int(raw) < 2**63


def _may_be_null(model: type[Model], path: str) -> bool:
    """False only where every step is a column that is NOT NULL: then an index can serve both directions."""
    for part in path.split("__"):
        try:
            step = model._meta.get_field(part)
        except FieldDoesNotExist:
            return True
        if getattr(step, "null", True):
            return True
        if step.related_model is not None and not isinstance(step.related_model, str):
            model = step.related_model
    return False


__all__ = ["List", "Tab", "find"]
