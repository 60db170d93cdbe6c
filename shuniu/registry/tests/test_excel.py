"""Lists as people really send them: what is understood, what is named, what comes back to be mended."""

from __future__ import annotations

import datetime as dt
import io
import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
import xlsxwriter
from django.test import Client
from python_calamine import CalamineWorkbook

from shuniu.foundation.access import Refused, Who
from shuniu.foundation.files import kinds, receiving
from shuniu.foundation.files.receiving import Received
from shuniu.foundation.journal.models import Entry
from shuniu.registry import queries
from shuniu.registry.actions import imports
from shuniu.registry.excel import book
from shuniu.registry.excel.columns import COLUMNS, BadCell, date
from shuniu.registry.models import Import, ImportState, Organisation, RowState
from shuniu.registry.tests import factories as make
from shuniu.unions.tests import cast as unions

_file = itertools.count(1)


def workbook(
    rows: Sequence[Sequence[Any]], *, merges: tuple[tuple[int, int, int, int, str], ...] = ()
) -> bytes:
    """A workbook of one sheet; dates are written as date cells."""
    memory = io.BytesIO()
    made = xlsxwriter.Workbook(memory, {"in_memory": True})
    sheet = made.add_worksheet("名册")
    day = made.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate([*rows, [], [f" {next(_file)} "] if not rows else []]):
        for index, value in enumerate(row):
            if isinstance(value, dt.date):
                sheet.write_datetime(number, index, dt.datetime.combine(value, dt.time()), day)
            elif isinstance(value, str):
                sheet.write_string(number, index, value)
            elif value is not None:
                sheet.write_number(number, index, value)
    for merge in merges:
        sheet.merge_range(*merge)
    made.set_properties({"comments": str(next(_file))})
    made.close()
    return memory.getvalue()


def received(content: bytes) -> Received:
    return receiving.receive(io.BytesIO(content), name="名单.xlsx", allowed=kinds.SHEETS, max_bytes=20 << 20)


def read(clerk: Who, content: bytes, as_of: dt.date = dt.date(2026, 10, 31)) -> Import:
    batch = imports.start_import(
        by=clerk, union=make.union(), received=received(content), source_detail="望海市民政局名单", as_of=as_of,
    )  # fmt: skip
    imports.read_import(import_id=batch.pk)
    batch.refresh_from_db()
    return batch


HEADER = [
    "序号", "统一社会信用代码", "单位名称", "成立日期", "登记层级", "联系电话", "评估等级", "评估有效期起", "评估有效期止",
]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2021.3.5", "2021-03-05"), ("2021年3月5日", "2021-03-05"), ("20210305", "2021-03-05"),
        ("2021/3/5", "2021-03-05"), ("２０２１－０３－０５", "2021-03-05"), (44260, "2021-03-05"),
        ({"date": "2021-03-05"}, "2021-03-05"), (20210305, "2021-03-05"), (" 2021-03-05 00:00:00 ", "2021-03-05"),
        ("2024.2.29", "2024-02-29"), ("", ""),
    ],
)  # fmt: skip
@pytest.mark.feature("A13")
def test_every_usual_form_of_a_date_is_understood(typed: Any, day: str) -> None:
    assert date(typed) == day


@pytest.mark.parametrize("typed", ["2021年3月", "21.3.5", "2023-02-29", "去年", "2021-13-01", 3.5])
@pytest.mark.feature("A13")
def test_a_date_that_is_none_is_named(typed: Any) -> None:
    with pytest.raises(BadCell, match="请写成 2021-03-05 的样子"):
        date(typed)


