"""What in a selection waits for a second person, as 转办 finds it."""

from __future__ import annotations

from shuniu.calls.models import (
    Amendment,
    Application,
    AssignmentPlan,
    Call,
    LateRequest,
    ListCorrection,
    PublicList,
    Reopening,
)
from shuniu.calls.queries import assignment, audit, listing, objection
from shuniu.calls.queries import scoring as scores
from shuniu.calls.queries.call import own_calls
from shuniu.calls.queries.scoring import committees_with_state
from shuniu.calls.rules import amendment as amendment_rules
from shuniu.calls.rules import assignment as assignment_rules
from shuniu.calls.rules import audit as audit_rules
from shuniu.calls.rules import call as call_rules
from shuniu.calls.rules import listing as listing_rules
from shuniu.calls.rules import objection as objection_rules
from shuniu.calls.rules import scoring as scoring_rules
from shuniu.foundation.access import Verdict, Who
from shuniu.unions.approvals import Approval, register


def matter_of_call(call: Call) -> str:
    """A draft that was sent back and changed is a new matter."""
    return f"calls.call:{call.pk}:{call.version}"


def matter_of_check(application: Application, conclusion_id: int | None) -> str:
    """A new conclusion is a new matter."""
    return f"calls.check:{application.pk}:{conclusion_id or 0}"


def matter_of_meeting(committee_id: int, version: int) -> str:
    """A result that was sent back and handed in anew is a new matter: each step of it counts the version on."""
    return f"calls.sign:{committee_id}:{version}"


def matter_of_late(request: LateRequest) -> str:
    """A request is decided once."""
    return f"calls.late:{request.pk}"


def matter_of_reopening(request: Reopening) -> str:
    """A request is decided once; whoever asks again makes a new one."""
    return f"calls.reopening:{request.pk}"


def matter_of_assignment(plan: AssignmentPlan) -> str:
    """A proposal that was sent back and submitted anew is a new matter."""
    stamp = plan.submitted_at.isoformat() if plan.submitted_at else ""
    return f"calls.assignment:{plan.pk}:{stamp}"


def _call(who: Who, pk: int) -> Approval | None:
    call = own_calls(who).select_related("union").filter(pk=pk).first()
    if call is None:
        return None
    return Approval(
        matter_of_call(call),
        call,
        call.union_id,
        call.title,
        f"/calls/{pk}/approve/",
        lambda other: call_rules.may_approve(other, call),
    )


def _amendment(who: Who, pk: int) -> Approval | None:
    rows = Amendment.objects.filter(call__in=own_calls(who)).select_related("call__union")
    row = rows.filter(pk=pk).first()
    if row is None:
        return None
    url = f"/calls/{row.call_id}/amendments/{row.number}/"
    return Approval(
        f"calls.amendment:{pk}",
        row,
        row.call.union_id,
        f"{row.call.title}更正",
        url,
        lambda other: amendment_rules.may_approve(other, row),
    )


def _list(who: Who, pk: int) -> Approval | None:
    row = listing.own_list(who, pk)
    if row is None:
        return None
    short = row.kind == PublicList.Kind.SHORTLIST
    rule = listing_rules.may_approve_list if short else listing_rules.may_publish_formal
    return Approval(
        f"calls.list:{pk}",
        row,
        row.call.union_id,
        row.title,
        f"/calls/lists/{pk}/",
        lambda other: rule(other, row),
    )


def _correction(who: Who, pk: int) -> Approval | None:
    rows = ListCorrection.objects.filter(list__call__in=own_calls(who)).select_related("list__call__union")
    row = rows.filter(pk=pk).first()
    if row is None:
        return None
    url = f"/calls/lists/{row.list_id}/corrections/{row.number}/"
    return Approval(
        f"calls.list_correction:{pk}", row, row.list.call.union_id, f"{row.list.title}更正公告", url,
        lambda other: listing_rules.may_approve_correction(other, row),
    )  # fmt: skip


def _check(who: Who, pk: int) -> Approval | None:
    row = audit.desk_applications(who).filter(pk=pk).first()
    if row is None:
        return None
    last = audit.conclusion_of(row)
    matter = matter_of_check(row, last.pk if last else None)
    title = f"{row.organisation}资格审核复核"
    return Approval(
        matter,
        row,
        row.call.union_id,
        title,
        f"/calls/applications/{pk}/check/",
        lambda other: audit_rules.may_check(other, row, last),
    )


def _objection(who: Who, pk: int) -> Approval | None:
    row = objection.objections_of(who).filter(pk=pk).first()
    if row is None:
        return None
    proposal = objection.open_proposal(row)
    matter = f"calls.objection_proposal:{proposal.pk if proposal else 0}"
    union_id = row.publicity.list.call.union_id
    return Approval(
        matter,
        row,
        union_id,
        f"异议 {row.number}",
        f"/calls/objections/{pk}/",
        lambda other: objection_rules.may_decide(other, row, proposal),
    )


def _meeting(who: Who, pk: int) -> Approval | None:
    committee = committees_with_state(who).filter(pk=pk).first()
    meeting = scores.meeting_of(committee) if committee else None
    if committee is None or meeting is None:
        return None
    experts = scores.experts_of(committee)

    def may_sign(other: Who) -> Verdict:
        return scoring_rules.may_sign(other, meeting, experts=experts)

    title, url = f"{committee.category}评审结果", f"/calls/panels/{pk}/meeting/sign/"
    matter = matter_of_meeting(pk, meeting.version)
    return Approval(matter, meeting, committee.call.union_id, title, url, may_sign)


def _late(who: Who, pk: int) -> Approval | None:
    row = audit.late_requests_of(who).filter(pk=pk).first()
    if row is None:
        return None
    return Approval(
        matter_of_late(row), row, row.call.union_id, f"{row.organisation}申请补报", f"/calls/{row.call_id}/late/{pk}/",
        lambda other: audit_rules.may_decide_late(other, row),
    )  # fmt: skip


def _reopening(who: Who, pk: int) -> Approval | None:
    row = scores.reopenings_visible_to(who).filter(pk=pk).first()
    if row is None:
        return None
    begun = scores.meeting_of(row.committee) is not None
    url = f"/calls/panels/{row.committee_id}/reopen/{pk}/"
    return Approval(
        matter_of_reopening(row), row, row.committee.call.union_id, f"重新开放评分：{row.committee.category}", url,
        lambda other: scoring_rules.may_decide_reopening(other, row, begun=begun),
    )  # fmt: skip


def _assignment(who: Who, pk: int) -> Approval | None:
    plan = assignment.plans_visible_to(who).filter(pk=pk).first()
    if plan is None:
        return None
    experts = assignment.identities(plan)
    return Approval(
        matter_of_assignment(plan), plan, plan.call.union_id, f"分派方案：{plan.call.title}",
        f"/calls/panels/of/{plan.call_id}/assignment/decide/",
        lambda other: assignment_rules.may_decide(other, plan, experts=experts),
    )  # fmt: skip


def register_all() -> None:
    """Tell 转办 of every kind."""
    register("call", _call)
    register("amendment", _amendment)
    register("list", _list)
    register("correction", _correction)
    register("check", _check)
    register("objection", _objection)
    register("meeting", _meeting)
    register("late", _late)
    register("reopening", _reopening)
    register("assignment", _assignment)
