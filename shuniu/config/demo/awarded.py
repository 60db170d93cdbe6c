"""上一年度的省级评选 to its end: recommended by three unions, reviewed by provincial experts, named, shown, told, improved."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Sequence
from decimal import Decimal

from shuniu.calls import demo_audit, demo_feedback, demo_review, terms
from shuniu.calls.actions import audit, improvement, listing, procedure, promotion, recommend
from shuniu.calls.actions import call as calls
from shuniu.calls.defaults import WHOLE
from shuniu.calls.models import Application, Call, Committee, Expert, Improvement, RubricItem
from shuniu.config.demo.applying import received
from shuniu.config.demo.awarded_known import ENTRANTS, Entrant, enter, known, measured
from shuniu.config.demo.awarding import LAW, go_on, hand_in, visit_it
from shuniu.config.demo.cast import PROVINCE, provincial_experts
from shuniu.config.demo.clock import Line
from shuniu.config.demo.days import DAY, ahead, at, back, on_or_after, on_or_before
from shuniu.config.demo.scene import Scene
from shuniu.config.demo.words import INVENTED, paper
from shuniu.foundation.calendar import clock
from shuniu.foundation.papers import rendering
from shuniu.registry.models import Organisation

_AGO = 398  # days: beside last year's selection, so that the clock need not stop on days of its own
_PLACES = 3
_WINDOW = 7  # days


def line(scene: Scene) -> Line:
    """From the notice to the last improvement."""
    starts = on_or_after(scene.today - _AGO * DAY)
    entrants = [(each, enter(scene, each)) for each in ENTRANTS]
    yield at(back(starts, 12), "09:30")
    proof = received("表彰决定", ("授予该单位服务职工先进集体称号。", INVENTED))
    for each, organisation in entrants:
        known(scene, each, organisation, proof)
    answers = [(measured(scene, each, organisation), each) for each, organisation in entrants]
    yield at(back(starts, 6), "16:00")
    for survey, each in answers:
        survey.finish(each.levels)
    yield at(back(starts, 2), "09:10")
    demo_review.build_pool(
        by=scene.who("xujb"), union=scene.cast.unions[PROVINCE], people=scene.cast.experts,
        entries=provincial_experts(scene.cast, WHOLE),
    )  # fmt: skip
    call = _drafted(scene, starts)
    calls.submit(by=scene.who("xujb"), call_id=call.pk)
    yield at(back(starts, 1), "10:20")
    calls.publish(by=scene.who("luofh"), call_id=call.pk)
    yield at(ahead(starts, 2), "10:30")
    made = [_handed_in(scene, call, each, organisation) for each, organisation in entrants]
    yield from _recommended(scene, call, made, starts + (_WINDOW - 1) * DAY)
    first = ahead(starts + (_WINDOW - 1) * DAY, 6)
    yield from _reviewed(scene, call, made, first)
    yield from _named(scene, call, ahead(first, 5))
    yield at(ahead(first, 15), "15:30")
    demo_feedback.tell_all(call, clerk=scene.who("xujb"), approver=scene.who("luofh"), waiting=0, left=0)
    yield from _improved(scene, made[0], ahead(first, 17))
    yield from _looked_after(scene, made[0], made[1])


def _drafted(scene: Scene, starts: dt.date) -> Call:
    """Composed, with what the paper leaves open: three reviews each out of five experts, severity beside the scores."""
    clerk = scene.who("xujb")
    call = calls.compose(by=clerk, union=scene.cast.unions[PROVINCE], document_key=LAW, year=starts.year)
    last = starts + (_WINDOW - 1) * DAY
    work = {"check": 2, "site_visit": 2, "recommend": 1, "review": 5, "name": 1, "publicity": 6, "promote": 3}
    days: dict[str, tuple[dt.date | None, dt.date | None]] = {}
    for stage in call.stages.all():
        if stage.kind in ("notice", "self_assess"):
            days[stage.key] = (None, None)
        elif stage.kind == "apply":
            days[stage.key] = (starts, last)
        else:
            begins, last = ahead(last, 1), ahead(last, work[stage.kind])
            days[stage.key] = (begins, last)
    settled = {
        "committee_size": (5, "参照上一年度的做法"),
        terms.REVIEWERS: ("每份由 3 位委员评审", "减轻委员负担，仍去掉偶然因素"),
        terms.LOAD_LIMIT: ("5 份", ""),
        terms.CALIBRATION: (terms.BY_SEVERITY, "各委员给分宽严不一，供会议参考"),
        "appeal": ("公示期内可以署名提出，15个工作日内答复", "条文没有写"),
        "upheld_objection": ("经核查属实的，撤销命名", "条文先命名后公示"),
    }  # fmt: skip
    calls.change_basics(by=clerk, call_id=call.pk, version=1, values={"contact": clerk.name})
    calls.change_terms(by=clerk, call_id=call.pk, version=2, values=settled)
    calls.change_categories(by=clerk, call_id=call.pk, version=3, keep=[WHOLE], places={WHOLE: _PLACES})
    return calls.change_timetable(by=clerk, call_id=call.pk, version=4, days=days)


def _handed_in(scene: Scene, call: Call, each: Entrant, of: Organisation) -> Application:
    return hand_in(scene, call, of, scene.cast.unions[each.through])


def _recommended(scene: Scene, call: Call, made: Sequence[Application], last: dt.date) -> Line:
    """Three unions check, visit and recommend at their own pace; both places of a city, the one of an industry."""
    yield at(ahead(last, 2), "14:00")
    for each, row in zip(ENTRANTS, made, strict=True):
        union = scene.cast.unions[each.through]
        clerk, checker = scene.cast.of(union, "clerk"), scene.cast.of(union, "checker")
        demo_audit.conclude_one(row, clerk)
        audit.confirm(by=checker, application_id=row.pk)
        audit.release(by=checker, application_id=row.pk)
    go_on(scene, call, "site_visit")
    yield at(ahead(last, 4), "10:00")
    for each, row in zip(ENTRANTS, made, strict=True):
        visit_it(scene, Application.objects.get(pk=row.pk), place=each.place, less=2 + each.less)
    go_on(scene, call, "recommend")
    yield at(ahead(last, 4), "16:00")
    for each, row in zip(ENTRANTS, made, strict=True):
        union = scene.cast.unions[each.through]
        given = recommend.propose(by=scene.cast.of(union, "clerk"), application_id=row.pk, reason=each.reason)
        recommend.confirm(by=scene.cast.of(union, "checker"), recommendation_id=given.pk)


def _marks(made: Sequence[Application]) -> demo_review.Marks:
    """Points by the order of `made`'s worth; one expert in three is strict, one mild: what calibration is for."""
    worth = {row.pk: each.worth for each, row in zip(ENTRANTS, made, strict=True)}

    def give(expert: Expert, application: Application, item: RubricItem) -> Decimal:
        own = random.Random(f"{expert.number}:{application.number}:{item.key}").uniform(-0.05, 0.05)  # noqa: S311
        habit = {0: -0.13, 1: 0.06}.get(expert.number % 3, 0.0)
        return Decimal(round(item.weight * min(1.0, worth[application.pk] + habit + own)))

    return give


