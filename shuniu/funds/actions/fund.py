"""专项经费 and its budget."""

from __future__ import annotations

from django.db import transaction

from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.foundation.ui.formats import money
from shuniu.funds import queries, rules
from shuniu.funds.actions.common import person, refused
from shuniu.funds.actions.ledger import post
from shuniu.funds.models import Account, BudgetChange, Fund
from shuniu.funds.models.ledger import AccountKind
from shuniu.unions.models import Union
from shuniu.unions.queries import people_with


@transaction.atomic
def open_fund(*, by: Who, union: Union, year: int, name: str, source: str) -> Fund:
    """I1、I2: a fund of one year with its accounts, all empty; money comes by an approved budget."""
    require(rules.is_finance(by, union.pk, union.name))
    with refused():
        fund = Fund.objects.create(union=union, year=year, name=name, source=source, opened_by=person(by))
        Account.objects.bulk_create([Account(fund=fund, kind=kind) for kind in AccountKind.values])
    journal.record(
        by=by, verb="funds.open_fund", text=f"设立专项经费“{fund}”（{fund.get_source_display()}）", subject=fund,
        union_id=union.pk, facts={"source": source, "year": year},
    )  # fmt: skip
    return fund


@transaction.atomic
def propose_budget(*, by: Who, fund_id: int, amount_fen: int, reason: str) -> BudgetChange:
    """I2: set, raise or (below nothing) lower the budget, in fen; it holds once another person approved it."""
    fund = _lock(fund_id)
    require(rules.may_change_budget(by, fund))
    require(rules.has_reason(reason))
    if amount_fen == 0:
        raise Refused(refuse("funds.amount"))
    with refused():
        change = BudgetChange.objects.create(
            fund=fund, amount_fen=amount_fen, reason=reason, proposed_by=person(by)
        )
    _note(change, by, "propose_budget", f"提出预算变动 {money(amount_fen)}：{reason}")
    tell(
        people_with(fund.union_id, *queries.APPROVERS), title=f"预算待批准：{fund}", kind="funds.budget",
        body=f"{money(amount_fen)}。{reason}", url=f"/funds/{fund.pk}/", effect_key=f"funds.budget:{change.pk}",
    )  # fmt: skip
    return change


@transaction.atomic
def decide_budget(*, by: Who, change_id: int, approve: bool, reason: str = "") -> BudgetChange:
    """I2: another person approves or refuses. Refused("funds.over_budget") when more is spent than would be left."""
    found = BudgetChange.objects.get(pk=change_id)
    fund = _lock(found.fund_id)
    change = BudgetChange.objects.select_for_update().get(pk=change_id)
    change.fund = fund
    require(rules.may_decide_budget(by, change))
    if not approve:
        require(rules.has_reason(reason))
    change.state = BudgetChange.State.APPROVED if approve else BudgetChange.State.REFUSED
    change.decided_by, change.decided_at, change.decision_reason = by.person, clock.now(), reason
    with refused():
        change.save()
        if approve:
            post(
                by=by, fund=fund, kind="budget", matter=f"funds.fund:{fund.pk}", text=change.reason,
                moves={"available": change.amount_fen, "source": -change.amount_fen},
                effect_key=f"funds.budgetchange:{change.pk}",
            )  # fmt: skip
    word = "批准" if approve else f"不批准（{reason}）"
    _note(change, by, "decide_budget", f"{word}预算变动 {money(change.amount_fen)}")
    return change


def _lock(fund_id: int) -> Fund:
    return Fund.objects.select_for_update(of=("self",)).select_related("union").get(pk=fund_id)


def _note(change: BudgetChange, by: Who, verb: str, text: str) -> None:
    journal.record(
        by=by, verb=f"funds.{verb}", text=text, subject=change.fund, union_id=change.fund.union_id,
        facts={"fen": change.amount_fen, "reason": change.reason},
    )  # fmt: skip
