"""The clerk's case page, correction, import, export, two people at one record, and the calendar behind a 公示."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.test import Client
from playwright.sync_api import FilePayload, Page, expect
from python_calamine import CalamineWorkbook

from journeys.steps import Browser
from shuniu.calls.models import Application, Call, Publicity
from shuniu.calls.tasks.listing import recompute_publicity
from shuniu.calls.tests import cast, cast_listing
from shuniu.calls.tests.test_audit import at_desk
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import working_days
from shuniu.foundation.calendar.models import Year
from shuniu.foundation.journal.queries import timeline
from shuniu.foundation.notices.models import Message
from shuniu.foundation.ui import formats
from shuniu.foundation.ui.lists import export
from shuniu.foundation.ui.lists.actions import make_export
from shuniu.foundation.ui.models import Export
from shuniu.registry.actions import imports
from shuniu.registry.excel.columns import COLUMNS, REASON_HEADER
from shuniu.registry.models import Import, Organisation
from shuniu.registry.tests import factories
from shuniu.unions.models import Union
from shuniu.unions.tests import cast as unions
from shuniu.unions.tests.cast import log_in, me

pytestmark = [pytest.mark.browser, pytest.mark.real_transactions]
NewPage = Callable[..., Page]


@pytest.fixture
def opened(live_url: str, new_page: NewPage, settings: Any) -> Callable[..., Page]:
    """`opened(of.clerk, "/work/")`: somebody's own page, opened at an address."""

    def go(who: Who, address: str, **options: Any) -> Page:
        cookie = log_in(Client(), who).cookies[settings.SESSION_COOKIE_NAME]
        page = new_page(**options)
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_url}])
        page.goto(live_url + address)
        return page

    return go


def _sheet(content: bytes, name: str) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(name).to_python()


def _downloaded(page: Page, link: str) -> bytes:
    with page.expect_download() as given:
        page.get_by_role("link", name=re.compile(link)).click()
    return given.value.path().read_bytes()


@pytest.mark.feature("C2")
def test_U15_the_case_page_shows_stage_and_timeline_and_takes_neither(opened: Callable[..., Page]) -> None:
    of = cast.office()
    call = cast.published_call(of)
    page = opened(of.clerk2, f"/calls/{call.pk}/")
    bar = page.locator("ol.stages")
    stages = list(call.stages.all())
    expect(bar.locator(":scope > li")).to_have_count(len(stages))
    now = bar.locator("[aria-current=step]")
    expect(now).to_have_count(1)
    current = call.stages.get(key=call.stage)
    expect(now).to_contain_text(current.label)
    words = bar.locator("b").all_text_contents()
    assert all("，" in w for w in words), "a state that only colour tells"
    expect(bar.locator("button, input, select, textarea, form")).to_have_count(0)
    page.locator(".history summary").click() if page.locator(".history summary").count() else None
    shown = page.locator(".history ol.timeline > li")
    entries = timeline(call, limit=60)
    assert len(entries) >= 4
    expect(shown).to_have_count(len(entries))
    for n, entry in enumerate(entries):
        text = shown.nth(n).inner_text()
        assert entry.text in text and formats.when(entry.at) in text and entry.person_name in text, text
        if entry.behalf and entry.person_name not in ("系统", entry.behalf):
            assert f"代表{entry.behalf}" in text
    assert [e.at for e in entries] == sorted((e.at for e in entries), reverse=True)
    paper = shown.filter(has_text=f"签发{call.paper.number if call.paper else '?'}")
    expect(paper.get_by_role("link", name="打开文件")).to_have_attribute(
        "href", re.compile(r"^/papers/\d+\.pdf$")
    )
    expect(page.locator(".history").locator("button, input, select, textarea, form")).to_have_count(0)


