"""The ladder: highest honour only, the difference, taken back, never over, whoever comes at once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum

from shuniu.foundation.calendar import clock
from shuniu.foundation.jobs import run_sweep
from shuniu.foundation.notices.models import Message
from shuniu.foundation.ui import slots
from shuniu.funds import judging
from shuniu.funds.actions import payment as paying
from shuniu.funds.actions import subsidy as actions
from shuniu.funds.actions.ledger import post
from shuniu.funds.models import Account, Entitlement, Payee, Payment, Subsidy
from shuniu.funds.queries import with_standing
from shuniu.funds.tests.cast import WAN, document, standing, treasury
from shuniu.recognition.actions import honours
from shuniu.recognition.tests.cast import refused
from shuniu.unions.tests.cast import me, who

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F4")]


@pytest.mark.refusal("funds.settled")
@pytest.mark.refusal("funds.fund_needed")
@pytest.mark.refusal("funds.fund_of_another")
def test_the_highest_honour_only_and_only_the_difference() -> None:
    t, other = treasury(), treasury(name="邻海市总工会")
    t.honour("city")
    row = t.subsidy()
    t.payee(row)
    with refused("funds.fund_needed"):
        actions.settle(by=t.finance, subsidy_id=row.pk)
    with refused("funds.fund_of_another"):
        actions.settle(by=t.finance, subsidy_id=row.pk, fund_id=other.fund.pk)
    first = t.settle(row)
    assert first is not None and first.amount_fen == WAN
    t.pay(first)
    with refused("funds.settled"):
        t.settle(row)
    t.honour("province")
    second = t.settle(row)
    assert second is not None and second.amount_fen == WAN and "差额" in second.reason
    t.honour("national")
    third = t.settle(row)  # before the second was paid: one payment for the whole difference
    assert third is not None and third.amount_fen == 2 * WAN
    second.refresh_from_db()
    assert second.state == "cancelled"
    t.pay(third)
    assert standing(row) == (3 * WAN, 0, 3 * WAN, 0)
    t.honour("city")
    with refused("funds.settled"):
        t.settle(row)
    assert Payment.objects.filter(state="paid").aggregate(n=Sum("amount_fen"))["n"] == 3 * WAN


@pytest.mark.refusal("funds.refund_too_much")
def test_a_revoked_honour_leaves_a_receivable_and_a_new_one_takes_it_off() -> None:
    t = treasury()
    t.honour("city")
    national = t.honour("national")
    row = t.subsidy()
    t.payee(row)
    paid = t.settle(row)
    assert paid is not None
    t.pay(paid)
    honours.revoke(by=t.of.leader, honour_id=national.pk, reason="材料不实")
    assert t.settle(row) is None, "never a negative payment"
    assert standing(row) == (WAN, 0, WAN, 2 * WAN)
    t.honour("province")
    assert t.settle(row) is None, "the new honour only takes off what was to come back"
    assert standing(row) == (2 * WAN, 0, 2 * WAN, WAN)
    with refused("funds.refund_too_much"):
        actions.take_refund(by=t.finance, subsidy_id=row.pk, amount_fen=WAN + 1, voucher="R1")
    actions.take_refund(by=t.finance, subsidy_id=row.pk, amount_fen=WAN, voucher="R1")
    assert standing(row) == (2 * WAN, 0, 2 * WAN, 0)
    assert Account.objects.get(fund=t.fund, kind="available").balance_fen == 98 * WAN


@pytest.mark.refusal("funds.payment_outdated")
@pytest.mark.refusal("funds.payee_needed")
@pytest.mark.refusal("funds.not_due")
@pytest.mark.refusal("funds.paid_future")
@pytest.mark.refusal("funds.nothing_entitled")
def test_what_cannot_be_paid() -> None:
    t = treasury()
    honour = t.honour("province")
    row = t.subsidy()
    due = t.settle(row)
    assert due is not None
    with refused("funds.payee_needed"):
        t.pay(due)
    t.payee(row)
    with refused("funds.paid_future"):
        paying.pay(by=t.finance, payment_id=due.pk, paid_on=clock.today().replace(year=2099), voucher="x")
    with refused("funds.finance_only"):
        paying.pay(by=t.of.leader, payment_id=due.pk, paid_on=clock.today(), voucher="x")
    honours.revoke(by=t.of.leader, honour_id=honour.pk, reason="撤销")
    with refused("funds.payment_outdated"):
        t.pay(due)
    assert t.settle(row) is None
    with refused("funds.not_due"):
        t.pay(due)
    with refused("funds.nothing_entitled"):
        t.settle(row)
    assert standing(row) == (0, 0, 0, 0)


@pytest.mark.refusal("funds.payee_waits")
@pytest.mark.refusal("funds.clerk_only")
def test_the_payee_is_confirmed_by_another_natural_person() -> None:
    t = treasury()
    t.honour("city")
    row = t.subsidy()
    given = {"subsidy_id": row.pk, "name": "望海市晨曦中心", "bank": "望海银行", "account": "62000099"}
    with refused("funds.clerk_only"):
        paying.propose_payee(by=t.of.leader, **given)  # type: ignore[arg-type]
    payee = paying.propose_payee(by=t.of.clerk, **given)  # type: ignore[arg-type]
    with refused("funds.payee_waits"):
        paying.propose_payee(by=t.finance, **given)  # type: ignore[arg-type]
    with refused("unions.second_person"):
        paying.decide_payee(by=who("checker", t.of.union, me(t.of.clerk)), payee_id=payee.pk, confirm=True)
    with pytest.raises(DatabaseError, match=r"funds\.alone"), transaction.atomic():
        Payee.objects.filter(pk=payee.pk).update(
            state="confirmed", decided_by=me(t.of.clerk), decided_at=clock.now()
        )
    with pytest.raises(DatabaseError, match=r"funds\.stays"), transaction.atomic():
        Payee.objects.filter(pk=payee.pk).update(account="1")
    paying.decide_payee(by=t.of.checker, payee_id=payee.pk, confirm=True)
    other = paying.propose_payee(by=t.finance, **given | {"account": "62000100"})  # type: ignore[arg-type]
    paying.decide_payee(by=t.of.leader, payee_id=other.pk, confirm=True)
    assert [p.state for p in Payee.objects.order_by("pk")] == ["replaced", "confirmed"]


@pytest.mark.refusal("funds.over_honour")
def test_the_database_refuses_more_than_the_highest_honour_in_force() -> None:
    t = treasury()
    t.honour("city")
    row = t.subsidy()
    moves = {"available": -WAN - 1, "committed": WAN + 1}
    with pytest.raises(DatabaseError, match=r"funds\.over_honour"), transaction.atomic():
        post(
            by=t.finance, fund=t.fund, kind="commit", matter=row.matter, text="x", effect_key="x", moves=moves
        )
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    due = t.settle(row)
    assert due is not None
    for change in ({"state": "paid"}, {"amount_fen": 5}, {"state": "cancelled"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Payment.objects.filter(pk=due.pk).update(**change)
            connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    honour = t.honour("city", subject="projects.project:2")
    with pytest.raises(DatabaseError, match="honour_of_another"), transaction.atomic():
        Entitlement.objects.create(subsidy=row, honour=honour, amount_fen=9 * WAN, clause="x", reason="x")


def test_a_budget_that_is_too_small_commits_nothing() -> None:
    t = treasury(WAN)
    t.honour("province")
    row = t.subsidy()
    with refused("funds.over_budget"):
        t.settle(row)
    assert standing(row) == (2 * WAN, 0, 0, 0) and not Payment.objects.exists()


def test_the_amount_is_the_documents_and_a_silent_one_pays_nothing() -> None:
    t = treasury()
    honour = t.honour("district")
    judged = judging.judge(t.document, honour)
    assert judged.amount_fen == 0 and judged.reason
    assert judging.judge(t.document, t.honour("national")).amount_fen == 3 * WAN
    assert judging.named_uses(t.document) == ["购买服务", "项目合作"]


@pytest.mark.refusal("funds.over_honour")
def test_what_a_document_pays_anew_for_each_honour_adds_up() -> None:
    t = replace(treasury(), document=document(anew=True))
    first = t.honour("district")
    row = t.subsidy()
    t.payee(row)
    paid = t.settle(row)
    assert paid is not None and paid.amount_fen == WAN // 2
    t.pay(paid)
    t.honour("district")
    t.honour("city")
    t.honour("province")
    assert run_sweep("funds.subsidies") == 1
    assert standing(row) == (3 * WAN, 0, WAN // 2, 0), "both of the district, and the higher of the others"
    assert with_standing(Subsidy.objects.all()).get().entitled_fen == 3 * WAN  # type: ignore[attr-defined]
    more = t.settle(row)
    assert more is not None and more.amount_fen == 5 * WAN // 2 and "各项荣誉合计" in more.reason
    t.pay(more)
    moves = {"available": -1, "committed": 1}
    with pytest.raises(DatabaseError, match=r"funds\.over_honour"), transaction.atomic():
        post(
            by=t.finance, fund=t.fund, kind="commit", matter=row.matter, text="x", effect_key="x", moves=moves
        )
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    honours.revoke(by=t.of.leader, honour_id=first.pk, reason="材料不实")
    assert t.settle(row) is None and standing(row) == (5 * WAN // 2, 0, 5 * WAN // 2, WAN // 2)


def test_the_sweep_opens_what_is_due_and_tells_finance_once() -> None:
    t = treasury()
    t.honour("city")
    assert run_sweep("funds.subsidies") == 1
    assert run_sweep("funds.subsidies") == 0
    row = Subsidy.objects.get()
    assert Message.objects.filter(person=me(t.finance), kind="funds.subsidy").count() == 1
    assert [d.sub for d in slots.todos_for(t.finance) if d.tag == "补助"] == ["待补齐 ¥10,000.00"]
    t.settle(row)
    assert [d.tag for d in slots.todos_for(t.finance) if d.url.startswith("/subsidies/")] == ["付款"]
    assert [d.sub for d in slots.todos_for(t.of.clerk) if d.tag == "补助"] == ["请填写收款账户"]
    t.honour("province")
    assert run_sweep("funds.subsidies") == 1
