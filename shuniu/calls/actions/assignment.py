"""分派: computed for a whole call, looked at and changed by the clerk, confirmed by a second person."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max

from shuniu.calls.actions import steps
from shuniu.calls.actions.clauses import REVIEW, require_under
from shuniu.calls.actions.counts import fill_in
from shuniu.calls.actions.panel.draws import person_of
from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.assignment import assign
from shuniu.calls.models import (
    Application,
    AssignmentPlan,
    PlanChange,
    PlannedReview,
    ReviewGap,
    ScoreSheet,
    Seat,
    Stage,
)
from shuniu.calls.queries import assignment as queries
from shuniu.calls.queries.panel import review_clause
from shuniu.calls.rules import assignment as rules
from shuniu.calls.rules.scoring import APPROVERS
from shuniu.foundation.access import Refused, Who, refuse, system
from shuniu.foundation.calendar import clock
from shuniu.foundation.jobs import enqueue
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.unions.queries import people_with

State = AssignmentPlan.State
_STEP = 5  # per cent: so often the progress is written


def url_of(plan: AssignmentPlan) -> str:
    """The page of the call's assignment."""
    return f"/calls/panels/of/{plan.call_id}/assignment/"


def _lock(plan_id: int) -> AssignmentPlan:
    """The plan under its call's lock."""
    call = steps.lock(AssignmentPlan.objects.values_list("call_id", flat=True).get(pk=plan_id))
    plan = AssignmentPlan.objects.select_for_update(of=("self",)).get(pk=plan_id)
    plan.call = call
    return plan


def _note(by: Who, plan: AssignmentPlan, verb: str, text: str, **facts: Any) -> None:
    journal.record(
        by=by,
        verb=f"calls.{verb}",
        text=text,
        subject=plan,
        also=(plan.call,),
        clause=review_clause(plan.call),
        facts={"assignment": plan.number} | facts,
        union_id=plan.call.union_id,
    )


@transaction.atomic
def ask_assignment(*, by: Who, call_id: int) -> AssignmentPlan:
    """第五条（四）, D2: have members assigned to every application that lacks some; the worker computes it."""
    call = steps.lock(call_id)
    require_under(
        call,
        rules.may_ask(
            by,
            call,
            committees=queries.by_assignment(call).count(),
            waiting=queries.open_plan(call),
            undeclared=queries.undeclared(call),
            missing=len(queries.missing_reviews(call)),
        ),
        *REVIEW,
    )
    last = AssignmentPlan.objects.filter(call=call).aggregate(n=Max("number"))["n"] or 0
    with database_refusals():
        plan = AssignmentPlan.objects.create(call=call, number=last + 1, asked_by=person_of(by))
    _note(by, plan, "assign_ask", f"第 {plan.number} 次分派开始计算")
    enqueue("calls.assign", plan_id=plan.pk)
    return plan


def compute(*, by: Who | None = None, plan_id: int) -> AssignmentPlan:
    """D2, D3: the pairs of a plan that waits for them; the progress is seen meanwhile. Again: nothing happens."""
    plan = AssignmentPlan.objects.select_related("call__union", "call__document").get(pk=plan_id)
    if plan.state != State.COMPUTING:
        return plan
    missing = queries.missing_reviews(plan.call)
    pairing = queries.pairing(plan.call, missing)
    seen = [0]

    def told(share: int) -> None:
        if share >= seen[0] + _STEP and share < 100:
            seen[0] = share
            AssignmentPlan.objects.filter(pk=plan_id, state=State.COMPUTING).update(progress=share)

    found = assign(pairing.demands(missing), pairing.room(), held=pairing.held, told=told)
    rows = []
    for pk, given in found.pairs.items():
        application = pairing.applications[pk]
        chosen = {expert for expert, _ in given}
        rows += [
            PlannedReview(
                plan=plan,
                application=application,
                seat_id=m.seat,
                field=s.field,
                spread=s.spread,
                load=s.load,
            )
            for m, s in pairing.able(application)
            if m.expert in chosen
        ]
    gaps = [
        ReviewGap(plan=plan, application_id=pk, missing=n - len(found.pairs[pk]))
        for pk, n in missing.items()
        if n > len(found.pairs[pk])
    ]
    labels = {c.category.key: c.category.label for c in pairing.committees.values()}
    plan.lacks = [
        {
            "label": labels[lack.field],
            "applications": len(lack.applications),
            "reviews": lack.reviews,
            "experts": lack.experts,
        }
        for lack in found.lacks
    ]
    plan.floor = None if found.lacks else found.floor
    return _finish(by or system("计算分派方案"), plan, rows, gaps)


