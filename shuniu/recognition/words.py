"""What the journal calls the acts upon recognitions."""

from __future__ import annotations

from shuniu.foundation.journal import words
from shuniu.recognition.models import Recognition

_VERBS = {
    "grant": "认定", "suspend": "暂停使用", "resume": "恢复使用", "reissue": "重新制发证书", "correct": "更正资质",
    "annul": "认定撤回", "ask_withdraw": "申请退出", "withdraw": "批准退出", "refuse_withdraw": "不批准退出",
}  # fmt: skip


def register() -> None:
    """Tell the journal."""
    words.register(
        "recognition",
        verbs={f"recognition.{verb}": word for verb, word in _VERBS.items()},
        facts={
            "certificate": "证书编号",
            "state": ("状态", words.chosen(dict(Recognition.State.choices))),
            "effective": "有效期（左闭右开）",
        },
    )
