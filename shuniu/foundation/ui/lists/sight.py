"""What the template of a list needs: controls, chips, tabs, headers, rows, pages; every address ready."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from shuniu.foundation.ui.lists.base import List
from shuniu.foundation.ui.lists.columns import cells, row_shape
from shuniu.foundation.ui.lists.filters import TextSearch
from shuniu.foundation.ui.lists.seen import seen_rows
from shuniu.foundation.ui.lists.state import SIZES
from shuniu.foundation.ui.lists.ticket import seal
from shuniu.foundation.ui.models import Density

FORM = "list-picks"
_DENSITIES = {Density.TIGHT: "compact", Density.LOOSE: "loose"}


class Sight:
    """One list as one person sees it now. Template variable `listing`."""

    form = FORM
    sizes_offered = SIZES

    def __init__(self, listing: List, request: HttpRequest) -> None:
        self.list = listing
        self.request = request
        self.state = listing.state
        self.columns = listing.shown_columns
        self.title = listing.title
        self.key = listing.key
        self.path = listing.path
        self.unit = listing.unit
        self.total = listing.total
        self._tell_bad_page()
        self.actions = [a for a in listing.batch if a.offered_to(listing.who)]
        self.pick_all = bool(self.actions) and request.GET.get("pick") == "all"

    def _tell_bad_page(self) -> None:
        self.pages = max(1, -(-self.total.number // self.list.size))
        # Behind a capped count there are more pages than it knows: only the rows themselves can tell.
        if self.state.page <= self.pages or (self.total.capped and self.rows):
            return
        self.state.problems.append(f"没有第 {self.state.page} 页，已显示第 {self.pages} 页。")
        self.state.page = self.pages
        self.__dict__.pop("rows", None)

    # --- addresses ---

    def _at(self, *, drop: str = "", **changes: str) -> str:
        query = self.state.query(drop=drop, **changes)
        return f"{self.path}?{query}" if query else self.blank

    @property
    def here(self) -> str:
        """This very page in its shortest words."""
        return self._at(page=str(self.state.page) if self.state.page > 1 else "")

    @property
    def blank(self) -> str:
        """The list without any condition; a default view must not come back by itself."""
        return f"{self.path}?view=none" if any(v.is_default for v in self.list.views) else self.path

    @property
    def export_url(self) -> str:
        return self._at(export="xlsx") if self.list.exports else ""

    @property
    def csv_url(self) -> str:
        return self._at(export="csv") if self.list.csv else ""

    @property
    def pick_all_url(self) -> str:
        return self._at(pick="all")

    @property
    def plain_url(self) -> str:
        return self._at()

    # --- above the table ---

    @property
    def query(self) -> str:
        """What a saved view keeps."""
        return self.state.query()

    @property
    def personal(self) -> bool:
        """Somebody is logged in, who can keep views and columns."""
        return self.list.who.person is not None

    @property
    def ticket(self) -> str:
        """Signed: what a form of this page is about."""
        return seal(self.list)

    @property
    def problems(self) -> list[str]:
        return self.state.problems

    @property
    def controls(self) -> list[dict[str, Any]]:
        readings = self.state.readings
        return [f.control(self.list, readings.get(f.key)) for f in self.list.filters if f.bar]

    @property
    def fold(self) -> int:
        """On a phone everything from this control on is folded into 筛选; a search box stays in sight."""
        first = next((f for f in self.list.filters if f.bar), None)
        return 2 if isinstance(first, TextSearch) else 1

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the query form carries along: everything that is not one of its controls."""
        of_bar = {name for f in self.list.filters if f.bar for name in f.names}
        return [pair for pair in self.state.pairs() if pair[0] not in of_bar]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the batch form carries along: the whole state."""
        return self.state.pairs() + ([("pick", "all")] if self.pick_all else [])

    @property
    def chips(self) -> list[dict[str, str]]:
        return [
            {"label": reading.words, "url": self._at(drop=key)}
            for key, reading in self.state.readings.items()
        ]

    @property
    def tabs(self) -> list[dict[str, Any]]:
        first = self.list.tabs[0].key if self.list.tabs else ""
        return [
            {
                "key": tab.key,
                "label": tab.label,
                "count": count,
                "current": tab is self.list.tab,
                "url": self._at(tab="" if tab.key == first else tab.key),
            }
            for tab, count in zip(self.list.tabs, self.list.counts, strict=False)
        ]

    @property
    def views(self) -> list[dict[str, Any]]:
        here = self.state.query()
        return [
            {"view": v, "url": f"{self.path}?{v.query or 'view=none'}", "current": v.query == here}
            for v in self.list.views
        ]

    # --- the table ---

    @property
    def density(self) -> str:
        chosen = self.list.preference.density if self.list.preference else ""
        return _DENSITIES.get(Density(chosen or self.list.density), "")

    @property
    def headers(self) -> list[dict[str, Any]]:
        sort = self.state.sort or self.list.order
        found = []
        for column in self.columns:
            down = sort == f"-{column.key}"
            up = sort == column.key
            target = f"-{column.key}" if up else column.key
            found.append(
                {
                    "key": column.key,
                    "label": column.label,
                    "css": _classes(sort=bool(column.sort), num=column.numeric, sort__down=down),
                    "state": "ascending" if up else "descending" if down else "",
                    "url": self._at(sort="" if target == self.list.order else target) if column.sort else "",
                }
            )
        return found

    @cached_property
    def rows(self) -> list[Any]:
        """The rows of this page."""
        return self.list.page_rows((self.state.page - 1) * self.list.size, self.list.size)

    @property
    def body(self) -> SafeString:
        """The rows as HTML: written here because a component per cell costs 60 times as much."""
        seen = seen_rows(self.request, self.key)
        write = cells(self.columns, self.list.who, self.list.row_url, seen)
        shape = f"<tr>{row_shape(self.columns)}</tr>\n"
        if not self.actions:
            return format_html_join("", shape, (write(row) for row in self.rows))
        shape = shape.replace("<tr>", '<tr{}><td class="pick">{}</td>', 1)
        picked = format_html(' class="{}"', "is-picked") if self.pick_all else ""
        return format_html_join("", shape, ((picked, self._tick(row), *write(row)) for row in self.rows))

    def _tick(self, row: Any) -> SafeString:
        state = format_html(" {} {}", "checked", "disabled") if self.pick_all else ""
        return format_html(
            '<input class="tick" type="checkbox" name="pick" value="{}" form="{}" aria-label="选择 {}"{}>',
            row.pk, FORM, self.list.row_label(row), state,
        )  # fmt: skip

    # --- below the table ---

    @property
    def empty(self) -> dict[str, str]:
        title, text = self.list.empty
        return {"title": title, "text": text}

    @property
    def numbers(self) -> list[tuple[Any, str]]:
        """The pages, long gaps elided: (number, address) or ("…", "")."""
        known = max(self.pages, self.state.page)
        pages = Paginator(range(known), 1).get_elided_page_range(self.state.page, on_each_side=2, on_ends=1)
        return [(n, self._page(n) if isinstance(n, int) else "") for n in pages]

    def _page(self, number: int) -> str:
        return self._at(page=str(number) if number > 1 else "")

    @property
    def page(self) -> int:
        return self.state.page

    @property
    def previous(self) -> str:
        return self._page(self.state.page - 1) if self.state.page > 1 else ""

    @property
    def next(self) -> str:
        more = self.state.page < self.pages or (self.total.capped and len(self.rows) == self.list.size)
        return self._page(self.state.page + 1) if more else ""

    @property
    def size(self) -> int:
        return self.list.size

    @property
    def sizes(self) -> list[tuple[int, str, bool]]:
        return [(size, self._at(size=str(size)), size == self.size) for size in SIZES]


def _classes(**names: bool) -> str:
    return " ".join(name.replace("__", "--") for name, on in names.items() if on)


__all__ = ["Sight"]
