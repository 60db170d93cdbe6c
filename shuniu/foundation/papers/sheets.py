"""Excel registers and templates after documents.md §3: written without a formula, read whatever came of them.

Sheets: 填表说明 (when there is a guide), 数据, and the hidden 字典 with the template's id and the drop-downs.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import xlsxwriter

from shuniu.foundation.access import Refused, refuse
from shuniu.foundation.files import limited
from shuniu.foundation.papers import rules, sheet_reader  # noqa: F401 - registers the sentences

DATA, WORDS, GUIDE = "数据", "字典", "填表说明"
_SPARE_ROWS = 1000  # empty rows below the data that still have formats and drop-downs
_KINDS = {"text": "@", "date": "yyyy-mm-dd", "yuan": "#,##0.00", "wan": "#,##0.00", "number": "0.##########"}
_FEN = {"yuan": Decimal(100), "wan": Decimal(1_000_000)}


@dataclass(frozen=True)
class Column:
    """A column of a register. `yuan` and `wan` take fen and show the unit that the header names."""

    key: str
    title: str
    kind: Literal["text", "date", "yuan", "wan", "number"] = "text"
    width: float = 16.0
    required: bool = False
    example: str = ""
    choices: tuple[str, ...] = ()
    group: str = ""  # the upper level of a two-level header; neighbours with the same group share it


@dataclass(frozen=True)
class Row:
    """A row as read: its number in the sheet, and text by column key (dates ISO, figures plain)."""

    number: int
    values: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """What a workbook held: rows, rows passed over with the reason (合计 …), cells that Excel has damaged."""

    rows: list[Row]
    skipped: list[tuple[int, str]] = field(default_factory=list)
    damaged: list[tuple[int, str, str]] = field(default_factory=list)  # row, column key, what stands there


def write_table(
    *,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, Any]],
    meta: str = "",
    template_id: str = "",
    version: int = 1,
    guide: Sequence[str] = (),
) -> bytes:
    """A workbook: title, `meta` line (填报单位： … 单位：万元), header, `rows` by column key.

    Every text is typed as text, so that no cell is ever a formula. `template_id` makes it a template that
    `read_table` insists on.
    """
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(
        memory,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    if guide:
        _guide(book, title, guide)
    sheet = book.add_worksheet(DATA)
    first = _head(book, sheet, title, meta, columns)
    shapes = {kind: book.add_format({"num_format": shape, "border": 1}) for kind, shape in _KINDS.items()}
    number = first - 1
    for number, row in enumerate(rows, first):
        sheet.write_number(number, 0, number - first + 1, shapes["number"])
        for at, column in enumerate(columns, 1):
            _cell(sheet, number, at, column, row.get(column.key), shapes)
    _print(sheet, first, number, len(columns))
    _words(book, sheet, columns, (first, number + _SPARE_ROWS), template_id, version)
    sheet.activate()
    book.close()
    return memory.getvalue()


def _guide(book: Any, title: str, guide: Sequence[str]) -> None:
    sheet = book.add_worksheet(GUIDE)
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, f"{title}填表说明", book.add_format({"bold": True, "font_size": 14}))
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for number, line in enumerate(guide, 1):
        sheet.write_string(number, 0, line, wrap)


def _head(book: Any, sheet: Any, title: str, meta: str, columns: Sequence[Column]) -> int:
    """Title, meta and header; the zero-based number of the first data row."""
    last = len(columns)
    name = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
    head = book.add_format(
        {
            "bold": True,
            "border": 1,
            "align": "center",
            "valign": "vcenter",
            "text_wrap": True,
            "bg_color": "#F2F3F5",
        }
    )
    red, black = book.add_format({"bold": True, "font_color": "#C8102E"}), book.add_format({"bold": True})
    if last:
        sheet.merge_range(0, 0, 0, last, title, name)
    sheet.write_string(1, 0, meta)
    sheet.set_row(0, 30)
    grouped = any(column.group for column in columns)
    bottom = 3 if grouped else 2
    text = book.add_format({"num_format": "@"})
    sheet.set_column(0, 0, 6)
    if grouped:
        sheet.merge_range(2, 0, 3, 0, "序号", head)
        _groups(sheet, columns, head)
    else:
        sheet.write_string(2, 0, "序号", head)
    for at, column in enumerate(columns, 1):
        sheet.set_column(at, at, column.width, text if column.kind == "text" else None)
        if grouped and not column.group:
            sheet.merge_range(2, at, 3, at, "", head)
        row = bottom if column.group or not grouped else 2
        if column.required:
            sheet.write_rich_string(row, at, red, "*", black, column.title, head)
        else:
            sheet.write_string(row, at, column.title, head)
        if column.example:
            sheet.write_comment(row, at, f"例：{column.example}")
    return bottom + 1


def _groups(sheet: Any, columns: Sequence[Column], head: Any) -> None:
    at = 0
    while at < len(columns):
        end = at
        while end + 1 < len(columns) and columns[at].group and columns[end + 1].group == columns[at].group:
            end += 1
        if columns[at].group:
            if end > at:
                sheet.merge_range(2, at + 1, 2, end + 1, columns[at].group, head)
            else:
                sheet.write_string(2, at + 1, columns[at].group, head)
        at = end + 1


def _cell(sheet: Any, number: int, at: int, column: Column, value: Any, shapes: Mapping[str, Any]) -> None:
    shape = shapes[column.kind]
    if value is None or value == "":
        sheet.write_blank(number, at, None, shape)
    elif column.kind == "date":
        sheet.write_datetime(number, at, dt.datetime.combine(value, dt.time.min), shape)
    elif column.kind in _FEN:
        sheet.write_number(number, at, float(Decimal(value) / _FEN[column.kind]), shape)
    elif column.kind == "number":
        sheet.write_number(number, at, float(Decimal(str(value))), shape)
    else:
        sheet.write_string(number, at, str(value), shape)


def _print(sheet: Any, first: int, last: int, width: int) -> None:
    sheet.freeze_panes(first, 2 if width > 1 else 1)
    sheet.autofilter(first - 1, 0, max(last, first), width)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2, first - 1)
    sheet.set_footer("&C第 &P 页 共 &N 页")


def _words(
    book: Any, sheet: Any, columns: Sequence[Column], span: tuple[int, int], template_id: str, version: int
) -> None:
    words = book.add_worksheet(WORDS)
    words.hide()
    words.write_string(0, 0, f"{template_id}:{version}" if template_id else "")
    for at, column in enumerate(columns, 1):
        if not column.choices:
            continue
        words.write_string(0, at, column.title)
        for number, choice in enumerate(column.choices, 1):
            words.write_string(number, at, choice)
        letter = xlsxwriter.utility.xl_col_to_name(at)
        source = f"={WORDS}!${letter}$2:${letter}${len(column.choices) + 1}"
        sheet.data_validation(
            span[0], at, span[1], at,
            {
                "validate": "list", "source": source,
                "error_title": "请从列表中选择", "error_message": "请选择列表中的一项。",
            },
        )  # fmt: skip


def read_table(
    path: Path,
    columns: Sequence[Column],
    *,
    title: str = "",
    template_id: str = "",
    version: int = 1,
    max_rows: int = 50_000,
    timeout: float = 20.0,
    memory: int = 768 * limited.MIB,
) -> Sheet:
    """Read a workbook in the limited child: title rows, two-level and merged cells, 合计 rows are understood.

    Refused `sheets.other_template`, `sheets.old_version` (when `template_id` is given), `sheets.no_header`;
    `limited.Limited` when the file is more than the child can bear.
    """
    wanted = [{"key": c.key, "title": c.title, "text": c.kind == "text"} for c in columns]
    answer = limited.call(
        f"{sheet_reader.__name__}:read",
        {"path": str(path), "columns": wanted, "data": DATA, "words": WORDS, "max_rows": max_rows},
        timeout=timeout, memory=memory,
    )  # fmt: skip
    if template_id:
        found_id, _, found_version = answer["template"].rpartition(":")
        if found_id != template_id:
            raise Refused(refuse("sheets.other_template", title=title))
        if found_version != str(version):
            raise Refused(refuse("sheets.old_version", title=title, found=found_version, version=version))
    required = {c.key: c.title for c in columns if c.required}
    missing = [name for key, name in required.items() if key not in answer["found"]]
    if missing or not answer["found"]:
        raise Refused(
            refuse("sheets.no_header", missing="、".join(missing or [c.title for c in columns[:3]]))
        )
    return Sheet(
        [Row(number, values) for number, values in answer["rows"]],
        [(number, why) for number, why in answer["skipped"]],
        [(number, key, shown) for number, key, shown in answer["damaged"]],
    )
