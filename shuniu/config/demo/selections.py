"""Every selection of the demonstration: its plan and its thread of the story."""

from __future__ import annotations

import datetime as dt

from shuniu.calls import demo_audit, demo_listing
from shuniu.calls.actions import amendment, apply, audit
from shuniu.calls.actions import call as calls
from shuniu.calls.models import Application, Call, Publicity
from shuniu.config.demo import calling
from shuniu.config.demo.calling import Plan, title
from shuniu.config.demo.clock import Line
from shuniu.config.demo.days import DAY, ahead, at, back, on_or_after, on_or_before
from shuniu.config.demo.scene import (
    Scene,
    answer_correction,
    audited,
    conclude,
    made_public,
    put_on_view,
    questions,
    reviewed,
    window,
)
from shuniu.config.demo.yearly import inspections
from shuniu.registry.models import Organisation


def lines(scene: Scene) -> list[Line]:
    """All threads; the ones that are over first."""
    return [
        inspections(scene.who("linjb"), scene.everybody, scene.today),
        before_last(scene),
        last_year(scene),
        cancelled(scene),
        on_view(scene),
        in_review(scene),
        in_audit(scene),
        is_open(scene),
        is_pending(scene),
        is_draft(scene),
    ]


def running_plans(today: dt.date) -> list[Plan]:
    """The plans that reach beyond the day of the story: their calendar must be confirmed."""
    return [view_plan(today), review_plan(today), audit_plan(today), open_plan(today), pending_plan(today)]


def _some(scene: Scene, category: str, first: int, count: int) -> list[tuple[Organisation, str]]:
    rows = scene.organisations[category]
    return [(rows[(first + n) % len(rows)], category) for n in range(count)]


def _one(scene: Scene, category: str, n: int) -> Organisation:
    return _some(scene, category, n, 1)[0][0]


# --- over -------------------------------------------------------------------------------------------


def before_last(scene: Scene) -> Line:
    """Two years ago; its certificates end within the next weeks."""
    starts = on_or_after(scene.today - dt.timedelta(days=728))
    plan = Plan(
        title(starts.year, "第一批"),
        starts.year,
        {"life": 4, "culture": 3},
        starts,
        check=6,
        review=6,
        committee=3,
    )
    yield from _to_certificates(scene, plan, [*_some(scene, "life", 0, 6), *_some(scene, "culture", 0, 4)])


def last_year(scene: Scene) -> Line:
    """Last year's selection: corrections, refusals, a withdrawal, an objection, a list of twenty."""
    starts = on_or_after(scene.today - dt.timedelta(days=400))
    plan = Plan(
        title(starts.year, "第二批"), starts.year, {"work": 4, "life": 5, "career": None, "support": None}, starts,
        committee=3, checker="zhengfh",
    )  # fmt: skip
    filings = [
        *_some(scene, "work", 0, 6), *_some(scene, "life", 6, 8), *_some(scene, "career", 0, 5),
        *_some(scene, "support", 0, 5),
    ]  # fmt: skip
    yield from _to_certificates(scene, plan, filings, corrected=3, withdrawn=1, objections=True)


def _to_certificates(
    scene: Scene,
    plan: Plan,
    filings: list[tuple[Organisation, str]],
    *,
    corrected: int = 0,
    withdrawn: int = 0,
    objections: bool = False,
) -> Line:
    call = yield from calling.published(scene.cast, plan)
    made = yield from window(scene, call, plan, filings)
    for row in made[:withdrawn]:
        apply.withdraw(
            by=scene.applicants.who(row.organisation), application_id=row.pk, reason="人员调整，暂不申报"
        )
    yield from audited(
        scene, call, plan, corrected=[row.pk for row in made[withdrawn : withdrawn + corrected]],
        refused={made[-1].pk: ["has_experience"], made[-3].pk: ["scope_matches"]},
    )  # fmt: skip
    yield from reviewed(scene, call, plan, ahead(plan.apply_ends, plan.check + 1))
    publicity = yield from put_on_view(
        scene, call, plan, ahead(plan.apply_ends, plan.check + plan.review + 2)
    )
    if objections:
        yield from _objections(scene, publicity)
    yield from made_public(scene, call, plan, publicity)


