"""May this person do this to this survey now?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from shuniu.foundation.access import YES, Verdict, Who, first_refusal, refuse, register_refusals
from shuniu.foundation.accounts.models import same_natural_person
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui.formats import day
from shuniu.registry.queries import people_of
from shuniu.surveys.models import LOW, Callback, Item, Sampling, Survey

register_refusals(
    {
        "surveys.staff_only": "这次测评由{union}的经办人、复核人或领导办理。",
        "surveys.rated": "您是被测评单位的人员，不能办理对本单位的测评。请由其他人办理。",
        "surveys.not_draft": "这次测评已经开放，名单、公式和各项设置不能再改。",
        "surveys.fixed": "测评开放之后，除计票外什么都不能改，也不能删除。",
        "surveys.not_open": "这次测评现在是“{state}”，不能办理这一步。",
        "surveys.empty_roster": "测评名单还是空的。请先录入或导入名单。",
        "surveys.ends_past": "测评截止日已经过去。请改到今天或以后。",
        "surveys.roster_fixed": "测评开放之后名单不能增减，只能登记发票。",
        "surveys.roster_full": "一次测评的名单最多 {most} 人。人数更多时请分成几次测评。",
        "surveys.population_small": "服务对象只有 {population} 人，名单却有 {roster} 人。请核对服务对象人数。",
        "surveys.not_all": (
            "抽样方式是“全部服务对象”，服务对象有 {population} 人，名单只有 {roster} 人。请补全名单，或改抽样方式。"
        ),
        "surveys.twice": "名单中已有“{name}”（{workplace}）。同名的请在“单位或部门”里写明区别。",
        "surveys.tickets_made": "测评票已经制好。确需重新制票的，请写明理由；没有用过的旧票随即全部作废。",
        "surveys.no_tickets": "还没有制票。请先制票，再登记发票。",
        "surveys.all_used": "每张票都已用过，没有可以重新制的票。",
        "surveys.unknown_ticket": "没有这张测评票。请核对票码，或向发票人询问。",
        "surveys.sheets_many": "一个文件最多 {most} 份票。请分几个文件导入。",
        "surveys.slips_many": "超过 {most} 张的，请制链接清单，或者分成几次测评制纸质票。",
        "surveys.void": "这张票已经用过，或者因重新制票而作废，不能再评价。",
        "surveys.used": "这张票已经评价过了，一张票只能评价一次。谢谢您的参与。",
        "surveys.over": "测评已于 {until} 24:00 截止，不再接收评价。",
        "surveys.level_needed": "请选择一个满意程度。",
        "surveys.why_needed": "请至少选择一个不满意的原因，方便改进。",
        "surveys.unknown_reason": "原因应从列出的选项中选择：{reasons}。",
        "surveys.no_phone": "只有选择“不满意”“很不满意”时才能留电话。",
        "surveys.phone_form": "电话号码应为 5 至 20 位数字。不愿意接回访的，请留空。",
        "surveys.too_early": "测评到 {until} 24:00 截止，还有 {left} 张票没有用。提前计票请写明理由。",
        "surveys.counted": "计数由系统自动完成，不能另行改写。",
        "surveys.count": "用去的票和收到的评价对不上，这一步没有生效。请刷新页面后再办理。",
        "surveys.answer_stays": "收到的评价不能改动或删除。",
        "surveys.busy": "同一时刻有人在办理同一次测评，您的操作没有生效。请刷新页面后再办理。",
        "surveys.item_state": "这件整改事项现在是“{state}”，不能办理这一步。",
        "surveys.org_only": "整改情况由被测评单位填报。",
        "surveys.words_needed": "请写明情况。",
        "surveys.callback_over": "这件回访已经办结，号码已经清除。",
        "surveys.evidence_coming": "证明材料正在生成，通常一两分钟内完成。请稍后刷新再下载。",
    }
)

STAFF = ("clerk", "checker", "leader")
MOST = 100_000  # people of one roster
SLIPS = 3000  # tickets that one PDF still carries
SHEETS = 2000  # paper sheets that one file brings: one act, one transaction
GRACE = dt.timedelta(seconds=60)


def is_staff(who: Who, row: Survey) -> Verdict:
    """The office of the union that holds the survey, and nobody of the rated."""
    if not who.acts_for(row.union_id, *STAFF) or who.person is None:
        return refuse("surveys.staff_only", union=row.union.name)
    person = who.person
    rated = any(same_natural_person(person, other) for other in people_of(row.organisation_id))
    return refuse("surveys.rated") if rated else YES


def in_state(row: Survey, *states: str) -> Verdict:
    """The survey is in one of these states."""
    return YES if row.state in states else refuse("surveys.not_open", state=row.get_state_display())


def may_change(who: Who, row: Survey) -> Verdict:
    """Settings and roster, while it is prepared."""
    return first_refusal([is_staff(who, row), YES if row.state == "draft" else refuse("surveys.not_draft")])


def may_open(who: Who, row: Survey, *, roster: int) -> Verdict:
    """With a roster that is not larger than the population, the whole of it where all are asked, and a day to end on."""
    everybody = row.sampling != Sampling.ALL or roster >= row.population
    return first_refusal(
        [
            may_change(who, row),
            YES if roster else refuse("surveys.empty_roster"),
            YES if roster <= MOST else refuse("surveys.roster_full", most=MOST),
            YES
            if roster <= row.population
            else refuse("surveys.population_small", population=row.population, roster=roster),
            YES if everybody else refuse("surveys.not_all", population=row.population, roster=roster),
            YES if row.ends_on >= clock.today() else refuse("surveys.ends_past"),
        ]
    )


def may_issue(who: Who, row: Survey, *, made: int, unused: int, reason: str) -> Verdict:
    """Tickets once for everybody; again only with a reason, and then the unused ones are void."""
    return first_refusal(
        [
            is_staff(who, row),
            in_state(row, "open"),
            YES if not made or reason.strip() else refuse("surveys.tickets_made"),
            YES if not made or unused else refuse("surveys.all_used"),
        ]
    )


def may_give(who: Who, row: Survey, *, made: int) -> Verdict:
    """Note whom tickets were handed to."""
    return first_refusal(
        [is_staff(who, row), in_state(row, "open"), YES if made else refuse("surveys.no_tickets")]
    )


def may_key(who: Who, row: Survey) -> Verdict:
    """Key paper sheets in, until the count."""
    return first_refusal([is_staff(who, row), in_state(row, "open")])


def in_time(row: Survey, arrived_at: dt.datetime) -> Verdict:
    """An answer arrived before 24:00 of the last day of an open survey."""
    until = clock.end_of_day(row.ends_on)
    if row.state != "open" or arrived_at >= until or clock.now() >= until + GRACE:
        return refuse("surveys.over", until=day(row.ends_on))
    return YES


def is_usable(usable: bool, batch: int | None, last: int) -> Verdict:
    """A ticket that was made (`batch`), and neither used nor made void by a later batch."""
    if usable:
        return YES
    if batch is None:
        return refuse("surveys.unknown_ticket")
    return refuse("surveys.void" if batch < last else "surveys.used")


def few_enough(sheets: int) -> Verdict:
    """Paper sheets of one act."""
    return YES if sheets <= SHEETS else refuse("surveys.sheets_many", most=SHEETS)


def fit_for_paper(tickets: int) -> Verdict:
    """Tickets that one PDF carries."""
    return YES if tickets <= SLIPS else refuse("surveys.slips_many", most=SLIPS)


def is_whole(row: Survey, level: int, reasons: Iterable[str], phone: str, *, paper: bool) -> Verdict:
    """A level; with a low one a reason out of the list; a number only then."""
    given = list(reasons)
    low = level in LOW
    if not (1 <= level <= 5 or (paper and level == 0)):
        return refuse("surveys.level_needed")
    if low and not given and not paper:
        return refuse("surveys.why_needed")
    if set(given) - set(row.reasons) or (given and not low):
        return refuse("surveys.unknown_reason", reasons="、".join(row.reasons))
    if phone and not low:
        return refuse("surveys.no_phone")
    if phone and not (phone.lstrip("+").replace("-", "").isdigit() and 5 <= len(phone) <= 20):
        return refuse("surveys.phone_form")
    return YES


def may_close(who: Who, row: Survey, *, left: int, reason: str) -> Verdict:
    """After the last day, or when every ticket is used; earlier with a reason."""
    early = clock.today() <= row.ends_on and left > 0 and not reason.strip()
    return first_refusal(
        [
            is_staff(who, row),
            in_state(row, "open"),
            refuse("surveys.too_early", until=day(row.ends_on), left=left) if early else YES,
        ]
    )


def has_words(text: str) -> Verdict:
    """Something is written."""
    return YES if text.strip() else refuse("surveys.words_needed")


def item_in(item: Item, state: str) -> Verdict:
    """The item is in this state."""
    return YES if item.state == state else refuse("surveys.item_state", state=item.get_state_display())


def may_report(who: Who, item: Item) -> Verdict:
    """The rated organisation tells what it put right."""
    mine = who.organisation_id == item.survey.organisation_id
    return first_refusal([YES if mine else refuse("surveys.org_only"), item_in(item, Item.State.OPEN)])


def may_decide(who: Who, item: Item) -> Verdict:
    """The union accepts what was put right, or sends it back."""
    return first_refusal([is_staff(who, item.survey), item_in(item, Item.State.REPORTED)])


def may_call_back(who: Who, row: Callback) -> Verdict:
    """An officer of the union, never of the rated (`is_staff`), once the answers are counted."""
    waiting = row.state == Callback.State.WAITING
    return first_refusal(
        [
            is_staff(who, row.survey),
            in_state(row.survey, "closed"),
            YES if waiting else refuse("surveys.callback_over"),
        ]
    )
