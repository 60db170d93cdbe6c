"""A whole review driven by its own actions, as each role would do it: for demonstration data and tests."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from shuniu.calls import draw as drawing
from shuniu.calls.actions import assignment, panel, scoring
from shuniu.calls.counting import fixed
from shuniu.calls.models import Application, Call, CallCategory, Committee, Draw, Expert, RubricItem, Seat
from shuniu.calls.queries.assignment import short_of_reviews
from shuniu.calls.queries.panel import draws_of, signed_this_year, under_review
from shuniu.calls.queries.scoring import line_of, rubric_of, sheets_of
from shuniu.calls.rules.panel import AUDITOR, DEPARTMENT
from shuniu.calls.rules.scoring import least
from shuniu.foundation.access import Hat, Who, system
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.unions import actions as unions
from shuniu.unions.models import Union
from shuniu.unions.queries import hats_from_grants

STEPS = (
    "established",
    "frozen",
    "drawn",
    "open",
    "declared",
    "scoring",
    "scored",
    "closed",
    "meeting",
    "proposed",
    "signed",
)
"""How far `run_review` goes; each step includes those before."""

Marks = Callable[[Expert, Application, RubricItem], Decimal]


def build_pool(
    *, by: Who, union: Union, entries: Iterable[Mapping[str, Any]], people: Mapping[str, Person] | None = None
) -> list[Expert]:
    """Add `entries` (particulars as `add_expert` takes them) to the pool; `people`: accounts by telephone."""
    found = []
    for entry in entries:
        person = (people or {}).get(str(entry["phone"]))
        found.append(panel.add_expert(by=by, union=union, person=person, **entry))
        held = person is not None and any(
            h.role == "expert" for h in hats_from_grants(person) if h.id == union.pk
        )
        if person is not None and not held:
            unions.grant_role(
                by=system("评审专家聘任"), person=person, union=union, role="expert", first_day=clock.today(),
                last_day=entry["term_to"],
            )  # fmt: skip
    return found


def as_expert(expert: Expert) -> Who:
    """The expert under the hat of the union whose pool it is; the expert has an account."""
    hat = Hat("union", expert.union_id, expert.union.name, "expert")
    return Who(person=expert.person, hat=hat, hats=(hat,))


def hold_draw(
    committee: Committee, *, clerk: Who, second: Who, party: str = AUDITOR, reason: str = ""
) -> Draw:
    """Freeze, commit, commit, reveal, reveal."""
    draw = panel.freeze(by=clerk, committee_id=committee.pk, second_party=party, reason=reason)
    give_numbers(draw, clerk=clerk, second=second)
    return draw


def give_numbers(draw: Draw, *, clerk: Who, second: Who) -> None:
    """Both parties commit to a number, then both tell it."""
    values = {}
    for n, side in enumerate(p["key"] for p in draw.parties):
        salt = hashlib.sha256(f"{draw.pk}:{side}".encode()).hexdigest()[:12]
        values[side] = f"{(draw.pk * 7919 + n * 104729) % 1_000_000}:{salt}"
    for side, value in values.items():
        who = clerk if side == DEPARTMENT else second
        panel.commit(by=who, draw_id=draw.pk, party=side, digest=drawing.committed(value))
    for side, value in values.items():
        panel.reveal(by=clerk if side == DEPARTMENT else second, draw_id=draw.pk, party=side, value=value)


def usual_marks(expert: Expert, application: Application, item: RubricItem) -> Decimal:
    """Plausible points, the same at every run: most applications between 65 and 95."""
    seed = f"{expert.number}:{application.pk}:{item.key}"
    base = random.Random(f"{application.pk}").uniform(0.66, 0.94)  # noqa: S311 - invented scores
    own = random.Random(seed).uniform(-0.07, 0.07)  # noqa: S311
    return min(Decimal(round(item.weight * (base + own))), Decimal(item.weight))


def uneven_marks(expert: Expert, application: Application, item: RubricItem) -> Decimal:
    """As usual, but every third expert is strict and every fifth mild: what calibration shows beside the scores."""
    share = (
        Decimal("0.86")
        if expert.number % 3 == 0
        else Decimal("1.08")
        if expert.number % 5 == 0
        else Decimal(1)
    )
    return min((usual_marks(expert, application, item) * share).quantize(Decimal(1)), Decimal(item.weight))


def declare_all(committee: Committee, conflicts: Mapping[int, Mapping[int, str]] | None = None) -> None:
    """Every invited member signs this year's undertaking and declares; `conflicts` by expert number.

    Whoever was drawn for two committees declares in each what lies before it.
    """
    before = set(under_review(committee).values_list("pk", flat=True))
    while seat := (
        committee.seats.filter(state=Seat.State.INVITED, expert__person__isnull=False)
        .select_related("expert__person", "expert__union")
        .first()
    ):
        who = as_expert(seat.expert)
        if not signed_this_year(who):
            panel.sign_undertaking(by=who)
        told = {pk: why for pk, why in (conflicts or {}).get(seat.expert.number, {}).items() if pk in before}
        panel.declare(by=who, committee_id=committee.pk, conflicts=told)


def assign_all(committee: Committee, *, clerk: Who, signer: Who) -> None:
    """Where the committee reviews by assignment and something is missing: computed, submitted and confirmed."""
    if not short_of_reviews(committee):
        return
    plan = assignment.ask_assignment(by=clerk, call_id=committee.call_id)
    assignment.compute(plan_id=plan.pk)
    assignment.submit_assignment(by=clerk, plan_id=plan.pk)
    assignment.confirm_assignment(by=signer, plan_id=plan.pk)


def score_sheets(committee: Committee, marks: Marks = usual_marks, *, share: float = 1.0) -> None:
    """Every member scores and hands in the first `share` of their pile; one more sheet is left half done."""
    items = rubric_of(committee.call_id)
    seats = committee.seats.filter(state=Seat.State.ACTIVE).select_related("expert__person", "expert__union")
    for seat in seats:
        who = as_expert(seat.expert)
        pile = list(sheets_of(who, committee.pk).filter(state="draft").select_related("application"))
        whole = round(len(pile) * share)
        counted = fixed(s.application_id for s in pile)
        for n, sheet in enumerate(pile[: whole + 1]):
            points = {pk: marks(seat.expert, sheet.application, item) for pk, item in items.items()}
            points |= {pk: least(row) for pk, row in counted.get(sheet.application_id, {}).items()}
            if n < whole:
                scoring.submit_sheet(
                    by=who, application_id=sheet.application_id, points=points, comment="材料齐全，方案可行。"
                )
            else:
                half = dict(list(points.items())[:3])
                scoring.save_points(by=who, application_id=sheet.application_id, points=half)


def hold_meeting(committee: Committee, *, clerk: Who, cut_after: int, cut_reason: str) -> None:
    """Everybody signs in, votes for what is inside the line, the clerk keeps minutes."""
    meeting = scoring.open_meeting(
        by=clerk, committee_id=committee.pk, place=f"{committee.call.union.name}三楼会议室"
    )
    seats = list(
        committee.seats.filter(state=Seat.State.ACTIVE).select_related("expert__person", "expert__union")
    )
    inside = [r["application"] for r in meeting.ranking if r["rank"] and r["rank"] <= cut_after]
    for seat in seats:
        who = as_expert(seat.expert)
        scoring.attend(by=who, committee_id=committee.pk, seat_id=seat.pk)
        away = set(seat.recusals.values_list("application_id", flat=True))
        choices = {key: "for" for key in inside if key not in away}
        if choices:
            scoring.vote(by=who, committee_id=committee.pk, choices=choices)
    meeting.refresh_from_db()
    meeting.cut_after = cut_after
    tied = [a.pk for a in line_of(meeting).tied]
    scoring.settle(
        by=clerk,
        committee_id=committee.pk,
        version=meeting.version,
        cut_after=cut_after,
        cut_reason=cut_reason,
        tie_reason="同分单位均达到要求，会议同意并列入围。" if tied else "",
        tie_picks=tied,
        minutes="各位委员独立评分，汇总后逐家讨论并表决，同意按名次确定初步入围名单。",
    )


def run_review(
    call: Call,
    *,
    clerk: Who,
    second: Who,
    signer: Who,
    until: str = "signed",
    categories: Sequence[CallCategory] | None = None,
    marks: Marks = usual_marks,
    conflicts: Mapping[int, Mapping[int, str]] | None = None,
    share: float = 0.5,
) -> list[Committee]:
    """第五条（四）: review the call's categories that have applications, as far as `until` (one of STEPS).

    `second`: the auditor who gives the other number; `signer`: a checker or leader; `share`: how much is
    scored where it stops at "scoring". Committees that a former run began are taken on from where they stand.
    """
    depth = STEPS.index(until)
    found = []
    for category in categories if categories is not None else call.categories.all():
        committee = Committee.objects.filter(category=category).first()
        if committee is None:
            committee = panel.establish(by=clerk, category_id=category.pk)
        if not under_review(committee).exists():
            found.append(committee)
            continue
        _review(committee.pk, depth, clerk, second, signer, marks, conflicts, share)
        found.append(Committee.objects.get(pk=committee.pk))
    return found


def _review(
    pk: int,
    depth: int,
    clerk: Who,
    second: Who,
    signer: Who,
    marks: Marks,
    conflicts: Mapping[int, Mapping[int, str]] | None,
    share: float,
) -> None:
    def now() -> Committee:
        return Committee.objects.select_related("call__union", "category").get(pk=pk)

    def reached(step: str) -> bool:
        return depth >= STEPS.index(step)

    draws = draws_of(now())
    if reached("frozen") and not draws:
        draws = [panel.freeze(by=clerk, committee_id=pk)]
    if reached("drawn") and not draws[0].committee.seats.exists():
        give_numbers(draws[0], clerk=clerk, second=second)
    if reached("open") and now().opened_at is None:
        panel.open_scoring(by=clerk, committee_id=pk)
    if reached("declared") and now().closed_at is None:
        declare_all(now(), conflicts)
    if reached("scoring") and now().closed_at is None:
        assign_all(now(), clerk=clerk, signer=signer)
        score_sheets(now(), marks, share=1.0 if reached("scored") else share)
    if reached("closed") and now().closed_at is None:
        scoring.close_scoring(by=clerk, committee_id=pk)
    if reached("meeting") and not hasattr(now(), "meeting"):
        committee = now()
        n = under_review(committee).count()
        places = committee.category.places
        after = min(places, n) if places is not None else max(1, round(n * 0.7))
        reason = "" if places is not None else "本次通知没有规定名额，按得分和表决情况划线。"
        hold_meeting(committee, clerk=clerk, cut_after=after, cut_reason=reason)
    if reached("proposed") and now().meeting.proposed_at is None:
        scoring.propose(by=clerk, committee_id=pk)
    if reached("signed") and now().meeting.closed_at is None:
        scoring.sign(by=signer, committee_id=pk)
