"""What the journal calls the acts upon recognitions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shuniu.foundation.journal import words
from shuniu.foundation.journal.models import Entry
from shuniu.recognition.models import Honour, Recognition, Upward
from shuniu.recognition.models.honour import HonourLevel

_VERBS = {
    "grant": "认定", "suspend": "暂停使用", "resume": "恢复使用", "reissue": "重新制发证书", "correct": "更正资质",
    "annul": "认定撤回", "ask_withdraw": "申请退出", "withdraw": "批准退出", "refuse_withdraw": "不批准退出",
    "record_honour": "登记荣誉", "grant_honour": "授予荣誉", "confirm_honour": "确认荣誉",
    "decline_honour": "不采纳荣誉", "revoke_honour": "撤销荣誉",
    "propose_upward": "提请推荐参评上级", "decide_upward": "审签推荐参评上级", "outcome_upward": "登记参评结果",
}  # fmt: skip


def _effective(entry: Entry, value: Any) -> str:
    """[2025-12-04, 2027-12-04): from the first to the last day, both included."""
    first, _, end = str(value).strip("[)").partition(", ")
    return f"{first} 至 {dt.date.fromisoformat(end) - dt.timedelta(days=1)}" if end else "没有"


def _subject(entry: Entry, value: Any) -> str:
    """What was honoured by its name; it keeps it in the honour."""
    labels = Honour.objects.filter(subject_key=value).values_list("subject_label", flat=True)
    return labels.order_by("-id").first() or "已不在库中"


def register() -> None:
    """Tell the journal."""
    words.register(
        "recognition",
        verbs={f"recognition.{verb}": word for verb, word in _VERBS.items()},
        values={"recognition.certificate": "证书"},
        facts={
            "certificate": "证书编号",
            "level": ("级别", words.chosen(dict(HonourLevel.choices))),
            "subject": ("获誉对象", _subject),
            "decision": "文件名称和文号",
            "honour_state": ("荣誉状态", words.chosen(dict(Honour.State.choices))),
            "upward_state": ("推荐状态", words.chosen(dict(Upward.State.choices))),
            "state": ("状态", words.chosen(dict(Recognition.State.choices))),
            "effective": ("有效期", _effective),
        },
    )
