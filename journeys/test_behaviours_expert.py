"""An expert's review in a real browser: no material before the signature, scores that save themselves, locks."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, Route, expect
from pypdf import PdfReader

from journeys.steps import until
from shuniu.calls.actions import scoring
from shuniu.calls.models import Reopening, ScoreDraft, ScoreSheet, SheetRecord
from shuniu.calls.tests import reviews
from shuniu.foundation.access import Who
from shuniu.unions.tests import cast as unions

pytestmark = [pytest.mark.browser, pytest.mark.real_transactions]
Opened = Callable[..., Page]


@pytest.fixture
def opened(live_url: str, new_page: Callable[..., Page], settings: Any) -> Opened:
    """`opened(who, "/review/")`: a page of their own at an address."""

    def go(who: Who, path: str, **options: Any) -> Page:
        page = new_page(**options)
        cookie = unions.log_in(Client(), who).cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_url}])
        page.goto(live_url + path)
        return page

    return go


def _refused(page: Page, address: str, secret: str) -> int:
    """The status of an address that must not give away what it leads to."""
    answer = page.request.get(address)
    body = answer.body()
    assert not body.startswith(b"%PDF") and secret.encode() not in body, address
    return answer.status


@pytest.mark.feature("D3")
def test_U32_nothing_is_served_before_the_signature_and_a_conflict_takes_it_away(
    opened: Opened, live_url: str, travel: Any
) -> None:
    of = reviews.review(travel, applications=2, until="open")
    member, (mine, theirs) = of.members()[0], of.applications
    assert member.person is not None
    base = f"{live_url}/review/{of.pk}/"
    files = {
        a.pk: live_url + reverse("calls:review_file", args=[of.pk, a.pk, a.materials.all()[0].attachment_id])
        for a in (mine, theirs)
    }
    plan = "为一线职工提供心理健康讲座"
    page = opened(member, "/review/")
    for address in (base, f"{base}{mine.pk}/", f"{base}{mine.pk}/?tab=files", files[mine.pk]):
        assert _refused(page, address, plan) == 403, address
    page.goto(base)
    page.get_by_role("link", name="去签署承诺").click()
    page.get_by_label("我已阅读并承诺遵守以上内容").check()
    page.get_by_label("签名", exact=False).fill(member.person.name)
    page.get_by_role("button", name="签署").click()
    page.wait_for_load_state()
    for address in (base, f"{base}{mine.pk}/", files[mine.pk]):
        assert _refused(page, address, plan) == 403, "signed, but ties are not declared yet"
    page.goto(base)
    page.get_by_role("link", name="去作回避声明").click()
    page.get_by_label(theirs.organisation.name, exact=True).check()
    page.get_by_label(f"与“{theirs.organisation.name}”的关系").fill("本人任理事")
    page.get_by_label("除以上勾选的单位外", exact=False).check()
    page.get_by_role("button", name="提交声明").click()
    rows = page.locator("main ol.tasks > li")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(mine.organisation.name)
    for address in (f"{base}{theirs.pk}/", files[theirs.pk]):
        assert _refused(page, address, plan) in {403, 404}, address
    assert page.request.get(files[mine.pk]).body().startswith(b"%PDF")
    clerk = opened(of.office.clerk, "/inbox/")
    expect(clerk.locator("main")).to_contain_text(re.compile(f"回避：专家 .* 号，{theirs.organisation.name}"))


@pytest.mark.feature("D5")
def test_U34_every_score_saves_itself_and_the_pile_is_walked(opened: Opened, travel: Any) -> None:
    of = reviews.review(travel, until="declared")
    items = list(of.marks())
    desk = [f"/review/{of.pk}/{a.pk}/" for a in of.applications]
    page = opened(of.members()[0], "/review/", viewport={"width": 1024, "height": 768})
    page.clock.install()
    page.goto(page.url.replace("/review/", desk[0]))
    state = page.locator("[data-save-state]")
    expect(page.locator(".review__bar")).to_contain_text("1/3")
    held: list[Route] = []
    page.route("**/save/", lambda route: held.append(route))
    page.fill(f"#id_p{items[0]}", "8")
    expect(state).to_contain_text("保存中")
    until(page, lambda: bool(held))
    held[0].continue_()
    page.unroute("**/save/")
    expect(state).to_contain_text(re.compile(r"已保存 \d\d:\d\d:\d\d"))
    # Ten seconds without a net: three scores are typed, and sent once, in their order, when it is back.
    sent: list[str] = []
    page.on("requestfinished", lambda r: sent.append(r.post_data or "") if r.url.endswith("/save/") else None)
    page.context.set_offline(True)
    for points, pk in zip(("7", "8", "9"), items[1:4], strict=True):
        page.fill(f"#id_p{pk}", points)
    expect(state).to_contain_text("未保存")
    page.clock.fast_forward(10_000)
    expect(state).to_contain_text("未保存")
    page.context.set_offline(False)
    expect(state).to_contain_text("已保存")
    until(page, lambda: bool(sent))
    scores = [pair for body in sent for pair in parse_qsl(body) if re.fullmatch(r"p\d+", pair[0])]
    assert scores == [(f"p{pk}", p) for p, pk in zip(("7", "8", "9"), items[1:4], strict=True)]
    kept = dict(ScoreDraft.objects.values_list("item_id", "points"))
    assert kept == {pk: Decimal(p) for pk, p in zip(items, (8, 7, 8, 9), strict=False)}
    # On to the next by Ctrl+Enter, past it without a decision, and out of one with a reason.
    page.press(f"#id_p{items[3]}", "Control+Enter")
    page.wait_for_url(f"**{desk[1]}")
    expect(page.locator(".review__bar")).to_contain_text("2/3")
    page.get_by_role("link", name="暂时跳过").click()
    page.wait_for_url(f"**{desk[2]}")
    page.get_by_role("link", name="弃权").click()
    page.get_by_role("button", name="弃权").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.locator("main textarea").fill("不熟悉这一服务领域。")
    page.get_by_role("button", name="弃权").click()
    page.wait_for_url(lambda url: not url.endswith("/abstain/"))
    states = dict(ScoreSheet.objects.filter(seat=of.seats()[0]).values_list("application_id", "state"))
    assert states == {a.pk: s for a, s in zip(of.applications, ("draft", "draft", "abstained"), strict=True)}
    page.goto(page.url.split("/review/")[0] + desk[0])
    page.get_by_role("button", name="保存并下一个").click()
    page.wait_for_url(f"**{desk[1]}")


def _opened_again(opened: Opened, live_url: str, of: reviews.Review, sheet: ScoreSheet) -> None:
    """A clerk asks with a written reason, a second person agrees; the committee's page keeps the reason."""
    clerk = opened(of.office.clerk, f"/calls/panels/{of.pk}/reopen/?sheet={sheet.pk}")
    clerk.get_by_role("button", name="提交申请").click()
    expect(clerk.locator("[data-error-summary]")).to_be_focused()
    assert not Reopening.objects.exists()
    clerk.locator("main textarea").fill("专家来电，第一项填错。")
    clerk.get_by_role("button", name="提交申请").click()
    clerk.wait_for_url(f"**/calls/panels/{of.pk}/")
    asked = Reopening.objects.get()
    leader = opened(of.office.checker, f"/calls/panels/{of.pk}/reopen/{asked.pk}/")
    expect(leader.locator("main")).to_contain_text("专家来电，第一项填错。")
    leader.get_by_role("button", name="批准", exact=True).click()
    leader.wait_for_load_state()
    clerk.goto(f"{live_url}/calls/panels/{of.pk}/")
    expect(clerk.locator("main")).to_contain_text("专家来电，第一项填错。")


