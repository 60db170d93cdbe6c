"""影响测算 in a browser: from the folder to the organisations behind a figure and back, also without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from journeys.steps import Browser, NewPage
from shuniu.library import actions
from shuniu.library.models import Impact
from shuniu.library.queries import folder
from shuniu.library.tests import folders
from shuniu.policy import read_folder
from shuniu.registry.actions import add_fact
from shuniu.registry.tests import factories
from shuniu.unions.tests import cast

pytestmark = [pytest.mark.real_transactions, pytest.mark.browser, pytest.mark.feature("B2")]


@pytest.mark.seconds(12)
@pytest.mark.parametrize("scripted", [True, False], ids=["with-javascript", "without"])
def test_from_the_folder_to_the_organisations_behind_a_figure(
    new_page: NewPage, live_url: str, scripted: bool
) -> None:
    city = cast.union()
    clerk, admin, checker = (cast.who(role, city) for role in ("clerk", "sec_admin", "checker"))
    for n, staff in enumerate((0, 3, 3)):
        row = factories.organisation(clerk, f"望海市第{n}关爱中心")
        add_fact(by=clerk, organisation=row, kind="staff", values={"full_time": staff}, basis="年报")
    files = dict(read_folder(folder() / "jiangsu"))
    text = files["document.yaml"].decode().replace("key: jiangsu\n", "key: wanghai-award\n", 1)
    text = text.replace("{fact: full_time_staff, at_least: 1}", "{fact: full_time_staff, at_least: 5}")
    text += "\nsupersedes: {key: jiangsu, judged_by: application_day, clause: 末}\n"
    brought = files | {"document.yaml": text.encode(), "cases.yaml": b"cases: []\n"}
    law = actions.upload(by=admin, received=folders.received(brought))
    assert law.state == "checked", law.problems

    options = {} if scripted else {"viewport": {"width": 390, "height": 844}}
    browser = Browser(new_page, live_url, checker, java_script_enabled=scripted, **options)
    browser.go(f"/library/uploads/{law.pk}/")
    page = browser.follow("影响测算")
    expect(page.get_by_text("还没有测算")).to_be_visible()
    browser.press("开始测算")
    expect(page.get_by_role("progressbar")).to_be_visible()
    actions.compute_impact(impact_id=Impact.objects.get().pk)
    if not scripted:
        browser.follow("刷新")
    expect(page.get_by_text("共 3 家")).to_be_visible()
    line = page.get_by_role("row", name="有专职工作人员")
    expect(line).to_contain_text("符合变为不符合")
    line.get_by_role("link", name="2 家").click()
    expect(page.get_by_text("望海市第1关爱中心").first).to_be_visible()
    expect(page.get_by_text("望海市第0关爱中心")).to_have_count(0)
    browser.follow("影响测算")
    expect(page.get_by_role("heading", name="逐条")).to_be_visible()
    browser.close()
