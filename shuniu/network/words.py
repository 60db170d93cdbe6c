"""What the journal calls the acts of the network, and the facts behind them."""

from __future__ import annotations

from shuniu.foundation.journal import words
from shuniu.network.models import Base, Story

_VERBS = {
    "apply_base": "申请示范基地", "review_base": "评审示范基地", "decide_base": "审签示范基地评审",
    "write_story": "起草案例", "change_story": "修改案例", "submit_story": "提交案例", "consent_story": "答复是否公开",
    "publish_story": "发布案例", "return_story": "退回案例", "take_down_story": "撤下案例",
}  # fmt: skip


def register() -> None:
    """Tell the journal."""
    words.register(
        "network",
        verbs={f"network.{verb}": word for verb, word in _VERBS.items()},
        facts={
            "plaque": "牌匾编号",
            "base_state": ("基地状态", words.chosen(dict(Base.State.choices))),
            "story_state": ("案例状态", words.chosen(dict(Story.State.choices))),
        },
    )
