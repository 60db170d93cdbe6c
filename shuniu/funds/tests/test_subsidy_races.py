"""Money under races and at random: 0 fen off, never more than the highest honour in force."""

from __future__ import annotations

import random
import threading

import pytest
from django.db import connection
from django.db.models import Sum

from shuniu.foundation.access import Refused
from shuniu.funds import queries
from shuniu.funds.actions import subsidy as actions
from shuniu.funds.models import Account, Line, Payment, Subsidy
from shuniu.funds.tests.cast import LADDER, WAN, Treasury, standing, treasury
from shuniu.recognition.actions import honours
from shuniu.recognition.models import Honour

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F4")]


def _attempt(t: Treasury, row: Subsidy) -> None:
    """Settle and pay what is due; refusals are answers."""
    try:
        t.settle(row)
    except Refused as no:
        assert no.verdict.code in {"funds.settled", "funds.nothing_entitled", "funds.conflict"}, no
    for due in Payment.objects.filter(subsidy=row, state="due"):
        try:
            t.pay(due)
        except Refused as no:
            assert no.verdict.code in {"funds.not_due", "funds.payment_outdated", "funds.conflict"}, no


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_in_whatever_order_the_books_hold(seed: int) -> None:
    """Awards, revocations, settlements, payments, refunds at random: 0 fen off."""
    chance = random.Random(seed)
    t = treasury()
    t.honour("city")
    row = t.subsidy()
    t.payee(row)
    for _ in range(25):
        match chance.choice(("award", "revoke", "settle", "pay", "refund")):
            case "award":
                t.honour(chance.choice(list(LADDER)))
            case "revoke":
                live = list(Honour.objects.filter(state="in_force"))
                if live:
                    honours.revoke(by=t.of.leader, honour_id=chance.choice(live).pk, reason="撤销")
            case "settle":
                _attempt_settle(t, row)
            case "pay":
                before = queries.highest(row.pk)
                for due in Payment.objects.filter(subsidy=row, state="due"):
                    try:
                        t.pay(due)
                    except Refused:
                        continue
                    _, _, paid, back = standing(row)
                    assert before is not None and paid + back <= before.amount_fen
            case "refund":
                _, _, _, back = standing(row)
                if back:
                    part = chance.randint(1, back)
                    actions.take_refund(by=t.finance, subsidy_id=row.pk, amount_fen=part, voucher="R")
        _books_hold()
    _attempt_settle(t, row)
    entitled, committed, paid, _ = standing(row)
    assert committed + paid == entitled


def _attempt_settle(t: Treasury, row: Subsidy) -> None:
    try:
        t.settle(row)
    except Refused as no:
        assert no.verdict.code in {"funds.settled", "funds.nothing_entitled"}, no


def _books_hold() -> None:
    assert (Line.objects.aggregate(n=Sum("amount_fen"))["n"] or 0) == 0
    for account in Account.objects.annotate(n=Sum("lines__amount_fen")):
        assert account.balance_fen == (account.n or 0), account


@pytest.mark.real_transactions
def test_three_levels_that_arrive_at_once_are_paid_once() -> None:
    """reliability.md, fact 2: each thread awards its level, settles and pays; in the end 3 万元, no fen more."""
    t = treasury()
    t.honour("city")
    row = t.subsidy()
    t.payee(row)
    start = threading.Barrier(6)
    problems: list[BaseException] = []

    def run(level: str) -> None:
        start.wait()
        try:
            t.honour(level)
            for _ in range(3):
                _attempt(t, row)
        except BaseException as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(level,)) for level in (*LADDER, *LADDER)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert problems == []
    _attempt(t, row)
    assert standing(row) == (3 * WAN, 0, 3 * WAN, 0)
    paid = Payment.objects.filter(state="paid").aggregate(n=Sum("amount_fen"))["n"]
    assert paid == 3 * WAN and Account.objects.get(fund=t.fund, kind="paid").balance_fen == paid


@pytest.mark.real_transactions
def test_a_revocation_and_a_payment_at_once_never_pay_what_was_revoked() -> None:
    t = treasury()
    for n in range(6):
        subject = f"projects.project:{n}"
        honour = t.honour("national", subject=subject)
        row = t.subsidy(subject)
        t.payee(row)
        due = t.settle(row)
        assert due is not None
        start = threading.Barrier(2)

        def pay(due: Payment = due, start: threading.Barrier = start) -> None:
            start.wait()
            try:
                t.pay(due)
            except Refused as no:
                assert no.verdict.code in {"funds.payment_outdated", "funds.over_honour", "funds.conflict"}, (
                    no
                )
            finally:
                connection.close()

        def revoke(honour: Honour = honour, start: threading.Barrier = start) -> None:
            start.wait()
            honours.revoke(by=t.of.leader, honour_id=honour.pk, reason="撤销")
            connection.close()

        threads = [threading.Thread(target=pay), threading.Thread(target=revoke)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        if standing(row) != (0, 0, 0, 0):
            t.settle(row)
        entitled, committed, paid, back = standing(row)
        assert (entitled, committed, paid) == (0, 0, 0) and back in (0, 3 * WAN)
