"""Writing workbooks: the template, empty or filled, and the rows that could not be taken with their reasons."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from shuniu.registry.excel.columns import ORGANISATIONS, REASON_HEADER, Column, Layout
from shuniu.registry.excel.sheet import TEMPLATE_SHEET

_HEADER_ROW = 2  # zero-based: title, who fills it in, header
_ROWS_WITH_HELP = 20_000


@dataclass(frozen=True)
class Bad:
    """A row that could not be taken: its number in the list that was sent, its cells, [{column, text}]."""

    number: int
    raw: Mapping[str, str]
    problems: Sequence[Mapping[str, str]]

    @property
    def reason(self) -> str:
        """By the names of the columns: in this file the cells have other addresses."""
        return f"原第 {self.number} 行：" + "".join(f"{p['column']}：{p['text']}" for p in self.problems)


def template(layout: Layout = ORGANISATIONS, rows: Iterable[Mapping[str, str]] = ()) -> bytes:
    """The template: 填表说明, 数据 (empty, or column → text of each row), 字典 (hidden, with the template's id)."""
    return _book([Bad(0, row, ()) for row in rows], layout, reasons=False)


def with_reasons(rows: Iterable[Bad], layout: Layout = ORGANISATIONS) -> bytes:
    """The rows as they were typed, what is wrong shaded, with a column 原因: to be mended and sent again as they are."""
    return _book(rows, layout, reasons=True)


def _book(rows: Iterable[Bad], layout: Layout, *, reasons: bool) -> bytes:
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True})
    if not reasons:
        _explain(book, layout)
    sheet = book.add_worksheet("数据")
    columns = list(layout.columns)
    _head(book, sheet, layout, reasons)
    text = book.add_format({"num_format": "@"})
    red = book.add_format({"font_color": "#A8071A", "text_wrap": True})
    wrong = book.add_format({"num_format": "@", "bg_color": "#FFE3E3"})
    for number, row in enumerate(rows, _HEADER_ROW + 1):
        sheet.write_string(number, 0, str(number - _HEADER_ROW))
        named = {problem["column"] for problem in row.problems}
        for index, column in enumerate(columns, 1):
            shape = wrong if column.header in named else text
            if typed := row.raw.get(column.key):
                sheet.write_string(number, index, typed, shape)
            elif shape is wrong:
                sheet.write_blank(number, index, None, shape)
        if reasons:
            sheet.write_string(number, len(columns) + 2, row.reason, red)
    words = book.add_worksheet(TEMPLATE_SHEET)
    words.hide()
    words.write_string(0, 0, layout.template)
    _choices(sheet, words, columns)
    sheet.activate()
    book.close()
    return memory.getvalue()


def _explain(book: Any, layout: Layout) -> None:
    sheet = book.add_worksheet("填表说明")
    bold = book.add_format({"bold": True, "font_size": 14})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, f"{layout.title}填表说明", bold)
    for number, line in enumerate(layout.how, 1):
        sheet.write_string(number, 0, line, wrap)


def _head(book: Any, sheet: Any, layout: Layout, reasons: bool) -> None:
    columns = layout.columns
    last = len(columns) + 1 + int(reasons)
    title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    head = book.add_format(
        {"bold": True, "bg_color": "#F2F3F5", "border": 1, "text_wrap": True, "valign": "top"}
    )
    red = book.add_format({"bold": True, "font_color": "#C8102E"})
    black = book.add_format({"bold": True})
    text = book.add_format({"num_format": "@"})
    sheet.merge_range(0, 0, 0, last, layout.title, title)
    sheet.write_string(1, 0, "填报单位：　　　　填报人：　　　　电话：　　　　填报日期：　　　　")
    sheet.set_column(0, 0, 6)
    sheet.write_string(_HEADER_ROW, 0, "序号", head)
    for index, column in enumerate(columns, 1):
        sheet.set_column(index, index, column.width, text)
        if column.required:
            sheet.write_rich_string(_HEADER_ROW, index, red, "* ", black, column.header, head)
        else:
            sheet.write_string(_HEADER_ROW, index, column.header, head)
        sheet.write_comment(_HEADER_ROW, index, f"例：{column.example}")
    sheet.write_string(_HEADER_ROW, len(columns) + 1, "备注", head)
    if reasons:
        sheet.set_column(last, last, 60)
        sheet.write_string(_HEADER_ROW, last, REASON_HEADER, head)
    sheet.freeze_panes(_HEADER_ROW + 1, 3)
    sheet.autofilter(_HEADER_ROW, 0, _HEADER_ROW, last)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADER_ROW)
    sheet.set_footer("&C第 &P 页 共 &N 页")


def _choices(sheet: Any, words: Any, columns: list[Column]) -> None:
    """Drop-downs fed by the hidden sheet."""
    place = 0
    for index, column in enumerate(columns, 1):
        if not column.values:
            continue
        place += 1
        labels = {value: label for label, value in reversed(column.values)}
        offered = [labels[value] for value in dict.fromkeys(value for _, value in column.values)]
        words.write_string(0, place, column.header)
        for number, label in enumerate(offered, 1):
            words.write_string(number, place, label)
        letter = chr(65 + place)
        sheet.data_validation(
            _HEADER_ROW + 1, index, _HEADER_ROW + _ROWS_WITH_HELP, index,
            {
                "validate": "list",
                "source": f"={TEMPLATE_SHEET}!${letter}$2:${letter}${len(offered) + 1}",
                "error_title": "不在可选的内容里",
                "error_message": f"{column.header}请从下拉框选择。",
            },
        )  # fmt: skip
