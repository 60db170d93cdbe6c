"""优秀项目选树、示范基地、典型案例: a call for projects in its days of recommendation, bases and cases at every step."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shuniu.calls.actions import call as calls
from shuniu.calls.models import Call
from shuniu.config.demo.applying import NAMED
from shuniu.config.demo.clock import Line
from shuniu.config.demo.days import DAY, at, back, on_or_before
from shuniu.config.demo.scene import Scene
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.network.actions import bases, stories
from shuniu.network.models import Base, Story
from shuniu.projects import actions as projects
from shuniu.recognition.models import Honour
from shuniu.registry.models import Organisation

LAW = "qingdao-2021"
_DAYS = 20  # of recommendation


def line(scene: Scene) -> Line:
    """The city asks for projects; its own clerk recommends one; bases are named, looked at, applied for; cases told."""
    last = on_or_before(scene.today)
    first = next(o for o in scene.everybody if o.name in NAMED)
    other = next(o for o in scene.everybody if o.name not in NAMED)
    yield at(back(last, 25), "09:20")
    _bases(scene, first, other)
    yield at(back(last, 8), "09:30")
    call = _drafted(scene, on_or_before(last - 5 * DAY))
    calls.submit(by=scene.who("linjb"), call_id=call.pk)
    yield at(back(last, 7), "10:40")
    calls.publish(by=scene.who("zhoufh"), call_id=call.pk)
    yield at(back(last, 2), "14:30")
    _nominated(scene, call, first)
    yield at(back(last, 1), "15:10")
    _stories(scene, first, other)


def _drafted(scene: Scene, starts: dt.date) -> Call:
    clerk = scene.who("linjb")
    call = calls.compose(by=clerk, union=scene.cast.city, document_key=LAW, year=clock.today().year)
    days: dict[str, tuple[dt.date | None, dt.date | None]] = {}
    for stage in call.stages.all():
        span = {"recommend": _DAYS, "review": 12, "name": 3, "publish": 3}.get(stage.kind)
        days[stage.key] = (starts, starts + (span - 1) * DAY) if span else (None, None)
        starts += span * DAY if span else dt.timedelta()
    calls.change_basics(by=clerk, call_id=call.pk, version=1, values={"contact": clerk.name})
    calls.change_terms(
        by=clerk, call_id=call.pk, version=2,
        values={"recommenders": ("市总工会各部门、各区市总工会和市直产业工会推荐，不接受自荐", "便于逐级审核")},
    )  # fmt: skip
    return calls.change_timetable(by=clerk, call_id=call.pk, version=3, days=days)


def _nominated(scene: Scene, call: Call, of: Organisation) -> None:
    clerk = scene.who("linjb")
    ended = clock.today() - 90 * DAY
    values = {
        "name": "新就业形态劳动者心理支持", "leader": "何敏", "starts_on": ended - 240 * DAY, "completed_on": ended,
        "concluded_on": ended + 9 * DAY, "appraised_on": ended + 16 * DAY, "contract_no": "HT-2026-15",
        "signed_on": ended - 245 * DAY, "amount_fen": 15_000_000,
    }  # fmt: skip
    row = projects.register(by=clerk, union=scene.cast.city, organisation=of, values=values)
    category = call.categories.get(key="daily")
    projects.nominate(
        by=clerk, project_id=row.pk, call_id=call.pk, category_id=category.pk, directions=["counselling"],
        reason="服务骑手、司机等新就业形态劳动者，满意度高，做法可以复制。", arrived_at=clock.now(),
    )  # fmt: skip


def _bases(scene: Scene, first: Organisation, other: Organisation) -> None:
    named = _base(scene, first, "base", "港区职工心理关爱示范基地", "东港区学府路 26 号三楼")
    _reviewed(scene, named, 720)
    point = _base(scene, None, "point", "市职工服务中心社会组织服务点", "望海市文化路 8 号一楼")
    _reviewed(scene, point, 30)
    _base(scene, other, "point", "临港物流园班组安全微课堂", "东港区临港大道 118 号")


def _base(scene: Scene, of: Organisation | None, kind: str, name: str, address: str) -> Base:
    values = {
        "kind": kind, "name": name, "address": address, "contact": "何专员" if of else "林经办", "phone": "0532-80000012",
        "services": "每周五个工作日开放，面向一线职工提供咨询、讲座和个案服务，每年约 3,000 人次。",
        "features": "把服务时间放在交接班前后，职工不用请假；与班组长建立转介名单。",
    }  # fmt: skip
    return bases.apply_for(by=scene.who("linjb"), union=scene.cast.city, organisation=of, values=values)


def _reviewed(scene: Scene, row: Base, days: int) -> None:
    step = bases.review(
        by=scene.who("linjb"), base_id=row.pk, kind="grant", findings="到现场看了场地、台账和两次活动，做法可以推广。",
        review_on=clock.today() + days * DAY,
    )  # fmt: skip
    bases.decide(by=scene.who("zhoufh"), step_id=step.pk, approve=True)


def _stories(scene: Scene, first: Organisation, other: Organisation) -> None:
    clerk, checker = scene.who("linjb"), scene.who("zhoufh")
    member = scene.applicants.who(first)
    honour = Honour.objects.filter(organisation=first, state=Honour.State.IN_FORCE).order_by("id").first()
    told = _story(
        scene,
        member,
        first,
        "brand",
        "把心理驿站开进班组",
        "驿站开在交接班的地方，职工不用请假就能坐下来谈一谈。",
        honour=honour,
    )
    stories.submit(by=member, story_id=told.pk, consent=True)
    stories.publish(by=checker, story_id=told.pk)
    visit = _story(
        scene, clerk, None, "visit", "港区社会组织服务职工现场观摩", "组织各区工会看了三处服务点，交流了购买服务的流程。",
        held_on=clock.today() - 12 * DAY, place="东港区",
    )  # fmt: skip
    stories.submit(by=clerk, story_id=visit.pk)
    stories.publish(by=checker, story_id=visit.pk)
    waiting = _story(
        scene, clerk, first, "experience", "与班组长一起发现需要帮助的人", "班组长转介、社工回访的做法。"
    )
    stories.submit(by=clerk, story_id=waiting.pk)


def _story(
    scene: Scene, by: Who, of: Organisation | None, kind: str, title: str, summary: str, **more: Any
) -> Story:
    honour = more.pop("honour", None)
    values = {
        "kind": kind, "title": title, "summary": summary, "held_on": None, "place": "",
        "body": f"{summary}\n\n做法：先了解职工什么时候有空、在哪里方便，再安排人员和场地；每次活动后回访，问题当天记下。"
        "\n\n成效和数字均为演示用的虚构内容。",
    } | more  # fmt: skip
    return stories.write(by=by, union=scene.cast.city, organisation=of, values=values, honour=honour)
