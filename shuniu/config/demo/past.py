"""Selections that are over: two that brought certificates, one that was cancelled."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

from shuniu.calls import demo_listing
from shuniu.calls.actions import apply
from shuniu.calls.actions import call as calls
from shuniu.calls.models import Publicity
from shuniu.config.demo import calling
from shuniu.config.demo.calling import Plan, title
from shuniu.config.demo.clock import Line
from shuniu.config.demo.days import DAY, ahead, at, on_or_after
from shuniu.config.demo.scene import Scene, audited, made_public, put_on_view, reviewed, window
from shuniu.registry.models import Organisation


def before_last(scene: Scene) -> Line:
    """Two years ago; its certificates end within the next weeks."""
    starts = on_or_after(scene.today - dt.timedelta(days=728))
    plan = Plan(title(starts.year), starts.year, {"life": 4, "culture": 3}, starts, check=6, committee=3)
    filings = [*scene.pick("life", 0, 1, 2, 3, 26), *scene.pick("culture", 0, 4, 8)]
    yield from _to_certificates(scene, plan, filings)


def last_year(scene: Scene) -> Line:
    """Last year's selection: corrections, refusals, a withdrawal, two objections."""
    starts = on_or_after(scene.today - dt.timedelta(days=400))
    places = {"work": 3, "life": 4, "career": None, "support": 3}
    plan = Plan(title(starts.year), starts.year, places, starts, committee=3, checker="zhengfh")
    filings = [
        *scene.pick("life", 20, 4, 6, 13, 19, 16, 24, 27), *scene.pick("work", 0, 2, 3, 1, 9),
        *scene.pick("career", 0, 1, 4), *scene.pick("support", 0, 1, 3, 7),
    ]  # fmt: skip
    yield from _to_certificates(
        scene, plan, filings, withdrawn=1, corrected=(1, 9), no_experience=(15,), objections=True
    )


def _to_certificates(
    scene: Scene,
    plan: Plan,
    filings: Sequence[tuple[Organisation, str]],
    *,
    withdrawn: int = 0,
    corrected: Sequence[int] = (),
    no_experience: Sequence[int] = (),
    objections: bool = False,
) -> Line:
    call = yield from calling.published(scene.cast, plan)
    made = yield from window(scene, call, plan, filings)
    for row in made[:withdrawn]:
        who = scene.applicants.who(row.organisation)
        apply.withdraw(by=who, application_id=row.pk, reason="人员调整，暂不申报")
    yield from audited(
        scene, call, plan, corrected=[made[n].pk for n in corrected],
        refused={made[n].pk: ["has_experience"] for n in no_experience},
    )  # fmt: skip
    yield from reviewed(scene, call, plan, ahead(plan.apply_ends, plan.check + 1), level=objections)
    publicity = yield from put_on_view(
        scene, call, plan, ahead(plan.apply_ends, plan.check + plan.review + 2)
    )
    if objections:
        yield from _objections(scene, publicity)
    yield from made_public(scene, call, plan, publicity)


def _objections(scene: Scene, publicity: Publicity) -> Line:
    """One is dismissed with a reply, one is upheld and takes a name off."""
    wu, zhou = scene.who("wujb"), scene.who("zhoufh")
    entries = list(publicity.list.entries.order_by("order"))
    yield at(ahead(publicity.starts_on, 1), "10:30")
    first, _ = demo_listing.object_to(
        publicity, entry=entries[1], name="李向东", phone="13900006001",
        text="该单位去年承接的项目中途更换过服务团队，请核实其专业能力。",
    )  # fmt: skip
    second, _ = demo_listing.object_to(
        publicity, entry=entries[-1], kind="unit", name="望海市青年社工联盟", contact="丁经理", phone="13900006002",
        text="该单位申报材料所列的验收意见，与我单位承接的项目雷同，合同首页可供核对。",
    )  # fmt: skip
    yield at(ahead(publicity.starts_on, 1), "15:30")
    demo_listing.handle_objection(first, handler=wu)
    demo_listing.handle_objection(second, handler=wu, hold=True)
    yield at(ahead(publicity.starts_on, 3), "11:00")
    demo_listing.decide_objection(
        first, handler=wu, approver=zhou, upheld=False,
        findings="经核查，该单位因员工离职更换一名社工，已按合同报告委托单位，服务未中断。",
        reply="您反映的情况经核查，不影响其专业能力，维持初步入围结果。感谢您的监督。",
    )  # fmt: skip
    demo_listing.decide_objection(
        second, handler=wu, approver=zhou, upheld=True,
        findings="经调阅合同和验收意见，该单位所列项目实为协作方，独立实施的说法不属实。",
        reply="您反映的情况属实，已将该单位移出名单。",
    )  # fmt: skip


def cancelled(scene: Scene) -> Line:
    """Published in summer, cancelled with a public reason while organisations were applying."""
    starts = on_or_after(scene.today - dt.timedelta(days=140))
    plan = Plan(title(starts.year, "职工文体服务专项"), starts.year, {"culture": 6}, starts, apply_days=20)
    call = yield from calling.published(scene.cast, plan)
    first_week = dataclasses.replace(plan, apply_days=6)
    yield from window(scene, call, first_week, scene.pick("culture", 1, 3, 5, 6, 9))
    yield at(on_or_after(starts + 8 * DAY), "10:40")
    calls.cancel(
        by=scene.who("chenzr"), call_id=call.pk,
        reason="职工文化中心改造工期延后，专项服务场地无法保证，条件具备后另行组织。",
    )  # fmt: skip
