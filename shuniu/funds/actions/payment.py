"""收款账户 and 付款."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.notices.actions import tell
from shuniu.foundation.ui.formats import money
from shuniu.funds import queries, rules
from shuniu.funds.actions.common import lock, note, person, refused
from shuniu.funds.actions.ledger import post
from shuniu.funds.models import Payee, Payment, Subsidy
from shuniu.registry.queries import people_of
from shuniu.unions.queries import people_with


@transaction.atomic
def propose_payee(*, by: Who, subsidy_id: int, name: str, bank: str, account: str, reason: str = "") -> Payee:
    """F4: who is paid is decided by a person; the account waits for another one."""
    row = lock(subsidy_id)
    require(rules.may_propose_payee(by, row))
    with refused():
        payee = Payee.objects.create(
            subsidy=row, name=name, bank=bank, account=account, reason=reason, proposed_by=person(by)
        )
    note(row, by=by, verb="propose_payee", text=f"提出收款账户：{name}，{bank}，尾号 {account[-4:]}")
    tell(
        people_with(row.union_id, *queries.APPROVERS), title=f"收款账户待确认：{row.subject_label}", kind="funds.payee",
        url=f"/subsidies/{row.pk}/", effect_key=f"funds.payee:{payee.pk}",
    )  # fmt: skip
    return payee


@transaction.atomic
def decide_payee(*, by: Who, payee_id: int, confirm: bool, reason: str = "") -> Payee:
    """F4: another natural person compares the account with the organisation's paper; the one before is replaced."""
    payee, row = _payee(payee_id)
    require(rules.may_decide_payee(by, payee))
    if not confirm:
        require(rules.has_reason(reason))
    with refused():
        if confirm:
            row.payees.filter(state=Payee.State.CONFIRMED).update(state=Payee.State.REPLACED)
        payee.state = Payee.State.CONFIRMED if confirm else Payee.State.DECLINED
        payee.decided_by, payee.decided_at, payee.decision_reason = by.person, clock.now(), reason
        payee.save()
    word = "确认" if confirm else f"不确认（{reason}）"
    note(row, by=by, verb="decide_payee", text=f"{word}收款账户：{payee.name}，尾号 {payee.account[-4:]}")
    return payee


def _payee(payee_id: int) -> tuple[Payee, Subsidy]:
    row = lock(Payee.objects.values_list("subsidy_id", flat=True).get(pk=payee_id))
    payee = Payee.objects.select_for_update().get(pk=payee_id)
    payee.subsidy = row
    return payee, row


@transaction.atomic
def pay(
    *, by: Who, payment_id: int, paid_on: dt.date, voucher: str, use_due_on: dt.date | None = None
) -> Payment:
    """F4: finance has paid; the voucher and the day are kept, the organisation is told.

    Refused("funds.payment_outdated") when the honours say something else by now.
    """
    row = lock(Payment.objects.values_list("subsidy_id", flat=True).get(pk=payment_id))
    payment = Payment.objects.select_for_update(of=("self",)).select_related("fund").get(pk=payment_id)
    payment.subsidy = row
    require(rules.may_pay(by, payment, queries.standings([row])[row.pk]))
    if paid_on > clock.today():
        raise Refused(refuse("funds.paid_future"))
    payee = queries.confirmed_payee(row.pk)
    with refused():
        payment.state, payment.payee, payment.paid_by = Payment.State.PAID, payee, by.person
        payment.paid_on, payment.voucher = paid_on, voucher
        payment.save()
        post(
            by=by, fund=payment.fund, kind="pay", matter=row.matter, clause=payment.clause,
            text=f"支付补助：{row.subject_label}，凭证 {voucher}", effect_key=f"funds.payment:{payment.pk}:pay",
            moves={"paid": payment.amount_fen, "committed": -payment.amount_fen},
        )  # fmt: skip
    if use_due_on is not None:
        row.use_due_on = use_due_on
        row.save(update_fields=["use_due_on"])
    note(
        row, by=by, verb="pay", text=f"支付 {money(payment.amount_fen)}，凭证 {voucher}", clause=payment.clause,
        fen=payment.amount_fen, voucher=voucher,
    )  # fmt: skip
    tell(
        people_of(row.organisation_id), title=f"经费补助已支付：{row.subject_label}", kind="funds.paid",
        body=f"{money(payment.amount_fen)}。请按规定用途使用，并登记使用情况。", url=f"/subsidies/{row.pk}/",
        effect_key=f"funds.payment:{payment.pk}:paid",
    )  # fmt: skip
    return payment
