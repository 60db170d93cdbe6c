"""The numbers of recommending unions by which a call counts their places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import models
from django.db.models import Q

from shuniu import policy
from shuniu.calls import quotas
from shuniu.calls.models import Call, CallFigure
from shuniu.library.queries import policy_of
from shuniu.registry.queries import organisations_of
from shuniu.unions.models import Level, Union
from shuniu.unions.queries import descendant_ids

TRADES = (Level.INDUSTRY, Level.BUREAU, Level.GROUP)


@dataclass(frozen=True)
class Wanted:
    """What each recommending union's places are counted by."""

    unions: dict[Union, tuple[policy.FactSpec, ...]] = field(default_factory=dict)

    @property
    def typed(self) -> dict[str, tuple[policy.FactSpec, list[Union]]]:
        """Fact → its name in words, and the unions of which somebody has to say it."""
        found: dict[str, tuple[policy.FactSpec, list[Union]]] = {}
        for union, facts in self.unions.items():
            for fact in facts:
                if fact.name != quotas.ORGANISATIONS:
                    found.setdefault(fact.name, (fact, []))[1].append(union)
        return found


def recommending(call: Call, rows: models.QuerySet[Union]) -> models.QuerySet[Union]:
    """Of these unions those that may stand between the call and who applies.

    A trade's union recommends to the union that it stands directly below: a province's trades are not those of its
    cities. Who runs the call recommends only where it may nominate.
    """
    own = Q(pk=call.union_id) | Q(parent=call.union_id) | Q(industry_parent=call.union_id)
    rows = rows.filter(~Q(level__in=TRADES) | own, pk__in=descendant_ids(call.union_id), is_active=True)
    return rows if quotas.nominates(policy_of(call.document)) else rows.exclude(pk=call.union_id)


def wanted(call: Call, on: dt.date) -> Wanted:
    """The unions below the call's whose places are counted by something that they have; empty for most documents."""
    law = policy_of(call.document)
    levels = {level: facts for level in Level.values if (facts := quotas.counted_by(law, level, on))}
    if not levels:
        return Wanted()
    rows = recommending(call, Union.objects.filter(level__in=levels))
    return Wanted({union: levels[union.level] for union in rows.order_by("pk")})


def said(call: Call) -> dict[tuple[str, int], CallFigure]:
    """(fact, union) → what the call says."""
    return {(row.fact, row.union_id): row for row in call.figures.select_related("union")}


def last_said(call: Call, facts: Mapping[str, object]) -> dict[tuple[str, int], CallFigure]:
    """The same, with what the union's last published call said where this one says nothing yet."""
    before = CallFigure.objects.filter(
        call__union=call.union_id, fact__in=facts, call__published_at__isnull=False
    )
    found = {(row.fact, row.union_id): row for row in before.order_by("as_of", "pk")}
    return found | said(call)


def figures_of(
    union: Union, facts: tuple[policy.FactSpec, ...], rows: Mapping[tuple[str, int], CallFigure]
) -> dict[str, object]:
    """Fact → number of one union: counted in the registry, or said in the call; what nobody said is left out."""
    found: dict[str, object] = {}
    for fact in facts:
        if fact.name == quotas.ORGANISATIONS:
            found[fact.name] = organisations_of(union.pk).count()
        elif row := rows.get((fact.name, union.pk)):
            found[fact.name] = int(row.value) if fact.type == "integer" else Decimal(row.value)
    return found


def unsaid(call: Call, on: dt.date) -> list[str]:
    """Numbers that nobody has said yet."""
    there = said(call)
    found = []
    for name, (fact, unions) in wanted(call, on).typed.items():
        left = [union.short_name for union in unions if (name, union.pk) not in there]
        if left:
            more = f"等 {len(left)} 个工会" if len(left) > 2 else ""
            found.append(f"{'、'.join(left[:2])}{more}的“{fact.label}”还没有填")
    return found


__all__ = ["Wanted", "figures_of", "last_said", "recommending", "said", "unsaid", "wanted"]
