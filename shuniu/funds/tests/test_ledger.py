"""The ledger: Σ debit = Σ credit, balances by lines alone, budgets never over, whoever writes."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from shuniu.foundation.access import Refused
from shuniu.funds.actions import fund as funds
from shuniu.funds.actions.common import refused as told
from shuniu.funds.actions.ledger import post
from shuniu.funds.models import Account, BudgetChange, Fund, Line, Posting
from shuniu.funds.tests.cast import WAN, treasury
from shuniu.recognition.tests.cast import refused
from shuniu.unions.tests.cast import me, who

pytestmark = [pytest.mark.django_db, pytest.mark.feature("I2")]


def balances(fund: Fund) -> dict[str, int]:
    return dict(Account.objects.filter(fund=fund).values_list("kind", "balance_fen"))


def force() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.refusal("funds.finance_only")
@pytest.mark.refusal("funds.approver_only")
@pytest.mark.refusal("funds.fund_twice")
@pytest.mark.refusal("funds.budget_waits")
@pytest.mark.refusal("funds.decided")
@pytest.mark.refusal("funds.amount")
@pytest.mark.refusal("funds.reason_needed")
@pytest.mark.feature("I1")
def test_a_budget_is_proposed_by_finance_and_approved_by_another_person() -> None:
    t = treasury(0)
    with refused("funds.finance_only"):
        funds.open_fund(by=t.of.clerk, union=t.of.union, year=2026, name="另一项", source="union")
    with refused("funds.fund_twice"):
        funds.open_fund(by=t.finance, union=t.of.union, year=2026, name="社会组织专项", source="treasury")
    with refused("funds.amount"):
        funds.propose_budget(by=t.finance, fund_id=t.fund.pk, amount_fen=0, reason="无")
    with refused("funds.reason_needed"):
        funds.propose_budget(by=t.finance, fund_id=t.fund.pk, amount_fen=WAN, reason=" ")
    change = funds.propose_budget(by=t.finance, fund_id=t.fund.pk, amount_fen=5 * WAN, reason="年初预算")
    with refused("funds.budget_waits"):
        funds.propose_budget(by=t.finance, fund_id=t.fund.pk, amount_fen=WAN, reason="追加")
    assert balances(t.fund)["available"] == 0, "nothing is there before it is approved"
    with refused("funds.approver_only"):
        funds.decide_budget(by=t.of.clerk, change_id=change.pk, approve=True)
    with refused("unions.second_person"):
        funds.decide_budget(by=who("leader", t.of.union, me(t.finance)), change_id=change.pk, approve=True)
    with refused("funds.reason_needed"):
        funds.decide_budget(by=t.of.leader, change_id=change.pk, approve=False)
    funds.decide_budget(by=t.of.leader, change_id=change.pk, approve=True)
    assert balances(t.fund) == {
        "source": -5 * WAN, "available": 5 * WAN, "committed": 0, "paid": 0, "receivable": 0,
    }  # fmt: skip
    with refused("funds.decided"):
        funds.decide_budget(by=t.of.leader, change_id=change.pk, approve=True)


@pytest.mark.refusal("funds.over_budget")
def test_a_budget_is_not_lowered_below_what_is_spent() -> None:
    t = treasury(WAN)
    change = funds.propose_budget(by=t.finance, fund_id=t.fund.pk, amount_fen=-2 * WAN, reason="调减")
    with refused("funds.over_budget"):
        funds.decide_budget(by=t.of.leader, change_id=change.pk, approve=True)
    funds.decide_budget(by=t.of.leader, change_id=change.pk, approve=False, reason="余额不足")
    assert balances(t.fund)["available"] == WAN


@pytest.mark.refusal("funds.stays")
def test_the_database_refuses_what_does_not_balance_or_was_written_before() -> None:
    t = treasury()
    available = Account.objects.get(fund=t.fund, kind="available")
    paid = Account.objects.get(fund=t.fund, kind="paid")
    with pytest.raises(DatabaseError, match="unbalanced"), transaction.atomic():
        post(
            by=t.finance, fund=t.fund, kind="commit", matter="m", text="x", effect_key="x:1",
            moves={"available": -5, "committed": 4},
        )  # fmt: skip
        force()
    with pytest.raises(DatabaseError, match="unbalanced"), transaction.atomic():
        Posting.objects.create(fund=t.fund, kind="pay", matter="m", text="x", effect_key="x:2")
        force()
    with pytest.raises(DatabaseError, match="balance_by_lines"), transaction.atomic():
        Account.objects.filter(pk=available.pk).update(balance_fen=1)
    with pytest.raises(DatabaseError, match="account_never_over"), transaction.atomic():
        post(
            by=t.finance, fund=t.fund, kind="commit", matter="m", text="x", effect_key="x:3",
            moves={"available": -101 * WAN, "committed": 101 * WAN},
        )  # fmt: skip
    other = treasury(name="邻海市总工会")
    with pytest.raises(DatabaseError, match="line_of_another"), transaction.atomic():
        row = Posting.objects.create(fund=other.fund, kind="pay", matter="m", text="x", effect_key="x:4")
        Line.objects.create(posting=row, account=paid, amount_fen=1)
    for table in ("funds_posting", "funds_line"):
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id + 1"):
            with pytest.raises(DatabaseError, match=r"append-only|permission"), transaction.atomic():
                connection.cursor().execute(statement)
    with pytest.raises(DatabaseError, match=r"funds\.stays"), transaction.atomic():
        BudgetChange.objects.filter(fund=t.fund).update(amount_fen=1)
    with pytest.raises(DatabaseError, match=r"funds\.alone"), transaction.atomic():
        change = BudgetChange.objects.create(fund=t.fund, amount_fen=1, reason="x", proposed_by=me(t.finance))
        BudgetChange.objects.filter(pk=change.pk).update(
            state="approved", decided_by=me(t.finance), decided_at=change.proposed_at
        )


@pytest.mark.real_transactions
def test_a_line_is_not_added_to_yesterdays_posting() -> None:
    t = treasury()
    row = Posting.objects.get(kind="budget")
    paid = Account.objects.get(fund=t.fund, kind="paid")
    with pytest.raises(DatabaseError, match="line_of_another"), transaction.atomic():
        Line.objects.create(posting=row, account=paid, amount_fen=1)


@pytest.mark.real_transactions
@pytest.mark.refusal("funds.conflict")
def test_of_many_who_spend_one_budget_at_once_as_many_win_as_it_holds() -> None:
    """As raw postings: 12 spenders of one 万元 each, a budget of five."""
    t = treasury(5 * WAN)
    start, outcome = threading.Barrier(12), []

    def spend(n: int) -> None:
        start.wait()
        try:
            with transaction.atomic():
                post(
                    by=t.finance, fund=t.fund, kind="commit", matter=f"race:{n}", text="x",
                    effect_key=f"race:{n}", moves={"available": -WAN, "committed": WAN},
                )  # fmt: skip
            outcome.append("done")
        except (DatabaseError, Refused) as no:
            outcome.append("over" if "account_never_over" in str(no) else repr(no))
        finally:
            connection.close()

    threads = [threading.Thread(target=spend, args=(n,)) for n in range(12)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(outcome) == ["done"] * 5 + ["over"] * 7
    assert balances(t.fund)["available"] == 0
    # The same effect twice is one effect.
    with refused("funds.conflict"), transaction.atomic(), told():
        Posting.objects.create(fund=t.fund, kind="commit", matter="m", text="x", effect_key="race:0")
        Posting.objects.create(fund=t.fund, kind="commit", matter="m", text="x", effect_key="race:0")
