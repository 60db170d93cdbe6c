"""Forms in a real browser: errors that lead to their field, one record per double click, words that are kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import FilePayload, Page, expect

from journeys.conftest import Standing
from journeys.steps import until
from journeys.world import World
from shuniu.calls.models import Application, Material
from shuniu.foundation.files.tests import samples
from shuniu.registry.models import Organisation, PastProject
from shuniu.registry.tests import factories

pytestmark = [pytest.mark.browser]
Visit = Callable[..., Page]

REGISTER = "/organisations/new/"


def _application(world: World, address: str, **more: Any) -> str:
    return reverse(f"calls:{address}", kwargs={"pk": world.ids["draft_app"], **more})


def test_U02_a_refused_form_leads_to_its_fields(visit: Visit) -> None:
    page = visit("clerk", REGISTER)
    assert page.evaluate("document.querySelector('main form[method=post]').noValidate")
    page.locator("#id_name").fill("望海市只有名称服务中心")
    page.locator("main form[method=post] .btn--primary").click()
    # A script moves the focus, a moment after the words are there.
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page).to_have_title(re.compile("^错误："))
    lines = page.locator("[data-error-summary] a")
    assert lines.count() >= 2
    for n in range(lines.count()):
        line = lines.nth(n)
        field = (line.get_attribute("href") or "").removeprefix("#")
        words = line.inner_text().strip()
        line.click()
        assert page.evaluate("document.activeElement.id") == field, words
        beside = page.locator(f"#{field}_error")
        assert words.endswith(beside.inner_text().strip()), (words, beside.inner_text())
        described = page.locator(f"#{field}").get_attribute("aria-describedby") or ""
        assert f"{field}_error" in described.split(), field
    expect(page.locator("#id_name")).to_have_value("望海市只有名称服务中心")


@pytest.mark.feature("A1")
def test_U10_what_is_typed_in_full_width_is_kept_in_ascii(visit: Visit) -> None:
    """Code, day and telephone here; that no form escapes: shuniu/foundation/ui/tests/test_typed.py."""
    code = factories.code()
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code.lower())
    page = visit("clerk", REGISTER)
    page.locator("#id_code").fill(f"　{wide[:8]} {wide[8:]}")
    page.locator("#id_registered_on").fill("２０１８．５．１")
    page.locator("#id_contact_phone").fill("０５３２－８００００００９")
    page.locator("#id_name").fill("望海市全角代码服务中心")
    page.locator("#id_basis").fill("登记证书副本")
    page.locator("main form[method=post] .btn--primary").click()
    page.wait_for_url(re.compile(r"/organisations/\d+/$"))
    row = Organisation.objects.get(name="望海市全角代码服务中心")
    assert (row.code, str(row.registered_on), row.contact_phone) == (code, "2018-05-01", "0532-80000009")
    page = visit("clerk", f"/organisations/{row.pk}/facts/project/new/")
    page.locator("#id_name").fill("海边图书角")
    page.locator("#id_client_kind").select_option("union")
    page.locator("#id_year").fill("２０２５")
    page.locator("#id_amount_fen").fill("￥１，２３４．５")
    page.locator("#id_basis").fill("合同")
    page.locator("main form[method=post] .btn--primary").click()
    page.wait_for_url(re.compile(r"/organisations/\d+/$"))
    assert PastProject.objects.get(organisation=row).amount_fen == 123450


def test_U09_a_double_click_makes_one_record(visit: Visit, site: str) -> None:
    page = visit("clerk", "/organisations/candidates/new/")
    page.locator("#id_name").fill("望海市双击服务队")
    page.locator("#id_basis").fill("走访登记")
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.url) if r.method == "POST" else None)
    page.locator("main form[method=post] .btn--primary").dblclick(delay=10)
    page.wait_for_url(re.compile(r"/organisations/\d+/$"))
    assert len(sent) == 1
    assert Organisation.objects.filter(name="望海市双击服务队").count() == 1


def test_U09_words_typed_when_the_session_had_ended_are_kept(visit: Visit, there: Standing) -> None:
    """Log in again as the first thing: the words stand in the form, and nothing was written."""
    from shuniu.unions.tests.cast import PASSWORD

    person = there.world.people["clerk"].person
    assert person is not None
    page = visit("clerk", REGISTER)
    page.locator("#id_name").fill("望海市会话过期服务中心")
    page.context.clear_cookies()
    page.locator("main form[method=post] .btn--primary").click()
    page.get_by_label("登录名或邮箱").fill(person.username)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(f"**{REGISTER}")
    expect(page.locator("#id_name")).to_have_value("望海市会话过期服务中心")
    assert not Organisation.objects.filter(name="望海市会话过期服务中心").exists()


def test_U08_after_a_form_the_browser_stands_on_a_page_that_can_be_read_again(visit: Visit) -> None:
    page = visit("clerk", "/organisations/candidates/new/")
    page.locator("#id_name").fill("望海市刷新服务队")
    page.locator("#id_basis").fill("走访登记")
    with page.expect_response(lambda r: r.request.method == "POST") as answer:
        page.locator("main form[method=post] .btn--primary").click()
    assert answer.value.status == 303
    page.wait_for_url(re.compile(r"/organisations/\d+/$"))
    page.reload()
    assert Organisation.objects.filter(name="望海市刷新服务队").count() == 1


@pytest.mark.feature("C2")
def test_U27_every_change_saves_itself_and_says_so(visit: Visit, there: Standing) -> None:
    path = _application(there.world, "apply_section", section="plan")
    page = visit("owner", path)
    plan, state = page.get_by_label("服务方案"), page.locator("[data-save-state]")
    plan.fill("第一稿：每月两次职工心理讲座。")
    expect(state).to_contain_text(re.compile(r"已保存 \d\d:\d\d:\d\d"))
    page.context.set_offline(True)
    plan.fill("第二稿：每月三次职工心理讲座。")
    expect(state).to_contain_text("未保存")
    stays = page.evaluate(
        "() => { const e = new Event('beforeunload', {cancelable: true}); window.dispatchEvent(e);"
        " return e.defaultPrevented; }"
    )
    assert stays, "unsaved words are lost without a question"
    page.context.set_offline(False)
    expect(state).to_contain_text(re.compile(r"已保存 \d\d:\d\d:\d\d"))
    page.close()
    again = visit("owner", path)
    expect(again.get_by_label("服务方案")).to_have_value("第二稿：每月三次职工心理讲座。")


def test_U27_a_tab_that_is_closed_while_typing_loses_nothing(visit: Visit, there: Standing) -> None:
    path = _application(there.world, "apply_section", section="plan")
    page = visit("owner", path)
    page.get_by_label("服务方案").fill("关掉标签页以前写下的方案。")
    page.close(run_before_unload=True)
    again = visit("owner", _application(there.world, "application"))
    written = Application.objects.filter(
        pk=there.world.ids["draft_app"], draft__plan__text="关掉标签页以前写下的方案。"
    )
    until(again, written.exists)
    again.goto(again.url.split("/apply/")[0] + path)
    expect(again.get_by_label("服务方案")).to_have_value("关掉标签页以前写下的方案。")


_BAD: tuple[tuple[str, bytes, str], ...] = (
    ("程序.pdf", b"MZ\x90\x00" + b"\x00" * 4096, "程序"),
    ("空.pdf", b"", "空的"),
    ("加密.pdf", samples.pdf(password="secret"), "设了打开密码"),
    ("损坏.pdf", samples.pdf()[:300], "已损坏"),
    ("宏.xlsm", samples.office("xlsx", {"xl/vbaProject.bin": b"macro"}, macro_type=True), "宏"),
)


def _file(name: str, body: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": body}


@pytest.mark.feature("R4")
def test_U28_each_bad_file_is_told_its_own_cause(visit: Visit, there: Standing) -> None:
    page = visit("owner", _application(there.world, "apply_materials"))
    place = page.locator("section[data-upload]").first
    before = Material.objects.filter(application=there.world.ids["draft_app"]).count()
    for name, body, cause in _BAD:
        place.locator("input[type=file]").set_input_files([_file(name, body)])
        row = place.locator("li", has_text=name)
        expect(row.locator("small.is-bad")).to_contain_text(cause)
    assert Material.objects.filter(application=there.world.ids["draft_app"]).count() == before
    place.locator("input[type=file]").set_input_files(
        [_file(f"好{n}.pdf", samples.pdf(note=f"好{n}")) for n in (1, 2, 3)]
    )
    for n in (1, 2, 3):
        expect(place.locator("li", has_text=f"好{n}.pdf").locator(".is-ok")).to_be_visible()
    page.reload()
    good = page.locator("section[data-upload]").first.locator("li", has_text="好2.pdf")
    good.get_by_role("link", name=re.compile("删除")).click()
    if page.url.endswith("/remove/"):
        page.locator("main form[method=post] button").first.click()
    page.wait_for_url("**/materials/")
    page.get_by_role("button", name=re.compile("恢复.*好2")).click()
    expect(page.locator("section[data-upload]").first.locator("li", has_text="好2.pdf")).to_be_visible()


def test_U28_a_file_that_is_too_large_is_not_even_sent(visit: Visit, there: Standing, tmp_path: Path) -> None:
    large = tmp_path / "很大.pdf"
    large.write_bytes(b"%PDF-1.7\n" + b"0" * (21 << 20))
    page = visit("owner", _application(there.world, "apply_materials"))
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.url) if r.method == "POST" else None)
    place = page.locator("section[data-upload]").first
    place.locator("input[type=file]").set_input_files(large)
    expect(place.locator("li", has_text="很大.pdf").locator("small.is-bad")).to_contain_text("超过 20 MB")
    assert sent == []
