"""What the office and the experts do in the browser between the application and the shortlist."""

from __future__ import annotations

import datetime as dt
import hashlib

from journeys.steps import Browser
from shuniu.calls.actions import panel
from shuniu.calls.models import Call, CallCategory, Committee
from shuniu.calls.tests import cast
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.unions.tests import cast as unions


def check_application(clerk: Browser, application_id: int) -> None:
    """Answer every question that only a person can answer, then conclude: 符合."""
    page = clerk.go(f"/calls/applications/{application_id}/audit/")
    for _ in range(12):
        question = page.locator(".finding--ask form").first
        if not page.locator(".finding--ask button", has_text="保存，看下一条").count():
            break
        question.get_by_label("符合", exact=True).check()
        question.get_by_role("button", name="保存，看下一条").click()
        page.wait_for_load_state()
    conclusion = page.locator("form", has=page.get_by_role("button", name="提交复核"))
    conclusion.get_by_label("符合", exact=True).check()
    clerk.press("提交复核")


def refuse_application(clerk: Browser, application_id: int, clause: str, why: str) -> None:
    """Conclude 不符合, with its clause and the reason that the applicant will read."""
    page = clerk.go(f"/calls/applications/{application_id}/audit/")
    conclusion = page.locator("form", has=page.get_by_role("button", name="提交复核"))
    conclusion.get_by_label("不符合", exact=True).check()
    chosen = conclusion.locator("option", has_text=clause).first.get_attribute("value")
    conclusion.locator("select").select_option(chosen)
    conclusion.locator("textarea").fill(why)
    clerk.press("提交复核")


def release_all(clerk: Browser, call_id: int) -> None:
    """统一生效并通知: every concluded application of the tab, after a look at what will happen."""
    page = clerk.go(f"/calls/{call_id}/applications/?tab=release")
    page.get_by_label("选择本页全部").check()
    clerk.press("统一生效并通知")
    page.locator("main form button.btn--primary").first.click()
    page.wait_for_load_state()


def experts_of(of: cast.Office, call: Call, category: CallCategory, count: int = 5) -> list[Who]:
    """Experts with accounts in the union's pool, entered by the clerk."""
    found = []
    for n in range(count):
        person = unions.person(f"专家{n + 1}", phone=f"1390000{900 + n}")
        panel.add_expert(
            by=of.clerk, union=of.union, person=person, name=person.name, phone=person.phone,
            employer=f"望海市第{n + 1}研究院", fields=[category.key], tier="city", term_from=clock.today(),
            term_to=clock.today() + dt.timedelta(days=700),
        )  # fmt: skip
        found.append(unions.who("expert", of.union, person))
    return found


def draw_committee(clerk: Browser, auditor: Browser, call_id: int, category: str) -> int:
    """Establish, freeze, two commitments, two values: the order follows and the committee begins."""
    page = clerk.go(f"/calls/panels/of/{call_id}/")
    page.get_by_role("row", name=category).get_by_role("button").click()
    page.wait_for_load_state()
    committee = Committee.objects.get(call_id=call_id, category__label=category)
    page = clerk.go(f"/calls/panels/{committee.pk}/freeze/")
    page.locator("input[name=second_party]").first.check()
    clerk.press("冻结并公布")
    clerk.sees("候选名单已冻结")
    draw = committee.draws.get()
    values = {"clerk": ("271828", "海边的一棵老榕树"), "auditor": ("314159", "港口清晨第一声汽笛")}
    for name, browser in (("clerk", clerk), ("auditor", auditor)):
        number, salt = values[name]
        digest = hashlib.sha256(f"{number}:{salt}".encode()).hexdigest()
        browser.go(f"/draws/{draw.pk}/party/").locator("input[name=digest]").fill(digest)
        browser.press("提交承诺值")
    for name, browser in (("clerk", clerk), ("auditor", auditor)):
        number, salt = values[name]
        page = browser.go(f"/draws/{draw.pk}/party/")
        page.locator("input[name=number]").fill(number)
        page.locator("input[name=salt]").fill(salt)
        browser.press("公布")
    auditor.close()
    clerk.go(f"/calls/panels/{committee.pk}/")
    clerk.press("开始评审")
    return committee.pk


def declare_and_score(expert: Browser, name: str, committee: int, applications: list[int], base: int) -> None:
    """Sign the yearly undertaking, declare, score every application of the pile, hand in."""
    page = expert.go("/review/undertaking/")
    assert "保密与廉洁承诺" in page.locator("body").inner_text()
    page.get_by_label("我已阅读并承诺遵守以上内容").check()
    page.get_by_label("签名", exact=False).fill(name)
    expert.press("签署")
    expert.go(f"/review/{committee}/declare/").get_by_label("除以上勾选的单位外", exact=False).check()
    expert.press("提交声明")
    for n, application in enumerate(applications):
        page = expert.go(f"/review/{committee}/{application}/")
        fields = page.locator(".criterion input")
        share = (base - 8 * n) / 100
        for i in range(fields.count()):
            if fields.nth(i).input_value():
                continue  # counted from the papers: it stands as it is
            weight = int(page.locator(".criterion .affix").nth(i).inner_text().split("/")[1])
            fields.nth(i).fill(str(round(weight * share)))
        expert.press("提交评分表")
    page = expert.go(f"/review/{committee}/")
    assert "已提交" in page.locator("main").inner_text()


def close_scoring(clerk: Browser, committee: int) -> None:
    """结束评分 once every sheet is in."""
    clerk.go(f"/calls/panels/{committee}/close/")
    clerk.press("结束评分")


def open_meeting(clerk: Browser, committee: int) -> None:
    """Open the meeting and sign every member in."""
    page = clerk.go(f"/calls/panels/{committee}/meeting/")
    clerk.press("开始会议")
    page = clerk.go(f"/calls/panels/{committee}/meeting/")
    while page.get_by_role("button", name="签到").count():
        page.get_by_role("button", name="签到").first.click()
        page.wait_for_load_state()


def vote_for_all(expert: Browser, committee: int) -> None:
    """赞成 for every application on the list."""
    page = expert.go(f"/review/{committee}/meeting/")
    choices = page.get_by_label("赞成", exact=True)
    for n in range(choices.count()):
        choices.nth(n).check()
    expert.press("提交表决")


def settle_meeting(clerk: Browser, checker: Browser, committee: int, cut_after: int) -> None:
    """Minutes and line by the clerk, signature by a second person."""
    page = clerk.go(f"/calls/panels/{committee}/meeting/")
    page.get_by_label("会议纪要").fill("逐家讨论，按得分划线。")
    page.get_by_label("入围至第几名").fill(str(cut_after))
    page.get_by_label("划线理由").fill("按各单位得分，取第一名。")
    clerk.press("提交审签")
    checker.go(f"/calls/panels/{committee}/meeting/sign/")
    checker.press("同意，生效")


def dismiss_objection(handler: Browser, approver: Browser, objection: int) -> None:
    """Somebody who took no part looks into it, another one approves; the name stays."""
    handler.go(f"/calls/objections/{objection}/")
    handler.press("受理")
    page = handler.go(f"/calls/objections/{objection}/")
    page.get_by_label("异议不成立").check()
    page.get_by_label("保留在名单上").check()
    page.get_by_label("核查情况").fill("调阅合同和验收意见，项目经历属实。")
    page.get_by_label("答复内容").fill("经核查，该单位项目经历属实，异议不成立。")
    handler.press("提交审签")
    handler.close()
    approver.go(f"/calls/objections/{objection}/")
    approver.press("同意")
    approver.close()
