"""制度: brought, mended, rehearsed, published, adopted, asked about, used for a call, ended; on a phone without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from journeys.steps import Browser, NewPage
from shuniu.calls.models import Call
from shuniu.foundation.access import Who
from shuniu.library.models import Ending, Upload
from shuniu.library.queries import laws_for
from shuniu.library.tests import folders
from shuniu.library.unpacking import make_zip
from shuniu.registry.tests import factories
from shuniu.unions.models import Union
from shuniu.unions.tests import cast

pytestmark = [pytest.mark.real_transactions, pytest.mark.browser]

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "java_script_enabled": False}
PAGE = f"/library/{folders.KEY}/"


@pytest.mark.seconds(40)
@pytest.mark.feature("B2")
@pytest.mark.feature("B3")
@pytest.mark.feature("B6")
@pytest.mark.feature("O2")
def test_a_documents_whole_way_without_javascript(new_page: NewPage, live_url: str) -> None:
    city = cast.union()
    district = cast.union("东港区总工会", level="district", parent=city)
    people = {role: cast.who(role, city) for role in ("sec_admin", "leader", "clerk")}
    factories.organisation(people["clerk"], "望海市晨曦中心", registered_on="2024-01-10")

    def opened(who: Who) -> Browser:
        return Browser(new_page, live_url, who, **PHONE)

    admin, leader, clerk = (opened(people[role]) for role in ("sec_admin", "leader", "clerk"))
    lower, above = (opened(cast.who(role, district)) for role in ("sec_admin", "leader"))
    _brought(admin)
    _confirmed(leader, f"/library/uploads/{Upload.objects.latest('pk').pk}/", "同意发布", "已发布")
    _asked(lower, clerk, leader)
    _adopted(lower, above, leader)
    _composed(clerk, city)
    _ended(admin, leader, clerk, city)
    for browser in (admin, leader, clerk, lower, above):
        browser.close()


def _sent(page: Page, document: str) -> None:
    body = make_zip(folders.files(document))
    file = FilePayload(name="制度.zip", mimeType="application/zip", buffer=body)
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="上传并检查").click()


def _brought(admin: Browser) -> None:
    """With one mistake, which is named; mended, tried on real facts, handed to the second person."""
    page = admin.go("/library/")
    admin.follow("制度上传")
    _sent(page, folders.DOCUMENT.replace("fact: chosen_count", "fact: chosen_cuont"))
    expect(page.locator("main")).to_contain_text("chosen_cuont")
    expect(page.get_by_role("button", name="提请发布")).to_have_count(0)
    admin.follow("再次上传")
    _sent(page, folders.DOCUMENT)
    expect(page.locator("main")).to_contain_text("2 个案例全部相符")
    admin.follow("演练")
    admin.sees("望海市晨曦中心")
    page.get_by_text("2 个条件").click()
    expect(page.get_by_text("成立满两年").first).to_be_visible()
    page.go_back()
    admin.press("提请发布")
    admin.sees("待确认")


def _confirmed(leader: Browser, address: str, yes: str, state: str) -> None:
    """The second person finds it on the bench and gives their own password."""
    page = leader.go("/")
    page.locator(f"a[href='{address}']").first.click()
    leader.press(yes)
    leader.sees(state)


def _asked(lower: Browser, clerk: Browser, leader: Browser) -> None:
    """A district asks about a clause; the answer of one and the word of another stand beside it."""
    page = lower.go(f"{PAGE}questions/")
    page.locator("#id_clause").select_option("第二条")
    page.locator("#id_text").fill("满两年算到哪一天？")
    lower.press("提交问题")
    page = clerk.go("/library/")
    clerk.follow("条款解释")
    clerk.follow("满两年算到哪一天？")
    page.locator("#id_answer").fill("算到通知载明的判断日。")
    clerk.press("保存并提请审签")
    page = leader.go(page.url.removeprefix(leader.base))
    leader.press("同意公布")
    page = lower.go(PAGE)
    page.get_by_text("解释：满两年算到哪一天？").click()
    expect(page.get_by_text("算到通知载明的判断日。").first).to_be_visible()


def _adopted(lower: Browser, above: Browser, leader: Browser) -> None:
    """With a number of its own within what the city allows; the city sees who adopted."""
    page = lower.go(PAGE)
    lower.follow("采用并确定本会数值")
    page.locator("#id_title").fill("东港区服务项目办法")
    page.locator("#id_number_0").fill("4")
    lower.press("生成并检查")
    lower.sees("不得大于 3")
    page.locator("#id_number_0").fill("2")
    lower.press("生成并检查")
    expect(page.locator("del", has_text="3").first).to_be_visible()
    expect(page.locator("ins", has_text="2").first).to_be_visible()
    expect(page.locator("main")).to_contain_text("上级的结论是“是”，按本会的数值是“否”")
    lower.press("提请发布")
    _confirmed(above, f"/library/uploads/{Upload.objects.latest('pk').pk}/", "同意发布", "已发布")
    leader.go(PAGE)
    leader.sees("下级采用情况")
    leader.sees("东港区总工会")


def _composed(clerk: Browser, city: Union) -> None:
    """A call begins from it."""
    page = clerk.go("/calls/new/")
    page.locator("#id_document").select_option(folders.KEY)
    clerk.press("生成草稿")
    clerk.sees("望海市职工服务项目办法")
    assert Call.objects.get().document.key == folders.KEY


def _ended(admin: Browser, leader: Browser, clerk: Browser, city: Union) -> None:
    """Out of use by two people: nothing new begins under it, and everybody reads why."""
    page = admin.go(PAGE)
    admin.follow("停用")
    page.locator("#id_reason").fill("由新的办法代替")
    admin.press("提请停用")
    _confirmed(leader, f"/library/endings/{Ending.objects.get().pk}/", "同意停用", "已停用")
    clerk.go(PAGE)
    clerk.sees("由新的办法代替")
    page = clerk.go("/calls/new/")
    expect(page.get_by_text("《望海市职工服务项目办法》")).to_have_count(0)
    assert folders.KEY not in {law.key for law in laws_for(city.pk)}
