"""分派 in a review: computed, changed, confirmed by a second person; each member has the own sheets only."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from shuniu.calls import terms
from shuniu.calls.actions import assignment, panel, scoring
from shuniu.calls.models import (
    Application,
    AssignmentPlan,
    CallTerm,
    Committee,
    Expert,
    PlanChange,
    PlannedReview,
    Recusal,
    ReviewGap,
    ScoreSheet,
)
from shuniu.calls.queries import assignment as queries
from shuniu.calls.queries.scoring import sheets_of
from shuniu.calls.tests import assignments, reviews
from shuniu.calls.tests.reviews import refused
from shuniu.foundation.access import Who
from shuniu.foundation.journal.models import Entry
from shuniu.unions.tests import cast as unions

db = pytest.mark.django_db
State = AssignmentPlan.State


@db
@pytest.mark.feature("D2", "D3")
@pytest.mark.refusal("calls.plan_self", "calls.plan_decided", "calls.reviews_short")
def test_a_call_is_assigned_and_each_member_has_the_own_sheets_only(travel: Any) -> None:
    of = assignments.declared(travel, limit=2)
    assert not assignments.sheets(of)
    plan = assignments.proposed(of)
    rows = assignments.pairs(plan)
    assert Counter(a for a, _ in rows) == {a.pk: 2 for a in of.applications}
    assert max(Counter(s for _, s in rows).values()) <= 2
    with refused("calls.plan_decided"):
        assignment.confirm_assignment(by=of.office.checker, plan_id=plan.pk)
    assignment.submit_assignment(by=of.office.clerk, plan_id=plan.pk)
    assert of.office.clerk.person is not None
    unions.grant(of.office.clerk.person, of.office.union, "checker")
    again = unions.as_role(of.office.clerk.person, of.office.union, "checker")
    with refused("calls.plan_self"):
        assignment.confirm_assignment(by=again, plan_id=plan.pk)
    with refused("calls.approver_only"):
        assignment.confirm_assignment(by=of.office.clerk2, plan_id=plan.pk)
    with refused("calls.reviews_short"):
        scoring.close_scoring(by=of.office.clerk, committee_id=of.pk)
    assignment.confirm_assignment(by=of.office.checker, plan_id=plan.pk)
    assert assignments.sheets(of) == rows
    for seat, member in zip(of.seats(), of.members(), strict=True):
        own = {a for a, s in rows if s == seat.pk}
        assert set(sheets_of(member, of.pk).values_list("application_id", flat=True)) == own
        for a in of.applications:
            if a.pk not in own:
                with pytest.raises(ScoreSheet.DoesNotExist):
                    scoring.save_points(by=member, application_id=a.pk, points=of.marks())
    reviews.run(of, "closed")
    assert Application.objects.filter(score__isnull=False).count() == 4
    verbs = list(
        Entry.objects.filter(verb__startswith="calls.assign_").order_by("id").values_list("verb", flat=True)
    )
    assert verbs == ["calls.assign_ask", "calls.assign_made", "calls.assign_submit", "calls.assign_confirm"]


@db
@pytest.mark.feature("D3")
def test_recused_pairs_are_never_proposed_and_suitability_decides(travel: Any) -> None:
    of = assignments.declared(travel, until="open")
    first, second = of.seats()[:2]
    category = of.call.categories.all()[0]
    wanted = of.applications[0]
    Expert.objects.filter(pk=second.expert_id).update(
        directions=[f"{category.key}:{d}" for d in wanted.directions]
    )
    number = first.expert.number
    reviews.run(of, "declared", conflicts={number: {wanted.pk: "本人任理事"}})
    plan = assignments.proposed(of)
    assert (wanted.pk, first.pk) not in assignments.pairs(plan)
    row = plan.reviews.get(application=wanted, seat=second.pk)
    assert (row.field, row.spread, row.load, row.points) == (60, 20, 20, 100)
    assert plan.reviews.exclude(seat=second.pk).first().points == 70  # type: ignore[union-attr]


@db
@pytest.mark.feature("D2")
@pytest.mark.refusal(
    "calls.no_assignment",
    "calls.plan_open",
    "calls.plan_undeclared",
    "calls.nothing_short",
    "calls.plan_stays",
)
def test_when_an_assignment_may_be_asked_for_and_given_up(travel: Any) -> None:
    of = assignments.declared(travel, until="drawn")
    clerk = of.office.clerk

    def ask(by: Who = clerk) -> AssignmentPlan:
        return assignment.ask_assignment(by=by, call_id=of.call.pk)

    with refused("calls.no_assignment"):
        ask()
    reviews.run(of, "open")
    with refused("calls.plan_undeclared"):
        ask()
    reviews.run(of, "declared")
    with refused("calls.clerk_only"):
        ask(of.office.checker)
    plan = ask()
    with refused("calls.plan_open"):
        ask()
    with refused("calls.reason_needed"):
        assignment.drop_assignment(by=clerk, plan_id=plan.pk, reason=" ")
    assignment.drop_assignment(by=clerk, plan_id=plan.pk, reason="委员要替换")
    assert assignment.compute(plan_id=plan.pk).state == State.DROPPED
    assert not plan.reviews.exists()
    with refused("calls.plan_stays"):
        assignment.submit_assignment(by=clerk, plan_id=plan.pk)
    with refused("calls.plan_stays"):
        assignment.drop_assignment(by=clerk, plan_id=plan.pk, reason="再放弃")
    assignments.confirmed(of)
    with refused("calls.nothing_short"):
        ask()


@db
@pytest.mark.feature("D3")
@pytest.mark.refusal("calls.change_unfit", "calls.change_unknown", "calls.plan_overload")
def test_the_clerk_changes_one_with_a_reason(travel: Any) -> None:
    of = assignments.declared(travel, limit=2)
    plan = assignments.proposed(of)
    loads = Counter(s for _, s in assignments.pairs(plan))
    free = next(s.pk for s in of.seats() if loads[s.pk] < 2)
    full = next(s for s, n in loads.items() if n == 2)
    here, out = next(
        (a, s) for a, s in assignments.pairs(plan) if s != free and (a, free) not in assignments.pairs(plan)
    )

    def change(**more: Any) -> PlanChange:
        given: dict[str, Any] = {
            "application_id": here,
            "out": out,
            "into": free,
            "reason": "专业更合适",
        } | more
        return assignment.change_assignment(by=of.office.clerk, plan_id=plan.pk, **given)

    with refused("calls.reason_needed"):
        change(reason="")
    with refused("calls.change_unfit"):
        change(into=10**6)
    other = next(s for a, s in assignments.pairs(plan) if a == here and s != out)
    with refused("calls.change_unfit"):
        change(into=other)
    with refused("calls.change_unknown"):
        change(out=free)
    with refused("calls.change_unknown"):
        change(out=None)
    there, member = next(
        (a, s) for a, s in assignments.pairs(plan) if (a, full) not in assignments.pairs(plan)
    )
    with refused("calls.plan_overload"):
        change(application_id=there, out=member, into=full)
    row = change()
    assert (here, free) in assignments.pairs(plan)
    assert (here, out) not in assignments.pairs(plan)
    assert row.reason in Entry.objects.get(verb="calls.assign_change").text
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanChange.objects.filter(pk=row.pk).update(reason="另一个理由")


@db
@pytest.mark.feature("D2")
@pytest.mark.refusal("calls.plan_gaps_why")
def test_when_it_is_impossible_it_says_why_and_two_people_may_let_it_pass(travel: Any) -> None:
    """Five members take one each: five of the eight reviews can be given."""
    of = assignments.declared(travel, limit=1)
    plan = assignments.proposed(of)
    assert plan.reviews.count() == 5
    assert sum(plan.gaps.values_list("missing", flat=True)) == 3
    label = of.call.categories.all()[0].label
    assert plan.lacks == [{"label": label, "applications": plan.gaps.count(), "reviews": 3, "experts": 3}]
    with refused("calls.plan_gaps_why"):
        assignment.submit_assignment(by=of.office.clerk, plan_id=plan.pk)
    assignment.submit_assignment(by=of.office.clerk, plan_id=plan.pk, gap_reason="专家库一时补不上")
    assignment.confirm_assignment(by=of.office.leader, plan_id=plan.pk)
    assert queries.short_of_reviews(of.again()) == 0
    assert queries.missing_reviews(of.call)  # may still be filled by another assignment
    reviews.run(of, "closed")


@db
@pytest.mark.feature("D3")
def test_a_later_recusal_is_filled_by_another_assignment(travel: Any) -> None:
    of = assignments.declared(travel)
    first = assignments.confirmed(of)
    application, held = min(assignments.pairs(first))  # of five members one may have been given nothing
    member = next(m for seat, m in zip(of.seats(), of.members(), strict=True) if seat.pk == held)
    panel.recuse(by=member, application_id=application, detail="刚刚发现本人曾任监事")
    assert queries.missing_reviews(of.call) == {application: 1}
    with refused("calls.sheets_open"):
        scoring.close_scoring(by=of.office.clerk, committee_id=of.pk)
    second = assignments.confirmed(of)
    ((pk, other),) = assignments.pairs(second)
    assert pk == application
    assert other not in {s for a, s in assignments.pairs(first) if a == application}
    assert queries.short_of_reviews(of.again()) == 0


@db
@pytest.mark.feature("D3")
@pytest.mark.refusal("calls.plan_stale")
def test_what_no_longer_holds_is_not_confirmed(travel: Any) -> None:
    of = assignments.declared(travel)
    plan = assignments.proposed(of)
    assignment.submit_assignment(by=of.office.clerk, plan_id=plan.pk)
    application, seat = sorted(assignments.pairs(plan))[0]
    Recusal.objects.create(seat_id=seat, application_id=application, kind="employer")
    with refused("calls.plan_stale"):
        assignment.confirm_assignment(by=of.office.checker, plan_id=plan.pk)
    with refused("calls.reason_needed"):
        assignment.return_assignment(by=of.office.checker, plan_id=plan.pk, reason="")
    assignment.return_assignment(by=of.office.checker, plan_id=plan.pk, reason="有一处要回避")
    with refused("calls.plan_stale"):
        assignment.submit_assignment(by=of.office.clerk, plan_id=plan.pk)
    assignment.drop_assignment(by=of.office.clerk, plan_id=plan.pk, reason="重新分派")
    assert (application, seat) not in assignments.pairs(assignments.confirmed(of))


@db
@pytest.mark.feature("D2", "D3")
@pytest.mark.refusal("calls.not_assigned", "calls.plan_foreign")
def test_the_database_keeps_it_without_the_actions(travel: Any) -> None:
    of = assignments.declared(travel, limit=1, applications=3)
    seat, application = of.seats()[0], of.applications[0]

    def fails(code: str, act: Any) -> None:
        with pytest.raises(DatabaseError, match=code.replace(".", r"\.")), transaction.atomic():
            act()

    fails("calls.not_assigned", lambda: ScoreSheet.objects.create(seat=seat, application=application))
    plan = assignments.proposed(of)
    pair = {"plan": plan, "field": 30, "spread": 20, "load": 20}
    stranger = reviews.review(travel, applications=1, until="drawn", name="邻海市总工会")
    fails(
        "calls.plan_foreign",
        lambda: PlannedReview.objects.create(application=stranger.applications[0], seat=seat, **pair),
    )
    fails(
        "calls.plan_stays",
        lambda: AssignmentPlan.objects.filter(pk=plan.pk).update(
            state="confirmed", submitted_by=of.office.clerk.person, decided_by=of.office.checker.person,
            decided_identity="x",
        ),
    )  # fmt: skip
    # One too many by hand: nobody can confirm it.
    held = dict(assignments.pairs(plan))
    more = next(a.pk for a in of.applications if (a.pk, held[application.pk]) not in assignments.pairs(plan))
    PlannedReview.objects.create(application_id=more, seat_id=held[application.pk], **pair)
    assignment.submit_assignment(by=of.office.clerk, plan_id=plan.pk, gap_reason="先评这些")
    with refused("calls.plan_overload"):
        assignment.confirm_assignment(by=of.office.checker, plan_id=plan.pk)
    fails("calls.plan_stays", lambda: plan.reviews.all().delete())
    fails("calls.plan_stays", lambda: ReviewGap.objects.filter(plan=plan).delete())
    fails("calls.plan_stays", lambda: AssignmentPlan.objects.filter(pk=plan.pk).delete())
    fails("calls.committee_fixed", lambda: Committee.objects.filter(pk=of.pk).update(reviews_each=None))
    fails("calls.committee_fixed", lambda: Committee.objects.filter(pk=of.pk).update(load_limit=9))
    ScoreSheet.objects.all().delete()
    fails(
        "calls.reviews_short",
        lambda: Committee.objects.filter(pk=of.pk).update(closed_at=of.again().opened_at),
    )


@db
@pytest.mark.feature("D2")
def test_the_call_settles_it(travel: Any) -> None:
    of = reviews.review(travel, applications=1)
    settled = {terms.REVIEWERS: "每份由 3 位委员评审", terms.LOAD_LIMIT: "30 份"}
    for key, value in settled.items():
        CallTerm.objects.filter(call=of.call, key=key).update(value=value)
    reviews.run(of, "established")
    assert (of.again().reviews_each, of.again().load_limit) == (3, 30)
    CallTerm.objects.filter(call=of.call, key=terms.REVIEWERS).update(value="每份由 7 位委员评审")
    second = panel.establish(by=of.office.clerk, category_id=of.call.categories.all()[1].pk)
    assert (second.size, second.reviews_each, second.load_limit) == (5, None, None)
