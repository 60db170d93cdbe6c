"""May this sheet be written, this committee be closed, this meeting decide? Bounds and second persons."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import ROUND_DOWN, Decimal

from shuniu.calls.models import (
    Committee,
    CountedPoint,
    Meeting,
    Reopening,
    RubricItem,
    ScoreSheet,
    Seat,
    Stage,
)
from shuniu.calls.rules import panel
from shuniu.foundation.access import YES, Verdict, Who, first_refusal, refuse, register_refusals
from shuniu.foundation.calendar import clock

APPROVERS = ("checker", "leader")
CHOICES = {"for": "赞成", "against": "反对", "abstain": "弃权"}

register_refusals(
    {
        "calls.sheet_gone": "这家单位已不在评审范围（已撤回或终止），不用再评分。",
        "calls.sheet_incomplete": "还有 {n} 项没有打分（{items}）。请补齐后再提交，或选择弃权。",
        "calls.points_range": "“{item}”应在 0 到 {most} 分之间，最多一位小数。请改正后保存。",
        "calls.above_counted": "“{item}”按材料计 {most} 分，打分不能高于它。认为应当多计的，请联系经办人核对材料。",
        "calls.below_counted": "{items}低于按材料计的得分。请在评语里写明扣分的理由，再提交。",
        "calls.count_open": "“{name}”还有不能计分的项目：{left}。请先补齐事实或确定理解，再开始评审。",
        "calls.nothing_whole": "还没有各项都打了分的评分表。请先打分，再提交。",
        "calls.item_unknown": "评分表里没有这一项。请刷新页面后再填。",
        "calls.sheets_open": "还有 {n} 份评分表没有提交。请等专家提交，或逐人记为“未评分”并写明原因。",
        "calls.scoring_open": "评分还没有结束，不能办理这一步。",
        "calls.closing_stays": "评分结束后只能由第二人批准重新开放；会议开始后不能再开放。",
        "calls.reopen_self": "批准人与申请人不能是同一人（按实名和手机核对）。请由另一位复核人或领导办理。",
        "calls.reopen_not_in": "这份评分表还没有提交，不用重新开放。",
        "calls.reopen_pending": "已经有一份重新开放的申请在等待批准。",
        "calls.reopen_waiting": "还有重新开放评分的申请没有办理。请先由复核人或领导批准或者不批准。",
        "calls.reopen_decided": "这份申请已经办理过。",
        "calls.meeting_begun": "集中评审会议已经开始，不能再开放评分。",
        "calls.meeting_exists": "会议已经开始，不用重复操作。",
        "calls.meeting_closed": "会议结果已经提交审签或已经生效，不能再改。",
        "calls.ranking_stays": "评分结束时的排名已经冻结，不能改动。",
        "calls.not_present": "没有签到的委员不能表决。请先签到。",
        "calls.attended": "已经签到，不用重复。",
        "calls.vote_choice": "表决只能选赞成、反对或弃权。",
        "calls.unvoted_none": "这位专家没有签到，或者已经全部表决，不用记为弃权。",
        "calls.voted": "您已经对“{name}”表决过，不能更改。",
        "calls.vote_unknown": "表决的单位不在这次会议的排名里，或您应当回避。",
        "calls.nobody_present": "没有委员签到，会议不能形成结果。",
        "calls.minutes_missing": "请先写会议纪要。",
        "calls.cut_missing": "请先划定入围名次。",
        "calls.cut_why": "划线与本类别名额（{places}）不同，或没有规定名额，请写明划线理由。",
        "calls.cut_beyond": "划线名次不能超过参评单位数（{n}）。",
        "calls.over_quota": "按名额“{label}”不能这样划线：{reason}。请改划线名次。",
        "calls.vote_missing": "拟入围的单位中还有 {n} 家没有表决（本次通知规定评分后表决）：{names}。",
        "calls.tie": "第 {after} 名处有 {n} 家同分，只剩 {left} 个名额：{names}。"
        "请由委员表决分出先后，或写明理由并选定入围的单位。",
        "calls.tie_picks": "同分处理选定的单位不对：应从同分的 {n} 家中选，且写明理由。",
        "calls.not_proposed": "会议结果还没有提交审签。",
        "calls.sign_role": "会议结果由{union}的复核人或领导审签。",
        "calls.sign_self": "审签人与提交人不能是同一人，也不能是本委员会的专家（按实名和手机核对）。",
        "calls.outcome_changed": "提交审签以后，参评单位有变化（撤回或终止）。请退回，由经办人重新提交。",
        "calls.missing_early": (
            "评分期限是 {due} 24:00，期限内不能记为未评分。确实不能评分的，请专家本人说明不能参加，由候补专家接替。"
        ),
        "calls.unscored_none": "这位专家没有未提交的评分表。",
    }
)  # fmt: skip


def _sheet_open(sheet: ScoreSheet) -> Verdict:
    committee = sheet.seat.committee
    if committee.closed_at is not None:
        return refuse("calls.scoring_closed")
    if sheet.application.stage != Stage.QUALIFIED:
        return refuse("calls.sheet_gone")
    return YES if sheet.state == ScoreSheet.State.DRAFT else refuse("calls.sheet_locked")


def may_score(who: Who, sheet: ScoreSheet, *, signed: bool, recused: bool) -> Verdict:
    """U34: the own sheet, material served, not recused, scoring and sheet open."""
    away = refuse("calls.recused") if recused else YES
    return first_refusal([panel.may_read_material(who, sheet.seat, signed=signed), away, _sheet_open(sheet)])


def points_fit(item: RubricItem, points: Decimal | None) -> Verdict:
    """Empty, or between nought and the item's weight, one decimal at most."""
    if points is None:
        return YES
    fits = points.is_finite() and 0 <= points <= item.weight and points == points.quantize(Decimal("0.1"))
    return YES if fits else refuse("calls.points_range", item=item.label, most=item.weight)