@transaction.atomic
def _finish(
    by: Who, plan: AssignmentPlan, rows: list[PlannedReview], gaps: list[ReviewGap]
) -> AssignmentPlan:
    now = _lock(plan.pk)
    if now.state != State.COMPUTING:  # dropped meanwhile, or made by another run
        return now
    with database_refusals():
        PlannedReview.objects.bulk_create(rows, batch_size=2000)
        ReviewGap.objects.bulk_create(gaps, batch_size=2000)
        now.state, now.progress, now.lacks, now.floor = State.PROPOSED, 100, plan.lacks, plan.floor
        now.save()
    short = f"，{len(gaps)} 家单位不够数" if gaps else ""
    _note(
        by,
        now,
        "assign_made",
        f"第 {now.number} 次分派已算出，{len(rows)} 份{short}",
        reviews=len(rows),
        gaps=len(gaps),
    )
    tell(
        [now.asked_by],
        title=f"请核对分派方案：{now.call.title}",
        body=f"共 {len(rows)} 份{short}。核对后提交审签。",
        kind="calls.panel",
        url=url_of(now),
        effect_key=f"calls.assigned:{now.pk}",
    )
    return now


@transaction.atomic
def change_assignment(
    *, by: Who, plan_id: int, application_id: int, out: int | None, into: int, reason: str
) -> PlanChange:
    """D3: put a member (`into`: seat) for another (`out`) on one application, or fill a gap (out=None)."""
    plan = _lock(plan_id)
    require_under(plan.call, rules.may_change(by, plan), *REVIEW)
    if not reason.strip():
        raise Refused(refuse("calls.reason_needed"))
    old = plan.reviews.filter(application=application_id, seat=out).first() if out is not None else None
    gap = plan.gaps.filter(application=application_id).first()
    if (old is None) if out is not None else (gap is None):
        raise Refused(refuse("calls.change_unknown"))
    pairing = queries.pairing(plan.call, [application_id])
    application = pairing.applications.get(application_id)
    able = {m.seat: (m, s) for m, s in pairing.able(application)} if application else {}
    taken = plan.reviews.filter(application=application_id, seat=into).exists()
    if application is None or into not in able or taken:
        raise Refused(refuse("calls.change_unfit"))
    member, suits = able[into]
    if queries.planned_loads(plan).get(member.expert, 0) >= pairing.room()[member.expert]:
        raise Refused(refuse("calls.plan_overload"))
    with database_refusals():
        if old is not None:
            old.delete()
        elif gap is not None and gap.missing > 1:
            gap.missing -= 1
            gap.save()
        elif gap is not None:
            gap.delete()
        PlannedReview.objects.create(
            plan=plan,
            application=application,
            seat_id=into,
            field=suits.field,
            spread=suits.spread,
            load=suits.load,
        )
        row = PlanChange.objects.create(
            plan=plan, application=application, out_id=out, into_id=into, reason=reason.strip()[:200],
            by=person_of(by),
        )  # fmt: skip
    numbers = dict(
        Seat.objects.filter(pk__in=[s for s in (out, into) if s]).values_list("pk", "expert__number")
    )
    was = f"由 {numbers[out]} 号改为" if out is not None else "补派"
    text = f"第 {plan.number} 次分派：一家单位{was} {numbers[into]} 号：{row.reason}"
    _note(by, plan, "assign_change", text, application=application_id)
    return row