def _reviewed(scene: Scene, call: Call, made: Sequence[Application], first: dt.date) -> Line:
    """Drawn with the auditor, assigned in one go, scored, compared, put to the vote and signed."""
    times = {
        "drawn": at(first, "15:00"), "declared": at(ahead(first, 1), "14:00"), "scoring": at(ahead(first, 2), "10:00"),
        "scored": at(ahead(first, 3), "16:00"), "meeting": at(ahead(first, 4), "14:00"),
        "signed": at(ahead(first, 4), "17:30"),
    }  # fmt: skip
    yield at(first, "09:30")
    go_on(scene, call, "review")
    for step, moment in times.items():
        yield moment
        drawn = Committee.objects.filter(call=call, seats__isnull=False).first()
        knows = drawn.seats.order_by("position")[0].expert.number if drawn else 0
        demo_review.run_review(
            call, clerk=scene.who("xujb"), second=scene.who("duanjs"), signer=scene.who("luofh"), until=step,
            conflicts={knows: {made[-1].pk: "去年担任该单位顾问"}}, marks=_marks(made),
        )  # fmt: skip


def _named(scene: Scene, call: Call, day: dt.date) -> Line:
    """Named, shown, made known; the clock ends the publicity by itself."""
    clerk = scene.who("xujb")
    yield at(day, "09:45")
    go_on(scene, call, "name")
    frozen = listing.freeze_formal(by=clerk, call_id=call.pk)
    yield at(day, "15:00")
    listing.publish_formal(by=scene.who("luofh"), list_id=frozen.pk)
    yield at(ahead(day, 7), "10:00")
    best = frozen.entries.order_by("order").first()
    assert best is not None
    promotion.record(
        by=clerk, call_id=call.pk, form="press", outlet="海东工人报", title="把服务送到一线：省服务职工优秀社会组织巡礼",
        on=clock.today(),
    )  # fmt: skip
    promotion.record(
        by=clerk, call_id=call.pk, form="web", outlet="海东工会服务网", on=clock.today(),
        title=f"{best.application.organisation}：职工身边的娘家人", application_id=best.application_id,
    )  # fmt: skip
    procedure.advance(by=clerk, call_id=call.pk)