def all_fit(items: Mapping[int, RubricItem], points: Mapping[int, Decimal | None]) -> Verdict:
    """Every value belongs to an item of this call and fits it."""
    if set(points) - set(items):
        return refuse("calls.item_unknown")
    return first_refusal(points_fit(items[key], value) for key, value in points.items())


def within_count(points: Mapping[int, Decimal | None], counted: Mapping[int, CountedPoint]) -> Verdict:
    """D6: no more than the papers count for."""
    for key, value in points.items():
        row = counted.get(key)
        if value is not None and row is not None and value > row.points:
            return refuse("calls.above_counted", item=row.item.label, most=plain(row.points))
    return YES


def below_is_reasoned(
    given: Mapping[int, Decimal | None], counted: Mapping[int, CountedPoint], comment: str
) -> Verdict:
    """D6: less than was counted only with a written reason."""
    below = [
        row.item.label
        for key, row in counted.items()
        if (value := given.get(key)) is not None and value < least(row)
    ]
    return refuse("calls.below_counted", items="、".join(below)) if below and not comment.strip() else YES


def least(row: CountedPoint) -> Decimal:
    """What was counted, as a sheet can hold it: one decimal."""
    return row.points.quantize(Decimal("0.1"), ROUND_DOWN)


def plain(points: Decimal) -> str:
    """8.00 as 8."""
    return f"{points.normalize():f}"


def is_whole(items: Mapping[int, RubricItem], points: Mapping[int, Decimal | None]) -> Verdict:
    """D5: every item has points; a missing one is not nought."""
    missing = [item.label for key, item in items.items() if points.get(key) is None]
    return refuse("calls.sheet_incomplete", n=len(missing), items="、".join(missing)) if missing else YES


def may_close(who: Who, committee: Committee, *, open_sheets: int, short: int = 0) -> Verdict:
    """The clerk closes when every sheet of an active member is in, abstained or recorded as missing.

    `short`: applications with fewer members than the assignment promises.
    """
    verdicts = [panel.may_run(who, committee.call)]
    if committee.opened_at is None:
        verdicts.append(refuse("calls.review_not_open"))
    if committee.closed_at is not None:
        verdicts.append(refuse("calls.scoring_closed"))
    if open_sheets:
        verdicts.append(refuse("calls.sheets_open", n=open_sheets))
    if short:
        verdicts.append(refuse("calls.reviews_short", n=short))
    verdicts.append(_none_asked(committee))
    return first_refusal(verdicts)


def _none_asked(committee: Committee) -> Verdict:
    """U35: a request to reopen is answered before the step that would make it pointless."""
    waiting = Reopening.objects.filter(committee=committee, granted__isnull=True).exists()
    return refuse("calls.reopen_waiting") if waiting else YES


def may_mark_missing(who: Who, seat: Seat, *, open_sheets: int) -> Verdict:
    """The clerk records that an expert did not score, after the day by which it was due: nobody is cut short.

    The reason is asked for by the action.
    """
    verdicts = [panel.may_run(who, seat.committee.call)]
    if seat.committee.closed_at is not None:
        verdicts.append(refuse("calls.scoring_closed"))
    if not is_overdue(seat.committee):
        verdicts.append(refuse("calls.missing_early", due=f"{seat.committee.due_on:%Y-%m-%d}"))
    if not open_sheets:
        verdicts.append(refuse("calls.unscored_none"))
    return first_refusal(verdicts)


def is_overdue(committee: Committee) -> bool:
    """Whether the last day for scores is over; where none was set there is nothing to wait for."""
    return committee.due_on is None or clock.today() > committee.due_on


