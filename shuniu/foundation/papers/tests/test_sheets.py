"""D4 and documents.md §3: no cell is a formula, and what goes out comes back in unchanged."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from shuniu.foundation.access import Refused
from shuniu.foundation.papers import sheets
from shuniu.foundation.papers.sheets import Column

pytestmark = pytest.mark.feature("Q1")

COLUMNS = (
    Column("name", "名称", required=True, example="望海市启明社会工作服务中心", width=32),
    Column("code", "统一社会信用代码", required=True),
    Column("kind", "类别", choices=("社会团体", "基金会"), group="登记"),
    Column("founded", "成立日期", kind="date", group="登记"),
    Column("paid", "金额（元）", kind="yuan"),
    Column("budget", "预算（万元）", kind="wan"),
    Column("people", "人数", kind="number"),
    Column("note", "备注"),
)
HOSTILE = ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "=1+1", "http://x", "007", "{=1}", "\t=1"]
ROWS: list[dict[str, Any]] = [
    {
        "name": text, "code": "52110000MJ0000000X", "kind": "基金会", "founded": dt.date(2016, 2, 29),
        "paid": 32504, "budget": 18600000, "people": 12, "note": text,
    }
    for text in HOSTILE
]  # fmt: skip


def written(rows: list[dict[str, Any]] = ROWS, **more: Any) -> bytes:
    options: dict[str, Any] = {
        "title": "合作单位台账",
        "meta": "填报单位：望海市总工会",
        "template_id": "partners",
        "version": 2,
    }
    return sheets.write_table(columns=COLUMNS, rows=rows, **(options | more))


def read(data: bytes, tmp_path: Path, **more: Any) -> sheets.Sheet:
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    return sheets.read_table(path, COLUMNS, title="合作单位台账", **more)


def test_no_formula_whatever_the_values() -> None:
    with zipfile.ZipFile(io.BytesIO(written())) as archive:
        xml = "".join(
            archive.read(n).decode() for n in archive.namelist() if n.startswith("xl/worksheets/sheet")
        )
    assert "HYPERLINK" not in xml, "texts are shared strings"
    assert "<f>" not in xml
    assert "<hyperlink" not in xml


def test_round_trip(tmp_path: Path) -> None:
    found = read(written(), tmp_path, template_id="partners", version=2)
    assert [row.number for row in found.rows] == list(range(5, 5 + len(ROWS)))
    assert [row.values["name"] for row in found.rows] == [text.strip() for text in HOSTILE]
    assert found.rows[0].values == {
        "name": HOSTILE[0], "code": "52110000MJ0000000X", "kind": "基金会", "founded": "2016-02-29",
        "paid": "325.04", "budget": "18.6", "people": "12", "note": HOSTILE[0],
    }  # fmt: skip
    assert not found.skipped
    assert read(written([]), tmp_path).rows == []


def test_conventions_of_a_register() -> None:
    data = written(guide=["只在“数据”工作表填写。"])
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names == ["填表说明", "数据", "字典"]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read("xl/worksheets/sheet2.xml").decode()
        workbook = archive.read("xl/workbook.xml").decode()
        assert any("comments" in n for n in archive.namelist())
    for part in (
        "<pane",
        "<autoFilter",
        'orientation="landscape"',
        'fitToHeight="0"',
        "第 &amp;P 页",
        "字典!$D$2:$D$3",
    ):
        assert part in xml, part
    assert "Print_Titles" in workbook
    assert 'sheetId="3" state="hidden"' in workbook


@pytest.mark.refusal("sheets.other_template")
def test_another_template_is_refused(tmp_path: Path) -> None:
    for other in ("", "other"):
        with pytest.raises(Refused, match="必须使用模板") as refused:
            read(written(template_id=other), tmp_path, template_id="partners", version=2)
        assert refused.value.verdict.code == "sheets.other_template"


@pytest.mark.refusal("sheets.old_version")
def test_an_old_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"第 1 版.*第 2 版"):
        read(written(version=1), tmp_path, template_id="partners", version=2)


def by_hand(rows: list[list[Any]], merged: tuple[int, int, int, int, str] | None = None) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("Sheet1")
    for number, row in enumerate(rows):
        for at, value in enumerate(row):
            sheet.write(number, at, value)
    if merged:
        sheet.merge_range(*merged)
    book.close()
    return out.getvalue()


def test_a_sheet_as_an_office_leaves_it(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["2026年合作单位情况表"], ["填报单位：东港区总工会"], [],
        ["序号", "*名 称", "统一社会\n信用代码", "类别", "成立日期", "金额", "说明"],
        [1, " 甲中心\u200b", "52110000MJ0000000X", "基金会", dt.date(2020, 1, 5), 12.5, "多余"],
        [],
        [2, "乙中心", 521100001234567890, "", "2021.3.5", 3],
        ["合计", "", "", "", "", 15.5],
        ["填报人：李明"],
    ]  # fmt: skip
    found = read(by_hand(rows, (4, 3, 6, 3, "基金会")), tmp_path)
    assert [row.number for row in found.rows] == [5, 6, 7]
    assert found.rows[0].values["name"] == "甲中心"
    assert found.rows[0].values["founded"] == "2020-01-05"
    assert found.rows[0].values["paid"] == "12.5"
    assert found.rows[2].values["kind"] == "基金会", "merged over three rows"
    assert found.rows[2].values["founded"] == "2021.3.5", "forms of dates are judged by whoever imports"
    assert found.skipped == [(8, "合计行"), (9, "表尾说明")]
    assert [(row, key) for row, key, _ in found.damaged] == [(7, "code")]


@pytest.mark.refusal("sheets.no_header")
def test_a_sheet_without_its_header_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="统一社会信用代码"):
        read(by_hand([["名称", "电话"], ["甲", "1"]]), tmp_path)