def _objections(scene: Scene, publicity: Publicity) -> Line:
    """Two objections: one is dismissed with a reply, one is upheld and takes a name off."""
    wu, zhou = scene.who("wujb"), scene.who("zhoufh")
    entries = list(publicity.list.entries.order_by("order"))
    yield at(ahead(publicity.starts_on, 1), "10:30")
    first, _ = demo_listing.object_to(
        publicity,
        entry=entries[1],
        name="李向东",
        phone="13900006001",
        text="该单位去年承接的项目中途更换过服务团队，请核实其专业能力。",
    )
    second, _ = demo_listing.object_to(
        publicity,
        entry=entries[-1],
        kind="unit",
        name="望海市青年社工联盟",
        contact="丁经理",
        phone="13900006002",
        text="该单位申报材料所列的验收意见与我单位承接的项目雷同，附件为我单位合同首页。",
    )
    yield at(ahead(publicity.starts_on, 1), "15:30")
    demo_listing.handle_objection(first, handler=wu)
    demo_listing.handle_objection(second, handler=wu, hold=True)
    yield at(ahead(publicity.starts_on, 3), "11:00")
    demo_listing.decide_objection(
        first,
        handler=wu,
        approver=zhou,
        upheld=False,
        findings="经核查，该单位因员工离职更换一名社工，已按合同报告委托单位，服务未中断。",
        reply="您反映的情况经核查，不影响其专业能力，维持初步入围结果。感谢您的监督。",
    )
    demo_listing.decide_objection(
        second,
        handler=wu,
        approver=zhou,
        upheld=True,
        findings="经调阅合同和验收意见，该单位所列项目实为协作方，独立实施的说法不属实。",
        reply="您反映的情况属实，已将该单位移出名单。",
    )


def cancelled(scene: Scene) -> Line:
    """Published in spring, cancelled with a public reason while organisations were applying."""
    starts = on_or_after(scene.today - dt.timedelta(days=140))
    plan = Plan(title(starts.year, "职工文体服务专项"), starts.year, {"culture": 6}, starts, apply_days=20)
    call = yield from calling.published(scene.cast, plan)
    yield from window(scene, call, Plan(plan.title, plan.year, plan.categories, starts, apply_days=6),
                      _some(scene, "culture", 4, 5))  # fmt: skip
    yield at(on_or_after(starts + 8 * DAY), "10:40")
    calls.cancel(
        by=scene.who("chenzr"), call_id=call.pk,
        reason="职工文化中心改造工期延后，专项服务场地无法保证，条件具备后另行组织。",
    )  # fmt: skip


# --- running ----------------------------------------------------------------------------------------


def view_plan(today: dt.date) -> Plan:
    """On public view since two working days."""
    ends = back(on_or_before(today), 8 + 6 + 2 + 2)
    return Plan(
        title(ends.year, "第一批"), ends.year, {"life": 5, "support": 3}, ends - 14 * DAY, check=8, review=6,
        shortlist=2, committee=3, checker="zhengfh",
    )  # fmt: skip


def on_view(scene: Scene) -> Line:
    """公示: one objection is looked at, one name is held."""
    plan = view_plan(scene.today)
    call = yield from calling.published(scene.cast, plan)
    made = yield from window(scene, call, plan, [*_some(scene, "life", 0, 9), *_some(scene, "support", 4, 5)])
    yield from audited(
        scene, call, plan, corrected=[made[2].pk], refused={made[-1].pk: ["has_specialists"]}, per_day=6
    )
    yield from reviewed(scene, call, plan, ahead(plan.apply_ends, plan.check + 1))
    today = on_or_before(scene.today)
    publicity = yield from put_on_view(scene, call, plan, back(today, 2))
    entries = list(publicity.list.entries.order_by("order"))
    yield at(back(today, 1), "09:30")
    row, _ = demo_listing.object_to(
        publicity,
        entry=entries[2],
        name="郭明",
        phone="13900006003",
        contact="郭明",
        text="该单位在我单位开展讲座时由非持证人员授课，与申报材料中的人员名册不一致，请核实。",
    )
    yield at(back(today, 1), "14:20")
    demo_listing.handle_objection(row, handler=scene.who("wujb"), hold=True)
    yield at(back(today, 1), "17:05")
    demo_listing.object_to(
        publicity, kind="anonymous", entry=entries[0], text="听说该单位去年更换了法定代表人，请核对登记信息。"
    )


def review_plan(today: dt.date) -> Plan:
    """Experts score since the day before yesterday."""
    ends = back(on_or_before(today), 9 + 3)
    return Plan(
        title(ends.year, "第二批"), ends.year, {"work": 4, "culture": 4}, ends - 14 * DAY, check=9, review=6,
        checker="zhengfh",
    )  # fmt: skip


def in_review(scene: Scene) -> Line:
    """集中评审: drawn, declared, half scored."""
    plan = review_plan(scene.today)
    call = yield from calling.published(scene.cast, plan)
    yield from window(scene, call, plan, [*_some(scene, "work", 4, 6), *_some(scene, "culture", 8, 6)])
    yield from audited(scene, call, plan)
    yield from reviewed(scene, call, plan, back(on_or_before(scene.today), 3), until="scoring")


def audit_plan(today: dt.date) -> Plan:
    """The check should have ended yesterday."""
    ends = back(on_or_before(today), 10)
    return Plan(
        title(ends.year, "第三批"), ends.year, {"life": 5, "career": 4}, ends - 14 * DAY, clerk="linjb"
    )


