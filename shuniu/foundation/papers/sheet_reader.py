"""Reading a workbook as people leave it. Runs in the limited child process: no Django.

`read({"path", "columns": [{"key", "title", "text"}], "data", "words", "max_rows"})` answers {"template",
"found", "rows": [[number, {key: text}]], "skipped": [[number, why]], "damaged": [[number, key, shown]]}.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, SheetVisibleEnum

_HEAD_WITHIN = 15  # rows in which the header must stand
_SUMS = ("合计", "总计", "小计", "合 计", "总 计")
_NOTES = (
    "填表人",
    "填报人",
    "制表人",
    "审核人",
    "负责人签",
    "备注：",
    "说明：",
    "注：",
    "填报单位",
    "填报日期",
)
_EXACT = 2**53  # beyond it Excel has rounded the digits away


def read(argument: dict[str, Any]) -> dict[str, Any]:
    """See the module's docstring."""
    book = CalamineWorkbook.from_path(argument["path"])
    sheet = book.get_sheet_by_name(_data_sheet(book, argument["data"]))
    grid = sheet.to_python(skip_empty_area=False, nrows=argument["max_rows"] + _HEAD_WITHIN)
    _spread_merged(sheet, grid)
    columns = {_plain(c["title"]): c for c in argument["columns"]}
    places, first = _header(grid, columns)
    answer: dict[str, Any] = {
        "template": _template(book, argument["words"]), "found": sorted(c["key"] for c in places.values()),
        "rows": [], "skipped": [], "damaged": [],
    }  # fmt: skip
    for number, row in enumerate(grid[first:], first + 1):
        _take(number, row, places, answer)
    return answer


def _data_sheet(book: CalamineWorkbook, wanted: str) -> str:
    if wanted in book.sheet_names:
        return wanted
    shown = [s.name for s in book.sheets_metadata if s.visible == SheetVisibleEnum.Visible]
    return (shown or book.sheet_names)[0]


def _template(book: CalamineWorkbook, words: str) -> str:
    if words not in book.sheet_names:
        return ""
    cells = book.get_sheet_by_name(words).to_python(skip_empty_area=False, nrows=1)
    return str(cells[0][0]) if cells and cells[0] else ""


def _plain(title: Any) -> str:
    """A header as compared: without blanks, stars, line breaks and what stands in brackets."""
    words = unicodedata.normalize("NFKC", str(title or ""))
    return re.sub(r"\(.*?\)|[\s*＊:：]", "", words)


def _header(grid: list[list[Any]], columns: dict[str, Any]) -> tuple[dict[int, Any], int]:
    """Where each column stands, and the first row below the header (of one or two levels)."""
    best: tuple[int, int, dict[int, Any]] = (0, 0, {})
    for top in range(min(_HEAD_WITHIN, len(grid))):
        for height in (1, 2):
            places: dict[int, Any] = {}
            taken: set[str] = set()
            for row in reversed(grid[top : top + height]):  # the lower level names the column
                for at, cell in enumerate(row):
                    column = columns.get(_plain(cell))
                    if column is not None and at not in places and column["key"] not in taken:
                        places[at] = column
                        taken.add(column["key"])
            if len(places) > best[0]:
                best = (len(places), top + height, places)
    return best[2], best[1]


def _spread_merged(sheet: CalamineSheet, grid: list[list[Any]]) -> None:
    """A value merged over several rows stands in each of them; over columns, in the first only."""
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or []:
        for row in range(top + 1, min(bottom + 1, len(grid))):
            if left < len(grid[row]):
                grid[row][left] = grid[top][left]


def _take(number: int, row: list[Any], places: dict[int, Any], answer: dict[str, Any]) -> None:
    values: dict[str, str] = {}
    for at, column in places.items():
        cell = row[at] if at < len(row) else ""
        if (
            column["text"]
            and isinstance(cell, int | float)
            and not isinstance(cell, bool)
            and abs(cell) >= _EXACT
        ):
            answer["damaged"].append([number, column["key"], _shown(cell)])
        values[column["key"]] = _shown(cell)
    begins = next((_shown(cell) for cell in row if _shown(cell)), "")
    for words, why in ((_SUMS, "合计行"), (_NOTES, "表尾说明")):
        if begins.startswith(words):
            answer["skipped"].append([number, why])
            return
    if any(values.values()):
        answer["rows"].append([number, values])


def _shown(cell: Any) -> str:
    """The cell as text: dates ISO, whole figures without a point, blanks at the ends gone."""
    if cell is None or isinstance(cell, bool):
        return {True: "是", False: "否"}.get(cell, "") if cell is not None else ""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time.min else cell.isoformat(" ", "minutes")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e18 else repr(cell)
    return str(cell).replace("\u200b", "").replace("\xa0", " ").strip()
