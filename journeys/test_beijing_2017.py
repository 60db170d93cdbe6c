"""北京 2017, 第五条: from the notice to the certificate that anybody verifies, in a real browser, role by role.

One test goes the whole way: what a role leaves behind is what the next one finds. What stands before it begins
is what stands before any selection: the office, the registry, the pool of experts. The second test applies,
scores and objects without JavaScript.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from playwright.sync_api import expect

from journeys import review_steps as review
from journeys.steps import Browser, NewPage, apply_for, object_to
from journeys.way import CATEGORIES, CATEGORY, DIRECTION, FAILING, FIRST, MEMBERS, SECOND, Way
from shuniu.calls import demo_listing, demo_review
from shuniu.calls.actions import listing
from shuniu.calls.actions.procedure import advance_by_clock
from shuniu.calls.models import Application, Committee, Objection, PublicList
from shuniu.calls.queries.panel import under_review
from shuniu.calls.tests import cast, reviews
from shuniu.foundation.calendar import clock
from shuniu.foundation.notices.models import Message
from shuniu.recognition.models import Recognition
from shuniu.registry.tests import factories as registry
from shuniu.unions.tests import cast as unions

pytestmark = [pytest.mark.real_transactions, pytest.mark.browser]


@pytest.mark.seconds(80)
@pytest.mark.feature("C1")
@pytest.mark.feature("C3")
@pytest.mark.feature("C7")
@pytest.mark.feature("C8")
@pytest.mark.feature("C11")
@pytest.mark.feature("C12")
@pytest.mark.feature("D2")
@pytest.mark.feature("D8")
@pytest.mark.feature("E1")
@pytest.mark.feature("E10")
def test_article_5_the_whole_way_from_the_notice_to_the_verified_certificate(
    new_page: NewPage, live_url: str, travel: Any
) -> None:
    of = cast.office()
    clerk, checker, public = (Browser(new_page, live_url, who) for who in (of.clerk, of.checker, None))
    way = Way(of, new_page, live_url, travel, clerk, checker, public)
    for name in (FIRST, SECOND):
        way.applicants[name] = cast.applicant(of, name)
    way.applicants[FAILING] = cast.applicant(of, FAILING, code=registry.code("53379900"))
    notice(way)  # 第五条（一）
    application(way)  # 第五条（二）
    check(way)  # 第五条（三）
    committee_review(way)  # 第五条（四）
    publicity(way)  # 第五条（五）
    formal_list(way)  # 第五条（六）
    certificate(way)
    for browser in (clerk, checker, public):
        browser.close()


def notice(way: Way) -> None:
    """（一） The clerk composes from the document, a second person approves, everybody reads it."""
    clerk = way.clerk
    clerk.go("/calls/new/").get_by_label("依据的制度").select_option("beijing-2017")
    clerk.press("生成草稿")
    made = way.call
    clerk.go(f"/calls/{made.pk}/basics/").get_by_label("联系人").fill("林经办")
    clerk.press("保存")
    page = clerk.go(f"/calls/{made.pk}/timetable/")
    start = clock.today()
    for stage in made.stages.exclude(kind="notice"):
        page.locator(f"#id_{stage.key}_from").fill(f"{start:%Y-%m-%d}")
        # 公示 lasts five working days after the day on which it begins, whatever holidays fall into them.
        end = start + dt.timedelta(days=16 if stage.kind == "publicity" else 4)
        page.locator(f"#id_{stage.key}_to").fill(f"{end:%Y-%m-%d}")
        start = end + dt.timedelta(days=1)
    clerk.press("保存")
    clerk.go(f"/calls/{made.pk}/terms/").locator("#id_committee_size").fill(str(MEMBERS))
    clerk.press("保存")
    clerk.press("提交审签")
    clerk.sees("已提交审签")
    way.checker.go(f"/calls/{made.pk}/approve/")
    way.checker.sees("第七条")
    way.checker.prove().press("同意并发布")
    way.checker.sees("已审签并发布")
    advance_by_clock()
    public = way.public
    public.go("/notices/")
    public.follow(made.title)
    # （一）“责任部门”: the notice names the department that answers for it.
    public.sees("社会联络部，林经办")
    # （一）“按照工会服务职工工作的主要类别”: the categories of 第六条, all five and no other.
    assert public.page.locator("article.doc table").first.locator("tbody th").all_inner_texts() == CATEGORIES
    # （一）“公开发布遴选和认定合作单位的工作通知”: read by somebody who is not logged in.
    expect(public.page.locator("article.doc h1")).to_have_text(made.title)
    public.sees("本办法未规定")  # what 第五条 leaves open is said to be left open


def application(way: Way) -> None:
    """（二） An organisation looks whether it may, chooses, and hands its materials in; two more do alike."""
    assert not Application.objects.exists()
    applicant = way.browser(way.applicants[FIRST])
    applicant.go(f"/apply/call/{way.call.pk}/")
    # （二）“结合自身条件”: before it begins it reads the conditions of 第七条 judged on its own facts.
    applicant.sees("第七条（一）")
    # （二）“自愿报名”: the application is there because the organisation began it.
    made = Application.objects.get(pk=apply_for(applicant, way.call.pk, CATEGORY, DIRECTION))
    assert made.created_by == way.applicants[FIRST].person and made.category == way.category
    # （二）“并提交相关材料”: handed in once, with every material and a receipt.
    sent = made.submissions.get()
    assert made.stage == "submitted" and len(sent.snapshot["materials"]) == made.call.materials.count()
    assert made.draft["contact"]["phone"] == "13900001234", "full-width digits are read as digits"
    applicant.close()
    for name in (SECOND, FAILING):
        cast.submitted_application(way.applicants[name], way.call, way.category.key)


def check(way: Way) -> None:
    """（三） The department checks each applicant's standing; a second person of it confirms; all hear at once."""
    way.travel(days=6)
    advance_by_clock()
    failing = way.application(FAILING)
    for name in (FIRST, SECOND):
        review.check_application(way.clerk, way.application(name).pk)
    review.refuse_application(way.clerk, failing.pk, "第七条（一）", "是基金会，不是社会团体或社会服务机构。")
    assert way.stages() == ["checking"] * 3, "the clerk's conclusion waits for a second person"
    for name in (FIRST, SECOND, FAILING):
        way.checker.go(f"/calls/applications/{way.application(name).pk}/check/")
        way.checker.press("同意")
    assert not Application.objects.filter(released_at__isnull=False).exists()
    review.release_all(way.clerk, way.call.pk)
    # （三）“责任部门”: those who decided act for the department of the notice, and are two.
    decided = failing.decisions.filter(verb__in=("conclude", "confirm")).order_by("pk")
    assert [d.by for d in decided] == [way.of.clerk.person, way.of.checker.person]
    # （三）“对申报单位的资质资格进行审核”: each has its answer, told to all of them together.
    assert way.stages() == ["qualified", "qualified", "unqualified"]
    assert Application.objects.filter(released_at__isnull=False).count() == 3


