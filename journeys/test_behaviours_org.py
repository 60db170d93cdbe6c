"""Organisations and the public in a real browser: self-check, task list, check answers, progress, verification."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from journeys import qr
from journeys.conftest import Standing
from shuniu.calls.actions import apply
from shuniu.calls.models import Application, Call
from shuniu.calls.tests import cast
from shuniu.foundation.access import Who, system
from shuniu.foundation.calendar import clock
from shuniu.recognition import actions as recognition
from shuniu.recognition.actions.certificates import verify_url
from shuniu.recognition.tests import cast as recognised
from shuniu.registry import actions as registry
from shuniu.registry.models import CorrectionRequest
from shuniu.registry.tests import factories

pytestmark = [pytest.mark.browser]
Visit = Callable[..., Page]


def _call(there: Standing) -> Call:
    return Call.objects.get(pk=there.world.ids["open_call"])


def _known(there: Standing, name: str, who: Who) -> str:
    """Give somebody a name by which they may visit."""
    there.world.people[name] = who
    return name


def _applicant(there: Standing, name: str, **values: Any) -> str:
    return _known(there, name, cast.applicant(there.world.office, f"望海市{name}服务中心", **values))


def _inspected(there: Standing, name: str, result: str) -> str:
    """An organisation whose last annual inspection came out like this."""
    clerk = there.world.office.clerk
    row = factories.organisation(
        clerk, f"望海市{name}服务中心", registered_on=dt.date(2018, 5, 1), status="normal"
    )
    registry.add_fact(
        by=clerk, organisation=row, kind="inspection", basis="市民政局年检公告",
        values={"year": clock.today().year - 1, "result": result},
    )  # fmt: skip
    return _known(there, name, factories.member(row))


# --- U25 ---------------------------------------------------------------------------------------------


@pytest.mark.feature("C1")
def test_U25_each_rule_that_fails_is_named_with_its_clause_and_what_to_do(
    visit: Visit, there: Standing
) -> None:
    call = _call(there)
    failing = (
        ("在本市登记管理部门登记", _applicant(there, "省管", registrar_level="province")),
        ("社会团体或社会服务机构", _applicant(there, "基金", code=factories.code("53379900"))),
        ("登记存续", _applicant(there, "已注销", status="cancelled")),
        ("上一年度年检合格", _inspected(there, "年检不合格", "failed")),
    )
    for rule, actor in failing:
        page = visit(actor, f"/apply/call/{call.pk}/")
        expect(page.locator("main .note", has_text="项不符合")).to_contain_text(f"{rule}（第七条（一））")
        line = page.locator("article.finding", has=page.get_by_role("heading", name=rule, exact=True))
        expect(line).to_contain_text("第七条（一）")
        expect(line).to_contain_text("不符合")
        expect(line).to_contain_text("申请更正")
        # One rule fails, and only this one.
        expect(page.locator("article.finding .is-bad")).to_have_count(1)
    gone = visit("已注销", f"/apply/call/{call.pk}/")
    expect(gone.get_by_role("button", name="开始申报")).to_have_count(0)
    expect(gone.locator("main")).to_contain_text("不能申报")


@pytest.mark.feature("C3")
def test_U25_the_start_page_says_what_is_needed_and_the_fourth_category_wants_a_reason(
    visit: Visit, there: Standing
) -> None:
    call = _call(there)
    actor = _applicant(there, "三类齐全")
    page = visit(actor, f"/apply/call/{call.pk}/")
    main = page.locator("main")
    assert call.apply_until is not None
    last = clock.local_last_day(call.apply_until)
    expect(main).to_contain_text(
        f"{last.month}月{last.day}日 24:00 截止，还剩 {(last - clock.today()).days} 天"
    )
    expect(main).to_contain_text("约需 40 分钟")
    for item in call.materials.all():
        expect(
            page.locator("section", has_text="需要准备的材料").locator("li", has_text=item.label)
        ).to_be_visible()
    scope = page.locator("article.finding", has_text="业务范围与申报类别一致")
    expect(scope).to_contain_text("第七条（二）")
    expect(scope).to_contain_text("请准备能说明这一点的证明材料")
    limit = page.locator("article.finding", has_text="不超过 3 个")
    expect(limit).to_contain_text("第八条")
    expect(page.locator("article.finding .is-bad")).to_have_count(0)
    who = there.world.people[actor]
    for category in call.categories.all()[:3]:
        apply.start(by=who, call_id=call.pk, category_id=category.pk, arrived_at=clock.now())
    page.reload()
    expect(limit).to_contain_text("再申报要写明理由")
    page.locator("input[name=category]").first.check()
    page.get_by_role("button", name="开始申报").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("[data-error-summary]")).to_contain_text("第 4 个")
    page.get_by_label("超出类别上限的理由").fill("四类服务都已开展三年。")
    page.get_by_role("button", name="开始申报").click()
    page.wait_for_url(re.compile(r"/apply/\d+/$"))


# --- U26 ---------------------------------------------------------------------------------------------


@pytest.mark.feature("C2")
def test_U26_the_task_list_is_done_in_any_order_and_handed_in_when_whole(
    visit: Visit, there: Standing
) -> None:
    call = _call(there)
    actor = _applicant(there, "任务清单")
    who = there.world.people[actor]
    first = call.categories.all()[0]
    made = apply.start(by=who, call_id=call.pk, category_id=first.pk, arrived_at=clock.now())
    apply.save_section(by=who, application_id=made.pk, section="people", values={"part_time": 2})
    page = visit(actor, f"/apply/{made.pk}/")
    rows = page.locator("main .task-group ul.tasks > li")
    for row in rows.all():
        assert re.match("核对|确认|选择|填写|说明|上传", row.locator("div > :first-child").inner_text())
    told = [re.sub(r"\s", "", row.inner_text()) for row in rows.all()]
    for word, number in (("已完成", 1), ("进行中", 1), ("还不能开始", 1), ("未开始", len(told) - 3)):
        assert sum(line.endswith(word) for line in told) == number, (word, told)
    page.goto(page.url + "check/")
    expect(page.get_by_role("button", name=re.compile("提交申报"))).to_be_disabled()
    expect(page.locator("main .note")).to_contain_text("说明服务方案")
    # Not the first row, and not its words: the lower right corner of the row opens it.
    page.go_back()
    row = rows.filter(has_text="说明服务方案")
    row.scroll_into_view_if_needed()
    box = row.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] - 5, box["y"] + box["height"] - 5)
    page.wait_for_url(f"**/apply/{made.pk}/plan/")
    page.get_by_label("服务方案").fill("每月两次心理健康讲座。")
    page.get_by_role("button", name="保存并继续").click()
    page.wait_for_url(f"**/apply/{made.pk}/")
    expect(rows.filter(has_text="说明服务方案")).to_contain_text("已完成")
    expect(rows.filter(has_text="核对登记信息")).to_contain_text("未开始")
    whole = cast.filled_application(who, call, call.categories.all()[1].key)
    page.goto(page.url.replace(f"/{made.pk}/", f"/{whole.pk}/"))
    page.get_by_role("link", name="核对并提交").first.click()
    expect(page.get_by_role("button", name="提交申报", exact=True)).to_be_enabled()


# --- U30 ---------------------------------------------------------------------------------------------


@pytest.mark.feature("C6")
def test_U30_answers_are_checked_changed_and_handed_in_with_a_receipt(
    visit: Visit, there: Standing, site: str
) -> None:
    call = _call(there)
    actor = _applicant(there, "核对回执")
    made = cast.filled_application(there.world.people[actor], call)
    page = visit(actor, f"/apply/{made.pk}/check/")
    answers = page.locator("main dl.facts > div")
    assert answers.count() >= 8
    for row in answers.all():
        expect(row.locator(".facts__change a")).to_contain_text("更改")
    answers.filter(has_text="电话").locator(".facts__change a").click()
    page.wait_for_url(f"**/apply/{made.pk}/contact/?next=check#id_phone")
    page.get_by_label("手机或电话").fill("０５３２－８００００００１")
    page.get_by_role("button", name="保存并继续").click()
    page.wait_for_url(re.compile(rf"/apply/{made.pk}/check/(#\w+)?$"))
    expect(answers.filter(has_text="电话")).to_contain_text("0532-80000001")
    page.get_by_role("button", name="提交申报", exact=True).click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("[data-error-summary]")).to_contain_text("真实性承诺")
    page.get_by_label("本单位承诺", exact=False).check()
    page.get_by_role("button", name="提交申报", exact=True).click()
    page.wait_for_url(re.compile(rf"/apply/{made.pk}/receipt/"))
    given = Application.objects.get(pk=made.pk)
    assert given.number is not None
    main = page.locator("main")
    expect(main).to_contain_text(given.number)
    checks = call.stages.get(kind="check")
    assert checks.starts_on is not None and checks.ends_on is not None
    for words in (checks.label, f"{checks.starts_on.month}月{checks.starts_on.day}日", "社会联络部办理"):
        expect(main).to_contain_text(words)
    address = page.get_by_role("link", name="回执 PDF").get_attribute("href")
    answer = page.request.get(f"{site}{address}")
    assert answer.headers["content-type"] == "application/pdf"
    pdf = answer.body()
    assert given.number in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    digest = given.submissions.get().digest
    path = f"/notices/{call.pk}/?receipt={given.number}&check={digest[:12]}"
    assert qr.carries(pdf, f"{settings.PUBLIC_URL}{path}")
    for address, word in ((path, f"回执 {given.number} 属实"), (path[:-1], "没有找到这份回执")):
        assert word in page.request.get(f"{site}{address}").text()


# --- U31 ---------------------------------------------------------------------------------------------


@pytest.mark.feature("C5")
def test_U31_progress_is_told_nothing_is_asked_twice_and_all_can_be_taken_back(
    visit: Visit, there: Standing
) -> None:
    call = _call(there)
    actor = _applicant(there, "进度查询")
    made = cast.submitted_application(there.world.people[actor], call)
    page = visit(actor, f"/apply/{made.pk}/")
    check = call.stages.get(kind="check")
    assert check.ends_on is not None
    main = page.locator("main")
    for words in (
        "待审核",
        f"由{call.union}",
        f"“{check.label}”计划",
        f"{check.ends_on.month}月{check.ends_on.day}日",
    ):
        expect(main).to_contain_text(words)
    expect(page.locator("aside [aria-current=step]")).to_have_count(1)
    # The second application finds what the registry knows, with its source and its day.
    page.goto(page.url.replace(f"/apply/{made.pk}/", f"/apply/call/{call.pk}/"))
    page.locator("input[name=category]").first.check()
    page.get_by_role("button", name="开始申报").click()
    page.wait_for_url(re.compile(r"/apply/\d+/$"))
    second = page.url
    page.goto(second + "contact/")
    expect(page.get_by_label("联系人")).to_have_value("何专员")
    expect(page.get_by_label("手机或电话")).to_have_value("13900001234")
    expect(main).to_contain_text("取自组织信息，来源：工会核验：登记证书副本，2024-03-01")
    page.goto(second + "registry/")
    for label in ("组织类型", "登记管理机关", "登记状态"):
        known = page.locator("main dl.facts > div", has_text=label)
        expect(known).to_contain_text(re.compile(r"来源：.+，\d{4}-\d\d-\d\d"))
    page.get_by_role("link", name="申请更正").click()
    page.locator("main dl.facts > div", has_text="所在区").get_by_role("link").click()
    page.get_by_label("更正为").fill("南湾区")
    page.get_by_label("为什么更正").fill("住所已迁至南湾区。")
    page.locator("main form[method=post] .btn--primary").click()
    page.wait_for_url("**/org/info/")
    expect(page.locator("main dl.facts > div", has_text="所在区")).to_contain_text("已申请更正，等待处理")
    assert CorrectionRequest.objects.filter(organisation=made.organisation, field="region").count() == 1
    page.goto(second.replace(second.split("/")[-2], str(made.pk)))
    page.get_by_role("link", name="撤回申报").click()
    page.get_by_label("撤回的原因").fill("人手不足。")
    page.get_by_role("button", name=re.compile("^撤回")).click()
    page.wait_for_url("**/apply/")
    expect(page.locator("main li", has_text=f"回执 {made.number}")).to_contain_text("已撤回")


# --- U40 ---------------------------------------------------------------------------------------------


@pytest.mark.feature("E10")
def test_U40_anybody_verifies_a_certificate_by_its_code_or_number(
    visit: Visit, there: Standing, site: str
) -> None:
    of = there.world.office
    today = clock.today()
    made = {}
    for word, first in (("有效", 30), ("已到期", 1500), ("暂停使用", 30), ("已取消", 30)):
        row = factories.organisation(
            of.clerk, f"望海市核验{word}服务中心", contact_name="纪专员", contact_phone="13900005678"
        )
        day = today - dt.timedelta(days=first)
        made[word] = recognised.recognition(of, row, first_day=day, decided_on=day)
    recognition.suspend(by=of.leader, recognition_id=made["暂停使用"].pk, reason="内部核查中")
    recognition.annul(by=system("名单更正"), effect_key=made["已取消"].effect_key, reason="内部原因")
    for word, shown in made.items():
        page = visit("anonymous", f"/verify/{shown.verify_code}/")
        main = page.locator("main")
        expect(page.locator(".verdict")).to_contain_text(word)
        for words in (
            shown.organisation.name,
            "职工生活服务类",
            "困难职工帮扶",
            f"{shown.first_day} 至 {shown.last_day}",
        ):
            expect(main).to_contain_text(words)
        for private in ("纪专员", "13900005678", "内部"):
            assert private not in page.content()
    expect(page.locator(".verdict")).to_contain_text(f"自 {today.year}年{today.month}月{today.day}日 起取消")
    # The code that is printed, and the number that is typed – in full width as well – lead to the same page.
    valid = recognition.issue_certificate(recognition_id=made["有效"].pk)
    assert valid.paper is not None
    assert qr.carries(valid.paper.pdf.path.read_bytes(), verify_url(valid))
    assert verify_url(valid) == f"{settings.PUBLIC_URL}/verify/{valid.verify_code}/"
    wide = "".join(chr(ord(c) + 0xFEE0) for c in valid.certificate_no)
    page = visit("anonymous", "/verify/")
    page.get_by_role("textbox").fill(wide)
    page.get_by_role("button", name="核验").click()
    expect(page.locator(".verdict")).to_contain_text("有效")
    expect(page.locator("main")).to_contain_text(valid.organisation.name)
