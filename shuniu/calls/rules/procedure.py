"""When a call may go on to its next stage, or back."""

from __future__ import annotations

from shuniu.calls.entry import checks_apart
from shuniu.calls.models import (
    Application,
    Call,
    CallStage,
    Promotion,
    Publicity,
    PublicList,
    Recommendation,
    Stage,
)
from shuniu.calls.naming import Way, way
from shuniu.calls.rules.call import is_running
from shuniu.foundation.access import YES, Verdict, refuse, register_refusals
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui.formats import day

register_refusals(
    {
        "calls.not_back": "“{stage}”已经产生了结果（{what}），不能退回上一环节。",
        "calls.back_over": (
            "“{before}”的时间已过，退回后会按时间表自动再次进入“{stage}”。需要延长的，请先办理通知更正。"
        ),
        "calls.first_stage": "已经是第一个环节，不能再退回。",
    }
)

BY_HAND = ("promote", "upward", "fund")
"""Kinds of stages after the naming: work that nobody but the office can say is done."""

BY_CLOCK = ("notice", "self_assess", "apply")
"""Kinds of stages that the timetable opens and ends by itself; the self-assessment is done within the window."""


def following(call: Call) -> CallStage | None:
    """The stage after the current one, in the document's order."""
    stages = list(call.stages.all())
    keys = [s.key for s in stages]
    place = keys.index(call.stage) + 1 if call.stage in keys else 0
    return stages[place] if place < len(stages) else None


def unfinished(call: Call) -> str:
    """What is still open in the current stage, as words; empty when it is done."""
    stage = current_stage(call)
    return unfinished_in(call, stage) if stage is not None else ""


def current_stage(call: Call) -> CallStage | None:
    """Where the call is; no query where its stages were fetched with it."""
    return next((stage for stage in call.stages.all() if stage.key == call.stage), None)


def unfinished_in(call: Call, stage: CallStage) -> str:
    """The same of any stage of the call."""
    applications = Application.objects.filter(call=call)
    match stage.kind:
        case "notice":
            if call.apply_from and clock.now() < call.apply_from:
                return f"报名 {day(call.apply_from)} 才开始"
        case "apply":
            if call.apply_until and clock.now() < call.apply_until:
                return f"报名到 {clock.local_last_day(call.apply_until):%Y-%m-%d} 24:00 才截止"
        case "check" | "correct":
            return _unchecked(call)
        case "recommend":
            if not checks_apart(call.stages.all()) and (left_to_check := _unchecked(call)):
                return left_to_check
            waiting = Recommendation.objects.filter(call=call, confirmed_at=None, ended_at=None).count()
            if waiting:
                return f"还有 {waiting} 份推荐没有审签"
            if stage.ends_on and clock.today() <= stage.ends_on:
                return f"推荐到 {stage.ends_on:%Y-%m-%d} 24:00 才截止"
        case "review" | "vote" | "shortlist":
            left = applications.filter(stage=Stage.QUALIFIED).count()
            if left:
                return f"还有 {left} 份申报没有评审结果"
            if stage.kind == "shortlist" and not _shown(call):
                return "初步入围名单还没有公示"
        case "name":
            return _unnamed(call)
        case "publicity":
            if not _shown(call):
                return "名单还没有公示"
            if Publicity.objects.filter(list__call=call, closed_at__isnull=True).exists():
                return "公示期还没有结束"
        case "publish":
            left = applications.filter(stage=Stage.SHORTLISTED).count()
            if left:
                return f"还有 {left} 家次没有列入正式名单（包括暂缓的）"
        case "promote":
            if not Promotion.objects.filter(call=call, struck_at__isnull=True).exists():
                return "还没有登记宣传推广"
    return ""


def _unnamed(call: Call) -> str:
    """What a stage of naming still waits for; a following stage of publication publishes what is frozen here."""
    left = Application.objects.filter(call=call, stage__in=(Stage.QUALIFIED, Stage.SHORTLISTED)).count()
    if not left:
        return ""
    if way(call) == Way.SHOWN_FIRST:
        return "" if _shown(call) else "拟命名的名单还没有公示"
    frozen = call.lists.filter(kind=PublicList.Kind.FORMAL, returned_at__isnull=True).exists()
    publishes = call.stages.filter(kind="publish").exists()
    return "" if frozen and publishes else f"还有 {left} 家没有命名"


def _unchecked(call: Call) -> str:
    """What the check has left open."""
    applications = Application.objects.filter(call=call)
    left = applications.filter(stage__in=(Stage.SUBMITTED, Stage.CORRECTING, Stage.CHECKING)).count()
    if left:
        return f"还有 {left} 份申报没有审核结论"
    untold = applications.filter(
        stage__in=(Stage.QUALIFIED, Stage.UNQUALIFIED), released_at__isnull=True
    ).count()
    return f"还有 {untold} 份审核结论没有生效并通知" if untold else ""


def _shown(call: Call) -> bool:
    """Whether the shortlist is, or was, on public view; without any shortlisted there is nothing to show."""
    if Publicity.objects.filter(list__call=call).exists():
        return True
    return not Application.objects.filter(call=call, stage=Stage.SHORTLISTED).exists()


def may_advance(call: Call) -> Verdict:
    """The current stage is finished and there is a next one."""
    running = is_running(call)
    if not running:
        return running
    if left := unfinished(call):
        current = current_stage(call)
        return refuse("calls.stage_unfinished", current=current.label if current else "", left=left)
    return YES


def may_go_back(call: Call) -> Verdict:
    """A stage opened by mistake is closed again while nothing has come of it."""
    running = is_running(call)
    if not running:
        return running
    stages = list(call.stages.all())
    keys = [s.key for s in stages]
    place = keys.index(call.stage)
    if place == 0:
        return refuse("calls.first_stage")
    stage, before = stages[place], stages[place - 1]
    applications = Application.objects.filter(call=call)
    what = ""
    if stage.kind == "check" and applications.filter(decisions__verb__in=("conclude", "correct")).exists():
        what = "已有审核结论或补正"
    if stage.kind in {"review", "vote", "shortlist"} and call.committees.filter(draws__isnull=False).exists():
        what = "已抽取专家"
    if stage.kind in {"name", "publicity", "publish", *BY_HAND} and call.lists.exists():
        what = "名单已冻结"
    if what:
        return refuse("calls.not_back", stage=stage.label, what=what)
    if before.kind in BY_CLOCK and not unfinished_in(call, before):
        return refuse("calls.back_over", before=before.label, stage=stage.label)
    return YES
