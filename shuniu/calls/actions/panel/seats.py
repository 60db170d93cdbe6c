"""Seats: opening of the review, declarations, recusals, replacements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from shuniu.calls.actions import procedure, steps
from shuniu.calls.actions.counts import fill_in, fix_counts
from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.models import Application, Call, Committee, Expert, Recusal, ScoreSheet, Seat
from shuniu.calls.queries.panel import (
    automatic_conflicts,
    live_seats,
    next_in_order,
    review_clause,
    signed_this_year,
    submitted_by,
    under_review,
    unfinished_audits,
)
from shuniu.calls.rules import panel as rules
from shuniu.calls.rules import procedure as procedure_rules
from shuniu.foundation.access import Refused, Who, refuse, require, system
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.unions.queries import people_with


def _lock_committee(committee_id: int) -> Committee:
    return (
        Committee.objects.select_for_update(of=("self",))
        .select_related("call__union", "category")
        .get(pk=committee_id)
    )


def _lock_seat(seat_id: int) -> Seat:
    """The seat under its committee's lock, so that two who leave take two different stand-bys."""
    committee = _lock_committee(Seat.objects.values_list("committee_id", flat=True).get(pk=seat_id))
    seat = Seat.objects.select_for_update(of=("self",)).select_related("expert__person").get(pk=seat_id)
    seat.committee = committee
    return seat


def _note(by: Who, committee: Committee, verb: str, text: str, **facts: Any) -> None:
    journal.record(
        by=by,
        verb=f"calls.{verb}",
        text=text,
        subject=committee,
        also=(committee.call,),
        clause=review_clause(committee.call),
        facts=facts,
        union_id=committee.call.union_id,
    )


def _tell_clerks(committee: Committee, title: str, body: str, key: str) -> None:
    tell(
        people_with(committee.call.union_id, "clerk"),
        title=title,
        body=body,
        kind="calls.panel",
        url=f"/calls/panels/{committee.pk}/",
        effect_key=key,
    )


def seat_next(committee: Committee, *, by: Who, replaces: Seat | None = None) -> Seat | None:
    """Give the next of the published order a seat; None when nobody is left (the clerks are told)."""
    found = next_in_order(committee)
    if found is None:
        _note(by, committee, "order_exhausted", "抽取顺序中已没有可以递补的专家，需要再次抽取")
        _tell_clerks(
            committee,
            f"需要再次抽取专家：{committee.category.label}",
            "抽取顺序中已没有可以递补的专家。",
            f"calls.exhausted:{committee.pk}:{committee.seats.count()}",
        )
        return None
    expert, draw, passed = found
    last = committee.seats.aggregate(n=Max("position"))["n"] or 0
    seat = Seat.objects.create(
        committee=committee, expert=expert, draw=draw, position=last + 1, replaces=replaces
    )
    words = f"专家 {expert.number} 号入席" + ("（按顺序递补）" if replaces else "")
    if passed:
        words += f"，已解聘的 {'、'.join(map(str, passed))} 号跳过"
    facts = {"number": expert.number, "draw": draw.number, "position": seat.position, "passed": passed}
    _note(by, committee, "seat", words, **facts)
    if committee.opened_at is not None:
        _tell_expert(seat)
    return seat


def _tell_expert(seat: Seat) -> None:
    if seat.expert.person is None:
        return
    tell(
        [seat.expert.person],
        title=f"请作回避声明并评分：{seat.committee.category.label}",
        body="您已被抽取为评审专家。作出回避声明后可以查看材料。",
        kind="calls.review",
        url=f"/review/{seat.committee_id}/",
        due=seat.committee.due_on,
        effect_key=f"calls.review:{seat.pk}",
    )


@transaction.atomic
def open_scoring(*, by: Who, committee_id: int) -> Committee:
    """第五条（四） 集中评审 begins in this category; from here on size and 汇总方式 are fixed."""
    call_id = Committee.objects.values_list("call_id", flat=True).get(pk=committee_id)
    call = steps.lock(call_id)
    committee = _lock_committee(committee_id)
    require(
        rules.may_open(
            by,
            committee,
            live=live_seats(committee),
            unfinished=unfinished_audits(committee),
            qualified=under_review(committee).count(),
        )
    )
    fix_counts(committee)
    committee.opened_at = clock.now()
    committee.save()
    _note(by, committee, "open_scoring", f"{committee.category}开始评审")
    _enter_stage(call, by)
    for seat in committee.seats.filter(state__in=rules.LIVE_SEATS).select_related("expert__person"):
        seat.committee = committee
        _tell_expert(seat)
    return committee


def _enter_stage(call: Call, by: Who) -> None:
    """The first committee that opens takes the call into its review stage, once the audit is over."""
    following = procedure_rules.following(call)
    if following is not None and following.kind == "review" and procedure_rules.may_advance(call):
        procedure.advance(by=by, call_id=call.pk)


