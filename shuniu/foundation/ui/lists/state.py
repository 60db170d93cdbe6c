"""The address is the state of a list: read it, say what is wrong with it, write it again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import QueryDict

from shuniu.foundation.ui.lists.filters import Bad, Reading, tidy

if TYPE_CHECKING:
    from shuniu.foundation.ui.lists.base import List

SIZES = (20, 50, 100)
# What the list itself says in an address, beside its filters.
OWN = frozenset({"tab", "sort", "page", "size", "pick", "batch", "export", "view"})
_PAGE_LIMIT = 100_000


@dataclass
class State:
    """What the address asks for, without what means nothing."""

    readings: dict[str, Reading] = field(default_factory=dict)
    tab: str = ""
    sort: str = ""
    page: int = 1
    size: int | None = None
    problems: list[str] = field(default_factory=list)

    def pairs(self, *, drop: str = "", **changes: str) -> list[tuple[str, str]]:
        """The parameters that lead here again; `drop` leaves a filter out, a change of "" a parameter."""
        found = [
            pair for key, reading in self.readings.items() if key != drop for pair in reading.address.items()
        ]
        own = {"tab": self.tab, "sort": self.sort, "size": str(self.size or "")} | changes
        return found + [(name, value) for name, value in own.items() if value]

    def query(self, *, drop: str = "", **changes: str) -> str:
        """`pairs` as a query string."""
        return urlencode(self.pairs(drop=drop, **changes))


def read_state(listing: List, params: QueryDict) -> State:
    """Read the address; a tab or order that the list has anyway is not repeated in later addresses."""
    state = State()
    known = set(OWN) | set(listing.params)
    for narrowing in listing.filters:
        known.update(narrowing.names)
        try:
            reading = narrowing.read(listing, params)
        except Bad as bad:
            state.problems.append(str(bad))
            continue
        if reading is not None:
            state.readings[narrowing.key] = reading
    _read_tab(listing, params, state)
    _read_sort(listing, params, state)
    state.page = _number(params, "page", "页码", range(1, _PAGE_LIMIT), state) or 1
    state.size = _number(params, "size", "每页条数", SIZES, state)
    strangers = [tidy(name)[:20] for name in params if name not in known][:3]
    if strangers:
        state.problems.append(f"地址中的“{'”“'.join(strangers)}”不是这张表的条件，已忽略。")
    return state


def _read_tab(listing: List, params: QueryDict, state: State) -> None:
    tab = tidy(params.get("tab", ""))
    if not tab:
        return
    if tab not in {t.key for t in listing.tabs}:
        state.problems.append(
            f"没有“{tab}”这一分类，已显示“{listing.tabs[0].label if listing.tabs else '全部'}”。"
        )
    elif tab != listing.tabs[0].key:
        state.tab = tab


def _read_sort(listing: List, params: QueryDict, state: State) -> None:
    sort = tidy(params.get("sort", ""))
    if not sort:
        return
    if sort.removeprefix("-") not in {c.key for c in listing.allowed_columns if c.sort}:
        state.problems.append(f"不能按“{sort.removeprefix('-')}”排序，已按默认顺序显示。")
    elif sort != listing.order:
        state.sort = sort


def _number(
    params: QueryDict, name: str, label: str, allowed: range | tuple[int, ...], state: State
) -> int | None:
    raw = tidy(params.get(name, ""))
    if not raw:
        return None
    if raw.isascii() and raw.isdigit() and len(raw) < 9 and int(raw) in allowed:
        return int(raw)
    state.problems.append(f"{label}“{raw}”无效，已忽略。")
    return None


__all__ = ["OWN", "SIZES", "State", "read_state"]
