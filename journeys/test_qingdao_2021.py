"""青岛 2021: a project from its union's recommendation to the city's honour, the province's, and the money, in a browser.

One test goes the whole way, role by role. What stands before it begins: the office of the city and of a district, the
registry with what an organisation has to show, a counted survey of the project, the pool of experts, a fund with money.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import expect

from journeys import review_steps as review
from journeys.steps import Browser, NewPage, pdf
from shuniu.calls.actions.procedure import advance_by_clock
from shuniu.calls.models import Application, Call, Committee, PublicList
from shuniu.calls.tests import cast
from shuniu.calls.tests.award import below
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.funds.actions.subsidy import look_for_subsidies
from shuniu.funds.models import Fund, Subsidy
from shuniu.funds.queries import standings
from shuniu.funds.tests import cast as money
from shuniu.projects.models import Project
from shuniu.projects.tests import award
from shuniu.recognition.models import Honour
from shuniu.unions.tests import cast as unions

pytestmark = [pytest.mark.real_transactions, pytest.mark.browser]
NAME, MEMBERS = "港区职工心理驿站", 3
WAN = 1_000_000


@dataclass
class Way:
    """Everybody, and their browsers."""

    new_page: NewPage
    base: str
    travel: Any
    of: cast.Office
    lower: cast.Office
    member: Who
    finance: Who
    fund: Fund

    def browser(self, who: Who | None) -> Browser:
        """A browser of this person."""
        return Browser(self.new_page, self.base, who)

    @property
    def call(self) -> Call:
        """The call as it is now."""
        return Call.objects.get()

    @property
    def project(self) -> Project:
        """The project."""
        return Project.objects.get()

    @property
    def application(self) -> Application:
        """The nomination as it is now."""
        return Application.objects.get()


@pytest.mark.seconds(60)
@pytest.mark.feature("F2")
@pytest.mark.feature("F3")
@pytest.mark.feature("F4")
@pytest.mark.feature("F5")
@pytest.mark.feature("I3")
def test_a_project_goes_from_its_union_to_city_and_province_and_is_paid_for(
    new_page: NewPage, live_url: str, travel: Any
) -> None:
    of = cast.office()
    lower = below(of)
    member = cast.applicant(lower, "望海市晨曦职工心理关爱中心")
    award.merits(lower, cast.organisation_of(member))
    finance = unions.who("finance", of.union, unions.person("孙财务"))
    way = Way(new_page, live_url, travel, of, lower, member, finance, money.funded(of, finance))
    clerk, district = way.browser(of.clerk), way.browser(lower.clerk)
    notice(way, clerk)  # 二（五） 定期选树
    registered(way, district)
    award.surveyed_by_a_third(lower, way.project)
    nominated(way, district)  # 附件2第4行 推荐
    papers(way)  # 附件2 评估依据
    recommended(way, district)
    reviewed(way, clerk)  # 附件2 百分评估
    named(way, clerk)  # 二（五） 选树发布
    paid(way, clerk, WAN)  # 三（三） 1 万元
    upward(way, clerk)  # 二（五） 推荐参评省
    paid(way, clerk, 2 * WAN)  # 三（三） 差额补齐
    used(way, clerk)
    clerk.close()
    district.close()


def notice(way: Way, clerk: Browser) -> None:
    """The city composes from the folder, a second person approves; nobody applies by itself."""
    clerk.go("/calls/new/").get_by_label("依据的制度").select_option(award.LAW)
    clerk.press("生成草稿")
    made = way.call
    clerk.go(f"/calls/{made.pk}/basics/").get_by_label("联系人").fill("林经办")
    clerk.press("保存")
    page = clerk.go(f"/calls/{made.pk}/timetable/")
    start = clock.today()
    for stage in made.stages.filter(kind__in=("recommend", "review", "name", "publish")).order_by("order"):
        end = start + dt.timedelta(days=19 if stage.kind == "recommend" else 4)
        page.locator(f"#id_{stage.key}_from").fill(f"{start:%Y-%m-%d}")
        page.locator(f"#id_{stage.key}_to").fill(f"{end:%Y-%m-%d}")
        start = end + dt.timedelta(days=1)
    clerk.press("保存")
    page = clerk.go(f"/calls/{made.pk}/terms/")
    expect(page.locator("#id_nominations")).to_have_value("5")
    page.locator("#id_committee_size").fill(str(MEMBERS))
    clerk.press("保存")
    clerk.press("提交审签")
    checker = way.browser(way.of.checker)
    checker.go(f"/calls/{made.pk}/approve/")
    checker.prove().press("同意并发布")
    checker.sees("已审签并发布")
    checker.close()
    advance_by_clock()
    assert way.call.stage == "recommend"
    member = way.browser(way.member)
    member.go(f"/apply/call/{made.pk}/")
    member.sees("由工会推荐")
    member.close()


def registered(way: Way, district: Browser) -> None:
    """The district registers the project that it had done."""
    ended = clock.today() - dt.timedelta(days=100)
    page = district.go("/projects/new/")
    organisation = cast.organisation_of(way.member)
    for label, value in (
        ("承接单位", organisation.code or ""), ("项目名称", NAME), ("项目负责人", "何主任"),
        ("开始日期", f"{ended - dt.timedelta(days=300):%Y-%m-%d}"), ("完成日期", f"{ended:%Y-%m-%d}"),
        ("考核评估日期", f"{ended:%Y-%m-%d}"), ("合同编号", "HT-7"), ("合同金额", "50000"),
    ):  # fmt: skip
        page.get_by_label(label).first.fill(value)
    page.locator("#id_concluded_on").fill(f"{ended:%Y-%m-%d}")
    district.press("登记")
    district.sees("项目已登记")


def nominated(way: Way, district: Browser) -> None:
    """Recommended from its own page: the fact sheet is frozen, the organisation is told."""
    district.go(f"/projects/{way.project.pk}/")
    page = district.follow("推荐参评")
    page.get_by_label("职工生活服务", exact=True).check()
    page.get_by_label("职工生活服务 · 心理关怀").check()
    page.get_by_label("推荐理由").fill("职工满意，经验可学。")
    district.press("推荐")
    district.sees("等待承接单位填报")
    made = way.application
    assert made.nominee.digest == way.project.sheets.get().digest


def papers(way: Way) -> None:
    """The organisation brings the papers row by row and hands in; what is counted is told at once."""
    member = way.browser(way.member)
    pk = way.application.pk
    page = member.go(f"/apply/{pk}/registry/")
    page.get_by_label("以上登记信息与登记证书一致").check()
    member.press("保存并继续")
    page = member.go(f"/apply/{pk}/contact/")
    page.get_by_label("联系人").fill("何专员")
    page.get_by_label("手机或电话").fill("13900001234")
    member.press("保存并继续")
    page = member.go(f"/apply/{pk}/directions/")
    page.get_by_label("对应的业务范围").fill("职工心理健康服务")
    member.press("保存并继续")
    member.go(f"/apply/{pk}/facts/")
    member.press("保存并继续")
    first, *rest = award.KINDS
    for kind in award.KINDS[first]:
        page = member.go(f"/apply/{pk}/self/")
        section = page.locator(f"#row-{first}")
        if not section.locator("input[type=file]").is_visible():
            section.locator("summary").click()
        section.get_by_label("材料种类").select_option(kind)
        section.get_by_label("名称", exact=False).first.fill(kind)
        section.locator("input[type=file]").set_input_files([pdf(f"{first}-{kind}")])
        section.get_by_role("button", name="上传", exact=False).click()
        expect(page.locator(f"#row-{first} ul.files")).to_contain_text(kind)
    for row in rest:  # the other rows alike
        award.file_under(way.member, way.application, row)
    page = member.go(f"/apply/{pk}/materials/")
    scripted = page.evaluate("document.querySelector('.upload.is-live') !== null")
    assert scripted
    for n in range(page.locator("input[type=file]").count()):
        page.locator("input[type=file]").nth(n).set_input_files([pdf(f"材料{n}")])
        expect(page.locator("section[data-upload]").nth(n).locator("li .is-ok")).to_be_visible()
    page = member.go(f"/apply/{pk}/check/")
    page.get_by_label("法定代表人姓名").fill("何法人")
    page.get_by_label("本单位承诺", exact=False).check()
    member.press("提交申报")
    member.sees("已收到")
    member.close()
    assert way.application.stage == "submitted" and way.application.evidence.count() == 12


def recommended(way: Way, district: Browser) -> None:
    """The district checks, two people conclude; one proposes the recommendation, another one confirms."""
    pk = way.application.pk
    district.go(f"/calls/applications/{pk}/audit/")
    district.sees("计分：学习制度和记录")
    review.check_application(district, pk)
    checker = way.browser(way.lower.checker)
    checker.go(f"/calls/applications/{pk}/check/")
    checker.press("同意")
    checker.go(f"/calls/{way.call.pk}/recommend/")
    checker.press("统一生效并通知（1）")
    district.go(f"/calls/applications/{pk}/recommend/").get_by_label("推荐理由").fill("职工满意，经验可学。")
    district.press("提请推荐")
    checker.go(f"/calls/{way.call.pk}/recommend/")
    checker.page.get_by_role("button", name="审签推荐", exact=False).click()
    checker.sees("推荐生效")
    checker.close()
    assert way.application.stage == "qualified"


def reviewed(way: Way, clerk: Browser) -> None:
    """Experts find the counted points in their sheets; one takes a point off and says why."""
    category = way.application.category
    experts = review.experts_of(way.of, way.call, category)
    way.travel(days=21)
    clerk.go(f"/calls/{way.call.pk}/")
    clerk.press("进入“按百分标准评估”")
    auditor = way.browser(unions.who("auditor", way.of.union, unions.person("赵经审")))
    pk = review.draw_committee(clerk, auditor, way.call.pk, category.label)
    committee = Committee.objects.get(pk=pk)
    drawn = set(committee.seats.filter(state="invited").values_list("expert__person_id", flat=True))
    for n, expert in enumerate(e for e in experts if e.person and e.person.pk in drawn):
        browser = way.browser(expert)
        page = browser.go("/review/undertaking/")
        page.get_by_label("我已阅读并承诺遵守以上内容").check()
        page.get_by_label("签名", exact=False).fill(expert.name)
        browser.press("签署")
        browser.go(f"/review/{pk}/declare/").get_by_label("除以上勾选的单位外", exact=False).check()
        browser.press("提交声明")
        page = browser.go(f"/review/{pk}/{way.application.pk}/")
        browser.sees("按材料计 10 分")
        expect(page.locator("[data-total-number]")).to_have_text("86")
        if n == 0:
            media = page.locator(".criterion", has_text="主流媒体正面报道").locator("input")
            media.fill("5")
            browser.press("提交评分表")
            browser.sees("打分不能高于它")
            page.locator(".criterion", has_text="主流媒体正面报道").locator("input").fill("3")
            page.get_by_label("评语").fill("一篇不是正面报道，扣 1 分。")
        browser.press("提交评分表")
        browser.close()
    review.close_scoring(clerk, pk)
    review.open_meeting(clerk, pk)
    checker = way.browser(way.of.checker)
    review.settle_meeting(clerk, checker, pk, cut_after=1)
    checker.close()
    assert way.application.stage == "shortlisted"


def named(way: Way, clerk: Browser) -> None:
    """选树、发布: the list is frozen, signed by a second person and public; the project is honoured."""
    if way.call.stages.get(key=way.call.stage).kind == "review":
        clerk.go(f"/calls/{way.call.pk}/")
        clerk.press("进入“选树优秀项目”")
    clerk.go(f"/calls/{way.call.pk}/lists/")
    clerk.press("冻结命名名单，提交审签")
    row = PublicList.objects.get()
    checker = way.browser(way.of.checker)
    checker.go(f"/calls/lists/{row.pk}/")
    checker.prove().press("同意并公布")
    checker.close()
    public = way.browser(None)
    public.go(f"/notices/lists/{row.pk}/")
    public.sees(NAME)
    public.close()
    honour = Honour.objects.get()
    assert (honour.subject_key, honour.level, honour.leader) == (way.project.key, "city", "何主任")
    look_for_subsidies()


def paid(way: Way, clerk: Browser, entitled: int) -> None:
    """Finance settles the difference, the clerk names the payee, a second person confirms, finance pays."""
    row = Subsidy.objects.get()
    finance = way.browser(way.finance)
    before = standings([row])[row.pk]
    assert before.entitled == entitled and before.difference == WAN, "only what is missing"
    page = finance.go(f"/subsidies/{row.pk}/")
    page.get_by_label("列支经费").select_option(str(way.fund.pk))
    finance.press("核定差额")
    if entitled == WAN:
        page = clerk.go(f"/subsidies/{row.pk}/")
        page.locator("summary", has_text="填写收款账户").click()
        page.get_by_label("开户银行").fill("望海银行港区支行")
        page.get_by_label("账号").fill("6222000012345678")
        clerk.press("填写收款账户")
        checker = way.browser(way.of.checker)
        checker.go(f"/subsidies/{row.pk}/")
        checker.prove().press("确认收款账户")
        checker.close()
    page = finance.go(f"/subsidies/{row.pk}/")
    page.get_by_label("付款凭证号").fill(f"PZ-{entitled}")
    finance.press("登记已付款")
    finance.sees("已登记付款")
    finance.close()
    assert standings([row])[row.pk].balances.paid == entitled


def upward(way: Way, clerk: Browser) -> None:
    """Put forward to the province by two people; its paper comes back and a second person confirms it."""
    honour = Honour.objects.get()
    page = clerk.go(f"/honours/{honour.pk}/")
    page.locator("summary", has_text="推荐参评上级").click()
    page.get_by_label("省", exact=True).check()
    page.get_by_label("参评荣誉").fill("山东省优秀项目")
    page.get_by_label("报送单位").fill("山东省总工会")
    page.get_by_label("推荐理由").fill("得分最高，职工满意。")
    clerk.press("推荐参评上级")
    clerk.sees("等待复核人或领导审签")
    checker = way.browser(way.of.checker)
    checker.go(f"/honours/{honour.pk}/")
    checker.press("同意推荐参评“山东省优秀项目”")
    page = clerk.go(f"/projects/{way.project.pk}/")
    page.locator("summary", has_text="登记上级评定的荣誉").click()
    for label, value in (
        ("荣誉名称", "山东省优秀项目"),
        ("授予单位", "山东省总工会"),
        ("文件名称和文号", "鲁工发〔2026〕9号"),
    ):
        page.get_by_label(label).fill(value)
    page.get_by_label("授予日期").fill(f"{clock.today():%Y-%m-%d}")
    page.get_by_label("补助依据的制度").select_option(award.LAW)
    page.locator("input[type=file]").set_input_files([pdf("表彰文件")])
    clerk.press("登记上级评定的荣誉")
    clerk.sees("等待另一位确认")
    province = Honour.objects.get(level="province")
    checker.go(f"/honours/{province.pk}/")
    checker.press("确认属实")
    checker.close()
    assert honour.upward.get().state == "granted"
    look_for_subsidies()


def used(way: Way, clerk: Browser) -> None:
    """三（三） 补助经费用于…: a use that the document names is recorded; another one waits for a second person."""
    row = Subsidy.objects.get()
    page = clerk.go(f"/subsidies/{row.pk}/")
    page.locator("summary", has_text="登记使用情况").click()
    page.get_by_label("金额（元）").fill("8000")
    page.get_by_label("购买服务").check()
    clerk.press("登记使用情况")
    clerk.sees("已登记")
    assert row.uses.get().named == "购买服务"
