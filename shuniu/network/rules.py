"""May this person apply for a base, review it, decide; write a case, agree to it, publish it?"""

from __future__ import annotations

import datetime as dt

from shuniu.foundation.access import (
    ORGANISATION_ROLES,
    YES,
    Verdict,
    Who,
    first_refusal,
    refuse,
    register_refusals,
)
from shuniu.foundation.calendar import clock
from shuniu.network.models import Base, BaseStep, Story
from shuniu.network.queries import APPROVERS

register_refusals(
    {
        "network.applicant_only": "示范基地由依托单位的成员或{union}的经办人申请。",
        "network.clerk_only": "这一步由{union}的经办人办理。",
        "network.approver_only": "这一步由{union}的复核人或领导办理。",
        "network.same_person": "审签人与评审人不能是同一人（按实名和手机核对）。请由另一位复核人或领导办理。",
        "network.base_twice": "“{name}”已经申请或者在册，不用重复申请。",
        "network.base_state": "“{name}”现在是“{state}”，不能办理这一步。请刷新页面，看清最新情况。",
        "network.step_open": "“{name}”还有一份评审意见没有审签。请办结后再提出下一份。",
        "network.step_decided": "这份评审意见已经审签，不能再改。",
        "network.review_ahead": "下次复核日期应晚于今天。请核对。",
        "network.base_stays": "示范基地的名称、类型、依托单位和编号登记后不能改动，也不能删除。",
        "network.base_without_review": "示范基地的状态只能由审签过的评审意见改变。请先评审、审签。",
        "network.step_stays": "评审意见提出后不能改动或删除。",
        "network.reason_needed": "请写明理由。",
        "network.author_only": "案例由起草的单位修改和提交。",
        "network.story_state": "“{title}”现在是“{state}”，不能办理这一步。请刷新页面，看清最新情况。",
        "network.no_consent": "案例写到{organisation}，要由该单位同意公开后才能发布。",
        "network.consent_only": "是否同意公开，由{organisation}的成员办理。",
        "network.same_author": "审核人与提交人不能是同一人（按实名和手机核对）。请由另一位复核人或领导审核。",
        "network.story_stays": "案例发布后不能改动或删除。需要修改的，请撤下后重新起草。",
        "network.honour_other": "所选荣誉不是这家单位的有效荣誉。请重新选择。",
    }
)

MEMBERS = tuple(ORGANISATION_ROLES)


def is_clerk(who: Who, union_id: int, union: str) -> Verdict:
    """A clerk of the union."""
    return YES if who.acts_for(union_id, "clerk") else refuse("network.clerk_only", union=union)


def is_approver(who: Who, union_id: int, union: str) -> Verdict:
    """Checker or leader of the union."""
    return YES if who.acts_for(union_id, *APPROVERS) else refuse("network.approver_only", union=union)


def may_apply(who: Who, union_id: int, union: str, organisation_id: int | None) -> Verdict:
    """A member for the own organisation, or the union's clerk for anybody and for its own places."""
    if who.organisation_id is not None and who.organisation_id == organisation_id:
        return YES
    return YES if who.acts_for(union_id, "clerk") else refuse("network.applicant_only", union=union)


def _stands(row: Base, *states: str) -> Verdict:
    return (
        YES
        if row.state in states
        else refuse("network.base_state", name=row.name, state=row.get_state_display())
    )


def may_review(who: Who, row: Base) -> Verdict:
    """The clerk, while it is applied for or in force and no review waits."""
    waits = row.steps.filter(approved__isnull=True).exists()
    return first_refusal(
        [
            is_clerk(who, row.union_id, row.union.name),
            _stands(row, Base.State.APPLIED, Base.State.IN_FORCE),
            refuse("network.step_open", name=row.name) if waits else YES,
        ]
    )


def kinds_for(row: Base) -> tuple[str, ...]:
    """What a review can propose where the base stands."""
    if row.state == Base.State.APPLIED:
        return (BaseStep.Kind.GRANT, BaseStep.Kind.DECLINE)
    return (BaseStep.Kind.KEEP, BaseStep.Kind.WITHDRAW)


def is_ahead(day: dt.date | None) -> Verdict:
    """The next look lies in the future."""
    return YES if day is not None and day > clock.today() else refuse("network.review_ahead")


def may_decide(who: Who, row: BaseStep) -> Verdict:
    """Checker or leader of the same union, another natural person than who reviewed."""
    if row.approved is not None:
        return refuse("network.step_decided")
    me = who.person.identity if who.person else ""
    return first_refusal(
        [
            is_approver(who, row.base.union_id, row.base.union.name),
            refuse("network.same_person") if me == row.proposed_identity else YES,
        ]
    )


def has_reason(reason: str) -> Verdict:
    """A written reason."""
    return YES if reason.strip() else refuse("network.reason_needed")


def is_author(who: Who, row: Story) -> Verdict:
    """The organisation that it tells of, or the union's clerk."""
    if who.organisation_id is not None and who.organisation_id == row.organisation_id:
        return YES
    return YES if who.acts_for(row.union_id, "clerk") else refuse("network.author_only")


def _story(row: Story, *states: str) -> Verdict:
    if row.state in states:
        return YES
    return refuse("network.story_state", title=row.title, state=row.get_state_display())


def may_write(who: Who, row: Story) -> Verdict:
    """A draft, by its authors."""
    return first_refusal([is_author(who, row), _story(row, Story.State.DRAFT)])


def may_consent(who: Who, row: Story) -> Verdict:
    """A member of the organisation that it tells of, before it is public."""
    if row.organisation_id is None or who.organisation_id != row.organisation_id:
        return refuse("network.consent_only", organisation=row.organisation or row.union)
    return _story(row, Story.State.DRAFT, Story.State.SUBMITTED)


def may_publish(who: Who, row: Story) -> Verdict:
    """A second person of the union, with the organisation's word."""
    me = who.person.identity if who.person else ""
    silent = row.organisation_id is not None and row.consented_at is None
    return first_refusal(
        [
            may_return(who, row),
            refuse("network.same_author") if me == row.submitted_identity else YES,
            refuse("network.no_consent", organisation=row.organisation) if silent else YES,
        ]
    )


def may_return(who: Who, row: Story) -> Verdict:
    """The union's second person sends a submitted case back."""
    return first_refusal([is_approver(who, row.union_id, row.union.name), _story(row, Story.State.SUBMITTED)])


def may_take_down(who: Who, row: Story) -> Verdict:
    """The union's second person, or the organisation that it tells of: a word once given can be taken back."""
    mine = who.organisation_id is not None and who.organisation_id == row.organisation_id
    return first_refusal(
        [YES if mine else is_approver(who, row.union_id, row.union.name), _story(row, Story.State.PUBLISHED)]
    )
