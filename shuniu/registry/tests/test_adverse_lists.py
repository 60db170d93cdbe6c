"""A5: lists of adverse information as registrars publish them: what is news becomes a dated fact of the list."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from shuniu.foundation.access import Refused, Who
from shuniu.foundation.calendar import clock
from shuniu.registry import actions
from shuniu.registry.actions import Watch, imports, screen
from shuniu.registry.excel import book
from shuniu.registry.excel.adverse import ADVERSE
from shuniu.registry.models import About, Finding, Import, ImportState, Organisation, Penalty, Source
from shuniu.registry.tests import factories as make
from shuniu.registry.tests.test_excel import HEADER, received, workbook
from shuniu.registry.tests.test_pages import browser

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A5"), pytest.mark.feature("A13")]

HEAD = ["序号", "统一社会信用代码", "单位名称", "名录种类", "列入日期", "移出日期", "作出机关", "文书号"]


def ago(days: int) -> dt.date:
    return clock.today() - dt.timedelta(days=days)


def line(
    row: Organisation, kind: str = "活动异常名录", began: int = 30, ended: int | None = None
) -> list[Any]:
    return [
        1,
        row.code,
        row.name,
        kind,
        ago(began),
        None if ended is None else ago(ended),
        "望海市民政局",
        "",
    ]


def read(clerk: Who, rows: list[list[Any]], head: list[Any] = HEAD) -> Import:
    batch = imports.start_import(
        by=clerk, union=make.union(), received=received(workbook([head, *rows])),
        source_detail="望海市民政局 10 月异常名录", as_of=clock.today(), about=About.ADVERSE,
    )  # fmt: skip
    imports.read_import(import_id=batch.pk)
    batch.refresh_from_db()
    return batch


def written(clerk: Who, rows: list[list[Any]]) -> Import:
    batch = read(clerk, rows)
    imports.confirm_import(by=clerk, batch=batch)
    imports.write_import(by=clerk, import_id=batch.pk)
    batch.refresh_from_db()
    return batch


def test_what_the_list_says_becomes_a_fact_of_the_list_and_the_check_finds_it() -> None:
    city = make.union()
    clerk = make.staff(city)
    below = make.staff(make.union("望海市东港区总工会", parent=city))
    elsewhere = make.staff(make.union("邻海市总工会"))
    mine, of_district, strange = (
        make.organisation(clerk),
        make.organisation(below),
        make.organisation(elsewhere),
    )
    unknown = [1, make.code(), "望海市没有入库的中心", "活动异常名录", ago(9), None, "", ""]
    batch = read(clerk, [line(mine), line(of_district), line(strange), unknown])
    assert sorted(batch.rows.values_list("state", flat=True)) == ["absent", "absent", "new", "new"]
    assert not Penalty.objects.exists()
    imports.confirm_import(by=clerk, batch=batch)
    assert imports.write_import(by=clerk, import_id=batch.pk) == 2
    facts = Penalty.objects.order_by("organisation")
    assert {f.organisation_id for f in facts} == {mine.pk, of_district.pk}
    first = facts[0]
    assert (first.source, first.source_detail) == (Source.IMPORTED, "望海市民政局 10 月异常名录")
    assert (first.from_on, first.as_of, first.to_on) == (ago(30), ago(30), None)
    assert screen([Watch(of_district.pk, below.union_id or 0, "有效资质")]) == 1


def test_the_same_list_again_changes_nothing_and_a_removal_ends_the_record() -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk)
    written(clerk, [line(row)])
    watch = [Watch(row.pk, clerk.union_id or 0, "有效资质")]
    screen(watch)
    assert set(read(clerk, [line(row)]).rows.values_list("state", flat=True)) == {"same"}
    again = read(clerk, [line(row, ended=2)])
    assert set(again.rows.values_list("state", flat=True)) == {"changed"}
    written(clerk, [line(row, ended=2)])
    (standing,) = Penalty.standing().filter(organisation=row)
    assert standing.to_on == ago(2)
    assert standing.supersedes_id is not None
    assert screen(watch) == 0
    assert Finding.objects.get().settled_at is not None


def test_a_record_of_a_clerk_is_not_doubled_by_the_list() -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk)
    actions.add_fact(
        by=clerk,
        organisation=row,
        kind="penalty",
        basis="公告",
        values={"penalty": "abnormal", "from_on": ago(30)},
    )
    assert set(read(clerk, [line(row)]).rows.values_list("state", flat=True)) == {"same"}


def test_cells_are_named_and_rows_of_one_organisation_may_be_several() -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk)
    wrong = [*line(row, "黑名单"), ""]
    late = line(row, "行政处罚", began=5, ended=9)
    batch = read(clerk, [line(row), line(row, "严重违法失信名单"), line(row), wrong, late])
    states = list(batch.rows.order_by("number").values_list("state", flat=True))
    assert states == ["new", "new", "bad", "bad", "bad"]
    said = [row.problems[0]["text"] for row in batch.rows.filter(state="bad").order_by("number")]
    assert "内容重复" in said[0]
    assert "黑名单" in said[1]
    assert "早于列入日期" in said[2]
    mended = book.with_reasons(
        [book.Bad(b.number, b.raw, b.problems) for b in batch.rows.filter(state="bad")], ADVERSE
    )
    assert mended


def test_a_list_of_organisations_is_no_list_of_adverse_information() -> None:
    clerk = make.staff(make.union())
    batch = read(clerk, [[1, make.code(), "望海市甲中心"]], HEADER)
    assert batch.state == ImportState.REFUSED
    assert "种类" in batch.problem


def test_the_page_takes_it_and_a_leader_and_a_stranger_do_not() -> None:
    city = make.union()
    clerk = make.staff(city)
    row = make.organisation(clerk)
    client = browser(clerk)
    page = client.get("/organisations/imports/").content.decode()
    assert "负面信息名录" in page
    template = client.get("/organisations/imports/template/?about=adverse")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(template.content)).get_sheet_by_name("数据")
    assert "* 种类" in [str(cell) for cell in sheet.to_python()[2]]
    assert client.get("/organisations/imports/template/?about=x").status_code == 404
    file = SimpleUploadedFile("名录.xlsx", workbook([HEAD, line(row)]))
    sent = {"about": "adverse", "file": file, "source_detail": "民政局名录", "as_of": f"{clock.today()}"}
    answer = client.post("/organisations/imports/", sent)
    assert answer.status_code == 303
    batch = Import.objects.get()
    imports.read_import(import_id=batch.pk)
    preview = client.get(answer["Location"]).content.decode()
    assert "新增记录" in preview
    assert "库中没有" in preview
    assert browser(make.staff(city, "leader")).get(answer["Location"]).status_code == 403
    assert browser(make.staff(make.union("邻海市总工会"))).get(answer["Location"]).status_code == 404
    with pytest.raises(Refused):
        imports.confirm_import(by=make.staff(city, "leader"), batch=batch)