@pytest.mark.feature("D5")
@pytest.mark.feature("D4")
def test_U35_a_sheet_is_bounded_alone_locked_signed_and_reopened_for_a_reason(
    opened: Opened, live_url: str, travel: Any
) -> None:
    of = reviews.review(travel, applications=2, until="declared")
    member, other = of.members()[:2]
    assert member.person is not None
    application = of.applications[0]
    rubric = {item.pk: item for item in of.call.rubric.all()}
    scoring.submit_sheet(
        by=other, application_id=application.pk, comment="同行的评语",
        points={pk: Decimal(item.weight) - Decimal("3.7") for pk, item in rubric.items()},
    )  # fmt: skip
    hers = SheetRecord.objects.get()
    numbers = {str(hers.total), "同行的评语"} | {s["points"] for s in hers.scores}
    desk = f"/review/{of.pk}/{application.pk}/"
    page = opened(member, desk)
    for path in (desk, f"{desk}?tab=files", f"/review/{of.pk}/", f"/review/{of.pk}/hand-in/", "/review/"):
        source = page.request.get(live_url + path).text()
        assert not [n for n in numbers if re.search(rf"(?<![\d.]){re.escape(n)}(?!\d)", source)], path
    for pk, item in rubric.items():
        beside = page.locator(".criterion", has=page.locator(f"#id_p{pk}"))
        expect(beside).to_contain_text(" ".join(item.guide.split()))
        expect(beside).to_contain_text(f"/ {item.weight}")
    first = next(iter(rubric.values()))
    for pk, item in rubric.items():
        page.fill(f"#id_p{pk}", str(item.weight - 1))
    page.fill(f"#id_p{first.pk}", str(first.weight + 1))
    page.get_by_role("button", name="提交评分表").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page).to_have_title(re.compile("^错误："))
    page.locator("[data-error-summary] a").click()
    expect(page.locator(f"#id_p{first.pk}")).to_be_focused()
    expect(page.locator(f"#id_p{first.pk}")).to_have_value(str(first.weight + 1))
    expect(page.locator(f"#id_p{first.pk}_error")).to_contain_text(f"最多 {first.weight} 分")
    page.fill(f"#id_p{first.pk}", str(first.weight - 1))
    total = sum(item.weight - 1 for item in rubric.values())
    expect(page.locator("[data-total-number]")).to_have_text(str(total))
    page.get_by_role("button", name="提交评分表").click()
    page.wait_for_url(lambda url: not url.endswith(desk))
    page.goto(live_url + desk)
    expect(page.locator(".scorebar")).to_contain_text("已提交")
    expect(page.locator("aside input, aside textarea")).to_have_count(0)
    paper = page.request.get(
        live_url + (page.get_by_role("link", name="评分表 PDF").get_attribute("href") or "")
    )
    text = PdfReader(io.BytesIO(paper.body())).pages[0].extract_text()
    assert str(total) in text and application.organisation.name in text
    sheet = ScoreSheet.objects.get(seat=of.seats()[0], application=application)
    _opened_again(opened, live_url, of, sheet)
    page.reload()
    page.fill(f"#id_p{first.pk}", "5")
    assert SheetRecord.objects.filter(sheet=sheet, total=total).count() == 1, "what was signed stays"
