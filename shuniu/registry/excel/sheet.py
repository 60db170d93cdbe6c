"""Reading a workbook into plain cells; runs in a limited child process, so it imports nothing of Django."""

from __future__ import annotations

import datetime as dt
from typing import Any

from python_calamine import CalamineWorkbook, SheetVisibleEnum

from shuniu.registry.excel.formulas import Place, without_result

TEMPLATE_SHEET = "字典"
MOST_ROWS = 60_000
MOST_COLUMNS = 60

Cell = str | int | float | dict[str, str]


def read(argument: dict[str, Any]) -> dict[str, Any]:
    """{"path": …} → {"template": id or "", "sheets": [{"name", "rows", "cut"}], "hidden": [names]}.

    A cell is text, a number, or {"date": "2021-03-05"}; trailing blank cells and rows are left out, merged
    cells below the first are filled with its value, a formula without result says so.
    """
    book = CalamineWorkbook.from_path(argument["path"])
    broken = without_result(argument["path"])
    sheets, hidden, template = [], [], ""
    for meta in book.sheets_metadata:
        sheet = book.get_sheet_by_name(meta.name)
        if meta.name == TEMPLATE_SHEET:
            first = sheet.to_python(nrows=1)
            template = str(first[0][0]) if first and first[0] else ""
        elif meta.visible == SheetVisibleEnum.Visible:
            sheets.append(_sheet(meta.name, sheet, broken.get(meta.name, {})))
        elif sheet.height:
            hidden.append(meta.name)
    return {"template": template, "sheets": sheets, "hidden": hidden}


def _sheet(name: str, sheet: Any, broken: dict[Place, str]) -> dict[str, Any]:
    rows = [
        [_cell(value) for value in row[:MOST_COLUMNS]]
        for row in sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS + 1)
    ]
    cut = len(rows) > MOST_ROWS
    for (row_at, column_at), words in broken.items():
        if row_at < len(rows) and column_at < len(rows[row_at]):
            rows[row_at][column_at] = words
    _fill_merged(rows, sheet)
    for row in rows:
        while row and row[-1] == "":
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return {"name": name, "rows": rows[:MOST_ROWS], "cut": cut}


def _fill_merged(rows: list[list[Cell]], sheet: Any) -> None:
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top >= len(rows) or left >= len(rows[top]) or left != right:
            continue  # a title across columns says itself once
        for number in range(top + 1, min(bottom, len(rows) - 1) + 1):
            if left < len(rows[number]) and rows[number][left] == "":
                rows[number][left] = rows[top][left]


def _cell(value: Any) -> Cell:
    if isinstance(value, dt.datetime):
        return {"date": value.date().isoformat()}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    if isinstance(value, bool) or value is None:
        return "" if value is None else ("是" if value else "否")
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, int):
        return value
    return str(value).strip()
