"""江苏 四、: from the notice to the named and their publicity, in a real browser, role by role.

One test goes the whole way of the provincial award: the organisation assesses itself, the city checks, visits and
recommends, the province has experts look, names, shows and makes known. What stands before it begins is what the
platform keeps anyway: the office, the registry with its ledgers, a counted survey, the pool of experts.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from playwright.sync_api import expect

from journeys import award_steps as award
from journeys import review_steps as review
from journeys.steps import Browser, NewPage, object_to
from journeys.way import Way
from shuniu.calls import self_assessment
from shuniu.calls.actions import listing
from shuniu.calls.actions.procedure import advance_by_clock
from shuniu.calls.models import Application, Committee, CountedPoint, Objection, PublicList
from shuniu.calls.queries.call import law_of
from shuniu.calls.tests import award as offices
from shuniu.calls.tests import cast
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.recognition.actions import honours
from shuniu.recognition.models import Honour
from shuniu.registry import actions as registry
from shuniu.registry.tests import factories
from shuniu.surveys import actions as surveys
from shuniu.surveys.tests import cast as answers
from shuniu.unions.tests import cast as unions

pytestmark = [pytest.mark.real_transactions, pytest.mark.browser]

FIRST, SECOND = "望海市晨曦职工心理关爱中心", "望海市同心职工帮扶服务中心"
OUTCOME = "服务职工优秀社会组织"
MEMBERS = 3


@pytest.fixture
def offices_of(monkeypatch: Any) -> tuple[cast.Office, cast.Office]:
    """The province and one of its cities."""
    cast.confirm_years()
    province = offices.office(
        unions.union(
            "海东省总工会",
            level="province",
            responsible_department="权益保障部",
            contact_phone="0500-88001234",
            paper_code="海工办",
        )
    )
    return province, offices.below(province, "望海市总工会", "city")


def known(city: cast.Office, name: str) -> Who:
    """An organisation with what the platform keeps of it: a rating, a report, a talk, a counted survey."""
    who = cast.applicant(city, name)
    organisation, today = cast.organisation_of(who), clock.today()
    facts: list[tuple[str, dict[str, Any]]] = [
        ("rating", {"grade": "4A", "valid_from": today - dt.timedelta(days=400), "valid_to": today + dt.timedelta(days=900)}),
        ("report", {"medium": "海东工人报", "level": "province", "title": "心理驿站进港区", "on": today - dt.timedelta(days=90)}),
        ("exchange", {"host": "望海市总工会", "level": "city", "title": "全市经验交流会", "on": today - dt.timedelta(days=60)}),
    ]  # fmt: skip
    facts += [
        ("staff", {"full_time": 11, "specialists": 6}),
        ("union", {"status": "own", "approval": "望工组〔2024〕7号", "members": 10}),
        ("penalty", {"penalty": "none", "from_on": today - dt.timedelta(days=5)}),
    ]
    for kind, values in facts:
        registry.add_fact(
            by=city.clerk, organisation=organisation, kind=kind, values=values, basis="市民政局公告"
        )
    survey = answers.opened(answers.Office(city.union, city.clerk, city.checker), organisation, people=5)
    for code in survey.codes:
        answers.rate(code, 5)
    surveys.close(by=city.clerk, survey_id=survey.row.pk)
    award_of = honours.record(
        by=city.clerk, union=city.union, organisation=organisation, subject=honours.of_organisation(organisation),
        proof=factories.paper("表彰决定"), award=honours.Award("province", "巾帼文明岗", "海东省妇联", "海妇〔2025〕3号", today),
    )  # fmt: skip
    honours.confirm(by=city.checker, honour_id=award_of.pk)
    return who


@pytest.mark.seconds(60)
@pytest.mark.feature("C5")
@pytest.mark.feature("C9")
@pytest.mark.feature("C10")
@pytest.mark.feature("F1")
@pytest.mark.feature("F3")
def test_part_4_the_whole_way_from_the_self_assessment_to_the_publicity(
    new_page: NewPage, live_url: str, travel: Any, offices_of: tuple[cast.Office, cast.Office]
) -> None:
    province, city = offices_of
    clerk, checker, public = (
        Browser(new_page, live_url, who) for who in (province.clerk, province.checker, None)
    )
    way = Way(province, new_page, live_url, travel, clerk, checker, public)
    way.applicants = {name: known(city, name) for name in (FIRST, SECOND)}
    notice(way)  # 前言、末
    application(way, city)  # 四1
    check(way, city)  # 四1
    visit_and_recommend(way, city)  # 四2
    experts(way)  # 四3
    naming(way)  # 四3
    publicity(way)  # 四3
    for browser in (clerk, checker, public):
        browser.close()


def notice(way: Way) -> None:
    """The province composes from the document; what the paper leaves open is asked for; a second person publishes."""
    clerk = way.clerk
    clerk.go("/calls/new/").get_by_label("依据的制度").select_option("jiangsu")
    clerk.press("生成草稿")
    made = way.call
    clerk.go(f"/calls/{made.pk}/basics/").get_by_label("联系人").fill("林经办")
    clerk.press("保存")
    page = clerk.go(f"/calls/{made.pk}/timetable/")
    clerk.sees("11月10日")  # 末: the paper's own days stand beside those of the call
    start = clock.today()
    for stage in made.stages.exclude(kind__in=("notice", "self_assess")):
        page.locator(f"#id_{stage.key}_from").fill(f"{start:%Y-%m-%d}")
        end = start + dt.timedelta(days=16 if stage.kind == "publicity" else 4)
        page.locator(f"#id_{stage.key}_to").fill(f"{end:%Y-%m-%d}")
        start = end + dt.timedelta(days=1)
    clerk.press("保存")
    page = clerk.go(f"/calls/{made.pk}/terms/")
    for key, value in {
        "committee_size": str(MEMBERS), "appeal": "公示期内可以书面提出异议。",
        "upheld_objection": "异议成立的，撤销命名。",
    }.items():  # fmt: skip
        page.locator(f"#id_{key}").fill(value)
    clerk.press("保存")
    clerk.go(f"/calls/{made.pk}/")
    clerk.press("提交审签")
    way.checker.go(f"/calls/{made.pk}/approve/")
    way.checker.prove().press("同意并发布")
    way.checker.sees("已审签并发布")
    advance_by_clock()
    way.public.go("/notices/")
    way.public.follow(made.title)
    way.public.sees("权益保障部")


def application(way: Way, city: cast.Office) -> None:
    """四1: 80 points of its own open the form; each row without evidence has none."""
    applicant = way.browser(way.applicants[FIRST])
    pk = award.begin(applicant, way.call.pk, OUTCOME, "望海市总工会")
    sheet = self_assessment.sheet_of(law_of(way.call))
    assert sheet is not None
    given = self_assessment.given_items(sheet)
    last_year = clock.today().year - 1
    for title, month in (("个案服务方法", 5), ("危机干预", 9)):
        award.file_training(applicant, pk, title, dt.date(last_year, month, 12))
    award.give_points(applicant, pk, {item.key: int(item.points) for item in given})
    applicant.go(f"/apply/{pk}/self/")
    applicant.sees("缺佐证材料，不能得分的项目")
    applicant.go(f"/apply/{pk}/contact/")
    applicant.sees("自查自评达到要求后，才能填写申报表")
    award.prove_rows(
        applicant, pk, {i.key: i.label for i in sheet.items if i.evidence and _needs_file(way, pk, i.key)}
    )
    applicant.go(f"/apply/{pk}/self/")
    applicant.sees("已达到要求")
    award.fill_form(applicant, pk)
    made = Application.objects.get(pk=pk)
    assert made.stage == "submitted" and made.recommender == city.union
    applicant.close()
    # A second one leaves the form at 70 points: it cannot hand in.
    other = way.browser(way.applicants[SECOND])
    pk = award.begin(other, way.call.pk, OUTCOME, "望海市总工会")
    award.give_points(other, pk, {item.key: int(item.points) // 2 for item in given})
    other.go(f"/apply/{pk}/plan/")
    other.sees("自查自评达到要求后，才能填写申报表")
    other.close()


def _needs_file(way: Way, application: int, key: str) -> bool:
    found = self_assessment.assess(Application.objects.get(pk=application), clock.today())
    return found is not None and key in found.unproved


def check(way: Way, city: cast.Office) -> None:
    """四1: the union that recommends checks what came through it, by two people."""
    way.travel(days=6)
    advance_by_clock()
    pk = way.application(FIRST).pk
    clerk, checker = way.browser(city.clerk), way.browser(city.checker)
    review.check_application(clerk, pk)
    checker.go(f"/calls/applications/{pk}/check/")
    checker.press("同意")
    page = checker.go(f"/calls/{way.call.pk}/recommend/")
    page.get_by_role("button", name="统一生效并通知").click()
    clerk.close()
    checker.close()
    assert way.application(FIRST).stage == "qualified" and way.application(FIRST).released_at is not None


def visit_and_recommend(way: Way, city: cast.Office) -> None:
    """四2: on the spot by the same sheet, both sides sign; one of two places is taken, by two people."""
    way.enters("实地评估")
    pk = way.application(FIRST).pk
    clerk = Browser(way.new_page, way.base, city.clerk, viewport={"width": 820, "height": 1180})
    award.plan_visit(clerk, pk)
    items = {i.pk: int(i.weight) - (2 if i.weight > 8 else 0) for i in way.call.rubric.all()}
    award.visit_and_sign(clerk, pk, items)
    applicant = way.browser(way.applicants[FIRST])
    award.answer_visit(applicant, pk)
    applicant.close()
    way.enters("择优推荐")
    page = clerk.go(f"/calls/applications/{pk}/recommend/")
    page.get_by_label("推荐理由").fill("服务成效突出，职工满意。")
    clerk.press("提请推荐")
    leader = way.browser(city.leader)
    page = leader.go(f"/calls/{way.call.pk}/recommend/")
    page.get_by_role("button", name="审签推荐").click()
    leader.sees("已推荐 1/2")
    for browser in (clerk, leader):
        browser.close()


def experts(way: Way) -> None:
    """四3: what was recommended is before the experts, and nothing else."""
    category = way.call.categories.get()
    people = review.experts_of(way.of, way.call, category)
    way.travel(days=15)
    way.enters("专家评议")
    auditor = way.browser(unions.who("auditor", way.of.union, unions.person("赵经审")))
    pk = review.draw_committee(way.clerk, auditor, way.call.pk, category.label)
    committee = Committee.objects.get(pk=pk)
    drawn = set(committee.seats.filter(state="invited").values_list("expert__person_id", flat=True))
    members = [e for e in people if e.person and e.person.pk in drawn]
    assert len(members) == MEMBERS
    assert CountedPoint.objects.filter(application=way.application(FIRST)).exists(), (
        "what papers prove is not given"
    )
    pile = [way.application(FIRST).pk]
    for expert in members:
        browser = way.browser(expert)
        review.declare_and_score(browser, expert.name, pk, pile, base=90)
        browser.close()
    review.close_scoring(way.clerk, pk)
    review.open_meeting(way.clerk, pk)
    review.settle_meeting(way.clerk, way.checker, pk, cut_after=1)
    assert way.application(FIRST).stage == "shortlisted"


def naming(way: Way) -> None:
    """四3 “择优命名确认”: the list is frozen from the experts' outcome, a second person names; the honour is in force."""
    way.enters("命名确认")
    way.clerk.go(f"/calls/{way.call.pk}/lists/")
    way.clerk.press("冻结命名名单，提交审签")
    row = PublicList.objects.get()
    way.checker.go(f"/calls/lists/{row.pk}/")
    way.checker.prove().press("同意命名并公示")
    way.checker.sees("公示中")
    honour = Honour.objects.get(source="own")
    assert (honour.organisation.name, honour.level, honour.state) == (FIRST, "province", "in_force")
    holder = way.browser(way.applicants[FIRST])
    holder.go(f"/honours/{honour.pk}/")
    holder.sees(OUTCOME)
    holder.close()


def publicity(way: Way) -> None:
    """四3 “公示”“宣传推广”: a unit objects, it is not upheld; what makes them known is recorded and public."""
    row = PublicList.objects.get()
    public = way.public
    public.go("/notices/?kind=publicity")
    public.page.locator(f"a[href='/notices/lists/{row.pk}/']").first.click()
    expect(public.page.locator("article.doc tbody th")).to_have_count(1)
    public.sees(FIRST)
    object_to(public, row.publicity.pk)
    objection = Objection.objects.get()
    handler, approver = way.browser(way.of.clerk2), way.browser(way.of.leader)
    review.dismiss_objection(handler, approver, objection.pk)
    objection.refresh_from_db()
    assert objection.state == "dismissed"
    way.travel(row.publicity.closes_at + dt.timedelta(minutes=5))
    listing.close_due()
    award.promote(way.clerk, way.call.pk, form="报刊", outlet="海东工人报", title="把服务送到一线")
    way.clerk.go(f"/calls/{way.call.pk}/")
    way.clerk.press("办结本次评选")
    public.go(f"/notices/lists/{row.pk}/")
    public.sees("把服务送到一线")
    assert way.call.state == "finished" and Honour.objects.get(source="own").state == "in_force"
