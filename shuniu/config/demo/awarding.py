"""省级评选: the province asks, the city has checked, visited and proposes; one organisation's own assessment is under way."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import segno

from shuniu.calls import demo_feedback, self_assessment
from shuniu.calls.actions import apply, audit, evidence, procedure, recommend, visit
from shuniu.calls.actions import call as calls
from shuniu.calls.models import Application, Call
from shuniu.calls.queries.call import law_of
from shuniu.calls.queries.recommend import visit_items
from shuniu.config.demo.applying import NAMED
from shuniu.config.demo.cast import PROVINCE
from shuniu.config.demo.clock import Line
from shuniu.config.demo.days import DAY, at, back, on_or_before
from shuniu.config.demo.scene import Scene, conclude
from shuniu.config.demo.words import paper
from shuniu.foundation.calendar import clock
from shuniu.foundation.papers import rendering
from shuniu.registry import actions as registry
from shuniu.registry.models import Organisation
from shuniu.unions.models import Union

LAW = "jiangsu"


def line(scene: Scene) -> Line:
    """From the notice to the recommendation that waits for the city's leader."""
    last = on_or_before(scene.today)
    first, other = (next(o for o in scene.everybody if (o.name in NAMED) is named) for named in (True, False))
    yield at(back(last, 14), "09:10")
    call = _drafted(scene, back(last, 12), last)
    calls.submit(by=scene.who("xujb"), call_id=call.pk)
    yield at(back(last, 13), "10:20")
    calls.publish(by=scene.who("luofh"), call_id=call.pk)
    yield at(back(last, 8), "15:00")
    _known(scene, first)
    begun = begin(scene, call, other, scene.cast.city)
    apply.save_section(
        by=scene.applicants.who(other), application_id=begun.pk, section="self", values=points_of(begun, 1)
    )
    yield at(back(last, 7), "10:30")
    made = hand_in(scene, call, first, scene.cast.city)
    yield at(back(last, 4), "14:00")
    clerk, checker = scene.who("linjb"), scene.who("zhoufh")
    made = Application.objects.get(pk=made.pk)
    conclude(scene, made, clerk)
    audit.confirm(by=checker, application_id=made.pk)
    audit.release(by=checker, application_id=made.pk)
    go_on(scene, call, "site_visit")
    yield at(back(last, 3), "09:30")
    visit_it(scene, made, place="东港区学府路 26 号三楼")
    yield at(back(last, 2), "16:00")
    go_on(scene, call, "recommend")
    recommend.propose(
        by=clerk, application_id=made.pk, reason="心理服务覆盖港区一线，职工评价高，做法可以推广。"
    )


def _drafted(scene: Scene, starts: dt.date, last: dt.date) -> Call:
    clerk, union = scene.who("xujb"), scene.cast.unions[PROVINCE]
    call = calls.compose(by=clerk, union=union, document_key=LAW, year=clock.today().year)
    ends = {
        "apply": back(last, 6),
        "check": back(last, 4),
        "site_visit": back(last, 3),
        "recommend": last + 9 * DAY,
    }
    days: dict[str, tuple[dt.date | None, dt.date | None]] = {}
    for stage in call.stages.all():
        if stage.kind in ("notice", "self_assess"):
            days[stage.key] = (None, None)
            continue
        span = {"publicity": 14, "review": 4, "name": 2}.get(stage.kind, 8)
        end = ends.get(stage.kind, starts + span * DAY)
        days[stage.key] = (starts, end)
        starts = end + DAY
    calls.change_basics(by=clerk, call_id=call.pk, version=1, values={"contact": clerk.name})
    terms = {
        "appeal": ("公示期内可以署名提出，15个工作日内答复", "条文没有写"),
        "upheld_objection": ("经核查属实的，撤销命名", "条文先命名后公示"),
    }
    calls.change_terms(by=clerk, call_id=call.pk, version=2, values=terms)
    return calls.change_timetable(by=clerk, call_id=call.pk, version=3, days=days)