@pytest.mark.feature("C7")
def test_U16_one_correction_opens_only_what_was_asked(opened: Callable[..., Page]) -> None:
    of = cast.office()
    call = cast.published_call(of)
    owner = cast.applicant(of)
    made = at_desk(of, call, owner)
    page = opened(of.clerk, f"/calls/applications/{made.pk}/audit/?fix=#fix")
    row = page.locator("#fix tbody tr", has_text="服务方案")
    row.locator("input[type=checkbox]").check()
    row.locator("select").select_option(index=1)
    page.get_by_role("button", name="预览补正通知书").click()
    page.get_by_role("button", name="发出补正通知书").click()
    page.wait_for_url(re.compile(r"/audit/"))
    assert Application.objects.get(pk=made.pk).stage == "correcting"
    theirs = opened(owner, f"/apply/{made.pk}/contact/")
    main = theirs.locator("main")
    expect(main).to_contain_text("何专员")
    expect(
        main.locator("input:visible, textarea:visible, select:visible, form button:visible")
    ).to_have_count(0)
    theirs.goto(theirs.url.replace("/contact/", "/plan/"))
    before = theirs.get_by_label("服务方案").input_value()
    after = "分三步服务一线职工，每季度以满意度和回访率衡量。"
    theirs.get_by_label("服务方案").fill(after)
    theirs.get_by_role("button", name="保存并继续").click()
    theirs.wait_for_url(f"**/apply/{made.pk}/")
    theirs.get_by_role("button", name="补正完了，一次交回").click()
    expect(theirs.locator("body")).to_contain_text("补正已交回")
    page.reload()
    both = page.get_by_role("region", name="补正前后对照")
    expect(both.locator("del")).to_contain_text(before)
    expect(both.locator("ins")).to_contain_text(after)


def _list_of(codes: Sequence[str]) -> bytes:
    """200 rows; the seven without a code are bad."""
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True})
    sheet = book.add_worksheet("名册")
    for column, head in enumerate(("统一社会信用代码", "名称", "登记机关", "登记层级", "所在区")):
        sheet.write_string(0, column, head)
    for n, code in enumerate(codes, 1):
        for column, word in enumerate((code, f"望海市第{n}名册服务中心", "望海市民政局", "市级", "东港区")):
            sheet.write_string(n, column, word)
    book.close()
    return memory.getvalue()


@pytest.mark.feature("A13")
def test_U17_a_list_is_looked_at_before_it_is_written(opened: Callable[..., Page]) -> None:
    of = cast.office()
    codes = [factories.code() for _ in range(200)]
    broken = codes[:193] + [c[:-1] for c in codes[193:]]

    def send(page: Page, content: bytes) -> Import:
        page.goto(re.sub(r"(//[^/]+)/.*", r"\1/organisations/imports/", page.url))
        file: FilePayload = {"name": "名单.xlsx", "mimeType": export.XLSX, "buffer": content}
        page.locator("input[type=file]").set_input_files([file])
        page.get_by_label("名单来源").fill("望海市民政局 2026 年名单")
        page.get_by_role("button", name="上传并预览").click()
        page.wait_for_url(re.compile(r"/imports/\d+/"))
        batch = Import.objects.latest("pk")
        imports.read_import(import_id=batch.pk)
        page.reload()
        return batch

    page = opened(of.clerk, "/work/")
    count = Organisation.objects.count()
    batch = send(page, _list_of(broken))
    page.get_by_role("link", name=re.compile("有错误")).first.wait_for()
    cells = page.locator("tbody tr")
    expect(cells).to_have_count(7)
    expect(cells.first).to_contain_text(re.compile(r"[A-Z]+195"))
    assert Organisation.objects.count() == count, "something was written before 确认"
    bad = _downloaded(page, "下载有错误的行（7）")
    rows = _sheet(bad, "数据")
    head = next(row for row in rows if REASON_HEADER in row)
    wrong = [row for row in rows[rows.index(head) + 1 :] if any(row)]
    assert len(wrong) == 7 and all(row[head.index(REASON_HEADER)] for row in wrong)
    page.get_by_role("button", name="确认写入 193 行").click()
    page.wait_for_load_state()
    imports.write_import(by=of.clerk, import_id=batch.pk)
    assert Organisation.objects.count() == count + 193
    again = send(page, _mended(head, wrong, codes[193:]))
    page.get_by_role("button", name="确认写入 7 行").click()
    page.wait_for_load_state()
    imports.write_import(by=of.clerk, import_id=again.pk)
    assert Organisation.objects.filter(code__in=codes).count() == 200


