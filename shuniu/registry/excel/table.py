"""From the cells of a workbook to rows of values and problems in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from shuniu.registry.excel.columns import (
    BY_KEY,
    COLUMNS,
    HEADERS,
    IGNORED_HEADERS,
    TEMPLATE_ID,
    TEMPLATE_VERSION,
    BadCell,
    Column,
    letters,
    plain_header,
    text_of,
)
from shuniu.registry.excel.sheet import Cell

_LOOK_FOR_HEADER = 20
_TOTALS = re.compile(r"^(合计|总计|小计|共计|填表人|填报人|制表人|审核人|负责人签字|说明|注[:：]|备注[:：])")
MOST_PROBLEMS = 20


class WrongFile(Exception):
    """The workbook as a whole cannot be taken; the message says why and what to do."""


@dataclass
class Row:
    """One row of the list: the cells as texts, the values that are good, and what is wrong."""

    number: int  # as the spreadsheet numbers it
    raw: dict[str, str]
    values: dict[str, str]
    problems: list[dict[str, str]] = field(default_factory=list)

    def wrong(self, cell: str, column: str, text: str) -> None:
        """Add a problem: which cell, which column, what and what to do."""
        self.problems.append({"cell": cell, "column": column, "text": f"{text.rstrip('。')}。"})


@dataclass
class Table:
    """The list as it was understood, with notes about what was passed over."""

    rows: list[Row]
    notes: list[str]


def understand(book: dict[str, Any]) -> Table:
    """Find the table in what `sheet.read` gave and understand each cell. Raises WrongFile."""
    stamp = str(book["template"])
    if stamp and stamp != f"{TEMPLATE_ID}:{TEMPLATE_VERSION}":
        raise WrongFile(
            "必须使用模板。这份文件是另一种模板或旧版模板，请下载最新模板，把内容粘贴进去后再上传。"
        )
    notes: list[str] = []
    for sheet in sorted(book["sheets"], key=lambda s: s["name"] != "数据"):
        place = _find_header(sheet["rows"])
        if place is None:
            continue
        if not stamp:
            notes.append(f"没有使用模板，已按工作表“{sheet['name']}”第 {place + 1} 行的表头识别各列。")
        if sheet["cut"]:
            raise WrongFile("行数太多，一次最多 6 万行。请拆成几个文件后分别上传。")
        return _table(sheet["rows"], place, notes)
    raise WrongFile(
        "必须使用模板。没有找到含“统一社会信用代码”和“名称”的表头，请下载模板，把内容粘贴进去后再上传。"
    )


def _find_header(rows: Sequence[Sequence[Cell]]) -> int | None:
    for number, row in enumerate(rows[:_LOOK_FOR_HEADER]):
        found = {HEADERS[h].key for h in map(plain_header, row) if h in HEADERS}
        if {"code", "name"} <= found:
            return number
    return None


def _table(rows: Sequence[Sequence[Cell]], place: int, notes: list[str]) -> Table:
    places, strangers = _columns(rows[place])
    if place:
        notes.append(f"第 1 行{'' if place == 1 else f'至第 {place} 行'}是标题，已略过。")
    if strangers:
        notes.append(f"不认识的列已略过：{'、'.join(strangers[:10])}。")
    found: list[Row] = []
    totals: list[int] = []
    first_seen: dict[str, int] = {}
    for number in range(place + 1, len(rows)):
        cells = rows[number]
        raw = {c.key: text_of(cells[i]) for i, c in places.items() if i < len(cells)}
        if not any(raw.values()):
            continue
        if _is_total(cells, raw) or plain_header(raw.get("code", "")) in HEADERS:
            totals.append(number + 1)
            continue
        row = _row(number + 1, cells, places, raw)
        code = row.values.get("code", "")
        if code and first_seen.setdefault(code, row.number) != row.number:
            cell = next(f"{letters(i)}{row.number}" for i, c in places.items() if c.key == "code")
            row.wrong(cell, BY_KEY["code"].header, f"与第 {first_seen[code]} 行的代码重复，请只保留一行")
        found.append(row)
    if totals:
        notes.append(f"合计、说明或重复表头的行已略过：第 {'、'.join(map(str, totals[:20]))} 行。")
    return Table(found, [note[:300] for note in notes])


def _columns(header: Sequence[Cell]) -> tuple[dict[int, Column], list[str]]:
    places: dict[int, Column] = {}
    strangers = []
    taken: set[str] = set()
    for index, cell in enumerate(header):
        name = plain_header(cell)
        column = HEADERS.get(name)
        if column is not None and column.key not in taken:
            places[index] = column
            taken.add(column.key)
        elif name and name not in IGNORED_HEADERS:
            strangers.append(text_of(cell)[:20])
    return places, strangers


def _is_total(cells: Sequence[Cell], raw: dict[str, str]) -> bool:
    """合计, signatures and remarks under the table: no code, and one of the first words says so."""
    words = [
        text for text in (text_of(cell).replace(" ", "").replace("\u3000", "") for cell in cells) if text
    ]
    code = raw.get("code", "")
    return (
        bool(words)
        and bool(_TOTALS.match(words[0]))
        and (not code or bool(_TOTALS.match(code)) or len(code) < 6)
    )


def _row(number: int, cells: Sequence[Cell], places: dict[int, Column], raw: dict[str, str]) -> Row:
    row = Row(number, raw, {})
    for index, column in places.items():
        cell: Cell = cells[index] if index < len(cells) else ""
        address = f"{letters(index)}{number}"
        if text_of(cell) == "":
            if column.required:
                row.wrong(address, column.header, "没有填写，请补填")
            continue
        try:
            value = column.parse(cell)
        except BadCell as bad:
            row.wrong(address, column.header, str(bad))
            continue
        if value:
            row.values[column.key] = value
    _together(row, {c.key: f"{letters(i)}{number}" for i, c in places.items()})
    return row


def _together(row: Row, address: dict[str, str]) -> None:
    """Cells that make sense only together."""
    values = row.values
    if "grade" in values and "grade" in address:
        for key in ("grade_from", "grade_to"):
            if not row.raw.get(key):
                where = address.get(key, address["grade"])
                row.wrong(where, BY_KEY[key].header, "填了评估等级，就要写明有效期的起止日期")
        first, last = values.get("grade_from", ""), values.get("grade_to", "")
        if first and last and first > last:
            row.wrong(address["grade_to"], BY_KEY["grade_to"].header, "有效期止早于有效期起，请核对两个日期")
    if values.get("inspection_result") and not row.raw.get("inspection_year"):
        where = address.get("inspection_year", address["inspection_result"])
        row.wrong(where, BY_KEY["inspection_year"].header, "填了年检结论，就要写明是哪一年度")


__all__ = ["COLUMNS", "Row", "Table", "WrongFile", "understand"]
