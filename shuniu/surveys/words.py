"""What the journal calls the acts upon surveys."""

from __future__ import annotations

from typing import Any

from shuniu.foundation.journal import words
from shuniu.foundation.journal.models import Entry
from shuniu.surveys.models import INVALID, LEVELS, Formula

_VERBS = {
    "make": "准备测评", "change": "修改测评", "discard": "放弃测评", "add_people": "录入测评名单",
    "remove_people": "移出测评名单", "open": "开放测评", "issue_tickets": "制测评票", "mark_given": "登记发票",
    "answer": "评价", "key_sheets": "录入纸质测评票", "close": "计票", "report": "填报整改", "accept": "验收整改",
    "send_back": "退回整改", "call_back": "回访", "erase_numbers": "清除回访号码",
}  # fmt: skip


def _levels(entry: Entry, value: Any) -> str:
    names = {str(level): word for level, word in {**LEVELS, INVALID: "无效"}.items()}
    return "、".join(f"{names.get(level, level)} {n}" for level, n in sorted(value.items(), reverse=True))


def register() -> None:
    """Tell the journal."""
    words.register(
        "surveys",
        verbs={f"surveys.{verb}": word for verb, word in _VERBS.items()},
        facts={
            "survey": "测评", "formula": ("满意率公式", words.chosen(dict(Formula.choices))), "voided": "作废张数",
            "levels": ("各级份数", _levels), "rate": "满意率", "item": "整改问题", "due": "期限",
        },
        values={
            "surveys.roster": "测评名单", "surveys.form": "测评表", "surveys.result": "测评结果",
        },
    )  # fmt: skip
