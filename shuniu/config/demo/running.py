"""Selections between the window and the formal list: on public view, in review, in the check."""

from __future__ import annotations

import datetime as dt

from shuniu.calls import demo_audit, demo_listing
from shuniu.calls.actions import audit, panel, scoring
from shuniu.calls.models import ScoreSheet
from shuniu.config.demo import calling
from shuniu.config.demo.calling import Plan, title
from shuniu.config.demo.clock import Line
from shuniu.config.demo.days import DAY, ahead, at, back, on_or_before
from shuniu.config.demo.scene import (
    Scene,
    answer_correction,
    audited,
    conclude,
    put_on_view,
    questions,
    reviewed,
    window,
)


def view_plan(today: dt.date) -> Plan:
    """On public view since two working days."""
    ends = back(on_or_before(today), 8 + 6 + 2 + 2)
    return Plan(
        title(ends.year, "第一批"), ends.year, {"life": 5, "support": 2}, ends - 14 * DAY, check=8, review=6,
        committee=3, checker="zhengfh",
    )  # fmt: skip


def on_view(scene: Scene) -> Line:
    """公示: one objection is looked at and holds one name, an anonymous clue waits."""
    plan, today = view_plan(scene.today), on_or_before(scene.today)
    call = yield from calling.published(scene.cast, plan)
    filings = [*scene.pick("life", 0, 1, 2, 9, 14, 15, 21, 25), *scene.pick("support", 2, 4, 5)]
    made = yield from window(scene, call, plan, filings)
    yield from audited(
        scene, call, plan, corrected=[made[3].pk], refused={made[-1].pk: ["has_specialists"]}, per_day=6
    )
    yield from reviewed(scene, call, plan, ahead(plan.apply_ends, plan.check + 1))
    publicity = yield from put_on_view(scene, call, plan, back(today, 2))
    entries = list(publicity.list.entries.order_by("order"))
    yield at(back(today, 1), "09:30")
    row, _ = demo_listing.object_to(
        publicity, entry=entries[2], name="郭明", phone="13900006003", contact="郭明",
        text="该单位在我单位开展讲座时由非持证人员授课，与申报材料中的人员名册不一致，请核实。",
    )  # fmt: skip
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
    """集中评审: drawn, declared, half scored; a sheet is asked to be opened again."""
    plan, today = review_plan(scene.today), on_or_before(scene.today)
    call = yield from calling.published(scene.cast, plan)
    filings = [*scene.pick("work", 4, 5, 6, 7, 8), *scene.pick("culture", 2, 4, 7, 11, 12)]
    yield from window(scene, call, plan, filings)
    yield from audited(scene, call, plan)
    committees = yield from reviewed(scene, call, plan, back(today, 3), until="scoring")
    sheet = ScoreSheet.objects.filter(seat__committee=committees[0], state="submitted").order_by("pk").first()
    if sheet is not None:
        yield at(back(today, 1), "16:10")
        scoring.ask_reopening(
            by=scene.who("linjb"), committee_id=committees[0].pk, sheet_id=sheet.pk,
            reason="专家电话反映“实施经验”一项看错了项目年度，申请更正。",
        )  # fmt: skip


def audit_plan(today: dt.date) -> Plan:
    """The check should have ended yesterday."""
    ends = back(on_or_before(today), 10)
    return Plan(title(ends.year, "第三批"), ends.year, {"life": 5, "career": 4}, ends - 14 * DAY)


def in_audit(scene: Scene) -> Line:
    """资格审核: everything that can wait on a desk waits."""
    plan, today = audit_plan(scene.today), on_or_before(scene.today)
    call = yield from calling.published(scene.cast, plan)
    (first, _), (second, _) = scene.pick("life", 5, 7)
    yield from questions(
        scene, call, plan,
        (
            (first, "成立不满两年的机构能否申报？",
             "可以。办法要求上一年度年检合格；成立当年还没有年检结论的，请在材料中说明，由经办人核实。"),
            (second, "同一项目经历能否用于两个类别？", "可以，但应分别说明与所申报类别的关系。"),
        ),
    )  # fmt: skip
    filings = [
        *scene.pick("life", 5, 7, 8, 10, 11, 12, 17, 18, 20, 22, 23), *scene.pick("career", 2, 3, 7, 8, 13),
    ]  # fmt: skip
    made = yield from window(scene, call, plan, filings)
    lin, wu, zhou = scene.who("linjb"), scene.who("wujb"), scene.who("zhoufh")
    yield at(ahead(plan.apply_ends, 1), "09:30")
    assert lin.person is not None and wu.person is not None
    audit.assign_many(by=lin, ids=[a.pk for a in made[:10]], clerk=lin.person.pk)
    audit.assign_many(by=lin, ids=[a.pk for a in made[10:]], clerk=wu.person.pk)
    yield at(back(today, 4), "10:00")
    for row in made[0:2]:
        demo_audit.correct_one(row, lin, ["material:inspection"], "年检结论页不清晰，请重新上传")
    yield at(back(today, 3), "15:30")
    unclear = "服务方案没有写明衡量指标，人员证明缺少证书编号"
    demo_audit.correct_one(made[10], wu, ["plan", "material:capability"], unclear)
    for row in made[3:6]:
        conclude(scene, row, lin)
    yield at(back(today, 2), "11:10")
    for row in made[3:6]:
        audit.confirm(by=zhou, application_id=row.pk)
    yield at(back(today, 1), "15:00")
    late = next(o for o, _ in scene.pick("career", 9))
    audit.ask_late(
        by=lin, call_id=call.pk, code=late.code or "", until=scene.soon(days=2),
        reason="截止当晚该单位所在园区停电，有供电公司的停电通知，申请补报一天。",
    )  # fmt: skip
    committee = panel.establish(by=lin, category_id=call.categories.get(key="career").pk)
    panel.freeze(by=lin, committee_id=committee.pk)
    yield at(back(today, 1), "16:00")
    answer_correction(scene, made[0])
    conclude(scene, made[6], lin)
    conclude(scene, made[7], lin, no=("has_experience",))
    conclude(scene, made[11], wu)
