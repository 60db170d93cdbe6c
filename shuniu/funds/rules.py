"""May this person do this with this money now?"""

from __future__ import annotations

from shuniu.foundation.access import YES, Verdict, Who, first_refusal, refuse, register_refusals
from shuniu.foundation.ui.formats import money
from shuniu.funds.models import BudgetChange, Fund, Payee, Payment, Subsidy, Use
from shuniu.funds.queries import APPROVERS, Standing, confirmed_payee
from shuniu.unions.rules import second_person

register_refusals(
    {
        "funds.finance_only": "这件事由{union}的财务办理。",
        "funds.approver_only": "这件事由{union}的复核人或领导办理。",
        "funds.clerk_only": "这件事由{union}的经办人或财务办理。",
        "funds.recorder_only": "使用情况由受补助单位或{union}的经办人登记。",
        "funds.fund_twice": "这一年度已有同名的专项经费。请核对名称，或在原有经费上调整预算。",
        "funds.amount": "金额应大于零。请核对。",
        "funds.reason_needed": "请写明理由。",
        "funds.budget_waits": "这项经费已有一笔预算变动待批准。请先办结。",
        "funds.decided": "这件事已经办结，不能再次决定。请刷新页面核对。",
        "funds.over_budget": "可用预算不足，没有核定。请先追加预算，或核对列支的经费。",
        "funds.nothing_entitled": "现在没有生效的荣誉，没有应补的经费。",
        "funds.settled": "已经补齐，没有差额。",
        "funds.over_honour": "付款会超过现行荣誉的补助标准，没有办理。请重新核定。",
        "funds.fund_needed": "请选择列支的经费。",
        "funds.fund_of_another": "只能在{union}自己的经费中列支。",
        "funds.payee_needed": "收款账户还没有经另一个人确认，不能付款。",
        "funds.payee_waits": "已有一个收款账户待确认。请先办结。",
        "funds.not_due": "这笔付款现在是“{state}”，不能办理这一步。",
        "funds.payment_outdated": "荣誉已有变化，这笔付款须先重新核定。",
        "funds.refund_too_much": "退回金额多于应追回的 {amount}。请核对。",
        "funds.use_over_paid": "登记的使用金额合计超过已付的补助。请核对金额。",
        "funds.use_reason": "这项用途制度没有列举，须写明理由，并由另一个人确认。",
        "funds.paid_future": "付款日期晚于今天。请核对。",
        "funds.use_future": "使用日期晚于今天。请核对。",
        "funds.standard_one": "按金额或按比例，只填一项。",
        "funds.stays": "已经登记的经费事项不能改动或删除；有误的另行更正。",
        "funds.conflict": "同一时刻有人办理了同一事项，您的操作没有生效。请刷新页面后再办理。",
    }
)


def is_finance(who: Who, union_id: int, union_name: str) -> Verdict:
    """The finance officer of this very union."""
    return YES if who.acts_for(union_id, "finance") else refuse("funds.finance_only", union=union_name)


def is_approver(who: Who, union_id: int, union_name: str) -> Verdict:
    """A checker or leader of this very union."""
    return YES if who.acts_for(union_id, *APPROVERS) else refuse("funds.approver_only", union=union_name)


def has_reason(reason: str) -> Verdict:
    """A written reason."""
    return YES if reason.strip() else refuse("funds.reason_needed")


def may_change_budget(who: Who, fund: Fund) -> Verdict:
    """I2: finance proposes; one change waits at a time."""
    waits = fund.budget_changes.filter(state=BudgetChange.State.PROPOSED).exists()
    return first_refusal(
        [is_finance(who, fund.union_id, fund.union.name), refuse("funds.budget_waits") if waits else YES]
    )


def may_decide_budget(who: Who, change: BudgetChange) -> Verdict:
    """An approver, another natural person than who proposed it."""
    union = change.fund.union
    return first_refusal(
        [
            is_approver(who, union.pk, union.name),
            YES if change.state == BudgetChange.State.PROPOSED else refuse("funds.decided"),
            second_person(who, change.proposed_by_id),
        ]
    )


def may_settle(who: Who, row: Subsidy, standing: Standing) -> Verdict:
    """F4: finance brings it to what the honours in force entitle to, where there is a difference."""
    nothing = standing.entitled == 0 and standing.balances.settled == 0
    return first_refusal(
        [
            is_finance(who, row.union_id, row.union.name),
            refuse("funds.nothing_entitled") if nothing else YES,
            YES if standing.difference else refuse("funds.settled"),
        ]
    )


def may_propose_payee(who: Who, row: Subsidy) -> Verdict:
    """F4: who is paid is decided by a person: proposed by the office, one at a time."""
    office = who.acts_for(row.union_id, "clerk", "finance")
    waits = row.payees.filter(state=Payee.State.PROPOSED).exists()
    return first_refusal(
        [
            YES if office else refuse("funds.clerk_only", union=row.union.name),
            refuse("funds.payee_waits") if waits else YES,
        ]
    )


def may_decide_payee(who: Who, payee: Payee) -> Verdict:
    """An approver, another natural person than who proposed it."""
    union = payee.subsidy.union
    return first_refusal(
        [
            is_approver(who, union.pk, union.name),
            YES if payee.state == Payee.State.PROPOSED else refuse("funds.decided"),
            second_person(who, payee.proposed_by_id),
        ]
    )


def may_pay(who: Who, payment: Payment, standing: Standing) -> Verdict:
    """Finance pays what is due, to a confirmed payee, while the honours still say so."""
    row = payment.subsidy
    due = payment.state == Payment.State.DUE
    return first_refusal(
        [
            is_finance(who, row.union_id, row.union.name),
            YES if due else refuse("funds.not_due", state=payment.get_state_display()),
            YES if confirmed_payee(row.pk) else refuse("funds.payee_needed"),
            YES if standing.difference == 0 else refuse("funds.payment_outdated"),
        ]
    )


def may_take_refund(who: Who, row: Subsidy, standing: Standing, amount_fen: int) -> Verdict:
    """Finance notes what came back, up to what is due back."""
    due = standing.balances.receivable
    return first_refusal(
        [
            is_finance(who, row.union_id, row.union.name),
            YES if amount_fen > 0 else refuse("funds.amount"),
            YES if amount_fen <= due else refuse("funds.refund_too_much", amount=money(due)),
        ]
    )


def may_record_use(who: Who, row: Subsidy) -> Verdict:
    """I3: the organisation itself, or a clerk of the union that paid."""
    mine = who.organisation_id == row.organisation_id and who.organisation_id is not None
    clerk = who.acts_for(row.union_id, "clerk")
    return YES if mine or clerk else refuse("funds.recorder_only", union=row.union.name)


def may_decide_use(who: Who, use: Use) -> Verdict:
    """I3: an approver, another natural person than who recorded it."""
    union = use.subsidy.union
    return first_refusal(
        [
            is_approver(who, union.pk, union.name),
            YES if use.state == Use.State.PROPOSED else refuse("funds.decided"),
            second_person(who, use.recorded_by_id),
        ]
    )
