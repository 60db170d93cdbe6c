"""Reads of money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.aggregates import BoolOr
from django.db import models
from django.db.models import Q, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat

from shuniu.foundation.access import Who
from shuniu.funds.models import (
    Account,
    BudgetChange,
    Entitlement,
    Fund,
    Line,
    MatchingStandard,
    Payee,
    Payment,
    Posting,
    Subsidy,
    Use,
)
from shuniu.unions.queries import descendant_ids

READERS = frozenset({"clerk", "checker", "leader", "finance", "auditor", "audit_admin"})
APPROVERS = ("checker", "leader")


def funds_visible_to(who: Who) -> models.QuerySet[Fund]:
    """The funds of the asker's union and of those below it."""
    if who.union_id is None or who.role not in READERS:
        return Fund.objects.none()
    return Fund.objects.filter(union_id__in=descendant_ids(who.union_id)).select_related("union")


def subsidies_visible_to(who: Who) -> models.QuerySet[Subsidy]:
    """Its own to an organisation; to staff those of their union and of the unions below it."""
    rows = Subsidy.objects.select_related("union", "organisation")
    if who.organisation_id is not None:
        return rows.filter(organisation_id=who.organisation_id)
    if who.union_id is None or who.role not in READERS:
        return rows.none()
    return rows.filter(union_id__in=descendant_ids(who.union_id))


def payments_visible_to(who: Who) -> models.QuerySet[Payment]:
    """The payments of the subsidies that staff may see."""
    if who.union_id is None or who.role not in READERS:
        return Payment.objects.none()
    return Payment.objects.filter(subsidy__union_id__in=descendant_ids(who.union_id))


@dataclass(frozen=True)
class Balances:
    """What the ledger says of one matter, in fen."""

    committed: int = 0
    paid: int = 0
    receivable: int = 0

    @property
    def settled(self) -> int:
        """What was paid or promised and is not to come back: what a settlement makes equal to the entitlement."""
        return self.committed + self.paid


def balances_of(matters: Iterable[str]) -> dict[str, Balances]:
    """The balances of many matters in one query; a matter without postings has none of anything."""
    wanted = list(matters)
    rows = (
        Line.objects.filter(posting__matter__in=wanted)
        .order_by()
        .values_list("posting__matter", "account__kind")
        .annotate(fen=Sum("amount_fen"))
    )
    found: dict[str, dict[str, int]] = {matter: {} for matter in wanted}
    for matter, kind, fen in rows:
        if kind in ("committed", "paid", "receivable"):
            found[matter][kind] = int(fen)
    return {matter: Balances(**kinds) for matter, kinds in found.items()}


def highest(subsidy_id: int) -> Entitlement | None:
    """Of the honours in force the one that entitles to most."""
    rows = Entitlement.objects.filter(subsidy_id=subsidy_id, honour__state="in_force")
    return rows.select_related("honour").order_by("-amount_fen", "pk").first()


@dataclass(frozen=True)
class Standing:
    """Where a subsidy stands: entitlement, balances, and what the next settlement would do, in fen."""

    entitled: int
    balances: Balances
    adds: bool = False  # several honours are paid beside one another

    @property
    def difference(self) -> int:
        """Above nothing: to be paid besides; below: to come back."""
        return self.entitled - self.balances.settled


# The highest of those that take off what was paid, and each that is paid anew: as the trigger has it.
_ENTITLED = Coalesce(
    models.Max("amount_fen", filter=Q(adds=False)), 0, output_field=models.BigIntegerField()
) + Coalesce(models.Sum("amount_fen", filter=Q(adds=True)), 0, output_field=models.BigIntegerField())


def standings(subsidies: Iterable[Subsidy]) -> dict[int, Standing]:
    """The standing of many subsidies in two queries."""
    rows = list(subsidies)
    balances = balances_of(row.matter for row in rows)
    held = Entitlement.objects.filter(subsidy__in=rows, honour__state="in_force").order_by()
    sums = {
        pk: (int(fen), adds)
        for pk, fen, adds in held.values_list("subsidy").annotate(fen=_ENTITLED, anew=BoolOr("adds"))
    }
    return {
        row.pk: Standing(fen, balances[row.matter], adds)
        for row in rows
        for fen, adds in [sums.get(row.pk, (0, False))]
    }


