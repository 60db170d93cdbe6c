"""The list as a workbook or as CSV: the same rows, columns and order; no formula ever."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse, StreamingHttpResponse

from shuniu.foundation.calendar import clock
from shuniu.foundation.ui import formats
from shuniu.foundation.ui.lists.base import List
from shuniu.foundation.ui.lists.columns import Column, exported

DIRECT_LIMIT = 5_000  # more rows are written by the worker
SHEET_LIMIT = 1_000_000  # rows that one sheet holds, with room for the head
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHUNK = 1_000
_WIDTHS = {"code": 21.0, "time": 17.0, "day": 12.0, "number": 12.0, "yuan": 16.0, "wan": 14.0, "status": 14.0}
_FORMATS = {
    "time": "yyyy-mm-dd hh:mm",
    "day": "yyyy-mm-dd",
    "number": "#,##0.##########",
    "yuan": "#,##0.00",
    "wan": "#,##0.00",
}


def conditions(listing: List) -> str:
    """The filters and the tab in words, as they stand above the table."""
    words = [reading.words for reading in listing.state.readings.values()]
    if listing.tab is not None:
        words.insert(0, f"{listing.tab_label}：{listing.tab.label}")
    return "；".join(words) or "全部"


def file_name(listing: List, ending: str = "xlsx") -> str:
    """`申报_20261121.xlsx`."""
    return formats.file_name([listing.heading()], clock.today(), ending)


def download(listing: List) -> HttpResponse:
    """The workbook as an answer; for at most DIRECT_LIMIT rows."""
    memory = io.BytesIO()
    write(listing, memory)
    response = HttpResponse(memory.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = disposition(file_name(listing))
    response["Cache-Control"] = "private, no-store"
    return response


def disposition(name: str) -> str:
    """An attachment of that name, Chinese letters included."""
    return f"attachment; filename=\"export{Path(name).suffix}\"; filename*=UTF-8''{quote(name)}"


class _Passed:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def stream(listing: List) -> StreamingHttpResponse:
    """The list as CSV, however long: a line of labels, then the rows as they are read. UTF-8 with a mark for Excel."""
    columns = listing.shown_columns
    write = csv.writer(_Passed()).writerow

    def lines() -> Iterator[str]:
        yield "\ufeff" + write([column.label for column in columns])
        for values in _values(listing, columns):
            yield write([_text(value) for _, value in values])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = disposition(file_name(listing, "csv"))
    response["Cache-Control"] = "private, no-store"
    return response


def _text(value: Any) -> Any:
    """Words that a spreadsheet would take for a formula get an apostrophe before them; moments to the second."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r", "\n")):
        return f"'{value}"
    return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, dt.datetime) else value


def write(
    listing: List, target: IO[bytes] | Path, *, bulk: bool = False, tick: Callable[[int], None] | None = None
) -> int:
    """Write the whole list; the number of rows. `bulk` keeps one row in memory, `tick(n)` tells progress."""
    options: dict[str, Any] = {"constant_memory": True} if bulk else {"in_memory": True}
    book = xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options)
    sheet = book.add_worksheet("数据")
    columns = listing.shown_columns
    # One format per kind, not one per cell.
    shapes = {kind: book.add_format({"num_format": form}) for kind, form in _FORMATS.items()}
    _head(book, sheet, listing, columns)
    count = 0
    for count, values in enumerate(_values(listing, columns), 1):
        _row(sheet, 2 + count, values, shapes)
        if tick is not None and count % _CHUNK == 0:
            tick(count)
    sheet.autofilter(2, 0, 2 + count, max(len(columns) - 1, 0))
    book.close()
    return count


def _values(listing: List, columns: list[Column]) -> Iterable[list[tuple[str, Any]]]:
    plan = [(column, column.getter(listing.who)) for column in columns]
    for row in listing.each_row(SHEET_LIMIT, _CHUNK):
        yield [(column.kind, exported(column, get(row))) for column, get in plan]


def _head(book: Any, sheet: Any, listing: List, columns: list[Column]) -> None:
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "bg_color": "#F2F3F5", "bottom": 1, "text_wrap": True})
    muted = book.add_format({"font_color": "#595959"})
    for index, column in enumerate(columns):
        width = column.width or _WIDTHS.get(column.kind) or (32.0 if column.first else 18.0)
        sheet.set_column(index, index, width)
    sheet.write_string(0, 0, listing.heading(), bold)
    for_whom = f"（{listing.who.hat.name}）" if listing.who.hat else ""
    made = f"导出人：{listing.who.name}{for_whom}  导出时间：{formats.when(clock.now())}"
    sheet.write_string(1, 0, f"{made}  条件：{conditions(listing)}", muted)
    for index, column in enumerate(columns):
        sheet.write_string(2, index, column.label, head)
    sheet.freeze_panes(3, 1)
    sheet.repeat_rows(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页 共 &N 页")


def _row(sheet: Any, number: int, values: list[tuple[str, Any]], shapes: dict[str, Any]) -> None:
    for index, (kind, value) in enumerate(values):
        if value is None:
            continue
        if isinstance(value, str):
            sheet.write_string(number, index, value)
        elif isinstance(value, dt.datetime):
            sheet.write_datetime(number, index, value, shapes["time"])
        elif isinstance(value, dt.date):
            sheet.write_datetime(number, index, value, shapes["day"])
        else:
            figure = value if isinstance(value, int) else float(Decimal(str(value)))
            sheet.write_number(number, index, figure, shapes.get(kind, shapes["number"]))


__all__ = ["DIRECT_LIMIT", "XLSX", "conditions", "disposition", "download", "file_name", "stream", "write"]
