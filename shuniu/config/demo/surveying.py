"""满意度测评 of one organisation: counted with things to put right, running, prepared."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from shuniu.config.demo.applying import NAMED
from shuniu.config.demo.clock import Line
from shuniu.config.demo.days import DAY, at, back, on_or_before
from shuniu.config.demo.scene import Scene
from shuniu.foundation.calendar import clock
from shuniu.surveys import actions
from shuniu.surveys.models import Survey

_SURNAMES = "林吴周郑陈孙赵钱马唐白何柳丁郭秦许吕施张"
_GIVEN = ("建国", "秀兰", "志强", "丽娟", "海涛", "晓燕", "文斌", "美玲", "永刚", "雪梅")
_PLACES = ("港口集团一公司", "港口集团二公司", "集装箱码头装卸队", "拖轮班组")
_BLAME = ("约了两次都排不上。", "下班赶过去，已经关门了。", "改期没有提前告诉我们。", "电话总是占线。")
_PRAISE = ("老师很耐心，讲得明白。", "希望多办几场晚上的。", "对倒班的人很有帮助。", "宣传再早一点就好了。")


def lines(scene: Scene) -> list[Line]:
    """Three surveys, one thread each."""
    return [_counted(scene), _running(scene), _draft(scene)]


def _make(scene: Scene, title: str, *, people: int, ends_on: dt.date, **values: Any) -> Survey:
    by = scene.who("linjb")
    organisation = next(o for o in scene.everybody if o.name in NAMED)
    row = actions.make(
        by=by, union=scene.cast.city, organisation=organisation, title=title, ends_on=ends_on, **values
    )
    roster = [(f"{_SURNAMES[n % 20]}{_GIVEN[(7 * n + n // 20) % 10]}", _PLACES[n % 4]) for n in range(people)]
    actions.add_people(by=by, survey_id=row.pk, people=roster, source="导入")
    return row


def _opened(scene: Scene, row: Survey) -> list[str]:
    by = scene.who("linjb")
    actions.open_survey(by=by, survey_id=row.pk)
    codes = actions.issue_tickets(by=by, survey_id=row.pk)
    everybody = list(row.entries.values_list("pk", flat=True))
    actions.mark_given(by=by, survey_id=row.pk, entry_ids=everybody)
    return codes


def _rate(codes: list[str], levels: str) -> None:
    blame = itertools.cycle(_BLAME)
    for n, (code, level) in enumerate(zip(codes, levels, strict=False)):
        low = level in "12"
        why = (("服务时间和地点", "响应速度"), ("服务时间和地点",))[n % 2] if low else ()
        actions.answer(
            code=code, level=int(level), reasons=why, arrived_at=clock.now(), phone="13900007001" if level == "1" else "",
            comment=next(blame) if low else _PRAISE[n % 4] if n % 7 == 0 else "",
        )  # fmt: skip


def _counted(scene: Scene) -> Line:
    """By a third party; one item is put right, one waits for the union, a number waits for a call."""
    today = on_or_before(scene.today)
    closed = back(today, 10)
    yield at(back(closed, 12), "09:10")
    row = _make(
        scene, "职工心理关爱服务满意度测评（上半年）", people=60, ends_on=back(closed, 1), population=860,
        project="港口一线职工心理关爱", conductor="third", conductor_name="望海民意调查中心", sampling="random",
    )  # fmt: skip
    codes = _opened(scene, row)
    yield at(back(closed, 6), "20:15")
    _rate(codes, "5455445354" * 4 + "5421542")
    yield at(closed, "10:00")
    by = scene.who("linjb")
    sheets = [actions.Sheet(code, level) for code, level in zip(codes[47:52], (5, 4, 4, 3, 0), strict=True)]
    actions.key_sheets(by=by, survey_id=row.pk, sheets=sheets)
    yield at(closed, "10:30")
    actions.close(by=by, survey_id=row.pk)
    first = row.items.order_by("pk")[0]
    owner = scene.applicants.who(row.organisation)
    yield at(back(today, 4), "16:20")
    actions.report(
        by=owner, item_id=first.pk, text="自本月起每周二、周四增设晚间场次（18:30—20:30），倒班职工可以在班组预约。",
    )  # fmt: skip


def _running(scene: Scene) -> Line:
    """A third of the tickets is back."""
    yield at(back(on_or_before(scene.today), 3), "14:40")
    row = _make(
        scene, "职工心理关爱服务满意度测评（下半年）", people=40, ends_on=scene.today + 12 * DAY, population=910,
        project="港口一线职工心理关爱", sampling="random",
    )  # fmt: skip
    codes = _opened(scene, row)
    yield at(back(on_or_before(scene.today), 1), "19:30")
    _rate(codes, "55443554245345")


def _draft(scene: Scene) -> Line:
    """The roster is there, the opening is due."""
    yield at(back(on_or_before(scene.today), 1), "15:05")
    _make(scene, "新就业形态职工减压团辅满意度测评", people=24, ends_on=scene.today + 20 * DAY, population=24)
