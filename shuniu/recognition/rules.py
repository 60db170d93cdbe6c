"""May this person do this to this recognition now?"""

from __future__ import annotations

import datetime as dt

from shuniu.foundation.access import YES, Verdict, Who, first_refusal, refuse, register_refusals
from shuniu.foundation.calendar import clock
from shuniu.recognition.models import Honour, Recognition, Upward, WithdrawalRequest
from shuniu.recognition.models.honour import HonourLevel
from shuniu.unions.rules import second_person

register_refusals(
    {
        "recognition.already": (
            "{organisation}在“{category}”已有有效资质，同一单位同一类别的有效期不能重叠。"
            "请先核对证书列表，续期从原有效期届满的次日起算。"
        ),
        "recognition.stays": "已经认定的资质不能改动或删除，有效期只能因取消或退出而缩短。",
        "recognition.approver_only": "这件事由{union}的复核人或领导办理。",
        "recognition.clerk_only": "这件事由{union}的经办人、复核人或领导办理。",
        "recognition.owner_only": "退出申请由本单位负责人提出。请联系本单位负责人办理。",
        "recognition.reason_needed": "请写明理由。",
        "recognition.not_running": "这份资质现在是“{state}”，不能办理这一步。",
        "recognition.withdrawal_open": "已经有一份退出申请在等待批准，不用再次提出。",
        "recognition.withdrawal_decided": "这份退出申请已经办结，不能再次决定。",
        "recognition.paper_coming": "证书正在制作，通常一两分钟内完成。请稍后刷新再下载。",
        "recognition.honour_union": "荣誉由{union}登记和确认。请切换到该单位的身份。",
        "recognition.honour_office": "荣誉由经办人登记，由另一位复核人或领导确认。",
        "recognition.honour_proof": "没有证明材料。请上传表彰文件、证书或奖牌照片。",
        "recognition.honour_future": "授予日期晚于今天。请核对表彰文件上的日期。",
        "recognition.honour_twice": "同一对象的同一荣誉已经登记过。请在荣誉列表里核对。",
        "recognition.honour_state": "这项荣誉现在是“{state}”，不能办理这一步。",
        "recognition.honour_stays": "登记过的荣誉不能改动或删除；有误的撤销后重新登记。",
        "recognition.upward_own": "只有本会评定、现在有效的荣誉可以推荐参评上级。",
        "recognition.upward_level": "推荐参评的级别应高于本级荣誉的级别。",
        "recognition.upward_twice": "“{subject}”已经推荐参评这一级，不能重复推荐。",
        "recognition.upward_state": "这份推荐现在是“{state}”，不能办理这一步。请刷新页面。",
        "recognition.upward_stays": "推荐参评上级的记录不能改动或删除。",
        "recognition.conflict": "同一时刻有人办理了同一事项，您的操作没有生效。请刷新页面后再办理。",
    }
)

APPROVERS = ("checker", "leader")
STAFF = ("clerk", *APPROVERS)


def has_reason(reason: str) -> Verdict:
    """A written reason."""
    return YES if reason.strip() else refuse("recognition.reason_needed")


def is_approver(who: Who, row: Recognition) -> Verdict:
    """A checker or leader of the union that granted it."""
    return (
        YES
        if who.acts_for(row.union_id, *APPROVERS)
        else refuse("recognition.approver_only", union=row.union.name)
    )


def is_staff(who: Who, row: Recognition) -> Verdict:
    """The office of the union that granted it."""
    return (
        YES if who.acts_for(row.union_id, *STAFF) else refuse("recognition.clerk_only", union=row.union.name)
    )


def is_running(row: Recognition, on: dt.date | None = None) -> Verdict:
    """Not ended: neither cancelled nor withdrawn nor past its last day."""
    over = row.state in (Recognition.State.CANCELLED, Recognition.State.WITHDRAWN)
    if over or row.last_day < (on or clock.today()):
        state = row.get_state_display() if over else "已到期"
        return refuse("recognition.not_running", state=state)
    return YES


def may_reissue(who: Who, row: Recognition, reason: str) -> Verdict:
    """A certificate that is lost or misprinted is printed anew, with the reason."""
    return first_refusal([is_staff(who, row), is_running(row), has_reason(reason)])