def in_audit(scene: Scene) -> Line:
    """资格审核: everything that can wait on a desk waits."""
    plan = audit_plan(scene.today)
    today = on_or_before(scene.today)
    call = yield from calling.published(scene.cast, plan)
    asked = [
        (
            _one(scene, "life", 20),
            "成立不满两年的机构能否申报？",
            "可以。办法要求上一年度年检合格，成立当年尚无年检结论的，请在材料中说明。",
        ),
        (
            _one(scene, "career", 21),
            "同一项目经历能否用于两个类别？",
            "可以，但应分别说明与所申报类别的关系。",
        ),
    ]
    yield from questions(scene, call, plan, asked)
    made = yield from window(
        scene, call, plan, [*_some(scene, "life", 20, 9), *_some(scene, "career", 20, 7)]
    )
    lin, wu, zhou = scene.who("linjb"), scene.who("wujb"), scene.who("zhoufh")
    keys = [row.pk for row in made]
    yield at(ahead(plan.apply_ends, 1), "09:30")
    assert lin.person is not None and wu.person is not None
    audit.assign_many(by=lin, ids=keys[:10], clerk=lin.person.pk)
    audit.assign_many(by=lin, ids=keys[10:], clerk=wu.person.pk)
    yield at(back(today, 4), "10:00")
    for row in made[0:2]:
        demo_audit.correct_one(row, lin, ["material:inspection"], "年检结论页不清晰，请重新上传")
    yield at(back(today, 3), "15:30")
    answer_correction(scene, made[0])
    demo_audit.correct_one(
        made[10], wu, ["plan", "material:capability"], "服务方案没有写明衡量指标，人员证明缺少证书编号"
    )
    for row in made[3:6]:
        conclude(scene, row, lin)
    yield at(back(today, 2), "11:10")
    for row in made[3:6]:
        audit.confirm(by=zhou, application_id=row.pk)
    yield at(back(today, 1), "16:00")
    for row, no in ((made[6], ()), (made[7], ("has_experience",)), (made[11], ())):
        conclude(scene, row, lin if row is not made[11] else wu, no=no)


def open_plan(today: dt.date) -> Plan:
    """The window ends in six days."""
    starts = on_or_before(today - 8 * DAY)
    days = (today - starts).days + 7
    return Plan(
        title(starts.year, "第四批"), starts.year, {"work": 3, "life": 4, "support": 2}, starts, apply_days=days,
        check=5, review=5, shortlist=1, publish=1,
    )  # fmt: skip


def is_open(scene: Scene) -> Line:
    """The window is open: some have handed in, some are at it, one took back; an amendment waits."""
    plan = open_plan(scene.today)
    call = yield from calling.published(scene.cast, plan)
    applicants = scene.applicants
    rows = [*_some(scene, "life", 30, 3), *_some(scene, "work", 30, 3), *_some(scene, "support", 30, 2)]
    yield at(plan.starts + DAY, "10:00")
    for n, (organisation, category) in enumerate(rows):
        yield at(plan.starts + (1 + n * 6 // len(rows)) * DAY, f"{10 + n % 6}:{n * 7:02d}")
        applicants.hand_in(organisation, call, category)
    begun = [
        (_one(scene, "life", 0), "life", 6, 2), (_one(scene, "work", 40), "work", 3, 0),
        (_one(scene, "support", 41), "support", 1, 0), (_one(scene, "life", 42), "life", 7, 99),
    ]  # fmt: skip
    for organisation, category, parts, papers in begun:
        yield at(back(on_or_before(scene.today), 1), "14:30")
        application = applicants.begin(organisation, call, category)
        applicants.fill(Application.objects.get(pk=application.pk), parts=parts, papers=papers)
    amendment.propose(
        by=scene.who("linjb"), call_id=call.pk, reason="联系人出差，改由吴经办接听咨询电话。",
        values={"contact": "吴经办"}, days={},
    )  # fmt: skip


# --- not yet public ---------------------------------------------------------------------------------


def pending_plan(today: dt.date) -> Plan:
    """Handed to the approvers yesterday; begins next week."""
    starts = on_or_after(today + 5 * DAY)
    return Plan(
        title(starts.year, "职业发展服务专项"), starts.year, {"career": 4}, starts, apply_days=7, check=4, review=3,
        shortlist=1, publish=1, clerk="wujb",
    )  # fmt: skip


def is_pending(scene: Scene) -> Line:
    """Waits for 周复核, 郑复核 or 陈主任."""
    yield at(back(on_or_before(scene.today), 2), "10:30")
    plan = pending_plan(scene.today)
    call = calling.draft(scene.cast, plan)
    yield at(back(on_or_before(scene.today), 1), "16:10")
    calls.submit(by=scene.who(plan.clerk), call_id=call.pk)


def is_draft(scene: Scene) -> Line:
    """Next year's first one: its timetable is still open."""
    year = scene.today.year + 1
    yield at(back(on_or_before(scene.today), 1), "11:20")
    plan = Plan(title(year, "第一批"), year, {"work": 4, "life": 6, "career": None}, dt.date(year, 3, 1))
    calling.draft(scene.cast, plan, timetable=False)


__all__ = ["Call", "lines", "running_plans"]