def _mended(head: list[Any], rows: list[list[Any]], codes: Sequence[str]) -> bytes:
    """The error file as it came, with the codes put right."""
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True})
    sheet = book.add_worksheet("数据")
    place = next(n for n, word in enumerate(head) if COLUMNS[0].header in str(word))
    for n, row in enumerate([head, *rows]):
        for column, word in enumerate(row):
            sheet.write_string(n, column, codes[n - 1] if n and column == place else str(word))
    book.close()
    return memory.getvalue()


@pytest.mark.feature("A15")
def test_U18_the_export_is_what_i_see(
    opened: Callable[..., Page], monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.DATA = tmp_path
    of = cast.office()
    for name in ("望海市导出丙中心", "望海市导出甲中心", "望海市另一家中心", "望海市导出乙中心"):
        factories.organisation(of.clerk, name)
    page = opened(of.clerk, "/organisations/?q=导出&sort=-name")
    page.get_by_role("link", name="列与密度").click()
    line = page.locator("tbody tr", has=page.get_by_role("rowheader", name="评估等级", exact=True))
    line.locator("input[type=checkbox]").uncheck()
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url(re.compile(r"/organisations/\?"))
    columns = [w.strip() for w in page.locator("#list thead th").all_inner_texts() if w.strip()]
    names = [w.strip() for w in page.locator("#list tbody th").all_inner_texts()]
    assert len(names) == 3 and "评估等级" not in columns

    rows = _sheet(_downloaded(page, "导出本表"), "数据")
    assert rows[1][0].startswith("导出人：林经办（望海市总工会）") and "导出时间：20" in rows[1][0]
    assert "导出" in rows[1][0].split("条件：")[1]
    assert [w for w in rows[2] if w] == columns
    assert [row[0] for row in rows[3:]] == names
    assert export.DIRECT_LIMIT == 5_000
    monkeypatch.setattr(export, "DIRECT_LIMIT", 2)  # three rows stand for 5 001
    page.goto(page.url.split("/lists/")[0] + "/organisations/?q=导出&sort=-name")
    page.locator("#list-export").click()
    page.get_by_role("button", name=re.compile("导出")).click()
    page.wait_for_url(re.compile(r"/lists/exports/"))
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.locator("#export")).to_contain_text("已写 0 条，共 3 条")
    make_export(Export.objects.get().pk)
    expect(page.get_by_role("link", name=re.compile("下载 Excel"))).to_be_visible()
    assert [row[0] for row in _sheet(_downloaded(page, "下载 Excel"), "数据")[3:]] == names
    assert Message.objects.get(kind="export").person == of.clerk.person


def _both_versions(page: Page, theirs: str, mine: str) -> None:
    """The page of the second saver: 409, both versions side by side, the typed words kept."""
    expect(page.locator("main")).to_contain_text("没有丢失")
    for details in page.locator("main details summary").all():
        details.click()
    expect(page.locator("main")).to_contain_text(theirs)
    fields = page.locator("main input, main textarea").evaluate_all("all => all.map(e => e.value)")
    assert mine in fields, "what the second person typed is gone"


