"""The committee and the draw of its experts (D2): frozen pool, two commitments, two values, one order."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from shuniu.calls import draw as drawing
from shuniu.calls import terms
from shuniu.calls.actions.clauses import REVIEW, require_under
from shuniu.calls.actions.panel.seats import seat_next
from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.models import (
    Aggregation,
    Calibration,
    CallCategory,
    Committee,
    Draw,
    DrawCommitment,
    DrawLapse,
    DrawResult,
)
from shuniu.calls.queries.panel import applicant_ids, eligible, live_seats, review_clause
from shuniu.calls.rules import panel as rules
from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock, working_days
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.registry.queries import people_of
from shuniu.unions.queries import people_with

_WAYS = {
    terms.MEAN: Aggregation.MEAN,
    terms.TRIMMED: Aggregation.TRIMMED,
    terms.MEDIAN: Aggregation.MEDIAN,
}

_CALIBRATIONS = {
    terms.UNCALIBRATED: Calibration.NONE,
    terms.BY_SEVERITY: Calibration.SEVERITY,
    terms.STANDARDISED: Calibration.STANDARD,
}


def person_of(by: Who) -> Person:
    """The person who acts; every rule before has asked for a role, which only people hold."""
    assert by.person is not None
    return by.person


def lock_committee(committee_id: int) -> Committee:
    """The committee, locked for this transaction; waits for scores that are just being saved."""
    return (
        Committee.objects.select_for_update(of=("self",))
        .select_related("call__union", "call__document", "category")
        .get(pk=committee_id)
    )


@transaction.atomic
def establish(*, by: Who, category_id: int) -> Committee:
    """第五条（四） 组织评审委员会: one per category, as the call settled it (本办法未规定)."""
    category = (
        CallCategory.objects.select_for_update(of=("self",)).select_related("call__union").get(pk=category_id)
    )
    call = category.call
    require(rules.may_run(by, call))
    if Committee.objects.filter(category=category).exists():
        raise Refused(refuse("calls.committee_exists"))
    way = str(terms.value_of(call, terms.AGGREGATION, category.key))
    review = call.stages.filter(kind="review").first()
    size = terms.number_of(call, terms.COMMITTEE_SIZE, category.key)
    each = terms.REVIEWERS_EACH.get(str(terms.value_of(call, terms.REVIEWERS, category.key)), size)
    most = terms.LOADS.get(str(terms.value_of(call, terms.LOAD_LIMIT, category.key)))
    committee = Committee.objects.create(
        call=call,
        category=category,
        size=size,
        reviews_each=each if each < size else None,
        load_limit=most if each < size else None,
        aggregation=_WAYS.get(way, Aggregation.MEAN),
        calibration=_CALIBRATIONS.get(
            str(terms.value_of(call, terms.CALIBRATION, category.key)), Calibration.NONE
        ),
        due_on=review.ends_on if review else None,
        created_by=person_of(by),
    )
    journal.record(
        by=by,
        verb="calls.establish",
        text=f"成立{committee}，{committee.size} 人",
        subject=committee,
        also=(call,),
        clause=review_clause(call),
        union_id=call.union_id,
        facts={
            "size": committee.size,
            "aggregation": committee.aggregation,
            "calibration": committee.calibration,
            "reviews_each": committee.reviews_each,
            "load_limit": committee.load_limit,
        },
    )
    return committee


@transaction.atomic
def freeze(*, by: Who, committee_id: int, second_party: str = rules.AUDITOR, reason: str = "") -> Draw:
    """第五条（四）, D2: freeze the pool in the order of the experts' numbers and publish its digest.

    No seed exists yet. A further draw fills the seats that are free and says why it is held; not while both
    numbers are committed to and one is still secret.
    """
    committee = lock_committee(committee_id)
    last = committee.draws.order_by("-number").first()
    live = live_seats(committee)
    require_under(
        committee.call, rules.may_freeze(by, committee, last=last, live=live, reason=reason), *REVIEW
    )
    seats = committee.size - live
    numbers = [e.number for e in eligible(committee)]
    if len(numbers) < seats:
        raise Refused(refuse("calls.pool_small", found=len(numbers), seats=seats))
    if second_party not in (rules.AUDITOR, rules.APPLICANT):
        raise Refused(refuse("calls.not_party", party="另一方"))
    parties = rules.next_parties(refused_in(last), second_party)
    return freeze_pool(committee, last, numbers, parties, reason=reason, by=by)


def refused_in(last: Draw | None) -> set[str]:
    """The parties that let the committee's last draw lapse."""
    return set(last.lapses.values_list("party", flat=True)) if last else set()


def freeze_pool(
    committee: Committee, last: Draw | None, numbers: list[int], parties: list[str], *, reason: str, by: Who
) -> Draw:
    """The frozen pool with its digest, told to its parties. The caller has checked its rule."""
    seats = committee.size - live_seats(committee)
    number = last.number + 1 if last else 1
    row = Draw(
        committee=committee,
        number=number,
        pool=numbers,
        seats=seats,
        reason=reason.strip() if last else "",
        parties=[{"key": k, "label": rules.PARTIES[k]} for k in parties],
        frozen_by=by.person,
    )
    row.pool_digest = drawing.sha256(drawing.pool_text(name_of(row), seats, numbers))
    row.save(force_insert=True)
    journal.record(
        by=by,
        verb="calls.freeze_pool",
        text=f"{committee}第 {number} 次抽取：冻结 {len(numbers)} 名候选专家，抽 {seats} 名",
        subject=row,
        also=(committee, committee.call),
        clause=review_clause(committee.call),
        union_id=committee.call.union_id,
        facts={"digest": row.pool_digest, "pool": len(numbers), "seats": seats, "reason": row.reason},
    )
    tell(
        people_of_parties(row),
        title=f"请提交专家抽取的承诺值：{committee.category.label}",
        body="候选名单的校验值已经公布。请提交号码的承诺值，双方都提交后再公布号码。",
        kind="calls.draw",
        url=f"/draws/{row.pk}/party/",
        effect_key=f"calls.draw:{row.pk}",
    )
    return row