@pytest.mark.django_db
@pytest.mark.feature("A13")
def test_titles_merged_cells_totals_and_damaged_codes() -> None:
    clerk = make.staff(make.union())
    good, wide, twice = make.code(), make.code("51379900"), make.code()
    full_width = "".join(chr(ord(c) + 0xFEE0) for c in wide.lower())
    rows: list[list[Any]] = [
        ["望海市社会组织名册"],
        ["填报单位：望海市民政局", None, "填报日期：2026.10.31"],
        HEADER,
        [1, good, "甲中心 ", "2021.3.5", "市级", "13900000001", "AAAA", "2024年1月1日", "2028/12/31"],
        [2, full_width, "乙协会", dt.date(2019, 3, 5), None, "０５１２－６６６６ ６６６６"],
        [3, 5.23799e17, "丙中心", "20210305"],
        [4, "5.23799E+17", "丁中心", 44260],
        [5, good[:-1], "戊中心", "2021年3月"],
        [6, twice, "己中心"],
        [7, twice, "庚中心"],
        [8, None, "辛中心", None, "乡级"],
        [9, make.code(), None, None, None, "没有", "4A"],
        ["合计", 9],
        ["填表人：", "王某", None, "审核人："],
    ]
    batch = read(clerk, workbook(rows, merges=((3, 4, 4, 4, "市级"),)))
    assert batch.state == ImportState.PREVIEW, batch.problem
    assert not Organisation.objects.exists(), "nothing is written before 确认"
    told = {row.name: row for row in batch.rows.all()}
    assert told["甲中心"].state == RowState.NEW
    assert told["甲中心"].values["registered_on"] == "2021-03-05"
    assert told["甲中心"].values["grade"] == "4A"
    assert told["乙协会"].values["code"] == wide
    assert told["乙协会"].values["registrar_level"] == "city", "the merged cell speaks for both rows"
    words = {name: "".join(f"{p['cell']}{p['text']}" for p in row.problems) for name, row in told.items()}
    assert "B6" in words["丙中心"] and "当成了数字" in words["丙中心"]
    assert "B7" in words["丁中心"] and "科学计数法" in words["丁中心"]
    assert "应为 18 位，现在是 17 位" in words["戊中心"] and "不是完整的日期" in words["戊中心"]
    assert not words["己中心"] and "与第 9 行的代码重复" in words["庚中心"]
    assert "B11没有填写" in words["辛中心"] and "不在可选的内容里" in words["辛中心"]
    assert "C12没有填写" in words[""] and "不是电话号码" in words[""] and "有效期" in words[""]
    notes = "".join(batch.notes)
    assert "第 1 行至第 2 行是标题" in notes and "第 13、14 行" in notes
    assert batch.rows_total == 3


def formulas() -> bytes:
    """A list whose cells are formulas: with a result, with an error, never computed; and a second sheet."""
    memory = io.BytesIO()
    made = xlsxwriter.Workbook(memory, {"in_memory": True})
    sheet = made.add_worksheet("东港区")
    sheet.write_row(0, 0, ["统一社会信用代码", "名称", "成立日期", "电话", "联系电话"])
    for number, name in enumerate(("甲中心", "乙中心", "丙中心"), 1):
        sheet.write_string(number, 0, make.code())
        sheet.write_formula(number, 1, f'="{name}"', None, name)
    sheet.write_formula(1, 2, "=NA()", None, "#N/A")
    sheet.write_formula(2, 2, "=TODAY()", None, "")  # as a program writes that computes nothing
    sheet.write_string(3, 2, "#REF!")
    for title, head in (("北屏区", ["统一社会信用代码", "名称"]), ("联系人", ["张三"])):
        made.add_worksheet(title).write_row(0, 0, head)
    made.close()
    return memory.getvalue()


@pytest.mark.django_db
@pytest.mark.feature("A13")
def test_formulas_other_sheets_and_columns_said_twice_are_named() -> None:
    batch = read(make.staff(make.union()), formulas())
    told = {row.name: "".join(p["cell"] + p["text"] for p in row.problems) for row in batch.rows.all()}
    assert "C2这一格的公式出错" in told["甲中心"]
    assert "C3这一格是公式，文件里没有算出的结果" in told["乙中心"]
    assert "C4这一格是公式出错留下的字样" in told["丙中心"]
    notes = "".join(batch.notes)
    assert "已读“东港区”；“北屏区”也有这样的表头，没有读取" in notes and "联系人" not in notes
    assert "意思相同的列已略过：E 列“联系电话”" in notes