def may_suspend(who: Who, row: Recognition) -> Verdict:
    """本办法未规定: by an approver, while valid."""
    valid = (
        YES
        if row.state == Recognition.State.VALID
        else refuse("recognition.not_running", state=row.get_state_display())
    )
    return first_refusal([is_approver(who, row), is_running(row), valid])


def may_resume(who: Who, row: Recognition) -> Verdict:
    """本办法未规定: by an approver, while suspended and not past its last day."""
    suspended = (
        YES
        if row.state == Recognition.State.SUSPENDED
        else refuse("recognition.not_running", state=row.get_state_display())
    )
    return first_refusal([is_approver(who, row), suspended, is_running(row)])


def may_ask_withdrawal(who: Who, row: Recognition) -> Verdict:
    """第十七条: the organisation itself, by its 负责人, one request at a time."""
    mine = who.organisation_id == row.organisation_id and who.role == "org_owner"
    waiting = row.withdrawals.filter(decided_at__isnull=True).exists()
    return first_refusal(
        [
            YES if mine else refuse("recognition.owner_only"),
            is_running(row),
            refuse("recognition.withdrawal_open") if waiting else YES,
        ]
    )


def may_decide_withdrawal(who: Who, request: WithdrawalRequest) -> Verdict:
    """第十七条: approved by the union that recognised, while there is something to leave."""
    done = request.decided_at is not None
    return first_refusal(
        [
            is_approver(who, request.recognition),
            refuse("recognition.withdrawal_decided") if done else YES,
            is_running(request.recognition),
        ]
    )


def may_record_honour(who: Who, union_id: int) -> Verdict:
    """F3: a clerk of the union that keeps the ledger records what another one granted."""
    return YES if who.acts_for(union_id, "clerk") else refuse("recognition.honour_office")


def may_decide_honour(who: Who, row: Honour) -> Verdict:
    """A checker or leader of the same union, another natural person than who recorded it."""
    if who.union_id != row.union_id:
        return refuse("recognition.honour_union", union=row.union.name)
    if who.role not in APPROVERS:
        return refuse("recognition.honour_office")
    if row.state != Honour.State.PROPOSED:
        return refuse("recognition.honour_state", state=row.get_state_display())
    return second_person(who, row.recorded_by_id)


def may_revoke_honour(who: Who, row: Honour) -> Verdict:
    """A checker or leader, while it is in force, another natural person than who recorded it."""
    if who.union_id != row.union_id:
        return refuse("recognition.honour_union", union=row.union.name)
    if who.role not in APPROVERS:
        return refuse("recognition.honour_office")
    if row.state != Honour.State.IN_FORCE:
        return refuse("recognition.honour_state", state=row.get_state_display())
    return second_person(who, row.recorded_by_id)


FORWARD = (Upward.State.PROPOSED, Upward.State.SENT, Upward.State.GRANTED)
"""States in which a thing is put forward to a level, or was with success."""


def _honour_clerk(who: Who, row: Honour) -> Verdict:
    return (
        YES
        if who.acts_for(row.union_id, "clerk")
        else refuse("recognition.honour_union", union=row.union.name)
    )


def may_put_forward(who: Who, row: Honour, level: str) -> Verdict:
    """F3: the clerk of the union that granted it, to a higher level, while it is in force."""
    order = list(HonourLevel.values)
    own = row.source == Honour.Source.OWN and row.state == Honour.State.IN_FORCE
    higher = level in order and order.index(level) > order.index(row.level)
    return first_refusal(
        [
            _honour_clerk(who, row),
            YES if own else refuse("recognition.upward_own"),
            YES if higher else refuse("recognition.upward_level"),
        ]
    )


def may_decide_upward(who: Who, row: Upward) -> Verdict:
    """A checker or leader of the same union, another natural person than who proposed it."""
    if not who.acts_for(row.honour.union_id, *APPROVERS):
        return refuse("recognition.honour_office")
    if row.state != Upward.State.PROPOSED:
        return refuse("recognition.upward_state", state=row.get_state_display())
    return second_person(who, row.proposed_by_id)


def may_tell_outcome(who: Who, row: Upward) -> Verdict:
    """The clerk, once it was sent."""
    sent = row.state == Upward.State.SENT
    return first_refusal(
        [
            _honour_clerk(who, row.honour),
            YES if sent else refuse("recognition.upward_state", state=row.get_state_display()),
        ]
    )
