"""Accepting an objection, holding one name, proposing what was found."""

from __future__ import annotations

from django.db import transaction

from shuniu.calls import terms
from shuniu.calls.actions import stages, steps
from shuniu.calls.actions.clauses import require_under
from shuniu.calls.actions.objection import papers
from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.models import ListEntry, Objection, ObjectionProposal
from shuniu.calls.queries.call import stage_clause
from shuniu.calls.queries.objection import first_decision_identities
from shuniu.calls.rules import call as call_rules
from shuniu.calls.rules import objection as rules
from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.calendar import clock, working_days
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.journal.queries import happened
from shuniu.foundation.notices.actions import tell
from shuniu.foundation.ui.formats import day
from shuniu.unions.queries import people_with


def lock(objection_id: int) -> Objection:
    """The call first, then the objection and its entry, locked for this transaction."""
    call = steps.lock(
        Objection.objects.values_list("publicity__list__call_id", flat=True).get(pk=objection_id)
    )
    row = (
        Objection.objects.select_for_update(of=("self",))
        .select_related("publicity__list", "handler")
        .get(pk=objection_id)
    )
    row.publicity.list.call = call
    if row.entry_id is not None:
        application = stages.lock(
            ListEntry.objects.values_list("application_id", flat=True).get(pk=row.entry_id)
        )
        row.entry = ListEntry.objects.select_for_update(of=("self",)).get(pk=row.entry_id)
        row.entry.application = application
    return row


def note(row: Objection, *, by: Who, verb: str, text: str) -> None:
    """The journal entry: on the objection and its call, never on the organisation that it concerns."""
    call = row.publicity.list.call
    journal.record(
        by=by, verb=f"calls.{verb}", subject=row, also=(call,), text=text, clause=stage_clause(call, "publicity"),
        union_id=call.union_id, facts={"number": row.number, "state": row.state},
    )  # fmt: skip


@transaction.atomic
def note_reading(*, by: Who, objection: Objection) -> None:
    """R1: who of the office saw who objected, which nobody outside may learn; once a day for each."""
    since = clock.start_of_day(clock.today())
    if by.person is None or happened(objection, "calls.read_objector", since=since, by=by.person):
        return
    journal.record(
        by=by, verb="calls.read_objector", subject=objection, text=f"查阅异议 {objection.number} 的提出人和材料",
        union_id=objection.publicity.list.call.union_id, reading=True,
    )  # fmt: skip


@transaction.atomic
def accept(*, by: Who, objection_id: int, hold: bool, reason: str = "") -> Objection:
    """第五条（五）: take an objection up; who does so looks into it.

    The reply is due so many working days after today as the call settled (本办法未规定). `hold`: this one
    name waits, the rest of the list goes on; the reason stays in the office.
    """
    row = lock(objection_id)
    call = row.publicity.list.call
    require_under(call, rules.may_accept(by, row), "publicity")
    assert by.person is not None
    row.handler, row.accepted_at, row.state = by.person, clock.now(), Objection.State.LOOKING
    named = row.kind != Objection.Kind.ANONYMOUS
    row.reply_by = working_days.add(clock.today(), terms.number_of(call, terms.REPLY_DAYS))
    if hold:
        require(rules.can_hold(row))
        require(call_rules.has_reason(reason))
        assert row.entry is not None
        row.holds = True
        row.entry.state, row.entry.reason = ListEntry.State.HELD, reason.strip()
        row.entry.save()
    if named:
        row.paper = papers.issue_acceptance(row, by=by)
    row.save()
    due = f"，应于 {day(row.reply_by)} 前{'答复' if named else '核完'}"
    note(
        row, by=by, verb="accept_objection", text=f"受理 {row.number}{due}{'，暂缓该名单位' if hold else ''}"
    )
    return row


@transaction.atomic
def take_over(*, by: Who, objection_id: int, reason: str) -> Objection:
    """本办法未规定: somebody else looks into it, where the handler is away or has left; the day of the reply stays."""
    row = lock(objection_id)
    require_under(row.publicity.list.call, rules.may_take_over(by, row), "publicity")
    require(call_rules.has_reason(reason))
    assert by.person is not None and row.handler is not None
    before, row.handler = row.handler, by.person
    row.save(update_fields=["handler"])
    note(
        row, by=by, verb="take_over_objection",
        text=f"接手核查 {row.number}，原核查人{before.name}：{reason.strip()}",
    )  # fmt: skip
    tell(
        [before], title=f"异议 {row.number} 已由{by.person.name}接手核查", body=reason.strip(),
        kind="calls.objection", url=f"/calls/objections/{row.pk}/",
    )  # fmt: skip
    return row


@transaction.atomic
def propose(
    *, by: Who, objection_id: int, verdict: str, effect: str, findings: str, reply: str = "", clause: str = ""
) -> ObjectionProposal:
    """第五条（五）: the handler's findings, the outcome (upheld, dismissed, noted) and the reply, for approval."""
    row = lock(objection_id)
    call = row.publicity.list.call
    require_under(call, rules.may_propose(by, row), "publicity")
    require(call_rules.has_reason(findings))
    if row.kind == Objection.Kind.ANONYMOUS:
        reply = ""
    require(rules.is_whole(row, verdict, effect, reply))
    if verdict not in (Objection.State.UPHELD, Objection.State.DISMISSED, Objection.State.NOTED):
        raise Refused(refuse("calls.objection_state", state=verdict))
    assert by.person is not None
    with database_refusals():
        made = ObjectionProposal.objects.create(
            objection=row, verdict=verdict, effect=effect, findings=findings.strip(), reply=reply.strip(),
            clause=clause.strip(), by=by.person, identity=by.person.identity,
        )  # fmt: skip
    note(row, by=by, verb="propose_objection", text=f"提出 {row.number} 的核查意见")
    others = people_with(call.union_id, *call_rules.APPROVERS).exclude(pk=by.person.pk)
    may = others.exclude(identity__in=first_decision_identities(row))
    tell(
        may or others,  # where nobody is left who took no part, the office must see to it
        title=f"请审签：异议 {row.number} 的核查意见", kind="calls.objection_decide", due=row.reply_by,
        url=f"/calls/objections/{row.pk}/", effect_key=f"calls.objection_proposal:{made.pk}",
    )  # fmt: skip
    return made