@pytest.mark.django_db
@pytest.mark.feature("A13")
def test_padded_names_days_to_come_and_codes_that_lost_their_end() -> None:
    clerk = make.staff(make.union())
    rows: list[list[Any]] = [
        ["统一社会信用代码", "名称", "法人", "成立日期"],
        [make.code(), "望海市甲乙\n服务 中心", "张\u3000三", "2021年3月5号"],
        ["523799000000000000", "丙中心"],
        [make.code(), "丁中心", "", "2026-11-01"],
        [make.code(), "戊中心", "", "0201-03-05"],
        ["以上合计", "4 家"],
    ]
    batch = read(clerk, workbook(rows))
    told = {row.name: "".join(p["text"] for p in row.problems) for row in batch.rows.all()}
    assert "丢了后三位" in told["丙中心"] and "年份不对" in told["戊中心"]
    assert "2026-11-01 晚于名单截至日期 2026-10-31" in told["丁中心"]
    assert len(told) == 4, "the sum is no organisation"
    page = unions.log_in(Client(), clerk).get(f"/organisations/imports/{batch.pk}/?tab=new").content.decode()
    assert "2021-03-05" in page, "the day as it was understood, before 确认"
    imports.confirm_import(by=clerk, batch=batch)
    imports.write_import(by=clerk, import_id=batch.pk)
    row = Organisation.objects.get()
    assert (row.name, row.legal_representative) == ("望海市甲乙服务中心", "张三")


@pytest.mark.django_db
@pytest.mark.feature("A13")
@pytest.mark.refusal("registry.import_state")
def test_good_rows_are_written_once_and_the_rest_comes_back_to_be_mended() -> None:
    clerk = make.staff(make.union())
    first, second = make.code(), make.code()
    rows: list[list[Any]] = [
        HEADER,
        [1, first, "甲中心", "2021.3.5", "市级"],
        [2, second[:-1], "乙中心", "2021.3.5", "市级"],
    ]
    batch = read(clerk, workbook(rows))
    imports.confirm_import(by=clerk, batch=batch)
    assert imports.write_import(by=clerk, import_id=batch.pk) == 1
    assert imports.write_import(by=clerk, import_id=batch.pk) == 0
    batch.refresh_from_db()
    assert (batch.state, batch.rows_done) == (ImportState.DONE, 1)
    row = Organisation.objects.get()
    assert (row.code, row.name, row.registered_on) == (first, "甲中心", dt.date(2021, 3, 5))
    assert [h.pk for h in queries.search(clerk, "甲中")] == [row.pk]
    given = queries.facts_as_of(row, dt.date(2026, 10, 31))["founded_on"]
    assert isinstance(given, list)
    assert given[0].source == "名单导入：望海市民政局名单"
    entry = Entry.objects.get(verb="import")
    assert f"registry.organisation:{row.pk}" in entry.about
    with pytest.raises(Refused) as refused:
        imports.confirm_import(by=clerk, batch=batch)
    assert refused.value.verdict.code == "registry.import_state"

    (bad,) = batch.rows.filter(state="bad")
    wrong = book.Bad(bad.number, bad.raw, bad.problems)
    assert wrong.reason.startswith("原第 3 行：统一社会信用代码：统一社会信用代码应为 18 位")
    again = read(clerk, book.with_reasons([replace(wrong, raw=bad.raw | {"code": second})]))
    assert [(r.name, r.state) for r in again.rows.all()] == [("乙中心", RowState.NEW)]


@pytest.mark.django_db
@pytest.mark.feature("A13")
def test_an_organisation_that_is_there_shows_what_would_change_field_by_field() -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk, "望海市旧名中心", code=make.code(), region="东港区")
    rows: list[list[Any]] = [
        ["统一社会信用代码", "名称", "所在区", "年检年度", "年检结论"],
        [row.code, "望海市新名中心", "东港区", 2025, "合格"],
    ]
    batch = read(clerk, workbook(rows))
    only = batch.rows.get()
    assert only.state == RowState.CHANGED
    assert [(d["label"], d["before"], d["after"]) for d in only.differences] == [
        ("名称", "望海市旧名中心", "望海市新名中心"), ("年检（年报）", "", "2025年度合格"),
    ]  # fmt: skip
    assert only.differences[0]["source"] == "工会核验：登记证书副本"
    imports.confirm_import(by=clerk, batch=batch)
    imports.write_import(by=clerk, import_id=batch.pk)
    row.refresh_from_db()
    assert (row.name, row.inspection_year) == ("望海市新名中心", 2025)
    assert row.former_names.get().name == "望海市旧名中心"
    assert [h.pk for h in queries.search(clerk, "旧名")] == [row.pk]
    assert read(clerk, workbook(rows)).rows.get().state == RowState.SAME


