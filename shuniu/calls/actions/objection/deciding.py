"""The outcome of an objection: by somebody who took no part in the first decision, with its effect at once."""

from __future__ import annotations

from django.db import transaction

from shuniu.calls.actions import procedure, stages
from shuniu.calls.actions.clauses import require_under
from shuniu.calls.actions.listing import granting
from shuniu.calls.actions.objection import papers
from shuniu.calls.actions.objection.handling import lock, note
from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.models import ListEntry, Objection, ObjectionDecision, ObjectionProposal, PublicList, Stage
from shuniu.calls.queries.call import stage_clause
from shuniu.calls.rules import call as call_rules
from shuniu.calls.rules import objection as rules
from shuniu.calls.rules import procedure as procedure_rules
from shuniu.foundation.access import Who, require, system
from shuniu.foundation.calendar import clock
from shuniu.foundation.notices.actions import tell
from shuniu.registry.queries import people_of
from shuniu.unions.queries import people_with

REMOVE = "remove"


@transaction.atomic
def decide(*, by: Who, objection_id: int) -> ObjectionDecision:
    """第五条（五）: approve what the handler proposes; the reply goes out and the list follows.

    A name that is removed leaves the shortlist; a held name that is kept may join the next formal list. A
    name that a formal list names already is taken off it by a correction notice only: the office is told.
    """
    row = lock(objection_id)
    proposal = _proposal(row)
    require_under(row.publicity.list.call, rules.may_decide(by, row, proposal), "publicity")
    assert proposal is not None and by.person is not None
    row.state = proposal.verdict
    named = row.kind != Objection.Kind.ANONYMOUS
    with database_refusals():
        row.save()
        made = ObjectionDecision.objects.create(
            objection=row, verdict=proposal.verdict, effect=proposal.effect, findings=proposal.findings,
            reply=proposal.reply, clause=proposal.clause, by=proposal.by, identity=proposal.identity,
            approved_by=by.person, approved_identity=by.person.identity,
            paper=papers.issue_reply(row, proposal, by=by) if named else None,
        )  # fmt: skip
        _apply(row, proposal, by=by)
    note(row, by=by, verb="decide_objection", text=f"审签 {row.number}：{row.get_state_display()}")
    tell(
        [proposal.by], title=f"异议 {row.number} 已审签：{row.get_state_display()}", kind="calls.objection_done",
        url=f"/calls/objections/{row.pk}/", effect_key=f"calls.objection_done:{row.pk}",
    )  # fmt: skip
    _go_on(row)
    return made


def _proposal(row: Objection) -> ObjectionProposal | None:
    return (
        ObjectionProposal.objects.select_for_update(of=("self",))
        .filter(objection=row, returned_at__isnull=True)
        .select_related("by")
        .first()
    )


def _apply(row: Objection, proposal: ObjectionProposal, *, by: Who) -> None:
    entry = row.entry
    if entry is None:
        return
    application = entry.application
    if proposal.effect == REMOVE:
        named_here = entry.list.kind == PublicList.Kind.FORMAL  # the document names before 公示
        if application.stage == Stage.RECOGNISED and not named_here:
            _ask_for_correction(row)
            return
        entry.state, entry.reason = ListEntry.State.REMOVED, proposal.findings
        entry.save()
        if application.stage in (Stage.SHORTLISTED, Stage.RECOGNISED):
            _remove(row, by=by, clause=proposal.clause)
        if named_here:
            granting.take_back(
                row.publicity.list.call, application.pk, by=by, clause=proposal.clause,
                reason=f"公示期间的异议 {row.number} 成立",
            )  # fmt: skip
    elif row.holds and not _held_by_another(row):
        entry.state, entry.reason = ListEntry.State.LISTED, ""
        entry.save()


def _held_by_another(row: Objection) -> bool:
    return (
        Objection.objects.filter(entry=row.entry, holds=True, state=Objection.State.LOOKING)
        .exclude(pk=row.pk)
        .exists()
    )


def _remove(row: Objection, *, by: Who, clause: str) -> None:
    assert row.entry is not None
    application = row.entry.application
    reason = "公示期间反映的问题经核查属实，不再列入名单"
    stages.decide(
        application, by=by, verb="remove", to=Stage.REMOVED, verdict="no", note=reason, text=reason,
        clause=clause or stage_clause(application.call, "publicity"),
    )  # fmt: skip
    tell(
        people_of(application.organisation_id), title=f"取消入围：{application.category.label}",
        body=f"{reason}。如有疑问，请联系{row.publicity.list.call.department}。", kind="calls.removed",
        url=f"/apply/{application.pk}/", effect_key=f"calls.removed:{application.pk}",
    )  # fmt: skip


def _ask_for_correction(row: Objection) -> None:
    call = row.publicity.list.call
    tell(
        people_with(call.union_id, "clerk"), title=f"请办理更正公告：异议 {row.number} 成立，该单位已在正式名单",
        kind="calls.list_correction", url=f"/calls/{call.pk}/lists/",
        effect_key=f"calls.objection_correction:{row.pk}",
    )  # fmt: skip


def _go_on(row: Objection) -> None:
    """When the last held name was removed and nothing is left to publish, the call is at its end."""
    call = row.publicity.list.call
    current = call.stages.filter(key=call.stage).first()
    if current is not None and current.kind == "publish" and procedure_rules.may_advance(call):
        procedure.advance(by=system("暂缓的单位已经核查完毕"), call_id=call.pk)


@transaction.atomic
def return_proposal(*, by: Who, objection_id: int, reason: str) -> ObjectionProposal:
    """The approver sends the findings back, with a reason."""
    row = lock(objection_id)
    proposal = _proposal(row)
    require_under(row.publicity.list.call, rules.may_decide(by, row, proposal), "publicity")
    require(call_rules.has_reason(reason))
    assert proposal is not None
    proposal.returned_at, proposal.returned_by = clock.now(), by.person
    proposal.returned_reason = reason.strip()
    proposal.save()
    note(row, by=by, verb="return_objection", text=f"退回 {row.number} 的核查意见：{reason}")
    tell(
        [proposal.by], title=f"核查意见被退回：{row.number}", body=reason, kind="calls.returned",
        url=f"/calls/objections/{row.pk}/", due=row.reply_by,
    )  # fmt: skip
    return proposal