def committee_review(way: Way) -> None:
    """（四） A committee drawn in public view scores, meets, votes; a line is drawn and signed."""
    experts = review.experts_of(way.of, way.call, way.category)
    way.enters("集中评审")
    auditor = way.browser(unions.who("auditor", way.of.union, unions.person("赵经审")))
    pk = review.draw_committee(way.clerk, auditor, way.call.pk, CATEGORY)
    committee = Committee.objects.get(pk=pk)
    # （四）“责任部门组织评审委员会”: as many as the notice says, drawn from the frozen pool.
    drawn = set(committee.seats.filter(state="invited").values_list("expert__person_id", flat=True))
    members = [e for e in experts if e.person and e.person.pk in drawn]
    assert len(drawn) == len(members) == MEMBERS
    # （四）“对资质资格合格的社会组织提交的材料”: who failed the check is not before them.
    pile = [way.application(name).pk for name in (FIRST, SECOND)]
    assert sorted(under_review(committee).values_list("pk", flat=True)) == pile
    browsers = [way.browser(expert) for expert in members]
    for n, (expert, browser) in enumerate(zip(members, browsers, strict=True)):
        review.declare_and_score(browser, expert.name, pk, pile, base=90 - 10 * n)
    review.close_scoring(way.clerk, pk)
    review.open_meeting(way.clerk, pk)
    for browser in browsers:
        review.vote_for_all(browser, pk)
        browser.close()
    review.settle_meeting(way.clerk, way.checker, pk, cut_after=1)
    # （四）“进行集中评审”: every member has scored every application, and all have met and voted.
    assert committee.seats.filter(sheets__state="submitted").count() == MEMBERS * len(pile)
    meeting = Committee.objects.get(pk=pk).meeting
    assert meeting.closed_at is not None and meeting.votes.values("seat").distinct().count() == MEMBERS
    # （四）“并初步确定各类别合作单位的入围名单”: by the signed line, one inside and one outside.
    assert way.stages() == ["shortlisted", "not_shortlisted", "unqualified"]
    way.enters("初步确定入围名单")


