"""A party that committed and refuses to tell its number: told to everybody, replaced, drawn anew (D2)."""

from __future__ import annotations

from django.db import transaction

from shuniu.calls.actions.panel.draws import freeze_pool, lock_committee, refused_in
from shuniu.calls.models import Call, Committee, Draw, DrawCommitment, DrawLapse
from shuniu.calls.queries.panel import eligible, live_seats, review_clause
from shuniu.calls.rules import panel as rules
from shuniu.foundation.access import Who, system
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.unions.queries import people_with


def lapse_due() -> int:
    """Sweep, D2: end the draws whose numbers were not told in time; how many. A second run changes nothing."""
    over = Draw.objects.filter(
        reveal_by__lte=clock.now(), result__isnull=True, lapses__isnull=True,
        committee__call__state=Call.State.PUBLISHED,
    )  # fmt: skip
    return sum(_lapse(pk) for pk in list(over.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _lapse(draw_id: int) -> int:
    """The refusal is published with the name, and a draw with another party follows where it can."""
    committee = lock_committee(Draw.objects.values_list("committee_id", flat=True).get(pk=draw_id))
    draw = Draw.objects.get(pk=draw_id)
    draw.committee = committee
    if not rules.is_waiting(draw):
        return 0
    by = system("逾期没有公布号码")
    given = list(draw.commitments.select_related("by"))
    told = {g.party for g in given if g.kind == "reveal"}
    missing = [g for g in given if g.kind == "commit" and g.party not in told]
    for g in missing:
        DrawLapse.objects.create(draw=draw, party=g.party, name=g.by.name, by=g.by, identity=g.identity)
    words = "、".join(f"{rules.PARTIES[g.party]}{g.by.name}" for g in missing)
    reason = f"第 {draw.number} 次抽取中，{words}逾期没有公布号码"
    journal.record(
        by=by, verb="calls.draw_lapse", text=f"专家抽取：{reason}，本次抽取作废", subject=draw,
        also=(committee, committee.call), clause=review_clause(committee.call), union_id=committee.call.union_id,
        facts={"parties": [g.party for g in missing]},
    )  # fmt: skip
    _tell(draw, missing, reason)
    _draw_again(committee, draw, reason, by)
    return 1


def _tell(draw: Draw, missing: list[DrawCommitment], reason: str) -> None:
    people = people_with(draw.committee.call.union_id, "clerk", "checker", "leader", "auditor", "audit_admin")
    tell(
        [*people, *(g.by for g in missing)],
        title=f"专家抽取作废：{draw.committee.category.label}",
        body=f"{reason}，已在公开页面记录。",
        kind="calls.draw",
        url=f"/draws/{draw.pk}/",
        effect_key=f"calls.draw_lapse:{draw.pk}",
    )


def _draw_again(committee: Committee, draw: Draw, reason: str, by: Who) -> None:
    """The same call, other parties; with too small a pool the clerk adds experts and freezes anew."""
    seats = committee.size - live_seats(committee)
    running = committee.call.state == Call.State.PUBLISHED and committee.closed_at is None
    numbers = [e.number for e in eligible(committee)]
    if running and 0 < seats <= len(numbers):
        freeze_pool(committee, draw, numbers, rules.next_parties(refused_in(draw)), reason=reason, by=by)
