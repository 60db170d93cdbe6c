"""What of money waits for a second person, as 转办 finds it."""

from __future__ import annotations

from shuniu.foundation.access import Who
from shuniu.funds.models import BudgetChange, Payee, Use
from shuniu.funds.queries import waiting_for_approver
from shuniu.funds.rules import may_decide_budget, may_decide_payee, may_decide_use
from shuniu.unions.approvals import Approval, register


def _payee(who: Who, pk: int) -> Approval | None:
    row: Payee | None = next((p for p in waiting_for_approver(who)[0] if p.pk == pk), None)
    if row is None:
        return None
    subsidy = row.subsidy
    return Approval(
        f"funds.payee:{pk}", subsidy, subsidy.union_id, f"收款账户待确认：{subsidy.subject_label}",
        f"/subsidies/{subsidy.pk}/", lambda other: may_decide_payee(other, row),
    )  # fmt: skip


def _budget(who: Who, pk: int) -> Approval | None:
    row: BudgetChange | None = next((b for b in waiting_for_approver(who)[1] if b.pk == pk), None)
    if row is None:
        return None
    return Approval(
        f"funds.budget:{pk}", row.fund, row.fund.union_id, f"预算待批准：{row.fund}", f"/funds/{row.fund_id}/",
        lambda other: may_decide_budget(other, row),
    )  # fmt: skip


def _use(who: Who, pk: int) -> Approval | None:
    row: Use | None = next((u for u in waiting_for_approver(who)[2] if u.pk == pk), None)
    if row is None:
        return None
    subsidy = row.subsidy
    return Approval(
        f"funds.use:{pk}", subsidy, subsidy.union_id, f"补助使用待确认：{subsidy.subject_label}",
        f"/subsidies/{subsidy.pk}/", lambda other: may_decide_use(other, row),
    )  # fmt: skip


def register_all() -> None:
    """Tell 转办 of every kind."""
    register("payee", _payee)
    register("budget", _budget)
    register("use", _use)