@transaction.atomic
def submit_assignment(*, by: Who, plan_id: int, gap_reason: str = "") -> AssignmentPlan:
    """R5: hand the proposal to a second person; what stays short says why."""
    plan = _lock(plan_id)
    gaps, stale = plan.gaps.count(), queries.stale_pairs(plan).count()
    require_under(plan.call, rules.may_submit(by, plan, gaps=gaps, stale=stale, reason=gap_reason), *REVIEW)
    person = person_of(by)
    plan.state, plan.gap_reason = State.SUBMITTED, gap_reason.strip() if gaps else ""
    plan.submitted_by, plan.submitted_identity, plan.submitted_at = person, person.identity, clock.now()
    plan.save()
    _note(by, plan, "assign_submit", f"第 {plan.number} 次分派提交审签", gaps=gaps)
    tell(
        people_with(plan.call.union_id, *APPROVERS).exclude(identity=person.identity),
        title=f"待审签：分派方案（{plan.call.title}）",
        body=plan.gap_reason or "各家单位的评审委员都已够数。",
        kind="calls.panel",
        url=f"{url_of(plan)}decide/",
        effect_key=f"calls.assignment:{plan.pk}:{plan.submitted_at.isoformat()}",
    )
    return plan


@transaction.atomic
def drop_assignment(*, by: Who, plan_id: int, reason: str) -> AssignmentPlan:
    """D2: the clerk gives a proposal up, so that it can be computed anew; it stays to be read."""
    plan = _lock(plan_id)
    require_under(plan.call, rules.may_drop(by, plan), *REVIEW)
    if not reason.strip():
        raise Refused(refuse("calls.reason_needed"))
    plan.state = State.DROPPED
    plan.save()
    _note(by, plan, "assign_drop", f"放弃第 {plan.number} 次分派：{reason.strip()}")
    return plan


def _decidable(by: Who, plan_id: int) -> AssignmentPlan:
    plan = _lock(plan_id)
    require_under(plan.call, rules.may_decide(by, plan, experts=queries.identities(plan)), *REVIEW)
    return plan


@transaction.atomic
def return_assignment(*, by: Who, plan_id: int, reason: str) -> AssignmentPlan:
    """R5: the second person sends it back with a reason."""
    plan = _decidable(by, plan_id)
    if not reason.strip():
        raise Refused(refuse("calls.reason_needed"))
    plan.state, plan.returned_reason = State.PROPOSED, reason.strip()
    plan.save()
    _note(by, plan, "assign_return", f"退回第 {plan.number} 次分派：{plan.returned_reason}")
    if plan.submitted_by is not None:
        tell(
            [plan.submitted_by],
            title=f"分派方案被退回：{plan.call.title}",
            body=plan.returned_reason,
            kind="calls.panel",
            url=url_of(plan),
        )
    return plan


@transaction.atomic
def confirm_assignment(*, by: Who, plan_id: int) -> AssignmentPlan:
    """第五条（四）, R5: the second person confirms; from now on each member has the own sheets and no other."""
    plan = _decidable(by, plan_id)
    if stale := queries.stale_pairs(plan).count():
        raise Refused(refuse("calls.plan_stale", n=stale))
    person = person_of(by)
    plan.state, plan.decided_by, plan.decided_identity = State.CONFIRMED, person, person.identity
    plan.decided_at = clock.now()
    standing = Application.objects.filter(pk__in=plan.reviews.values("application")).filter(
        stage=Stage.QUALIFIED
    )
    pairs = list(
        plan.reviews.filter(application__in=standing)
        .order_by("application_id")
        .values_list("seat_id", "application_id")
    )
    with database_refusals():
        plan.save()
        fill_in(
            ScoreSheet.objects.bulk_create(
                [ScoreSheet(seat_id=seat, application_id=a) for seat, a in pairs], batch_size=2000
            )
        )
    _note(by, plan, "assign_confirm", f"第 {plan.number} 次分派生效，{len(pairs)} 份", reviews=len(pairs))
    counts: dict[int, int] = {}
    for seat, _ in pairs:
        counts[seat] = counts.get(seat, 0) + 1
    seats = Seat.objects.filter(pk__in=counts, expert__person__isnull=False)
    for row in seats.select_related("expert__person", "committee__category"):
        assert row.expert.person is not None
        tell(
            [row.expert.person],
            title=f"请评分：{row.committee.category.label}",
            body=f"分派给您 {counts[row.pk]} 家单位，可以查看材料并评分。",
            kind="calls.review",
            url=f"/review/{row.committee_id}/",
            due=row.committee.due_on,
            effect_key=f"calls.assigned_to:{plan.pk}:{row.pk}",
        )
    return plan
