"""A column of a list: what it shows, how it is sorted, how it stands on the page and in an export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Literal, NamedTuple

from django.db.models import F
from django.db.models.expressions import Expression, OrderBy
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from shuniu.foundation.access import Who
from shuniu.foundation.ui import formats
from shuniu.foundation.ui.components.signs import icon, kind_of

Kind = Literal["text", "code", "time", "day", "number", "yuan", "wan", "status"]
TEXT_LIMIT = 32_767  # characters that one cell of a workbook holds


class Sign(NamedTuple):
    """A state: `kind` is one of `signs.KINDS`. The export shows the words."""

    kind: str
    text: str


class Toned(NamedTuple):
    """Words in a tone (`is-bad`, `is-warn`, `is-ok`), e.g. 逾期 2 工作日; an export writes `typed`."""

    tone: str
    text: str
    typed: Any = None


def read(path: str) -> Callable[[Any], Any]:
    """A reader of `a.b.c`; None anywhere on the way is None, a method on the way is called."""
    parts = path.split(".")

    def get(row: Any) -> Any:
        for part in parts:
            row = getattr(row, part)
            if callable(row):
                row = row()
            if row is None:
                return None
        return row

    return get


@dataclass(frozen=True)
class Column:
    """One column.

    `value`: a path (`organisation.name`) or a function of the row; left out, the key is the path. Amounts are
    fen, shown in the unit that the label names (kind `yuan` or `wan`). `sort`: an ORM path or expression.
    """

    key: str
    label: str
    value: str | Callable[[Any], Any] = ""
    _: KW_ONLY
    sort: str | Expression | F = ""
    kind: Kind = "text"
    first: bool = False  # the row's name: sticky, links to the row's page, cannot be hidden
    extra: bool = False  # left out of the cards on a phone
    shown: bool = True  # part of the list until somebody chooses otherwise
    wrap: bool = False  # long words may take several lines
    across: bool = False  # a line of its own in the cards on a phone
    roles: tuple[str, ...] = ()  # only these see the column, on the page and in exports
    mask: Callable[[str | None], str] | None = None  # how it is hidden from who is not in `clear_for`
    clear_for: tuple[str, ...] = ()
    url: Callable[[Any], str] | None = None
    width: float = 0  # of the export, in characters; 0: by kind

    @property
    def css(self) -> str:
        """The classes of its cells."""
        marks = {
            "num": self.numeric, "code": self.kind == "code", "extra": self.extra, "wrapcell": self.wrap,
            "across": self.across or self.kind == "time",
        }  # fmt: skip
        return " ".join(name for name, marked in marks.items() if marked)

    @property
    def numeric(self) -> bool:
        """Right-aligned figures."""
        return self.kind in {"number", "yuan", "wan"}

    def getter(self, who: Who) -> Callable[[Any], Any]:
        """What this column holds for `who`, masked where they may not read it in full."""
        get = self.value if callable(self.value) else read(self.value or self.key)
        mask = self.mask
        if mask is None or who.role in self.clear_for:
            return get
        return lambda row: mask(get(row))

    def for_who(self, who: Who) -> bool:
        """May `who` see the column at all?"""
        return not self.roles or who.role in self.roles

    def order(self, descending: bool, nullable: bool) -> OrderBy:
        """The order that its header asks for; what is empty stands last in both directions."""
        expression = F(self.sort) if isinstance(self.sort, str) else self.sort
        return OrderBy(expression, descending=descending, nulls_last=True if nullable else None)


# --- on the page ------------------------------------------------------------------------------------


@cache
def _shape(kind: str) -> tuple[str, SafeString]:
    name, tone = kind_of(kind)
    return tone, icon(name)


def _number(value: Any) -> str:
    return f"{value:,}"


_FORMATS: dict[str, Callable[[Any], str]] = {
    "time": formats.when,
    "day": formats.day,
    "number": _number,
    "yuan": formats.yuan,
    "wan": formats.wan,
}


def shown(kind: str, value: Any) -> str | SafeString:
    """The value as the page shows it; not yet escaped unless it is markup of ours."""
    if value is None or value == "":
        return formats.NONE
    if isinstance(value, Sign):
        tone, picture = _shape(value.kind)
        return format_html('<span class="status {}">{}{}</span>', tone, picture, value.text)
    if isinstance(value, Toned):
        return format_html('<span class="{}">{}</span>', value.tone, value.text)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    convert = _FORMATS.get(kind)
    return convert(value) if convert else str(value)


def cells(
    columns: Sequence[Column], who: Who, link: Callable[[Any], str], seen: frozenset[str]
) -> Callable[[Any], tuple[str, ...]]:
    """A function that writes the cells of one row, every value escaped."""
    plan = [(column, column.getter(who), column.kind) for column in columns]

    def write(row: Any) -> tuple[str, ...]:
        found: list[str] = []
        for column, get, kind in plan:
            text = conditional_escape(shown(kind, get(row)))
            if column.first:
                if len(text) > _LONG:  # would push every other column out of sight
                    text = format_html('<span class="long">{}</span>', text)
                if address := link(row):
                    mark = _SEEN if str(row.pk) in seen else ""
                    text = format_html('<a href="{}"{}>{}</a>', address, mark, text)
            elif column.url is not None and (address := column.url(row)):
                text = format_html('<a href="{}">{}</a>', address, text)
            found.append(text)
        return tuple(found)

    return write


_LONG = 36
_SEEN = format_html(' class="{}"', "seen")


def row_shape(columns: Sequence[Column]) -> str:
    """The cells of a row as one format string: labels and classes are escaped once, values at each row."""
    parts = []
    for column in columns:
        if column.first:
            parts.append('<th scope="row">{}</th>')
            continue
        css = format_html(' class="{}"', column.css) if column.css else ""
        parts.append(_literal(format_html('<td data-label="{}"{}>', column.label, css)) + "{}</td>")
    return "".join(parts)


def _literal(html: str) -> str:
    return html.replace("{", "{{").replace("}", "}}")


# --- in an export -----------------------------------------------------------------------------------


def exported(column: Column, value: Any) -> Any:
    """The value typed for a workbook: str, int, Decimal, naive Shanghai datetime, date or None."""
    if isinstance(value, Toned):
        value = value.text if value.typed is None else value.typed
    if isinstance(value, Sign):
        value = value.text
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value if len(value) <= TEXT_LIMIT else value[: TEXT_LIMIT - 1] + "…"
    if column.kind in {"yuan", "wan"}:
        return Decimal(value) / (formats.FEN if column.kind == "yuan" else formats.FEN_PER_WAN)
    if isinstance(value, dt.datetime):
        moment = formats.local(value)
        return moment.date() if column.kind == "day" else moment.replace(tzinfo=None)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.date) or (column.kind == "number" and isinstance(value, (int, float, Decimal))):
        return value
    return str(value)[:TEXT_LIMIT]


__all__ = ["Column", "Kind", "Sign", "Toned", "cells", "exported", "row_shape", "shown"]