def test_U20_the_second_of_two_savers_sees_both_versions(opened: Callable[..., Page]) -> None:
    of = cast.office()
    admins = [unions.who("sys_admin", of.union) for _ in range(2)]
    call = cast.draft_call(of)
    organisation = factories.organisation(of.clerk)
    clerks = [of.clerk, of.clerk2]
    places: list[tuple[list[Who], str, str, Callable[[], str]]] = [
        (clerks, f"/calls/{call.pk}/basics/", "#id_contact", lambda: Call.objects.get(pk=call.pk).contact),
        (admins, f"/unions/{of.union.pk}/edit/", "#id_address", lambda: Union.objects.get(pk=of.union.pk).address),
        (clerks, f"/organisations/{organisation.pk}/profile/", "#id_address",
         lambda: Organisation.objects.get(pk=organisation.pk).address),
    ]  # fmt: skip
    for people, address, field, stored in places:
        first, second = (opened(who, address, java_script_enabled=False) for who in people)
        for page, words in ((first, "先保存的内容"), (second, "后保存的内容")):
            page.locator(field).fill(words)
            if page.locator("#id_basis").count():
                page.locator("#id_basis").fill("电话核实")
            page.get_by_role("button", name=re.compile("^保存")).click()
            page.wait_for_load_state()
        assert stored() == "先保存的内容", address
        _both_versions(second, "先保存的内容", "后保存的内容")
        second.get_by_role("button", name=re.compile("^保存")).click()
        expect(second.locator("main")).not_to_contain_text("没有丢失")
        assert stored() == "后保存的内容", "having seen both, the second person decides"


@pytest.mark.feature("M3")
def test_U24_no_publicity_without_a_calendar_and_a_holiday_moves_it(
    opened: Callable[..., Page], new_page: NewPage, live_url: str, travel: Any
) -> None:
    travel(dt.datetime(2026, 12, 28, 9, tzinfo=dt.timezone(dt.timedelta(hours=8))))
    of = cast.office()
    admin = unions.who("sys_admin", of.union)
    call, made = cast_listing.reviewed_call(of, 1)
    Year.objects.filter(year=2027).delete()
    working_days.forget()
    clerk = opened(of.clerk, f"/calls/{call.pk}/lists/")
    clerk.get_by_role("button", name="冻结名单，提交审签").click()
    clerk.wait_for_url(re.compile(r"/calls/lists/\d+/"))
    leader = Browser(new_page, live_url, of.leader)
    address = f"/calls/lists/{call.lists.get().pk}/"
    leader.go(address)
    leader.press("同意并公示")
    leader.sees("2027 年的放假和调休安排还没有录入")
    expect(leader.page.locator("[data-error-summary]")).to_contain_text("请系统管理员")
    assert not Publicity.objects.exists()
    page = opened(admin, "/work/")
    page.get_by_role("link", name=re.compile("2027 年节假日安排尚未录入")).first.click()
    page.get_by_label("依据").fill("国务院办公厅关于2027年部分节假日安排的通知")
    page.get_by_label("与周次不同的日子").fill("2027-01-01 放假 元旦")
    page.get_by_role("button", name="确认 2027 年").click()
    expect(page.locator("main")).to_contain_text("2027 年工作日历已确认")
    leader.go(address)
    leader.press("同意并公示")
    ends = Publicity.objects.get().ends_on
    assert ends == dt.date(2027, 1, 5), "29, 30, 31 December, 4 and 5 January"
    leader.sees(f"到 {ends:%Y-%m-%d} 24:00")
    page.get_by_label("日期").fill(f"{ends:%Y-%m-%d}")
    page.get_by_label("放假").check()
    page.get_by_label("说明").fill("临时放假")
    page.get_by_role("button", name="更改", exact=True).click()
    expect(page.locator("main")).to_contain_text("正在重新计算")
    recompute_publicity()
    moved = Publicity.objects.get().ends_on
    assert moved == dt.date(2027, 1, 6)
    public = new_page()
    public.goto(f"{live_url}/notices{address.removeprefix('/calls')}")
    expect(public.locator("main")).to_contain_text(formats.day_cn(moved))
    told = Message.objects.filter(kind="calls.publicity", title__startswith="公示期延至")
    concerned = {me(of.clerk).pk, me(of.leader).pk, made[0].organisation.memberships.get().person_id}
    assert concerned <= set(told.values_list("person_id", flat=True))
