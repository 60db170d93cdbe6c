"""What the journal calls the acts upon money."""

from __future__ import annotations

from typing import Any

from shuniu.foundation.journal import words
from shuniu.foundation.journal.models import Entry
from shuniu.foundation.ui.formats import money
from shuniu.funds.models import Fund
from shuniu.recognition.models.honour import HonourLevel

_VERBS = {
    "open_fund": "设立经费", "propose_budget": "提出预算", "decide_budget": "决定预算", "entitle": "补助标准",
    "settle": "核定补助", "release": "取消待付", "claim": "应追回", "unclaim": "冲减应追回", "refund": "收到退回",
    "propose_payee": "提出收款账户", "decide_payee": "决定收款账户", "pay": "支付补助", "record_use": "登记使用",
    "decide_use": "决定使用", "set_standard": "配套标准",
}  # fmt: skip


def _money(entry: Entry, value: Any) -> str:
    return money(int(value))


def register() -> None:
    """Tell the journal."""
    words.register(
        "funds",
        verbs={f"funds.{verb}": word for verb, word in _VERBS.items()},
        values={"funds.budget": "预算", "funds.payee": "收款账户", "funds.use": "补助使用", "funds.paid": "补助支付",
                "funds.subsidy": "经费补助"},
        facts={
            "fen": ("金额", _money), "fund": ("列支经费", words.named("funds.fund")), "voucher": "凭证号",
            "year": "年度", "source": ("经费来源", words.chosen(dict(Fund.Source.choices))),
            "level": ("级别", words.chosen(dict(HonourLevel.choices))), "share": "比例（%）", "source_text": "依据文件",
        },
    )  # fmt: skip
