"""What the journal calls the acts of unions."""

from __future__ import annotations

from shuniu.foundation.journal import words


def register() -> None:
    """Tell the journal."""
    words.register(
        "unions",
        verbs={
            "create_union": "设立工会", "change_union": "修改工会", "grant_role": "授予身份", "revoke_role": "收回身份",
            "propose_role_change": "提请变更身份", "decline_role_change": "不同意变更身份", "delegate": "请人代理",
            "end_delegation": "结束代理", "unions.hand_on": "转办",
        },
        values={"unions.role": "担任身份"},
        facts={"matter": "事项编号", "to": ("转给", words.named("accounts.person"))},
    )  # fmt: skip
