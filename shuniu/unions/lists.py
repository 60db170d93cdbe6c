"""The auditor's list of acts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.apps import apps
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Cast, StrIndex, Substr
from django.urls import reverse

from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.queries import done_since, entries_visible_to
from shuniu.foundation.ui.lists import Choice, Column, DateRange, List, TextSearch

_VERBS = {
    "sign_in": "登录", "sign_out": "退出登录", "end_session": "结束登录", "end_sessions": "结束登录",
    "create_person": "建立账号", "change_profile": "修改资料", "change_password": "修改密码",
    "set_password": "重设密码", "deactivate": "停用账号", "invite": "邀请", "revoke_invitation": "收回邀请",
    "accept_invitation": "接受邀请", "remove_second_factor": "重设第二步验证", "create_union": "设立工会",
    "change_union": "修改工会", "grant_role": "授予身份", "revoke_role": "收回身份",
    "propose_role_change": "提请变更身份", "decline_role_change": "不同意变更身份", "delegate": "请人代理",
    "end_delegation": "结束代理", "confirm_year": "确认工作日历", "set_day": "更改工作日",
    "verify_journal": "核验日志", "lists.export": "导出", "register": "登记", "claim": "认领",
    "merge": "合并", "confirm_claim": "同意认领", "refuse_claim": "不同意认领", "withdraw_claim": "撤回认领",
    "request_correction": "申请更正", "decide_correction": "决定更正", "withdraw_correction": "撤回更正",
    "invite_member": "邀请成员", "remove_member": "移除成员", "join": "加入", "hand_over": "移交",
    "change_status": "变更状态", "submit": "提交", "withdraw": "撤回", "publish": "发布", "cancel": "取消",
    "shortlist": "入围", "return": "退回", "reopen": "重新打开", "open": "打开", "finish": "办结",
    "amend": "更正", "calls.compose": "拟定遴选", "calls.edit": "修改遴选",
    "calls.ask": "提问", "calls.answer": "答复",
    "calls.propose_amendment": "提请更正", "calls.refuse_amendment": "不同意更正",
    "calls.freeze_pool": "冻结专家库", "calls.draw_result": "抽取专家", "calls.add_expert": "增加专家",
    "calls.change_expert": "修改专家", "calls.retire_expert": "专家退出",
    "calls.sign_undertaking": "签署承诺",
    "calls.close_scoring": "结束评分", "library.store": "存入制度库",
    "accept_objection": "受理异议", "annul": "取消资质", "ask_withdraw": "申请退出", "assign": "指派",
    "ask_late": "提请补报", "ask_reopening": "申请重新开放", "approve": "审签", "attend": "签到",
    "audit_sheet": "出具审核表", "begin_publicity": "开始公示", "check": "复核", "clear": "清除",
    "close_publicity": "公示结束", "commit": "提交承诺值", "conclude": "作出结论", "confirm": "确认",
    "confirm_import": "确认导入", "correct": "更正", "correct_back": "交回补正", "correction_expired": "补正逾期",
    "decide_late": "决定补报", "decide_objection": "决定异议", "decide_reopening": "决定重新开放",
    "declare": "回避声明", "discard_import": "放弃导入", "end": "结束", "establish": "成立评审委员会",
    "export": "导出", "finish_import": "完成导入", "freeze_list": "冻结名单", "give_code": "补录信用代码",
    "grant": "批准", "hand_on": "转办", "import": "导入", "issue_paper": "签发文书", "judge": "判断",
    "link_expert": "开通专家账号", "mark_missing": "记为未评分", "move_publicity": "改公示期", "object": "提出异议",
    "propose_correction": "提请更正名单", "propose_objection": "提出核查意见", "publish_correction": "公布更正",
    "publish_list": "公布名单", "read_sealed": "查阅封存材料", "recognise": "认定", "recuse": "回避",
    "refuse_correction": "不同意更正", "refuse_withdraw": "不同意退出", "reissue": "重新制发证书",
    "release": "生效并通知", "remove": "移出", "resume": "恢复", "return_conclusion": "退回结论",
    "return_list": "退回名单", "return_objection": "退回核查意见", "reveal": "公布号码和暗语", "seat": "入席",
    "set_pinyin": "更正拼音", "settle_finding": "处理发现", "settle_retention": "定保存期限",
    "sheet_submit": "提交评分表", "start": "开始申报", "start_import": "开始导入", "state": "变更状态",
    "suspend": "暂停", "tick": "核对", "vote": "表决",
}  # fmt: skip


def verb_label(verb: str) -> str:
    """The act in Chinese; the code itself where nobody gave it a word."""
    return _VERBS.get(verb) or _VERBS.get(verb.rpartition(".")[2], verb)


_KINDS = {
    "amendment": "通知更正", "claim": "单位认领", "committee": "评审委员会", "correctionrequest": "更正申请",
    "draw": "专家抽取", "drawlapse": "专家抽取", "expert": "评审专家", "finding": "不利信息", "import": "名册导入",
    "laterequest": "补报", "listcorrection": "名单更正", "meeting": "评审会议", "membership": "单位成员",
    "objection": "异议", "paper": "公文", "publiclist": "名单", "publicity": "公示", "question": "提问",
    "recusal": "回避", "reopening": "重新开放评分", "retentionplan": "保存期限", "retentionrun": "保存期限",
    "scoresheet": "评分表", "seat": "评审席位", "withdrawalrequest": "退出申请", "year": "工作日历",
}  # fmt: skip


def kind_label(kind: str) -> str:
    """calls.application → 申报: the name that the model gives itself, else the word here, else its slice's."""
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError):
        return kind
    own = str(model._meta.verbose_name)
    if not own.isascii():
        return own
    return _KINDS.get(str(model._meta.model_name)) or str(model._meta.app_config.verbose_name)


