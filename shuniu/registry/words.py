"""What the journal calls the acts upon the registry."""

from __future__ import annotations

from typing import Any

from shuniu.foundation.journal import words
from shuniu.foundation.journal.models import Entry
from shuniu.registry.fields import PROFILE
from shuniu.registry.models import FACTS, CorrectionRequest


def _profile(entry: Entry, value: Any) -> str:
    return "、".join(PROFILE[name].label if name in PROFILE else str(name) for name in value)


def _kind(entry: Entry, value: Any) -> str:
    return str(FACTS[value]._meta.verbose_name) if value in FACTS else str(value)


def _row(entry: Entry, value: Any) -> str:
    model = FACTS.get(str(entry.facts.get("kind")))
    return words.named(model._meta.label_lower)(entry, value) if model else str(value)


def _lines(entry: Entry, value: Any) -> str:
    """The digests of a whole file of rows stand in the raw facts; here only how many and which."""
    return f"{len(value)} 行：第 {'、'.join(value)} 行" if isinstance(value, dict) else str(value)


def _request(entry: Entry, value: Any) -> str:
    row = CorrectionRequest.objects.filter(pk=value).first()
    return f"第 {value} 号，{_profile(entry, [row.field])}" if row else f"第 {value} 号"


def register() -> None:
    """Tell the journal."""
    words.register(
        "registry",
        values={"registry.member": "加入单位"},
        verbs={
            "register": "登记入库", "claim": "认领", "confirm_claim": "同意认领", "refuse_claim": "不同意认领",
            "withdraw_claim": "撤回认领", "merge": "合并", "change_status": "变更状态", "give_code": "补录信用代码",
            "change_code": "更换信用代码", "former_code": "记录曾用代码", "former_name": "记录曾用名",
            "set_pinyin": "更正拼音", "state": "更新信息", "add_fact": "登记事实", "correct_fact": "更正事实",
            "verify_fact": "核验事实", "retract_fact": "撤回事实",
            "request_correction": "申请更正", "decide_correction": "决定更正",
            "withdraw_correction": "撤回更正", "invite_member": "邀请成员", "remove_member": "移除成员",
            "join": "加入单位", "hand_over": "移交负责人", "revoke_invitation": "收回邀请",
            "start_import": "开始导入", "confirm_import": "确认导入",
            "import": "导入", "finish_import": "完成导入", "discard_import": "放弃导入",
            "take_register": "下载名册",
            "adverse_found": "发现负面信息", "adverse_gone": "负面信息不再存在", "settle_finding": "处理负面信息",
        },
        facts={
            "fields": ("项目", _profile), "statement": ("记载", words.named("registry.statement")),
            "kind": ("种类", _kind), "row": ("记载", _row), "supersedes": ("替代", _row), "rows": ("名单行", _lines),
            "code": "信用代码", "merged": ("并入的单位", words.named("registry.organisation")), "names": "曾用名",
            "request": ("更正申请", _request), "approved": "同意", "person": ("人员", words.named("accounts.person")),
            "finding": ("负面信息", words.named("registry.finding")),
        },
    )  # fmt: skip
