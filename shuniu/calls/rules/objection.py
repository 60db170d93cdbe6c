"""Who may object until when, and who may look into it and decide."""

from __future__ import annotations

import datetime as dt

from shuniu.calls.models import Call, ListEntry, Objection, ObjectionProposal, Publicity
from shuniu.calls.queries.objection import first_decision_identities
from shuniu.calls.rules.apply import stamp
from shuniu.calls.rules.call import APPROVERS, is_clerk
from shuniu.foundation.access import YES, Verdict, Who, first_refusal, refuse, register_refusals
from shuniu.foundation.ui.formats import until, when
from shuniu.unions.queries import stood_in_for

register_refusals(
    {
        "calls.objection_window": (
            "公示期为 {opens} 至 {closes}，您的异议到达于 {arrived}，不在公示期内，没有受理。"
            "仍需反映情况的，请按公示上的电话、地址联系受理部门。"
        ),
        "calls.objection_off": "本次通知已经取消，公示不再受理异议。需要反映情况的，请联系受理部门。",
        "calls.objection_unnamed": "以单位或个人名义提出异议的，请填写名称（姓名）和电话，以便核实和答复。",
        "calls.objection_too_many": (
            "同一网络地址一小时内最多提交 {limit} 件。请稍后再提交，或按公示上的电话、地址联系受理部门。"
        ),
        "calls.objection_files": "最多可以附 {limit} 个文件。请合并后再提交。",
        "calls.objection_not_found": "没有找到这件异议。请核对受理编号和查询码（在提交时的回执上）。",
        "calls.objection_state": "这件异议现在是“{state}”，不能办理这一步。",
        "calls.not_independent": (
            "您或者您代理的人参加过这家单位的审核、评审或名单审签，不能办理针对它的异议。"
            "请由没有参加原决定的人办理。"
        ),
        "calls.objection_handler": "这件异议由{handler}核查，核查意见由核查人提出。",
        "calls.objection_own": "这件异议本来就由您核查，不用接手。",
        "calls.objection_hold": "只有针对一家单位、公示以后还没有列入正式名单的，才能暂缓。",
        "calls.objection_effect": "移出名单只适用于“异议成立”并且指明了一家单位的情形。请改正后再提交。",
        "calls.objection_no_reply": "对单位和实名个人应当书面答复。请填写答复内容。",
        "calls.objection_proposed": "核查意见已经提交审签，不能再提。需要修改的，请审签人退回。",
        "calls.objection_no_proposal": "还没有核查意见，不能审签。",
    }
)

PER_HOUR = 5
MAX_FILES = 3


def in_window(publicity: Publicity, at: dt.datetime) -> Verdict:
    """第五条（五）: from the beginning of the 公示 to 24:00 of its last day; both times are named."""
    call = publicity.list.call
    if call.state == Call.State.CANCELLED:
        return refuse("calls.objection_off")
    if publicity.opens_at <= at < publicity.closes_at:
        return YES
    return refuse(
        "calls.objection_window",
        opens=when(publicity.opens_at),
        closes=until(publicity.closes_at),
        arrived=stamp(at),
    )


def is_named(kind: str, name: str, phone: str) -> Verdict:
    """Who wants a reply says who they are."""
    if kind == Objection.Kind.ANONYMOUS or (name.strip() and phone.strip()):
        return YES
    return refuse("calls.objection_unnamed")


def is_independent(who: Who, objection: Objection) -> Verdict:
    """第五条（五）: somebody who took no part in the first decision, told by natural person.

    Nor do they stand in for somebody who did.
    """
    person = who.person
    if person is None or {person.identity, *stood_in_for(who)} & first_decision_identities(objection):
        return refuse("calls.not_independent")
    return YES


def _in_state(objection: Objection, *states: str) -> Verdict:
    return (
        YES
        if objection.state in states
        else refuse("calls.objection_state", state=objection.get_state_display())
    )


def may_accept(who: Who, objection: Objection) -> Verdict:
    """A clerk of the union, independent of the first decision."""
    call = objection.publicity.list.call
    return first_refusal(
        [
            is_clerk(who, call.union),
            _in_state(objection, Objection.State.RECEIVED),
            is_independent(who, objection),
        ]
    )


def can_hold(objection: Objection) -> Verdict:
    """One listed name that no formal list names yet."""
    entry = objection.entry
    if entry is None or entry.state != ListEntry.State.LISTED or entry.application.stage != "shortlisted":
        return refuse("calls.objection_hold")
    return YES


def may_propose(who: Who, objection: Objection) -> Verdict:
    """The handler, independent, with nothing before the approver."""
    call = objection.publicity.list.call
    handler = objection.handler
    mine = handler is not None and who.person is not None and handler.pk == who.person.pk
    waiting = objection.proposals.filter(returned_at__isnull=True).exists()
    return first_refusal(
        [
            is_clerk(who, call.union),
            _in_state(objection, Objection.State.LOOKING),
            YES if mine else refuse("calls.objection_handler", handler=handler.name if handler else "核查人"),
            is_independent(who, objection),
            refuse("calls.objection_proposed") if waiting else YES,
        ]
    )


def may_take_over(who: Who, objection: Objection) -> Verdict:
    """Another independent clerk, where the handler cannot go on; not what lies before the approver."""
    proposed = objection.proposals.filter(returned_at__isnull=True).exists()
    own = who.person is not None and objection.handler_id == who.person.pk
    return first_refusal(
        [
            is_clerk(who, objection.publicity.list.call.union),
            _in_state(objection, Objection.State.LOOKING),
            refuse("calls.objection_own") if own else YES,
            is_independent(who, objection),
            refuse("calls.objection_proposed") if proposed else YES,
        ]
    )


def is_whole(objection: Objection, verdict: str, effect: str, reply: str) -> Verdict:
    """A removal names one organisation and follows from 成立; who gave a name gets a written reply."""
    if effect == "remove" and (verdict != Objection.State.UPHELD or objection.entry_id is None):
        return refuse("calls.objection_effect")
    if objection.kind != Objection.Kind.ANONYMOUS and not reply.strip():
        return refuse("calls.objection_no_reply")
    return YES


def may_decide(who: Who, objection: Objection, proposal: ObjectionProposal | None) -> Verdict:
    """A checker or leader, another natural person than the handler, independent too."""
    call = objection.publicity.list.call
    if not who.acts_for(call.union_id, *APPROVERS):
        return refuse("calls.approver_only", union=call.union.name)
    if proposal is None:
        return first_refusal(
            [_in_state(objection, Objection.State.LOOKING), refuse("calls.objection_no_proposal")]
        )
    person = who.person
    if person is None or person.pk == proposal.by_id or person.identity == proposal.identity:
        return refuse("calls.same_person")
    return first_refusal([_in_state(objection, Objection.State.LOOKING), is_independent(who, objection)])