class Journal(List):
    """Who did what, for which union, when, under which clause."""

    key = "unions.journal"
    title = "操作日志"
    roles = ("audit_admin", "auditor")
    unit = "条"
    order = "-at"
    count_limit = 10_000
    columns = (
        Column("text", "内容", first=True, wrap=True, width=60),
        Column("at", "时间", kind="time", sort="at"),
        Column("person_name", "姓名", sort="person_name"),
        Column("role", "身份"),
        Column("verb", "动作", lambda e: verb_label(e.verb), sort="verb"),
        Column("subject_label", "对象", wrap=True),
        Column("kind", "对象类别", lambda e: kind_label(e.subject.partition(":")[0]), extra=True),
        Column("clause", "依据", extra=True),
        Column("is_reading", "查阅", lambda e: "查阅" if e.is_reading else "", extra=True, shown=False),
        Column("subject", "对象编号", kind="code", extra=True, shown=False),
        Column("behalf", "代表", extra=True, shown=False),
        Column("request_id", "请求编号", kind="code", extra=True, shown=False),
    )
    filters = (
        TextSearch("q", "内容或对象", within=("text", "subject_label", "subject")),
        Choice("person", "姓名", apply="person_name",
               choices=lambda listing: _values(listing, "person_name")),
        Choice(
            "verb", "动作",
            choices=lambda listing: [(v, verb_label(v)) for v, _ in _values(listing, "verb")],
        ),
        Choice("kind", "对象类别", choices=lambda listing: _kinds(listing), apply="subject__startswith"),
        DateRange("at", "日期"),
        Choice("reading", "查阅", choices=(("1", "只看查阅"), ("0", "不看查阅")),
               apply=lambda rows, value: rows.filter(is_reading=value == "1")),
    )  # fmt: skip
    empty = ("没有符合条件的记录", "换一个条件，或清除条件后再看。每一步办理都会留下记录。")

    @classmethod
    def visible(cls, who: Who, *args: Any, **scope: Any) -> QuerySet[Any]:
        return entries_visible_to(who)

    def row_url(self, row: Any) -> str:
        return reverse("unions:journal_entry", args=[row.pk])


class Done(List):
    """本周已办: what the asker has worked on since Monday, each matter once, by the journal."""

    key = "unions.done"
    title = "本周已办"
    unit = "件"
    order = "-at"
    columns = (
        Column("subject_label", "办理的事项", first=True, wrap=True, width=40),
        Column("kind", "类别", lambda e: kind_label(e.subject.partition(":")[0])),
        Column("text", "最后一步", wrap=True, width=60),
        Column("at", "时间", kind="time", sort="at"),
        Column("clause", "依据", extra=True),
    )
    empty = ("本周还没有办理过事项", "从本周一零时起，您以现在的身份为本单位办理的每一件事会列在这里。")

    @classmethod
    def visible(cls, who: Who, *args: Any, **scope: Any) -> QuerySet[Any]:
        today = clock.today()
        monday = today - dt.timedelta(days=today.weekday())
        return done_since(who, dt.datetime.combine(monday, dt.time(), clock.TZ))


def _values(listing: List, field: str) -> list[tuple[str, str]]:
    values = listing.source.order_by(field).values_list(field, flat=True).distinct()[:300]
    return [(str(v), str(v)) for v in values]


def _kinds(listing: List) -> list[tuple[str, str]]:
    """The kinds of records that occur, without their numbers."""
    cut = StrIndex(F("subject"), Value(":"))
    kind = Substr(Cast("subject", TextField()), 1, cut)
    found = listing.source.annotate(_kind=kind).order_by("_kind").values_list("_kind", flat=True).distinct()
    return [(k, kind_label(str(k).rstrip(":"))) for k in found[:100]]