def publicity(way: Way) -> None:
    """（五） The shortlist is on public view; a unit objects, somebody who took no part looks into it."""
    way.clerk.go(f"/calls/{way.call.pk}/lists/")
    way.clerk.press("冻结名单，提交审签")
    shortlist = PublicList.objects.get(kind="shortlist")
    way.checker.go(f"/calls/lists/{shortlist.pk}/")
    way.checker.prove().press("同意并公示")
    public = way.public
    public.go(f"/notices/{way.call.pk}/")
    public.follow(shortlist.title)
    # （五）“责任部门”: it says who receives what people have to say.
    public.sees("受理部门：望海市总工会社会联络部")
    # （五）“对初步入围名单进行公示”: everybody sees the names of the line, and no others, for the days of the notice.
    assert names_on(public) == [FIRST]
    public.sees("5 个工作日")
    object_to(public, shortlist.publicity.pk)
    objection = Objection.objects.get()
    assert (objection.kind, objection.state) == ("unit", "received")
    review.dismiss_objection(way.browser(way.of.clerk2), way.browser(way.of.leader), objection.pk)
    objection.refresh_from_db()
    assert objection.state == "dismissed"
    way.travel(shortlist.publicity.closes_at + dt.timedelta(minutes=5))
    listing.close_due()
    public.go(f"/notices/lists/{shortlist.pk}/")
    public.sees("公示已结束")


def names_on(public: Browser) -> list[str]:
    """The organisations on the public page of a list, without what stands below each name."""
    rows = public.page.locator("article.doc tbody th").all_inner_texts()
    return [row.split("\n")[0] for row in rows]


def formal_list(way: Way) -> None:
    """（六） After the days of view the formal list is frozen, signed by a second person and public."""
    if way.call.stages.get(key=way.call.stage).kind != "publish":
        way.enters("公布正式名单")
    way.clerk.go(f"/calls/{way.call.pk}/lists/")
    way.clerk.press("冻结正式名单，提交审签")
    formal = PublicList.objects.get(kind="formal")
    way.checker.go(f"/calls/lists/{formal.pk}/")
    way.checker.prove().press("同意并公布")
    public = way.public
    public.go("/lists/")
    public.follow(formal.title)
    # （六）“责任部门公布”: signed by the union that called for it, on the portal.
    public.sees("发布机构：望海市总工会")
    # （六）“正式入围名单”: whose shortlist stood the public view, and nobody else.
    assert names_on(public) == [FIRST]
    assert way.stages()[0] == "recognised" and Recognition.objects.get().organisation.name == FIRST


def certificate(way: Way) -> None:
    """第九条: two years; the organisation has its certificate, anybody verifies it by link and by number."""
    row = Recognition.objects.get()
    public = way.public
    public.follow(row.certificate_no)  # from the formal list
    public.sees("有效")
    public.page.goto(f"{way.base}/verify/")
    public.page.get_by_label("证书编号").fill(row.certificate_no)
    public.press("核验")
    public.sees(FIRST)
    public.go("/recognised/")
    public.sees(row.certificate_no)
    holder = way.browser(way.applicants[FIRST])
    holder.go("/certificates/")
    holder.sees(row.certificate_no)
    holder.close()
    assert row.last_day + dt.timedelta(days=1) == row.first_day.replace(year=row.first_day.year + 2)
    assert Message.objects.filter(person=way.applicants[FIRST].person, kind="calls.recognised").count() == 1


@pytest.mark.seconds(20)
@pytest.mark.feature("C3")
@pytest.mark.feature("C12")
@pytest.mark.feature("D8")
def test_article_5_applying_scoring_and_objecting_without_javascript(
    new_page: NewPage, live_url: str, travel: Any
) -> None:
    of = cast.office()
    call = cast.published_call(of, days=3)
    who = cast.applicant(of, FIRST)
    applicant = Browser(new_page, live_url, who, java_script_enabled=False)
    made = Application.objects.get(pk=apply_for(applicant, call.pk, CATEGORY, DIRECTION))
    applicant.close()
    assert made.stage == "submitted" and made.submissions.count() == 1
    assert made.draft["contact"]["phone"] == "13900001234"

    travel(days=4)
    reviews.qualify(made)
    experts = reviews.pool(of, 5, category=made.category.key)
    auditor = unions.who("auditor", of.union, unions.person("赵经审"))

    def run(until: str) -> Committee:
        return demo_review.run_review(
            call, clerk=of.clerk, second=auditor, signer=of.checker, until=until, categories=[made.category]
        )[0]

    committee = run("open")
    expert = Browser(new_page, live_url, demo_review.as_expert(experts[0]), java_script_enabled=False)
    review.declare_and_score(expert, experts[0].name, committee.pk, [made.pk], base=90)
    expert.close()
    assert committee.seats.get(expert=experts[0]).sheets.get().state == "submitted"

    run("signed")
    cast.move_to(call, "shortlist", of.clerk)
    publicity = demo_listing.run_publicity(call, clerk=of.clerk, approver=of.checker)
    public = Browser(new_page, live_url, None, java_script_enabled=False)
    public.go(f"/notices/lists/{publicity.list_id}/")
    public.sees(FIRST)
    number, code = object_to(public, publicity.pk)
    objection = Objection.objects.get()
    assert (objection.kind, objection.state, objection.number) == ("unit", "received", number)
    public.go("/objections/")
    public.page.get_by_label("受理编号").fill(number)
    public.page.get_by_label("查询码").fill(code)
    public.press("查询")
    public.sees("已收到")
    public.close()