@transaction.atomic
def declare(*, by: Who, committee_id: int, conflicts: Mapping[int, str]) -> Seat:
    """第五条（四）, D3: the 回避声明: `conflicts` by application with the relation; {} declares none.

    The registry's own hits are added. What is recused is never served; the rest becomes the expert's sheets, at
    once or by assignment.
    """
    seat = _lock_seat(
        Seat.objects.values_list("pk", flat=True).get(committee_id=committee_id, expert__person=by.person)
    )
    require(rules.may_declare(by, seat, signed=signed_this_year(by)))
    applications = list(under_review(seat.committee).select_related("organisation"))
    known = {a.pk: a for a in applications}
    if set(conflicts) - set(known):
        raise Refused(refuse("calls.recusal_unknown"))
    for pk, detail in conflicts.items():
        if not detail.strip():
            raise Refused(refuse("calls.recusal_why", name=known[pk].organisation.name))
    found = automatic_conflicts(seat.expert, applications)
    found |= {pk: ("declared", detail.strip()[:300]) for pk, detail in conflicts.items()}
    seat.state, seat.declared_at = Seat.State.ACTIVE, clock.now()
    seat.save()
    _note(by, seat.committee, "declare", f"专家 {seat.expert.number} 号作回避声明", conflicts=len(conflicts))
    for pk, (kind, detail) in sorted(found.items()):
        _recuse(by, seat, known[pk], kind, detail)
    if seat.committee.reviews_each is None:  # else the sheets come with the confirmed assignment
        fill_in(
            ScoreSheet.objects.bulk_create(
                ScoreSheet(seat=seat, application=a) for a in applications if a.pk not in found
            )
        )
    if len(found) == len(applications):
        _leave(by, seat, Seat.State.DECLINED, "与本类别全部申报单位存在回避情形")
    return seat


def _recuse(by: Who, seat: Seat, application: Application, kind: str, detail: str) -> Recusal:
    with database_refusals():
        row = Recusal.objects.create(seat=seat, application=application, kind=kind, detail=detail)
    label = "声明回避" if kind == "declared" else "系统发现回避情形"
    # The record of the application does not name who is recused: its applicant may read the timeline.
    _note(
        by,
        seat.committee,
        "recuse",
        f"专家 {seat.expert.number} 号{label}：{application.organisation.name}",
        application=application.pk,
        kind=kind,
    )
    _tell_clerks(
        seat.committee,
        f"回避：专家 {seat.expert.number} 号，{application.organisation.name}",
        f"{label}：{detail}",
        f"calls.recusal:{row.pk}",
    )
    return row


@transaction.atomic
def recuse(*, by: Who, application_id: int, detail: str) -> Recusal:
    """第五条（四）, D3: a conflict noticed later. Irrevocable: the application vanishes, its sheet is out."""
    application = Application.objects.select_related("organisation").get(pk=application_id)
    seat = _lock_seat(
        Seat.objects.values_list("pk", flat=True).get(
            committee__category_id=application.category_id, expert__person=by.person
        )
    )
    require(rules.may_read_material(by, seat, signed=signed_this_year(by)))
    if seat.committee.closed_at is not None:
        raise Refused(refuse("calls.scoring_closed"))
    if not detail.strip():
        raise Refused(refuse("calls.recusal_why", name=application.organisation.name))
    return _recuse(by, seat, application, "declared", detail.strip()[:300])


def find_conflicts_again(expert: Expert) -> int:
    """D3: an expert's particulars changed: running reviews get the recusals that follow. The number found."""
    found = 0
    seats = Seat.objects.filter(
        expert=expert,
        state=Seat.State.ACTIVE,
        committee__opened_at__isnull=False,
        committee__closed_at__isnull=True,
    ).values_list("pk", flat=True)
    for pk in list(seats):
        seat = _lock_seat(pk)
        seat.expert = expert
        open_ones = under_review(seat.committee).exclude(recusals__seat=seat).select_related("organisation")
        by_key = {a.pk: a for a in open_ones}
        for key, (kind, detail) in automatic_conflicts(expert, by_key.values()).items():
            _recuse(system("专家资料变更后重新核对回避情形"), seat, by_key[key], kind, detail)
            found += 1
    return found


def _leave(by: Who, seat: Seat, state: str, reason: str) -> Seat | None:
    seat.state, seat.reason = state, reason[:200]
    seat.save()
    _note(
        by,
        seat.committee,
        "leave_seat",
        f"专家 {seat.expert.number} 号不再参加：{reason}",
        number=seat.expert.number,
        state=state,
    )
    _tell_clerks(
        seat.committee,
        f"专家 {seat.expert.number} 号不再参加评审",
        reason,
        f"calls.left:{seat.pk}",
    )
    return seat_next(seat.committee, by=by, replaces=seat)


@transaction.atomic
def decline(*, by: Who, committee_id: int, reason: str) -> Seat | None:
    """第五条（四）: the expert cannot take part; the next of the published order is invited and returned."""
    seat = _lock_seat(
        Seat.objects.values_list("pk", flat=True).get(committee_id=committee_id, expert__person=by.person)
    )
    require(rules.may_decline(by, seat))
    if not reason.strip():
        raise Refused(refuse("calls.reason_needed"))
    if submitted_by(seat):
        raise Refused(refuse("calls.seat_has_scores"))
    return _leave(by, seat, Seat.State.DECLINED, reason.strip())


@transaction.atomic
def replace(*, by: Who, seat_id: int, reason: str) -> Seat | None:
    """第五条（四）: the clerk replaces an expert who takes no part; the next of the order is returned."""
    seat = _lock_seat(seat_id)
    require(rules.may_replace(by, seat, submitted=submitted_by(seat)))
    if not reason.strip():
        raise Refused(refuse("calls.reason_needed"))
    if seat.expert.person is not None:
        tell(
            [seat.expert.person],
            title=f"不再参加评审：{seat.committee.category.label}",
            body=reason.strip(),
            kind="calls.replaced",
            url="/review/",
            effect_key=f"calls.replaced:{seat.pk}",
        )
    return _leave(by, seat, Seat.State.REPLACED, reason.strip())
