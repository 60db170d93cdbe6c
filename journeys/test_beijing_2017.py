"""北京 2017: from the notice to the certificates, in a real browser, role by role, clause by clause."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from journeys import review_steps as review
from journeys.steps import Browser, NewPage, apply_for
from shuniu.calls.actions import listing
from shuniu.calls.actions.procedure import advance_by_clock
from shuniu.calls.models import Application, Call, Objection
from shuniu.calls.tests import cast, cast_listing
from shuniu.foundation.calendar import clock
from shuniu.recognition.models import Recognition
from shuniu.unions.tests import cast as unions

pytestmark = [pytest.mark.real_transactions, pytest.mark.browser]


def publish_in_browser(of: cast.Office, new_page: NewPage, live_url: str, **options: Any) -> Call:
    """第五条（一）: a clerk composes from the document, a second person approves, the portal shows it."""
    clerk = Browser(new_page, live_url, of.clerk, **options)
    page = clerk.go("/calls/new/")
    page.get_by_label("依据的制度").select_option("beijing-2017")
    clerk.press("生成草稿")
    made = Call.objects.get()
    page = clerk.go(f"/calls/{made.pk}/basics/")
    page.get_by_label("联系人").fill("林经办")
    clerk.press("保存")
    page = clerk.go(f"/calls/{made.pk}/timetable/")
    start = clock.today()
    for stage in made.stages.exclude(kind="notice"):
        page.locator(f"#id_{stage.key}_from").fill(f"{start:%Y-%m-%d}")
        end = start + dt.timedelta(days=4)
        page.locator(f"#id_{stage.key}_to").fill(f"{end:%Y-%m-%d}")
        start = end + dt.timedelta(days=1)
    clerk.press("保存")
    clerk.press("提交审签")
    clerk.sees("已提交审签")
    clerk.close()
    checker = Browser(new_page, live_url, of.checker, **options)
    checker.go("/work/")
    checker.go(f"/calls/{made.pk}/approve/")
    checker.sees("第七条")
    checker.press("同意并发布")
    checker.sees("已审签并发布")
    checker.close()
    made.refresh_from_db()
    assert made.state == Call.State.PUBLISHED
    return made


@pytest.mark.feature("C1")
@pytest.mark.feature("C3")
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_article_5_1_and_5_2_notice_and_application(script: bool, new_page: NewPage, live_url: str) -> None:
    of = cast.office()
    who = cast.applicant(of, "望海市晨曦职工心理关爱中心")
    call = publish_in_browser(of, new_page, live_url, java_script_enabled=script)
    advance_by_clock()
    public = Browser(new_page, live_url, None, java_script_enabled=script)
    public.go(f"/notices/{call.pk}/")
    public.sees(call.title)
    public.sees("本办法未规定")
    public.close()
    applicant = Browser(new_page, live_url, who, java_script_enabled=script)
    made = apply_for(applicant, call.pk, "职工生活服务", "职工人文关怀和心理健康")
    applicant.close()
    row = Application.objects.get(pk=made)
    assert row.stage == "submitted" and row.submissions.count() == 1
    assert row.draft["contact"]["phone"] == "13900001234"


@pytest.mark.feature("C7")
@pytest.mark.feature("C8")
@pytest.mark.feature("D2")
@pytest.mark.feature("D8")
def test_article_5_3_and_5_4_check_and_review(new_page: NewPage, live_url: str, travel: Any) -> None:
    """（三） the department checks, a second person confirms; （四） a committee scores and draws the line."""
    of = cast.office()
    call = cast.published_call(of)
    category = call.categories.get(key="life")
    names = ("望海市晨曦职工心理关爱中心", "望海市同心职工帮扶服务中心")
    made = [cast.submitted_application(cast.applicant(of, name), call, category.key) for name in names]
    travel(days=11)
    advance_by_clock()
    clerk = Browser(new_page, live_url, of.clerk)
    checker = Browser(new_page, live_url, of.checker)
    for application in made:
        review.check_application(clerk, application.pk)
        application.refresh_from_db()
        assert application.stage == "checking", "（三） the clerk's conclusion waits for a second person"
        checker.go(f"/calls/applications/{application.pk}/check/")
        checker.press("同意")
        application.refresh_from_db()
        assert application.stage == "qualified" and application.released_at is None
    review.release_all(clerk, call.pk)
    for application in made:
        application.refresh_from_db()
        assert application.released_at is not None, "（三） the applicants are told together"
    clerk.go(f"/calls/{call.pk}/")
    clerk.press("进入“集中评审”")
    experts = review.experts_of(of, call, category)
    auditor = unions.who("auditor", of.union, unions.person("赵经审"))
    committee = review.draw_committee(clerk, Browser(new_page, live_url, auditor), call.pk, category.label)
    for n, expert in enumerate(experts):
        browser = Browser(new_page, live_url, expert, java_script_enabled=n != 1)
        review.declare_and_score(browser, committee, [a.pk for a in made], base=90 - 10 * n)
        browser.close()
    review.close_scoring(clerk, committee)
    review.open_meeting(clerk, committee)
    for expert in experts:
        browser = Browser(new_page, live_url, expert)
        review.vote_for_all(browser, committee)
        browser.close()
    review.settle_meeting(clerk, checker, committee, cut_after=1)
    made[0].refresh_from_db()
    made[1].refresh_from_db()
    assert {made[0].stage, made[1].stage} == {"shortlisted", "not_shortlisted"}, "（四） 初步确定入围名单"
    clerk.close()
    checker.close()


@pytest.mark.feature("C11")
@pytest.mark.feature("C12")
@pytest.mark.feature("E1")
@pytest.mark.feature("E10")
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_article_5_5_and_5_6_publicity_objection_and_formal_list(
    script: bool, new_page: NewPage, live_url: str, travel: Any
) -> None:
    """（五） the shortlist on public view, objected to by a unit; （六） the formal list and the certificates."""
    of = cast.office()
    call, made = cast_listing.reviewed_call(of)
    clerk = Browser(new_page, live_url, of.clerk)
    checker = Browser(new_page, live_url, of.checker)
    clerk.go(f"/calls/{call.pk}/lists/")
    clerk.press("冻结名单，提交审签")
    shortlist = call.lists.get(kind="shortlist")
    checker.go(f"/calls/lists/{shortlist.pk}/")
    checker.press("同意并公示")
    public = Browser(new_page, live_url, None, java_script_enabled=script)
    public.go(f"/notices/lists/{shortlist.pk}/")
    public.sees("5 个工作日")
    for application in made:
        public.sees(application.organisation.name)
    public.page.locator("a[href^='/objections/'][href$='/new/']").first.click()
    page = public.page
    page.get_by_label("单位（应加盖公章", exact=False).check()
    page.get_by_label("单位名称或姓名").fill("望海市邻里互助促进会")
    page.get_by_label("联系人").fill("郑联系")
    page.get_by_label("联系电话").fill("13900007777")
    page.get_by_label("事实和理由").fill("名单中一家单位的项目经历与事实不符，附有关证明。")
    public.press("提交")
    public.sees("查询码")
    public.close()
    objection = Objection.objects.get()
    assert objection.kind == "unit" and objection.state == "received", "（五） an objection has its receipt"
    handle_in_browser(of, objection, new_page, live_url)
    travel(shortlist.publicity.closes_at + dt.timedelta(minutes=5))
    listing.close_due()
    clerk.go(f"/calls/{call.pk}/lists/")
    clerk.press("冻结正式名单，提交审签")
    formal = call.lists.get(kind="formal")
    checker.go(f"/calls/lists/{formal.pk}/")
    checker.press("同意并公布")
    assert Recognition.objects.count() == len(made), "（六） every name on the formal list is recognised"
    certificate = Recognition.objects.first()
    assert certificate is not None
    public = Browser(new_page, live_url, None, java_script_enabled=script)
    public.go(f"/verify/{certificate.verify_code}/")
    public.sees("有效")
    public.sees(certificate.certificate_no)
    public.go("/recognised/")
    public.sees(made[0].organisation.name)
    public.close()
    clerk.close()
    checker.close()


def handle_in_browser(of: cast.Office, objection: Objection, new_page: NewPage, live_url: str) -> None:
    """Somebody who took no part looks into it, another one approves; the name stays."""
    handler = Browser(new_page, live_url, of.clerk2)
    handler.go(f"/calls/objections/{objection.pk}/")
    handler.press("受理")
    page = handler.go(f"/calls/objections/{objection.pk}/")
    page.get_by_label("异议不成立").check()
    page.get_by_label("保留在名单上").check()
    page.get_by_label("核查情况").fill("调阅合同和验收意见，项目经历属实。")
    page.get_by_label("答复内容").fill("经核查，该单位项目经历属实，异议不成立。")
    handler.press("提交审签")
    handler.close()
    approver = Browser(new_page, live_url, of.leader)
    approver.go(f"/calls/objections/{objection.pk}/")
    approver.press("同意，答复和影响立即生效")
    approver.close()
    objection.refresh_from_db()
    assert objection.state == "dismissed"
