"""What people do in the browser: log in, fill in, upload. The same steps with and without JavaScript."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import FilePayload, Page, expect

from journeys.browser import PATIENCE
from shuniu.foundation.access import Who
from shuniu.foundation.files.tests import samples
from shuniu.unions.tests.cast import PASSWORD

NewPage = Callable[..., Page]


def until(page: Page, true: Callable[[], bool]) -> None:
    """Wait for what no element shows: a request that went out, a row that was written."""
    limit = time.monotonic() + PATIENCE / 1000
    while not true():
        assert time.monotonic() < limit, "it did not come to that"
        page.wait_for_timeout(20)  # lets the browser's events come in


class Browser:
    """One person's browser: logged in by the form, asked for addresses of this site only."""

    def __init__(self, new_page: NewPage, live_url: str, who: Who | None, **options: Any) -> None:
        self.page = new_page(**options)
        self.base = live_url
        self.hosts: set[str] = set()
        self.refused: list[str] = []
        # The browser's own PDF viewer asks for its own parts (chrome-extension:); only the web counts.
        self.page.on(
            "request", lambda r: self.hosts.add(r.url.split("/")[2]) if r.url[:4] == "http" else None
        )
        self.page.on(
            "console", lambda m: self.refused.append(m.text) if "Content Security" in m.text else None
        )
        if who is not None:
            assert who.person is not None
            who.person.set_password(PASSWORD)
            who.person.save()
            self.go("/accounts/login/")
            self.page.get_by_label("登录名或邮箱").fill(who.person.username)
            self.page.get_by_label("密码").fill(PASSWORD)
            self.press("登录")

    def go(self, path: str) -> Page:
        """Open an address of this site; the answer is a page."""
        answer = self.page.goto(self.base + path)
        assert answer is not None and answer.status < 400, f"{path}: {answer.status if answer else '--'}"
        return self.page

    def press(self, name: str, exact: bool = True) -> Page:
        """Press the button of this name; a step that asks once more who is there gets the password."""
        button = self.page.get_by_role("button", name=name, exact=exact).first
        again = self.page.locator("form", has=button).locator("input[name=again-password]")
        if again.count():
            again.fill(PASSWORD)
        button.click()
        self.page.wait_for_load_state()
        return self.page

    def follow(self, name: str, exact: bool = True) -> Page:
        """Follow the link of this name."""
        self.page.get_by_role("link", name=name, exact=exact).first.click()
        self.page.wait_for_load_state()
        return self.page

    def prove(self) -> Browser:
        """Give one's own password where the page asks for it once more."""
        asked = self.page.get_by_label("您的登录密码")
        if asked.count():
            asked.fill(PASSWORD)
        return self

    def sees(self, text: str) -> None:
        """The text stands on the page."""
        expect(self.page.locator("body")).to_contain_text(text)

    def close(self) -> None:
        """Nothing left this site, nothing was refused by the content rules."""
        own = self.base.split("/")[2]
        assert self.hosts <= {own, ""}, self.hosts
        assert not self.refused, self.refused
        self.page.context.close()


def pdf(name: str) -> FilePayload:
    """A small PDF as the file chooser takes it."""
    return {"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": samples.pdf(note=name)}


def apply_for(browser: Browser, call_id: int, category: str, direction: str) -> int:
    """自愿报名: choose a category, fill in every part, upload every material, check, undertake, hand in."""
    page = browser.go(f"/apply/call/{call_id}/")
    page.get_by_label(category).check()
    browser.press("开始申报")
    application = int(page.url.rstrip("/").split("/")[-1])
    page.goto(f"{browser.base}/apply/{application}/registry/")
    page.get_by_label("以上登记信息与登记证书一致").check()
    browser.press("保存并继续")
    page.goto(f"{browser.base}/apply/{application}/contact/")
    page.get_by_label("联系人").fill("何专员")
    page.get_by_label("手机或电话").fill("１３９００００１２３４")
    browser.press("保存并继续")
    page.goto(f"{browser.base}/apply/{application}/directions/")
    page.get_by_label(direction).check()
    page.get_by_label("对应的业务范围").fill("职工心理健康服务")
    browser.press("保存并继续")
    page.goto(f"{browser.base}/apply/{application}/experience/")
    page.get_by_label("其他项目经历").fill("港区一线职工心理驿站，2025 年，服务 3,260 人次，验收合格。")
    browser.press("保存并继续")
    page.goto(f"{browser.base}/apply/{application}/people/")
    page.get_by_label("专职人员").fill("11")
    page.get_by_label("持证专业人员").fill("6")
    browser.press("保存并继续")
    page.goto(f"{browser.base}/apply/{application}/plan/")
    page.get_by_label("服务方案").fill("为一线职工提供心理健康讲座、个案服务和回访，有保密安排。")
    browser.press("保存并继续")
    page.goto(f"{browser.base}/apply/{application}/materials/")
    scripted = page.evaluate("document.querySelector('.upload.is-live') !== null")
    for n in range(page.locator("input[type=file]").count()):
        page.locator("input[type=file]").nth(n).set_input_files([pdf(f"材料{application}-{n}")])
        if scripted:
            expect(page.locator("section[data-upload]").nth(n).locator("li .is-ok")).to_be_visible()
        else:
            page.get_by_role("button", name="上传", exact=True).nth(n).click()
            page.wait_for_load_state()
    page.goto(f"{browser.base}/apply/{application}/check/")
    page.get_by_label("法定代表人姓名").fill("何法人")
    page.get_by_label("本单位承诺", exact=False).check()
    browser.press("提交申报")
    browser.sees("已收到")
    browser.sees("SB")
    return application


def object_to(visitor: Browser, publicity_id: int) -> tuple[str, str]:
    """From the page of the list: a unit objects; the number and the query code of its receipt."""
    page = visitor.page
    page.locator(f"a[href='/objections/{publicity_id}/new/']").first.click()
    page.get_by_label("单位（应加盖公章", exact=False).check()
    page.get_by_label("单位名称或姓名").fill("望海市邻里互助促进会")
    page.get_by_label("联系人").fill("郑联系")
    page.get_by_label("联系电话").fill("13900007777")
    page.get_by_label("事实和理由").fill("名单中一家单位的项目经历与事实不符，附有关证明。")
    visitor.press("提交")
    visitor.sees("查询码")
    number, code = page.locator("dl.facts dd b").all_inner_texts()
    return number, code
