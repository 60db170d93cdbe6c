"""The leader on a phone: one page, few taps, the password before what cannot be taken back, a colleague instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from journeys.steps import Browser
from shuniu.calls.actions import call as calls
from shuniu.calls.actions import listing
from shuniu.calls.models import PublicList
from shuniu.calls.tests import cast, cast_listing
from shuniu.foundation.access import Who
from shuniu.foundation.journal.models import Entry
from shuniu.foundation.notices.models import Message
from shuniu.foundation.ui import slots
from shuniu.unions.models import Handover
from shuniu.unions.tests.cast import PASSWORD, me

pytestmark = [pytest.mark.browser, pytest.mark.real_transactions]
NewPage = Callable[..., Page]
_FAULTY = re.compile("^错误：")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def _phone(new_page: NewPage, live_url: str, who: Who, **options: Any) -> Browser:
    return Browser(new_page, live_url, who, **(PHONE | options))


def _fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.feature("C11")
def test_U22_a_high_risk_step_asks_for_the_password_once(new_page: NewPage, live_url: str) -> None:
    of = cast.office()
    call, made = cast_listing.reviewed_call(of, 1)
    clerk = Browser(new_page, live_url, of.clerk, java_script_enabled=False)
    clerk.go(f"/calls/{call.pk}/lists/")
    clerk.press("冻结名单，提交审签")
    row = call.lists.get()
    leader = _phone(new_page, live_url, of.leader, java_script_enabled=False)
    page = leader.page
    message = Message.objects.get(person=me(of.leader), url=f"/calls/lists/{row.pk}/")
    leader.go("/inbox/")
    page.get_by_role("link", name=message.title).click()  # first tap
    page.wait_for_url(f"**/calls/lists/{row.pk}/")
    _fits(page)
    expect(page.get_by_role("link", name=made[0].organisation.name)).to_be_visible()
    for typed, words in (("", "没有填写您的登录密码"), ("not-my-password", "密码不正确")):
        page.get_by_label("您的登录密码").fill(typed)
        page.get_by_role("button", name="同意并公示").click()
        expect(page.locator("[data-error-summary]")).to_contain_text(words)
        expect(page).to_have_title(_FAULTY)
        assert not PublicList.objects.get(pk=row.pk).published_at
    page.get_by_label("您的登录密码").fill(PASSWORD)  # second tap
    page.get_by_role("button", name="同意并公示").click()  # third tap
    leader.sees("公示已经开始")
    assert PublicList.objects.get(pk=row.pk).approved_by == of.leader.person
    correction = _correction(of.clerk, row.pk)
    leader.go(f"/calls/lists/{row.pk}/corrections/{correction}/")
    leader.sees("刚才已确认是您本人")
    expect(page.get_by_label("您的登录密码")).to_have_count(0)
    page.get_by_role("button", name="同意并公布").click()
    leader.sees("更正公告已公布")


def _correction(clerk: Who, list_id: int) -> int:
    """A correction that waits for the leader; its number."""
    made = listing.propose_correction(
        by=clerk, list_id=list_id, reason="方向录入有误", entry_id=None, label="方向", before="甲", after="乙",
        removes=False,
    )  # fmt: skip
    return made.number


@pytest.mark.feature("C3")
def test_U22_an_approval_is_handed_on(new_page: NewPage, live_url: str) -> None:
    of = cast.office()
    call = cast.draft_call(of)
    calls.submit(by=of.clerk, call_id=call.pk)
    url = f"/calls/{call.pk}/approve/"
    leader = _phone(new_page, live_url, of.leader)
    page = leader.go(url)
    _fits(page)
    page.get_by_role("button", name="退回", exact=True).click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page).to_have_title(_FAULTY)
    page.get_by_role("link", name="转办").click()
    page.wait_for_url("**/work/hand-on/call/**")
    _fits(page)
    options = page.get_by_label("转给谁").locator("option").all_inner_texts()
    assert {"周复核", "郑复核"} <= set(options), "whoever may decide it"
    assert not {"陈主任", "林经办"} & set(options), "neither oneself nor who submitted"
    page.get_by_role("button", name="转办").click()
    page.wait_for_selector("[data-error-summary]")
    page.get_by_label("转给谁").select_option(label="郑复核")
    page.get_by_label("转办说明").fill("我今天在外地，请你审签。")
    page.get_by_role("button", name="转办").click()
    page.wait_for_url("**/work/")
    leader.sees("已转办郑复核")
    assert Handover.objects.get().to_person == of.checker2.person
    mine = {actor: [t for t in slots.todos_for(who) if t.url == url] for actor, who in _approvers(of)}
    assert [t.waiting for t in mine["checker2"]] == [False] and "陈主任转办" in mine["checker2"][0].sub
    assert [t.waiting for t in mine["leader"]] == [True] and "已转办郑复核" in mine["leader"][0].sub
    assert [t.waiting for t in mine["checker"]] == [True]
    told = Message.objects.filter(url=url)
    assert told.get(kind="unions.handed_on").person == of.checker2.person
    assert told.get(person=me(of.leader)).read_at is not None
    leader.go(url)
    since = page.get_by_role("region", name="上次查看以来")
    expect(since).to_contain_text("转办郑复核")
    expect(since).not_to_contain_text("提交审签")
    other = _phone(new_page, live_url, of.checker2)
    page = other.go(url)
    expect(page.locator(".timeline").first).to_contain_text("转办郑复核：我今天在外地，请你审签。")
    assert Entry.objects.filter(verb="unions.hand_on", about__contains=[f"calls.call:{call.pk}"]).count() == 1
    page.get_by_label("您的登录密码").fill(PASSWORD)
    page.get_by_role("button", name="同意并发布").click()
    other.sees("已审签并发布")


def _approvers(of: cast.Office) -> list[tuple[str, Who]]:
    return [("leader", of.leader), ("checker", of.checker), ("checker2", of.checker2)]
