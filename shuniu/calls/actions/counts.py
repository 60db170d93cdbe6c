"""Counted points: fixed for every application when its review opens, and put into each expert's sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, Decimal

from shuniu.calls import auditing, counting, judging
from shuniu.calls.known import known_of
from shuniu.calls.models import (
    Application,
    Committee,
    CountedPoint,
    Judgement,
    ReadingChoice,
    RubricItem,
    ScoreDraft,
    ScoreSheet,
)
from shuniu.calls.queries.panel import under_review
from shuniu.foundation.access import Refused, refuse
from shuniu.foundation.calendar import clock
from shuniu.library.queries import policy_of

TENTH = Decimal("0.1")


def fix_counts(committee: Committee) -> int:
    """评分依据: what the papers of each application count for, the same for all experts; how many rows.

    What is not on record is left to the experts. Refused("calls.count_open") names what a person has to settle first.
    """
    law = policy_of(committee.call.document)
    if not counting.counted_items(law):
        return 0
    items = {item.key: item for item in RubricItem.objects.filter(call=committee.call_id)}
    reviewed = _reviewed(committee)
    known = known_of(reviewed, clock.today(), [law])
    rows: list[CountedPoint] = []
    for application in reviewed:
        found = [c for c in counted_of(application, known[application.pk]) if c.item.key in items]
        if left := [
            f"{c.item.label}（{c.said}）" for c in found if c.points is None and c.status != "unknown"
        ]:
            raise Refused(refuse("calls.count_open", name=application.named, left="；".join(left)))
        rows += [
            CountedPoint(application=application, item=items[c.item.key], points=c.points, said=c.said[:500])
            for c in found
            if c.points is not None
        ]
    CountedPoint.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def counted_of(
    application: Application, registry: Mapping[str, object] | None = None
) -> list[counting.Counted]:
    """The counted rows of one application by the facts of today, the law as of its submission."""
    answers = Judgement.objects.filter(application=application).select_related("by").order_by("id")
    choices = ReadingChoice.objects.filter(call=application.call_id).select_related("by").order_by("id")
    mine = [row for row in choices if row.application_id in (None, application.pk)]
    facts = judging.facts_for(application, clock.today(), registry=registry, judgements=answers)
    law = policy_of(application.call.document)
    return counting.count(law, facts, auditing.law_day(application), auditing.chosen_among(mine))


def _reviewed(committee: Committee) -> list[Application]:
    rows = under_review(committee).filter(counted__isnull=True)
    return list(rows.select_related("call__document", "call__union", "organisation", "category", "nominee"))


def fill_in(sheets: Sequence[ScoreSheet]) -> None:
    """New sheets begin with what was counted; the expert looks and takes off where the papers do not bear it out."""
    counts = counting.fixed({s.application_id for s in sheets})
    now = clock.now()
    ScoreDraft.objects.bulk_create(
        [
            ScoreDraft(sheet=s, item_id=item, points=row.points.quantize(TENTH, ROUND_DOWN), saved_at=now)
            for s in sheets
            for item, row in counts.get(s.application_id, {}).items()
        ],
        batch_size=2000,
    )