@pytest.mark.django_db
@pytest.mark.feature("A11")
def test_another_unions_organisation_is_left_alone() -> None:
    city = make.union()
    district = make.union("望海市东港区总工会", parent=city)
    theirs = make.organisation(make.staff(district))
    clerk = make.staff(city)
    batch = read(clerk, workbook([["统一社会信用代码", "名称"], [theirs.code, "别名"]]))
    assert "由望海市东港区总工会管理" in batch.rows.get().problems[0]["text"]


@pytest.mark.django_db
@pytest.mark.feature("A13")
def test_an_organisation_entered_meanwhile_is_changed_and_not_doubled() -> None:
    clerk = make.staff(make.union())
    code = make.code()
    batch = read(clerk, workbook([["统一社会信用代码", "名称", "所在区"], [code, "甲中心", "南湾区"]]))
    row = make.organisation(clerk, "甲中心", code=code)
    imports.confirm_import(by=clerk, batch=batch)
    assert imports.write_import(by=clerk, import_id=batch.pk) == 1
    assert queries.snapshot(row, dt.date(2030, 1, 1)).value("region") == "南湾区"


@pytest.mark.django_db
@pytest.mark.feature("A13")
@pytest.mark.refusal("registry.import_empty")
def test_a_workbook_that_is_something_else_is_refused_in_words() -> None:
    clerk = make.staff(make.union())
    batch = read(clerk, workbook([["姓名", "电话"], ["张三", "1"]]))
    assert batch.state == ImportState.REFUSED
    assert batch.problem.startswith("必须使用模板")
    empty = read(clerk, workbook([["统一社会信用代码", "名称"]]))
    with pytest.raises(Refused) as refused:
        imports.confirm_import(by=clerk, batch=empty)
    assert refused.value.verdict.code == "registry.import_empty"


@pytest.mark.feature("A13")
def test_the_template_carries_its_id_and_text_columns() -> None:
    made = CalamineWorkbook.from_filelike(io.BytesIO(book.template()))
    assert made.sheet_names == ["填表说明", "数据", "字典"]
    assert made.get_sheet_by_name("字典").to_python()[0][0] == "shuniu:registry.organisations:1"
    header = made.get_sheet_by_name("数据").to_python(skip_empty_area=False)[2]
    assert [str(c).removeprefix("* ") for c in header[1:-1]] == [c.header for c in COLUMNS]


@pytest.mark.feature("A13")
def test_no_cell_of_the_error_file_is_a_formula() -> None:
    raw = {"name": '=HYPERLINK("http://x")', "code": "+1"}
    made = book.with_reasons([book.Bad(1, raw, [{"column": "@SUM(A1)", "text": "=1"}])])
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_name("数据")
    row = sheet.to_python(skip_empty_area=False)[3]
    assert '=HYPERLINK("http://x")' in row and "原第 1 行：@SUM(A1)：=1" in row
    import zipfile

    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.django_db
@pytest.mark.feature("A13")
def test_only_a_clerk_of_the_own_union_confirms() -> None:
    city = make.union()
    clerk = make.staff(city)
    batch = read(clerk, workbook([["统一社会信用代码", "名称"], [make.code(), "甲"]]))
    for stranger in (make.staff(city, "leader"), make.staff(make.union("望海市东港区总工会", parent=city))):
        with pytest.raises(Refused) as refused:
            imports.confirm_import(by=stranger, batch=batch)
        assert refused.value.verdict.code == "registry.clerk"
    imports.discard_import(by=clerk, batch=batch)
    assert imports.write_import(by=clerk, import_id=batch.pk) == 0
    assert not Organisation.objects.exists()