def _known(scene: Scene, of: Organisation) -> None:
    """What the city's clerk enters of the organisation before it assesses itself."""
    clerk, today = scene.who("linjb"), clock.today()
    facts: list[tuple[str, dict[str, Any], str]] = [
        ("rating", {"grade": "4A", "valid_from": today - 400 * DAY, "valid_to": today + 900 * DAY}, "市民政局评估等级公告"),
        ("penalty", {"penalty": "none", "from_on": today - 2 * DAY}, "信用中国查询结果"),
        ("union", {"status": "own", "approval": "港工组〔2023〕11号", "members": 16}, "建会批复"),
        ("report", {"medium": "海东工人报", "level": "province", "title": "心理驿站开到码头边", "on": today - 80 * DAY}, "原件"),
        ("exchange", {"host": "望海市总工会", "level": "city", "title": "全市经验交流会", "on": today - 50 * DAY}, "手册"),
    ]  # fmt: skip
    for kind, values, basis in facts:
        registry.add_fact(by=clerk, organisation=of, kind=kind, values=values, basis=basis)


def begin(scene: Scene, call: Call, of: Organisation, through: Union) -> Application:
    """An application that goes through a union, begun now."""
    return apply.start(
        by=scene.applicants.who(of), call_id=call.pk, category_id=call.categories.get().pk, arrived_at=clock.now(),
        recommender_id=through.pk,
    )  # fmt: skip


def points_of(application: Application, less: int) -> dict[str, str]:
    """Own points: the most that each row has, less a little."""
    sheet = self_assessment.sheet_of(law_of(application.call))
    assert sheet is not None
    return {f"points_{i.key}": f"{max(i.points - less, 0):f}" for i in self_assessment.given_items(sheet)}


def hand_in(scene: Scene, call: Call, of: Organisation, through: Union) -> Application:
    """Self-assessed with the most of every row, with its evidence, filled in and handed in, now."""
    made, who = begin(scene, call, of, through), scene.applicants.who(of)
    apply.save_section(by=who, application_id=made.pk, section="self", values=points_of(made, 0))
    blocks = [{"kind": "p", "text": text} for text in paper(of, "佐证材料", "")]
    body = rendering.render(rendering.PLAIN, {"title": "佐证材料", "blocks": blocks})
    demo_feedback.prove(made, who, pdf=body)
    for month, title in ((4, "一线职工危机干预方法"), (9, "团体心理辅导带领者训练")):
        upload = io.BytesIO(body)
        upload.name = f"{title}.pdf"
        evidence.upload(
            by=who, application_id=made.pk, row="training", upload=upload,
            said={"on": f"{clock.today().year - 1}-{month:02d}-16", "title": title},
        )  # fmt: skip
    made = Application.objects.get(pk=made.pk)
    scene.applicants.fill(made)
    scene.applicants.submit(made)
    return made


def go_on(scene: Scene, call: Call, kind: str) -> None:
    """The province opens the stages up to this one."""
    for _ in range(call.stages.count()):
        call.refresh_from_db()
        if call.stages.get(key=call.stage).kind == kind:
            return
        procedure.advance(by=scene.who("xujb"), call_id=call.pk)


def visit_it(scene: Scene, made: Application, *, place: str, less: int = 2) -> None:
    """On the spot, now: `less` than the most in the heavier rows, a picture, both sides sign."""
    assert made.recommender is not None
    clerk = scene.cast.of(made.recommender, "clerk")
    row = visit.plan(
        by=clerk, application_id=made.pk, planned_at=clock.now(), place=place, visitors=f"{clerk.person}、评估组两人",
    )  # fmt: skip
    own = {r.item.key: r.points for r in self_assessment.rows(made)}
    marks: dict[int, tuple[Decimal | None, str]] = {}
    for item in visit_items(made.call_id):
        most = min(Decimal(item.weight), own.get(item.key) or Decimal(0))
        marks[item.pk] = (max(most - (less if item.weight > 8 else 0), Decimal(0)), "看了台账和现场")
    visit.score(
        by=clerk,
        visit_id=row.pk,
        marks=marks,
        opinion="台账齐全，现场有职工正在接受服务，情况属实，同意推荐。",
    )
    photo = io.BytesIO()
    segno.make(f"实地评估签到 {row.pk}", error="m").save(photo, kind="png", scale=8)
    photo.seek(0)
    visit.add_photo(by=clerk, visit_id=row.pk, upload=photo, name="现场签到码.png")
    visit.sign(by=clerk, visit_id=row.pk)
    visit.answer(by=scene.applicants.who(made.organisation), visit_id=row.pk, text="记录属实，没有不同意见。")
