"""From the cells of a workbook to rows of values and problems in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from shuniu.registry.excel.columns import (
    IGNORED_HEADERS,
    BadCell,
    Column,
    Layout,
    letters,
    plain_header,
    text_of,
)
from shuniu.registry.excel.formulas import ERROR, NOT_COMPUTED
from shuniu.registry.excel.sheet import Cell

_LOOK_FOR_HEADER = 20
_TOTALS = re.compile(
    r"^(?:(?:本页|本表|以上|累计)?(?:合计|总计|小计|共计)|填表|填报|制表|审核人|负责人签字|联系人[:：]|说明|注[:：]|备注[:：])"
)
_NO_RESULT = {
    ERROR: "这一格的公式出错（如 #N/A），没有结果，请改成内容本身",
    NOT_COMPUTED: "这一格是公式，文件里没有算出的结果，请用 Excel 或 WPS 打开保存一次，或改成内容本身",
} | dict.fromkeys(
    ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"),
    "这一格是公式出错留下的字样，请改成内容本身",
)
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
    at: dict[str, str] = field(default_factory=dict)  # key of a column → its letters, the same of all rows

    def cell(self, key: str) -> str:
        """Where the spreadsheet shows that column of this row."""
        return f"{self.at[key]}{self.number}" if key in self.at else f"第 {self.number} 行"

    def wrong(self, cell: str, column: str, text: str) -> None:
        """Add a problem: which cell, which column, what and what to do."""
        self.problems.append({"cell": cell, "column": column, "text": f"{text.rstrip('。')}。"})


@dataclass
class Table:
    """The list as it was understood, with notes about what was passed over."""

    rows: list[Row]
    notes: list[str]


def understand(book: dict[str, Any], layout: Layout) -> Table:
    """Find the table in what `sheet.read` gave and understand each cell. Raises WrongFile."""
    stamp = str(book["template"])
    if stamp and stamp != layout.template:
        raise WrongFile(
            "必须使用模板。这份文件是另一种模板或旧版模板，请下载最新模板，把内容粘贴进去后再上传。"
        )
    notes: list[str] = []
    if hidden := book.get("hidden"):
        notes.append(
            f"隐藏的工作表没有读取：“{'”、“'.join(hidden[:5])}”。要读取的，请取消隐藏后另存为单独的文件上传。"
        )
    for sheet in sorted(book["sheets"], key=lambda s: s["name"] != "数据"):
        place = _find_header(sheet["rows"], layout)
        if place is None:
            continue
        if not stamp:
            notes.append(f"没有使用模板，已按工作表“{sheet['name']}”第 {place + 1} 行的表头识别各列。")
        if sheet["cut"]:
            raise WrongFile("行数太多，一次最多 6 万行。请拆成几个文件后分别上传。")
        others = [
            s["name"]
            for s in book["sheets"]
            if s is not sheet and _find_header(s["rows"], layout) is not None
        ]
        if others:
            notes.append(
                f"一次只读一张工作表，已读“{sheet['name']}”；“{'”、“'.join(others[:5])}”也有这样的表头，没有读取，"
                "请另存为单独的文件后上传。"
            )
        return _table(sheet["rows"], place, notes, layout)
    needed = "”、“".join(column.header for column in layout.columns if column.required)
    unseen = "隐藏的工作表不读取。" if hidden else ""
    raise WrongFile(f"必须使用模板。没有找到含“{needed}”的表头，请下载模板，把内容粘贴进去后再上传。{unseen}")


def _find_header(rows: Sequence[Sequence[Cell]], layout: Layout) -> int | None:
    needed = {column.key for column in layout.columns if column.required}
    for number, row in enumerate(rows[:_LOOK_FOR_HEADER]):
        found = {layout.headers[h].key for h in map(plain_header, row) if h in layout.headers}
        if needed <= found:
            return number
    return None


def _table(rows: Sequence[Sequence[Cell]], place: int, notes: list[str], layout: Layout) -> Table:
    places, strangers, twice = _columns(rows[place], layout)
    if place:
        notes.append(f"第 1 行{'' if place == 1 else f'至第 {place} 行'}是标题，已略过。")
    if strangers:
        notes.append(f"不认识的列已略过：{'、'.join(strangers[:10])}。")
    if twice:
        notes.append(f"与前面的列意思相同的列已略过：{'、'.join(twice[:10])}。")
    columns = [(index, letters(index), column) for index, column in places.items()]
    at = {column.key: where for _, where, column in columns}
    found: list[Row] = []
    totals: list[int] = []
    first_seen: dict[tuple[str, ...], int] = {}
    for number in range(place + 1, len(rows)):
        cells = rows[number]
        texts = [text_of(cell) for cell in cells]
        raw = {column.key: texts[index] for index, _, column in columns if index < len(texts)}
        if not any(raw.values()):
            continue
        if _is_total(texts, raw) or _is_header(raw.get("code", ""), layout):
            totals.append(number + 1)
            continue
        row = _row(Row(number + 1, raw, {}, at=at), cells, columns, layout)
        same = tuple(row.values.get(key, "") for key in layout.same)
        if same[0] and first_seen.setdefault(same, row.number) != row.number:
            what = "代码" if len(same) == 1 else "内容"
            words = f"与第 {first_seen[same]} 行的{what}重复，请只保留一行"
            row.wrong(row.cell("code"), layout.by_key["code"].header, words)
        found.append(row)
    if totals:
        notes.append(f"合计、说明或重复表头的行已略过：第 {'、'.join(map(str, totals[:20]))} 行。")
    return Table(found, [note[:300] for note in notes])


def _columns(header: Sequence[Cell], layout: Layout) -> tuple[dict[int, Column], list[str], list[str]]:
    """Where each column stands, the headers that are not known, and those that say a column again."""
    places: dict[int, Column] = {}
    strangers: list[str] = []
    twice: list[str] = []
    taken: set[str] = set()
    for index, cell in enumerate(header):
        name = plain_header(cell)
        column = layout.headers.get(name)
        if column is not None and column.key not in taken:
            places[index] = column
            taken.add(column.key)
        elif name and name not in IGNORED_HEADERS:
            (strangers if column is None else twice).append(f"{letters(index)} 列“{text_of(cell)[:20]}”")
    return places, strangers, twice


def _is_total(texts: Sequence[str], raw: dict[str, str]) -> bool:
    """合计, signatures and remarks under the table: no code, and one of the first words says so."""
    words = (text.replace(" ", "").replace("\u3000", "") for text in texts)
    if not _TOTALS.match(next((word for word in words if word), "")):
        return False
    code = raw.get("code", "")
    return not code or bool(_TOTALS.match(code)) or len(code) < 6


def _is_header(text: str, layout: Layout) -> bool:
    """The header once more, as tables that were put together have it; no header is without Chinese."""
    return not text.isascii() and plain_header(text) in layout.headers


def _row(row: Row, cells: Sequence[Cell], columns: Sequence[tuple[int, str, Column]], layout: Layout) -> Row:
    """Understand the cells of the row."""
    raw = row.raw
    for index, where, column in columns:
        if not raw.get(column.key):
            if column.required:
                row.wrong(f"{where}{row.number}", column.header, "没有填写，请补填")
            continue
        if raw[column.key] in _NO_RESULT:
            row.wrong(f"{where}{row.number}", column.header, _NO_RESULT[raw[column.key]])
            continue
        try:
            value = column.parse(cells[index])
        except BadCell as bad:
            row.wrong(f"{where}{row.number}", column.header, str(bad))
            continue
        if value:
            row.values[column.key] = value
    for key, beside, words in layout.together(row.values, raw):
        row.wrong(row.cell(key if key in row.at else beside), layout.by_key[key].header, words)
    return row


__all__ = ["Row", "Table", "WrongFile", "understand"]