def name_of(draw: Draw) -> str:
    """How the draw is named in its published words."""
    return f"committee-{draw.committee_id}/draw-{draw.number}"


def people_of_parties(draw: Draw) -> list[Person]:
    """Everybody who may speak for one of the draw's parties."""
    union_id = draw.committee.call.union_id
    keys = {p["key"] for p in draw.parties}
    people: list[Person] = []
    if rules.DEPARTMENT in keys:
        people += people_with(union_id, "clerk")
    if rules.AUDITOR in keys:
        people += people_with(union_id, "auditor", "audit_admin")
    if rules.APPLICANT in keys:
        for organisation_id in applicant_ids(draw.committee):
            people += people_of(organisation_id)
    return people


def _locked(draw_id: int) -> tuple[Draw, Draw, list[DrawCommitment], set[int]]:
    """The draw under its committee's lock, the committee's last draw, what was given, who applies."""
    committee_id = Draw.objects.values_list("committee_id", flat=True).get(pk=draw_id)
    committee = lock_committee(committee_id)
    draw = Draw.objects.get(pk=draw_id)
    draw.committee = committee
    last = committee.draws.latest("number")
    return draw, last, list(draw.commitments.order_by("id")), applicant_ids(committee)


@transaction.atomic
def commit(*, by: Who, draw_id: int, party: str, digest: str) -> DrawCommitment:
    """D2: a party publishes SHA-256 of its "number:salt" before anybody knows the other's number."""
    draw, last, given, applicants = _locked(draw_id)
    digest = digest.strip().lower()
    lapsed = frozenset(
        DrawLapse.objects.filter(draw__committee=draw.committee_id).values_list("identity", flat=True)
    )
    require(
        rules.may_commit(
            by, draw, party, digest, given=given, last=last, applicants=applicants, lapsed=lapsed
        )
    )
    row = _give(by, draw, party, "commit", digest, "提交承诺值")
    committed = [g for g in [*given, row] if g.kind == "commit"]
    if len(committed) == len(draw.parties):
        _ask_for_numbers(draw, committed)
    return row


def _ask_for_numbers(draw: Draw, committed: list[DrawCommitment]) -> None:
    """D2, 本办法未规定: both have until the end of the next working day to tell their numbers."""
    try:
        last_day = working_days.add(clock.today(), 1)
    except working_days.MissingYear:
        last_day = clock.today() + dt.timedelta(days=1)
    draw.reveal_by = clock.end_of_day(last_day)
    draw.save(update_fields=["reveal_by"])
    tell(
        [g.by for g in committed],
        title=f"请公布专家抽取的号码和暗语：{draw.committee.category.label}",
        body=f"双方的承诺值都已公布。请在 {last_day} 24:00 前公布；逾期不公布的，姓名公开，由另一方代替后重新抽取。",
        kind="calls.draw",
        url=f"/draws/{draw.pk}/party/",
        due=last_day,
        effect_key=f"calls.draw_reveal:{draw.pk}",
    )


@transaction.atomic
def reveal(*, by: Who, draw_id: int, party: str, value: str) -> DrawCommitment:
    """D2: the party tells "number:salt". With the second value the order follows and the seats are filled."""
    draw, last, given, applicants = _locked(draw_id)
    value = value.strip()
    require(rules.may_reveal(by, draw, party, value, given=given, last=last, applicants=applicants))
    row = _give(by, draw, party, "reveal", value, "公布号码和暗语")
    values = {g.party: g.value for g in [*given, row] if g.kind == "reveal"}
    if len(values) == len(draw.parties):
        _conclude(draw, by, [values[p["key"]] for p in draw.parties])
    return row


def _give(by: Who, draw: Draw, party: str, kind: str, value: str, words: str) -> DrawCommitment:
    person = person_of(by)
    with database_refusals():
        row = DrawCommitment.objects.create(
            draw=draw, party=party, kind=kind, value=value, by=person, identity=person.identity
        )
    journal.record(
        by=by,
        verb=f"calls.draw_{kind}",
        text=f"专家抽取：{rules.PARTIES[party]}{words}",
        subject=draw,
        also=(draw.committee, draw.committee.call),
        clause=review_clause(draw.committee.call),
        facts={"party": party, "value": value},
        union_id=draw.committee.call.union_id,
    )
    return row


def _conclude(draw: Draw, by: Who, values: list[str]) -> None:
    """The order that anybody can recompute; the first seats of it are taken."""
    drawn = drawing.replay(draw.pool_digest, draw.pool, values)
    DrawResult.objects.create(draw=draw, seed=drawn.seed, order=list(drawn.order))
    journal.record(
        by=by,
        verb="calls.draw_result",
        text=f"专家抽取结果产生，前 {draw.seats} 名入席",
        subject=draw,
        also=(draw.committee, draw.committee.call),
        clause=review_clause(draw.committee.call),
        facts={"seed": drawn.seed, "order": list(drawn.order)},
        union_id=draw.committee.call.union_id,
    )
    for _ in range(draw.seats):
        seat_next(draw.committee, by=by)
