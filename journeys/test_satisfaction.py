"""满意度测评 in a real browser, role by role: from the roster to the last item put right.

The union prepares, opens, makes tickets; people rate on their phones, with and without JavaScript; the count, its
papers, what the rated put right, what the union accepts.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Download, Page, expect
from pypdf import PdfReader

from journeys import qr
from journeys.steps import Browser, NewPage
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock, working_days
from shuniu.foundation.journal.models import Entry as Journal
from shuniu.surveys import tasks
from shuniu.surveys.models import Answer, Survey
from shuniu.surveys.tests import cast
from shuniu.unions.tests import cast as unions

pytestmark = [pytest.mark.real_transactions, pytest.mark.browser]

PEOPLE = ("许秀兰", "施建国", "吕晓燕", "郭文斌", "秦美玲", "丁永刚")
TITLE = "职工心理关爱服务满意度测评"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
COMMENT, NUMBER = "预约两个月没有排上。", "13900007788"


@pytest.mark.seconds(25)
@pytest.mark.feature("J1")
@pytest.mark.feature("J2")
@pytest.mark.feature("J3")
@pytest.mark.feature("J5")
def test_U37_a_survey_from_the_roster_to_the_last_item_put_right(
    new_page: NewPage, live_url: str, settings: Any
) -> None:
    settings.PUBLIC_URL = live_url
    of = cast.office()
    owner, rated = cast.rated(of)
    clerk = Browser(new_page, live_url, of.clerk)
    row = _prepared(clerk, rated.name)
    codes = _tickets(clerk, row)
    _low_on_a_phone(new_page, live_url, codes[0])
    _without_javascript(new_page, live_url, codes[1])
    _nobody_sees(clerk, row)
    for code, level in zip(codes[2:5], (5, 4, 4), strict=True):
        cast.rate(code, level)
    last = _again_on_paper(clerk, row, codes)
    _scanned(new_page, live_url, last)
    _counted(clerk, row)
    _named_nowhere(new_page, live_url, of, row)
    _put_right(new_page, live_url, owner, row)
    _accepted(clerk, row)
    clerk.close()


def _prepared(clerk: Browser, name: str) -> Survey:
    """The settings, six people on the roster, the opening; what is missing is said before anything is kept."""
    page = clerk.go("/surveys/")
    clerk.follow("新建测评")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.get_by_label("被测评单位").fill(name)
    page.get_by_label("测评名称").fill(TITLE)
    page.get_by_label("服务对象人数").fill("860")
    page.get_by_label("随机抽样").check()
    page.get_by_label("测评截止日").fill(f"{clock.today() + dt.timedelta(days=9):%Y-%m-%d}")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", name="测评名单", exact=True).first).to_be_visible()
    page.get_by_label("逐行录入").fill("\n".join(f"{name}，集装箱码头" for name in PEOPLE))
    page.get_by_role("button", name="加入名单").click()
    expect(page.get_by_text("已录入 6 人。")).to_be_visible()
    clerk.follow("返回测评")
    page.get_by_role("button", name="开放测评").click()
    expect(page.get_by_text("已开放。下一步：制票，发到每个人手里。")).to_be_visible()
    row = Survey.objects.get()
    assert (row.state, row.entries.count()) == ("open", 6)
    return row


def _tickets(clerk: Browser, row: Survey) -> list[str]:
    """One link for each person, in a file without names; handed out, one each."""
    clerk.follow("制票")
    page = clerk.page
    book = zipfile.ZipFile(io.BytesIO(_downloaded(page, "制 6 条链接（Excel）")))
    said = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert not any(name in said for name in PEOPLE)
    codes = re.findall(rf"{re.escape(clerk.base)}/t/(\w+)/", said)
    codes = list(dict.fromkeys(codes))
    assert len(codes) == 6
    clerk.go(f"/surveys/{row.pk}/roster/")
    page.get_by_role("button", name="登记全部已领票").click()
    expect(page.get_by_text("已登记发票 6 人。")).to_be_visible()
    return codes


def _downloaded(page: Page, button: str) -> bytes:
    with page.expect_download() as waited:
        page.get_by_role("button", name=button).click()
    return _bytes(waited.value)


def _bytes(download: Download) -> bytes:
    return Path(download.path()).read_bytes()


def _low_on_a_phone(new_page: NewPage, base: str, code: str) -> None:
    """Five words, why, thanks: three screens. The ticket once more says 已评价, and takes nothing."""
    phone = Browser(new_page, base, None, **PHONE)
    page = phone.go(f"/t/{code}/")
    words = page.locator(".levels a")
    expect(words).to_have_text(["非常满意", "满意", "基本满意", "不满意", "很不满意"])
    for n in range(5):
        box = words.nth(n).bounding_box()
        assert box is not None and box["height"] >= 60 and box["width"] >= 300
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    words.filter(has_text=re.compile("^不满意$")).click()
    expect(page.get_by_role("heading", name="不满意", exact=True)).to_be_visible()
    page.get_by_label("意见和建议").fill(COMMENT)
    page.get_by_role("button", name="提交").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("请至少选择一个不满意的原因")
    expect(page.get_by_label("意见和建议")).to_have_value(COMMENT)
    page.get_by_label("服务时间和地点").check()
    page.get_by_label("响应速度").check()
    page.get_by_label("愿意接回访的").fill(NUMBER)
    second = page.context.new_page()
    second.goto(f"{base}/t/{code}/?level=5")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="已评价")).to_be_visible()
    page.goto(f"{base}/t/{code}/?level=5")
    expect(page.get_by_role("heading", name="已评价")).to_be_visible()
    second.get_by_role("button", name="提交").click()
    expect(second.get_by_role("heading", name="已评价")).to_be_visible()
    assert Answer.objects.count() == 1
    phone.close()


def _without_javascript(new_page: NewPage, base: str, code: str) -> None:
    """By the code that is typed, on a phone that runs no script."""
    phone = Browser(new_page, base, None, java_script_enabled=False, **PHONE)
    page = phone.go("/t/")
    page.get_by_label("票码").fill("-".join(code[n : n + 4] for n in range(0, 16, 4)).lower())
    page.get_by_role("button", name="去评价").click()
    page.get_by_role("link", name="基本满意").click()
    page.get_by_label("意见和建议").fill("老师讲得明白。")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="已评价")).to_be_visible()
    phone.close()


def _nobody_sees(clerk: Browser, row: Survey) -> None:
    """Before the count nothing of the answers is told, only how many came back."""
    clerk.go(f"/surveys/{row.pk}/")
    clerk.sees("2/6")
    body = clerk.page.content()
    assert COMMENT not in body and "满意率</dt>" in body.replace("公式", "") and NUMBER not in body


def _again_on_paper(clerk: Browser, row: Survey, codes: Sequence[str]) -> str:
    """The unused ticket is made anew, on paper: its QR code leads to the new address, the old one is void."""
    page = clerk.go(f"/surveys/{row.pk}/tickets/")
    page.get_by_label("重新制票的理由").fill("一位职工没有智能手机")
    made = _downloaded(page, "制 1 张纸质票（PDF，带二维码）")
    said = PdfReader(io.BytesIO(made)).pages[0].extract_text()
    found = re.search(r"(?:[2-9A-Z]{4}-){3}[2-9A-Z]{4}", re.sub(r"\s", "", said))
    assert found is not None, said
    new = found[0].replace("-", "")
    assert new not in codes and not any(name in said for name in PEOPLE)
    assert qr.carries(made, f"{clerk.base}/t/{new}/")
    answer = page.request.get(f"{clerk.base}/t/{codes[5]}/")
    assert answer.status == 404 and "作废" in answer.text()
    return new


def _scanned(new_page: NewPage, base: str, code: str) -> None:
    phone = Browser(new_page, base, None, **PHONE)
    page = phone.go(f"/t/{code}/")
    page.get_by_role("link", name="非常满意").click()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="已评价")).to_be_visible()
    phone.close()


def _counted(clerk: Browser, row: Survey) -> None:
    """Six of six: the exact share, two items with their day, the papers, the call to whoever left a number."""
    page = clerk.go(f"/surveys/{row.pk}/")
    clerk.sees("6/6")
    page.get_by_role("button", name="计票").click()
    expect(page.get_by_text("已计票，证明材料正在生成。")).to_be_visible()
    clerk.sees("4/6，约 66.67%")
    clerk.sees("本办法未规定")
    due = working_days.add(clock.today(), 15)
    items = page.locator("table", has_text="整改期限").locator("tbody tr")
    expect(items).to_have_count(2)
    for n in range(2):
        expect(items.nth(n)).to_contain_text(due.isoformat())
    tasks.evidence(survey_id=row.pk)
    page.reload()
    papers = {}
    for name in ("测评名单", "测评表", "测评结果"):
        link = page.get_by_role("link", name=name).first.get_attribute("href")
        answer = page.request.get(f"{clerk.base}{link}")
        papers[name] = "".join(p.extract_text() for p in PdfReader(io.BytesIO(answer.body())).pages)
    assert all(name in papers["测评名单"] for name in PEOPLE)
    assert not any(name in papers["测评结果"] + papers["测评表"] for name in PEOPLE)
    assert "66.67%" in papers["测评结果"] and "本办法未规定" in papers["测评结果"]
    clerk.follow("去回访")
    clerk.sees(NUMBER)
    page.get_by_label("回访情况").fill("已说明新增的晚间场次。")
    page.get_by_role("button", name="记下，清除号码").click()
    expect(page.get_by_text("已记下，号码已清除。")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text(NUMBER)


def _named_nowhere(new_page: NewPage, base: str, of: cast.Office, row: Survey) -> None:
    """No page of the office joins a person to an answer: what was said stands without names, names without words."""
    pages = [f"/surveys/{row.pk}/", f"/surveys/{row.pk}/callbacks/", "/surveys/", "/work/"]
    pages += [f"/surveys/items/{item.pk}/" for item in row.items.all()]
    leader = unions.who("leader", of.union, unions.person("陈主任"))
    for who in (of.checker, leader):
        staff = Browser(new_page, base, who)
        for path in pages:
            body = staff.go(path).content()
            assert not any(name in body for name in PEOPLE), path
        roster = staff.go(f"/surveys/{row.pk}/roster/").content()
        assert PEOPLE[0] in roster and COMMENT not in roster and "满意</" not in roster
        staff.close()
    assert not Journal.objects.filter(text__contains=COMMENT).exists()
    assert not any(Journal.objects.filter(text__contains=name).exists() for name in PEOPLE)


def _put_right(new_page: NewPage, base: str, owner: Who, row: Survey) -> None:
    """The rated find the items among their tasks, are told what is missing, and tell what they did."""
    holder = Browser(new_page, base, owner, **PHONE)
    page = holder.go("/org/")
    page.get_by_role("link", name="服务时间和地点").first.click()
    holder.sees("4/6，约 66.67%")
    holder.sees(working_days.add(clock.today(), 15).isoformat())
    assert COMMENT not in page.content() and NUMBER not in page.content()
    panel = page.locator("section.panel", has=page.get_by_role("heading", name="服务时间和地点"))
    panel.get_by_role("button", name="提交整改情况").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    for reason in ("服务时间和地点", "响应速度"):
        panel = page.locator("section.panel", has=page.get_by_role("heading", name=reason))
        panel.get_by_label("整改情况").fill(f"{reason}：每周二、周四增设晚间场次。")
        panel.get_by_role("button", name="提交整改情况").click()
        expect(page.get_by_text("已填报，等待工会验收。")).to_be_visible()
    holder.close()


def _accepted(clerk: Browser, row: Survey) -> None:
    """Sent back once with a reason, then accepted: the survey shows every item as put right."""
    first, second = row.items.order_by("pk")
    page = clerk.go(f"/surveys/items/{first.pk}/")
    page.get_by_role("button", name="验收通过").click()
    expect(page.get_by_text(f"“{first.reason}”已验收。")).to_be_visible()
    page = clerk.go(f"/surveys/items/{second.pk}/")
    page.get_by_text("退回", exact=True).first.click()
    page.get_by_label("退回的理由").fill("请写明从哪一天起。")
    page.get_by_role("button", name="退回").click()
    expect(page.get_by_text("已退回被测评单位。")).to_be_visible()
    second.refresh_from_db()
    assert (second.state, second.remark) == ("open", "请写明从哪一天起。")
    clerk.go(f"/surveys/{row.pk}/")
    clerk.sees("已整改")
