"""What narrows a list: each filter reads the address, says what it found, applies itself."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from shuniu.foundation.calendar.clock import end_of_day, start_of_day
from shuniu.foundation.ui import typed

if TYPE_CHECKING:
    from shuniu.foundation.ui.lists.base import List

_DAY = typed.Day()
Rows = QuerySet[Any]
Choices = Sequence[tuple[str, str]]


class Bad(Exception):
    """A value in the address that means nothing here; the words are shown and the value is ignored."""


@dataclass(frozen=True)
class Reading:
    """What a filter found: its value, the words of its chip, and how the address says it."""

    value: Any
    words: str
    address: dict[str, str]


def tidy(raw: str) -> str:
    """Full-width letters and digits made plain, blanks trimmed, at most 100 characters."""
    return unicodedata.normalize("NFKC", raw).replace("\x00", "").strip()[:100]


@dataclass(frozen=True)
class Filter:
    """Common to all filters. `bar=False`: only in addresses (from a figure elsewhere)."""

    key: str
    label: str
    _: KW_ONLY
    bar: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters of the address that belong to it."""
        return (self.key,)

    def read(self, listing: List, params: Mapping[str, str]) -> Reading | None:
        """What the address asks for; None when nothing, Bad when it means nothing."""
        raise NotImplementedError

    def narrow(self, rows: Rows, value: Any) -> Rows:
        """The rows that remain."""
        raise NotImplementedError

    def control(self, listing: List, reading: Reading | None) -> dict[str, Any]:
        """What the query bar needs to draw it."""
        raise NotImplementedError

    def _control(self, kind: str, reading: Reading | None, **more: Any) -> dict[str, Any]:
        return {"kind": kind, "key": self.key, "label": self.label, "active": reading is not None} | more


@dataclass(frozen=True)
class TextSearch(Filter):
    """One search box. `within`: paths searched for a part; `apply`: a search of the slice's own instead."""

    within: tuple[str, ...] = ()
    apply: Callable[[Rows, str], Rows] | None = None
    placeholder: str = ""

    def read(self, listing: List, params: Mapping[str, str]) -> Reading | None:
        text = tidy(params.get(self.key, ""))
        return Reading(text, f"{self.label}：{text}", {self.key: text}) if text else None

    def narrow(self, rows: Rows, value: Any) -> Rows:
        if self.apply is not None:
            return self.apply(rows, value)
        wanted = Q()
        for path in self.within:
            wanted |= Q(**{f"{path}__icontains": value})
        return rows.filter(wanted)

    def control(self, listing: List, reading: Reading | None) -> dict[str, Any]:
        value = reading.value if reading else ""
        return self._control("text", reading, value=value, placeholder=self.placeholder)


@dataclass(frozen=True)
class Choice(Filter):
    """One of several. `choices`: pairs, or a function of the list; `apply`: a path or a function.

    A path over a relation to many rows doubles rows: use a function with `Exists` there.
    """

    choices: Choices | Callable[[List], Choices] = ()
    apply: str | Callable[[Rows, str], Rows] = ""

    def options(self, listing: List) -> Choices:
        """The choices, asked for once per request."""
        if self.key not in listing.options:
            found = self.choices(listing) if callable(self.choices) else self.choices
            listing.options[self.key] = [(str(value), str(label)) for value, label in found]
        return listing.options[self.key]

    def read(self, listing: List, params: Mapping[str, str]) -> Reading | None:
        raw = tidy(params.get(self.key, ""))
        if not raw:
            return None
        label = dict(self.options(listing)).get(raw)
        if label is None:
            raise Bad(f"“{raw}”不是“{self.label}”的选项，已忽略这一条件。")
        return Reading(raw, f"{self.label}：{label}", {self.key: raw})

    def narrow(self, rows: Rows, value: Any) -> Rows:
        if callable(self.apply):
            return self.apply(rows, value)
        return rows.filter(**{self.apply or self.key: value})

    def control(self, listing: List, reading: Reading | None) -> dict[str, Any]:
        value = reading.value if reading else ""
        return self._control("choice", reading, value=value, options=self.options(listing))


@dataclass(frozen=True)
class DateRange(Filter):
    """From one day to another, both included. `moments`: the path holds instants, not days."""

    path: str = ""
    moments: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        return (f"{self.key}_from", f"{self.key}_to")

    def read(self, listing: List, params: Mapping[str, str]) -> Reading | None:
        first, last = (self._day(params.get(name, "")) for name in self.names)
        if first is None and last is None:
            return None
        if first and last and last < first:
            raise Bad(f"“{self.label}”的止日早于起日，已忽略这一条件。")
        words = f"{self.label}：{first or '最早'} 至 {last or '今后'}"
        address = {name: str(day) for name, day in zip(self.names, (first, last), strict=True) if day}
        return Reading((first, last), words, address)

    def _day(self, raw: str) -> dt.date | None:
        text = tidy(raw)
        if not text:
            return None
        try:
            day: dt.date = _DAY.clean(text)
        except ValidationError:
            day = dt.date.min
        if not 1900 <= day.year <= 2200:
            raise Bad(f"“{self.label}”中的“{text}”不是日期（应如 2026-06-04），已忽略这一条件。")
        return day

    def narrow(self, rows: Rows, value: Any) -> Rows:
        first, last = value
        path = self.path or self.key
        if first:
            rows = rows.filter(**{f"{path}__gte": start_of_day(first) if self.moments else first})
        if last and self.moments:
            return rows.filter(**{f"{path}__lt": end_of_day(last)})
        return rows.filter(**{f"{path}__lte": last}) if last else rows

    def control(self, listing: List, reading: Reading | None) -> dict[str, Any]:
        first, last = reading.value if reading else (None, None)
        values = [(name, str(day or "")) for name, day in zip(self.names, (first, last), strict=True)]
        return self._control("days", reading, values=values)


__all__ = ["Bad", "Choice", "Choices", "DateRange", "Filter", "Reading", "TextSearch", "tidy"]