def _upload(row: Application) -> tuple[str, io.BytesIO]:
    blocks = [{"kind": "p", "text": text} for text in paper(row.organisation, "改进后的制度文本", "")]
    return "改进后的制度文本.pdf", io.BytesIO(
        rendering.render(rendering.PLAIN, {"title": "制度文本", "blocks": blocks})
    )


def _improved(scene: Scene, row: Application, day: dt.date) -> Line:
    """Who was not named improves: done, looked at again and not enough, done, and passed by who gave no points."""
    clerk, checker, member = scene.who("linjb"), scene.who("zhoufh"), scene.applicants.who(row.organisation)
    yield at(day, "10:00")
    asked = improvement.ask(
        by=clerk, application_id=row.pk, row="systems", what="补齐档案和人事管理制度，并有一个季度的执行记录",
        wants="制度文本、执行记录", days=30,
    )  # fmt: skip
    yield at(ahead(day, 8), "15:20")
    improvement.report(
        by=member, improvement_id=asked.pk, text="两项制度已经修订，理事会通过。", uploads=[_upload(row)]
    )
    yield at(ahead(day, 9), "11:00")
    improvement.again(
        by=checker, improvement_id=asked.pk, text="制度已经齐全，还缺执行记录，请一个季度后补交。", days=20
    )
    yield at(ahead(day, 24), "16:10")
    improvement.report(
        by=member,
        improvement_id=asked.pk,
        text="补交第四季度的档案登记和人员培训记录。",
        uploads=[_upload(row)],
    )
    yield at(ahead(day, 26), "09:40")
    improvement.accept(by=checker, improvement_id=asked.pk, text="制度和记录齐全，已对照核对。")


def _looked_after(scene: Scene, first: Application, second: Application) -> Line:
    """One year on: one improvement runs, one was reported and waits, one is offered."""
    clerk, today = scene.who("linjb"), on_or_before(scene.today)
    yield at(back(today, 9), "10:40")
    running: Improvement = improvement.ask(
        by=clerk, application_id=first.pk, row="brand", what="年度回访：服务品牌的宣传要形成计划，每月至少一次", wants="",
        days=20,
    )  # fmt: skip
    waiting = improvement.ask(
        by=clerk, application_id=second.pk, row="cooperation", what="年度回访：与两家社会组织签订协作协议", wants="",
        days=15,
    )  # fmt: skip
    assert running.pk != waiting.pk
    yield at(back(today, 2), "17:00")
    improvement.report(
        by=scene.applicants.who(second.organisation), improvement_id=waiting.pk,
        text="已与两家单位签订协作协议，本季度联合举办活动三场。",
    )  # fmt: skip
    improvement.offer(
        by=scene.applicants.who(first.organisation), application_id=first.pk, row="",
        what="建立职工意见箱，每月公布办理情况",
    )  # fmt: skip