def with_standing(rows: models.QuerySet[Subsidy]) -> models.QuerySet[Subsidy]:
    """The same figures as columns of a list: entitled_fen, committed_fen, paid_fen, receivable_fen."""
    matter = Concat(Value("funds.subsidy:"), Cast("pk", models.CharField()))
    named = rows.annotate(ledger_matter=matter)

    def held(kind: str) -> Coalesce:
        lines = Line.objects.filter(posting__matter=models.OuterRef("ledger_matter"), account__kind=kind)
        total = lines.order_by().values("account__kind").annotate(fen=Sum("amount_fen")).values("fen")
        return Coalesce(models.Subquery(total), 0, output_field=models.BigIntegerField())

    top = Entitlement.objects.filter(subsidy=models.OuterRef("pk"), honour__state="in_force")
    most = top.order_by().values("subsidy").annotate(fen=_ENTITLED).values("fen")
    return named.annotate(
        entitled_fen=Coalesce(models.Subquery(most), 0, output_field=models.BigIntegerField()),
        committed_fen=held("committed"), paid_fen=held("paid"), receivable_fen=held("receivable"),
    )  # fmt: skip


def confirmed_payee(subsidy_id: int) -> Payee | None:
    """The payee that stands."""
    return Payee.objects.filter(subsidy_id=subsidy_id, state=Payee.State.CONFIRMED).first()


def used_fen(subsidy_id: int) -> int:
    """What was accounted for, whether it waits for a second person or counts."""
    rows = Use.objects.filter(subsidy_id=subsidy_id).exclude(state=Use.State.DECLINED)
    return int(rows.aggregate(fen=Sum("amount_fen"))["fen"] or 0)


def postings_of(fund: Fund, limit: int = 100) -> list[Posting]:
    """The last postings of a fund with their lines."""
    debits_first = models.Prefetch("lines", Line.objects.select_related("account").order_by("-amount_fen"))
    rows = fund.postings.select_related("by").prefetch_related(debits_first)
    return list(rows[:limit])


def account_balances(funds: Iterable[Fund]) -> dict[int, dict[str, int]]:
    """Fund → account kind → fen, in one query."""
    found: dict[int, dict[str, int]] = {}
    rows = Account.objects.filter(fund__in=list(funds))
    for fund_id, kind, fen in rows.values_list("fund_id", "kind", "balance_fen"):
        found.setdefault(fund_id, {})[kind] = fen
    return found


def waiting_for_approver(who: Who) -> tuple[list[Payee], list[BudgetChange], list[Use]]:
    """What waits for a second person of the asker's union."""
    if who.union_id is None or who.role not in APPROVERS:
        return [], [], []
    payees = Payee.objects.filter(state="proposed", subsidy__union_id=who.union_id)
    budgets = BudgetChange.objects.filter(state="proposed", fund__union_id=who.union_id)
    uses = Use.objects.filter(state="proposed", subsidy__union_id=who.union_id)
    return (
        list(payees.select_related("subsidy")),
        list(budgets.select_related("fund")),
        list(uses.select_related("subsidy")),
    )


def standard_of(union_id: int, level: str, on: dt.date) -> MatchingStandard | None:
    """The matching standard of a union for a level on a day."""
    rows = MatchingStandard.objects.filter(union_id=union_id, level=level, first_day__lte=on)
    return rows.order_by("-first_day", "-pk").first()


def standards_visible_to(who: Who) -> models.QuerySet[MatchingStandard]:
    """The standards of the asker's union and of those below it."""
    if who.union_id is None or who.role not in READERS:
        return MatchingStandard.objects.none()
    rows = MatchingStandard.objects.filter(Q(union_id__in=descendant_ids(who.union_id)))
    return rows.select_related("union", "recorded_by")


def subsidies_of_subject(subject_key: str) -> list[Subsidy]:
    """The subsidies of one honoured subject; its own slice has decided who may see it."""
    return list(Subsidy.objects.filter(subject_key=subject_key).select_related("union", "organisation"))
