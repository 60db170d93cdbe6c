"""What of the network waits for a second person, as 转办 finds it."""

from __future__ import annotations

from shuniu.foundation.access import Who
from shuniu.network.models import Story
from shuniu.network.queries import steps_waiting, stories_visible_to
from shuniu.network.rules import may_decide, may_publish
from shuniu.unions.approvals import Approval, register


def _step(who: Who, pk: int) -> Approval | None:
    row = steps_waiting(who).filter(pk=pk).first()
    if row is None:
        return None
    return Approval(
        f"network.step:{pk}", row.base, row.base.union_id, f"{row.base}{row.get_kind_display()}待审签",
        f"/bases/{row.base_id}/", lambda other: may_decide(other, row),
    )  # fmt: skip


def _story(who: Who, pk: int) -> Approval | None:
    row = stories_visible_to(who).filter(pk=pk, state=Story.State.SUBMITTED).first()
    if row is None:
        return None
    return Approval(
        f"network.story:{pk}", row, row.union_id, f"案例待审核：{row}", f"/cases/manage/{pk}/",
        lambda other: may_publish(other, row),
    )  # fmt: skip


def register_all() -> None:
    """Tell 转办 of every kind."""
    register("base_step", _step)
    register("story", _story)