def may_ask_reopening(who: Who, committee: Committee, sheet: ScoreSheet | None, *, begun: bool) -> Verdict:
    """A sheet that is in while scoring is open; or a closed scoring while no meeting has begun."""
    verdicts = [panel.may_run(who, committee.call)]
    if sheet is not None:
        if committee.closed_at is not None:
            verdicts.append(refuse("calls.scoring_closed"))
        if sheet.state == ScoreSheet.State.DRAFT:
            verdicts.append(refuse("calls.reopen_not_in"))
        if sheet.application.stage != Stage.QUALIFIED:
            verdicts.append(refuse("calls.sheet_gone"))
    else:
        if committee.closed_at is None:
            verdicts.append(refuse("calls.scoring_open"))
        if begun:
            verdicts.append(refuse("calls.meeting_begun"))
    return first_refusal(verdicts)


def may_decide_reopening(who: Who, row: Reopening, *, begun: bool) -> Verdict:
    """A checker or leader, another natural person than who asked."""
    call = row.committee.call
    if not who.acts_for(call.union_id, *APPROVERS):
        return refuse("calls.approver_only", union=call.union.name)
    if row.granted is not None:
        return refuse("calls.reopen_decided")
    person = who.person
    if person is None or person.identity == row.asked_identity or person.pk == row.asked_by_id:
        return refuse("calls.reopen_self")
    if begun:
        return refuse("calls.meeting_begun")
    if row.sheet_id is not None and row.committee.closed_at is not None:
        return refuse("calls.scoring_closed")
    return YES


def may_open_meeting(who: Who, committee: Committee, *, begun: bool) -> Verdict:
    """After scoring closed, once."""
    verdicts = [panel.may_run(who, committee.call)]
    if committee.closed_at is None:
        verdicts.append(refuse("calls.scoring_open"))
    if begun:
        verdicts.append(refuse("calls.meeting_exists"))
    verdicts.append(_none_asked(committee))
    return first_refusal(verdicts)


def is_deliberating(meeting: Meeting) -> Verdict:
    """The meeting is open and its result not handed in."""
    over = meeting.closed_at is not None or meeting.proposed_at is not None
    return refuse("calls.meeting_closed") if over else YES


def may_lead(who: Who, meeting: Meeting) -> Verdict:
    """The clerk keeps minutes, attendance and the line."""
    return first_refusal([panel.may_run(who, meeting.committee.call), is_deliberating(meeting)])


def may_attend(who: Who, meeting: Meeting, seat: Seat) -> Verdict:
    """The member signs in, or the clerk at the door."""
    if seat.state != Seat.State.ACTIVE or seat.committee_id != meeting.committee_id:
        return refuse("calls.seat_left")
    own = panel.owns_seat(who, seat)
    may = own if own else panel.is_clerk(who, meeting.committee.call)
    return first_refusal([may, is_deliberating(meeting)])


def may_vote(who: Who, meeting: Meeting, seat: Seat, *, present: bool) -> Verdict:
    """A member who signed in."""
    here = YES if present else refuse("calls.not_present")
    return first_refusal([panel.owns_seat(who, seat), is_deliberating(meeting), here])


def line_is_explained(meeting: Meeting, places: int | None, n: int) -> Verdict:
    """The line is drawn; other than at the category's places only with a reason."""
    if meeting.cut_after is None:
        return refuse("calls.cut_missing")
    if meeting.cut_after > n:
        return refuse("calls.cut_beyond", n=n)
    by_places = places is not None and meeting.cut_after == min(places, n)
    if not by_places and not meeting.cut_reason.strip():
        return refuse("calls.cut_why", places="未规定" if places is None else places)
    return YES


def may_propose(who: Who, meeting: Meeting) -> Verdict:
    """The clerk hands the result in: somebody was there, and there are minutes."""
    verdicts = [may_lead(who, meeting)]
    if meeting.present < 1:
        verdicts.append(refuse("calls.nobody_present"))
    if not meeting.minutes.strip():
        verdicts.append(refuse("calls.minutes_missing"))
    return first_refusal(verdicts)


def may_sign(who: Who, meeting: Meeting, *, experts: Collection[str]) -> Verdict:
    """R5: a checker or leader, neither who proposed nor a member (`experts`: their identities)."""
    call = meeting.committee.call
    if not who.acts_for(call.union_id, *APPROVERS):
        return refuse("calls.sign_role", union=call.union.name)
    if meeting.closed_at is not None:
        return refuse("calls.meeting_closed")
    if meeting.proposed_at is None:
        return refuse("calls.not_proposed")
    identity = who.person.identity if who.person else ""
    if not identity or identity == meeting.proposed_identity or identity in experts:
        return refuse("calls.sign_self")
    return YES
