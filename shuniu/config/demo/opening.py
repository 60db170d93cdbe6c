"""Selections at their beginning: a window that is open, a notice that waits for approval, a draft."""

from __future__ import annotations

import datetime as dt

from shuniu.calls.actions import amendment, question
from shuniu.calls.actions import call as calls
from shuniu.calls.models import Application
from shuniu.config.demo import calling
from shuniu.config.demo.calling import Plan, title
from shuniu.config.demo.clock import Line
from shuniu.config.demo.days import DAY, at, back, on_or_after, on_or_before
from shuniu.config.demo.scene import Scene


def open_plan(today: dt.date) -> Plan:
    """The window ends in six days."""
    starts = on_or_before(today - 8 * DAY)
    days = (today - starts).days + 7
    return Plan(
        title(starts.year, "第四批"), starts.year, {"work": 3, "life": 4, "support": 2}, starts, apply_days=days,
        check=5, review=5, shortlist=1, publish=1,
    )  # fmt: skip


def is_open(scene: Scene) -> Line:
    """Some have handed in, four are at it, a question and an amendment wait."""
    plan, today = open_plan(scene.today), on_or_before(scene.today)
    call = yield from calling.published(scene.cast, plan)
    filings = [*scene.pick("work", 10, 11, 12), *scene.pick("life", 3, 24), *scene.pick("support", 6, 9, 10)]
    for n, (organisation, category) in enumerate(filings):
        yield at(plan.starts + (1 + n * 6 // len(filings)) * DAY, f"{10 + n % 6}:{n * 7:02d}")
        scene.applicants.hand_in(organisation, call, category)
    yield at(back(today, 1), "10:10")
    asking = scene.pick("life", 27)[0][0]
    text = "基金会可以申报吗？我们与办法所列的组织类型不同。"
    question.ask(by=scene.applicants.who(asking), call_id=call.pk, text=text)
    begun = ((("support", 8), 6, 2), (("work", 14), 3, 0), (("work", 13), 1, 0), (("support", 11), 6, 99))
    for (category, place), parts, papers in begun:
        yield at(back(today, 1), "14:30")
        ((organisation, _),) = scene.pick(category, place)
        application = scene.applicants.begin(organisation, call, category)
        scene.applicants.fill(Application.objects.get(pk=application.pk), parts=parts, papers=papers)
    amendment.propose(
        by=scene.who("linjb"), call_id=call.pk, reason="联系人出差，改由吴经办接听咨询电话。",
        values={"contact": "吴经办"}, days={},
    )  # fmt: skip


def pending_plan(today: dt.date) -> Plan:
    """Handed to the approvers yesterday; begins next week."""
    starts = on_or_after(today + 5 * DAY)
    return Plan(
        title(starts.year, "职业发展服务专项"), starts.year, {"career": 4}, starts, apply_days=7, check=4,
        review=3, shortlist=1, publish=1, clerk="wujb",
    )  # fmt: skip


def is_pending(scene: Scene) -> Line:
    """Waits for a second person."""
    plan, today = pending_plan(scene.today), on_or_before(scene.today)
    yield at(back(today, 2), "10:30")
    call = calling.draft(scene.cast, plan)
    yield at(back(today, 1), "16:10")
    calls.submit(by=scene.who(plan.clerk), call_id=call.pk)


def is_draft(scene: Scene) -> Line:
    """Next year's first one: its timetable is still open."""
    year = scene.today.year + 1
    yield at(back(on_or_before(scene.today), 1), "11:20")
    plan = Plan(title(year, "第一批"), year, {"work": 4, "life": 6, "career": None}, dt.date(year, 3, 1))
    calling.draft(scene.cast, plan, timetable=False)
