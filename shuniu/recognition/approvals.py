"""What of recognitions waits for a second person, as 转办 finds it."""

from __future__ import annotations

from shuniu.foundation.access import Who
from shuniu.recognition.queries import honours_waiting, open_withdrawals, upward_waiting
from shuniu.recognition.rules import may_decide_honour, may_decide_upward, may_decide_withdrawal
from shuniu.unions.approvals import Approval, register


def _withdrawal(who: Who, pk: int) -> Approval | None:
    row = open_withdrawals(who).select_related("recognition__union").filter(pk=pk).first()
    if row is None:
        return None
    recognition = row.recognition
    return Approval(
        f"recognition.withdrawal:{pk}", recognition, recognition.union_id,
        f"{recognition.organisation}申请退出{recognition.category_label}", f"/recognitions/{recognition.pk}/",
        lambda other: may_decide_withdrawal(other, row),
    )  # fmt: skip


def _honour(who: Who, pk: int) -> Approval | None:
    row = honours_waiting(who).filter(pk=pk).first()
    if row is None:
        return None
    return Approval(
        f"recognition.honour:{pk}", row, row.union_id, f"荣誉待确认：{row}", f"/honours/{pk}/",
        lambda other: may_decide_honour(other, row),
    )  # fmt: skip


def _upward(who: Who, pk: int) -> Approval | None:
    row = upward_waiting(who).filter(pk=pk).first()
    if row is None:
        return None
    return Approval(
        f"recognition.upward:{pk}", row.honour, row.honour.union_id, f"推荐参评待审签：{row.honour}",
        f"/honours/{row.honour_id}/", lambda other: may_decide_upward(other, row),
    )  # fmt: skip


def register_all() -> None:
    """Tell 转办 of every kind."""
    register("withdrawal", _withdrawal)
    register("honour", _honour)
    register("upward", _upward)
