"""Public pages and the pages of lists and certificates in a real browser: no script, print."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from shuniu.calls.models import Objection
from shuniu.calls.tests import cast, cast_listing

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.real_transactions]


@pytest.mark.feature("L1")
def test_U38_a_list_on_view_reads_without_script_and_prints_as_a_paper(
    live_url: str, new_page: Callable[..., Page]
) -> None:
    _, applications, publicity = cast_listing.on_view(cast.office())
    page = new_page(java_script_enabled=False)
    page.goto(f"{live_url}/notices/lists/{publicity.list_id}/")
    for name in ("SiteName", "ColumnName", "ColumnType", "ArticleTitle", "PubDate", "Description"):
        assert page.locator(f"meta[name={name}]").get_attribute("content"), name
    paper = page.locator("article.doc")
    names = paper.locator("table tbody th").all_inner_texts()
    assert names and set(names) <= {a.organisation.name for a in applications}
    said = paper.inner_text()
    assert "个工作日" in said and "联系" in said
    title = page.locator("header.portal-title")
    assert title.is_visible()
    page.emulate_media(media="print")
    assert not title.is_visible() and not page.locator(".crumbs").is_visible()
    assert paper.locator("table thead").evaluate("e => getComputedStyle(e).display") == "table-header-group"


@pytest.mark.feature("C12")
def test_U39_one_objects_without_script(live_url: str, new_page: Callable[..., Page]) -> None:
    of = cast.office()
    _, applications, publicity = cast_listing.on_view(of)
    page = new_page(java_script_enabled=False)
    page.goto(f"{live_url}/notices/lists/{publicity.list_id}/")
    page.click("text=提出异议")
    page.check("input[name=kind][value=named]")
    page.select_option("select[name=entry]", label=f"1. {applications[0].organisation.name}")
    page.fill("input[name=name]", "秦举报")
    page.fill("textarea[name=text]", "该单位去年没有通过年检。")
    page.click("button:has-text('提交')")
    page.get_by_text(
        "请填写联系电话"
    ).first.wait_for()  # what was typed stays, the sentence says what is missing
    page.fill("input[name=phone]", "13900007777")
    page.click("button:has-text('提交')")
    page.wait_for_url("**/objections/received/")
    number = Objection.objects.get().number
    code = page.inner_text("b.code")
    page.click("text=查询办理结果")
    page.fill("input[name=number]", number)
    page.fill("input[name=code]", code)
    page.click("button:has-text('查询')")
    page.get_by_text("已收到，待受理").wait_for()
