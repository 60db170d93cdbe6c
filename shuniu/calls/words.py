"""What the journal calls the acts of a selection, and the facts behind them."""

from __future__ import annotations

from typing import Any

from shuniu import policy
from shuniu.calls import retention, terms
from shuniu.calls.defaults import WHOLE, WHOLE_FIELD
from shuniu.calls.models import (
    Aggregation,
    Application,
    Calibration,
    Call,
    CallCategory,
    Objection,
    Seat,
    Stage,
)
from shuniu.calls.queries.call import law_of
from shuniu.calls.queries.selfcheck import STATUS_KINDS
from shuniu.calls.rules.panel import PARTIES
from shuniu.calls.sections import section_label
from shuniu.foundation.journal import words
from shuniu.foundation.journal.models import Entry

_VERBS = {
    # the call
    "compose": "拟定通知", "edit": "修改通知", "submit": "提交", "return": "退回", "publish": "发布", "cancel": "取消",
    "discard": "作废草稿",
    "open": "开放阶段", "reopen": "重新开放阶段", "end": "终止", "finish": "办结", "propose_amendment": "提请更正",
    "amend": "公布更正", "refuse_amendment": "不同意更正", "ask": "提问", "answer": "答复",
    # applying and checking
    "start": "开始申报", "withdraw": "撤回", "ask_late": "提请补报", "decide_late": "决定补报", "assign": "指派",
    "judge": "逐条判断", "tick": "核对", "correct": "要求补正",
    "correct_back": "交回补正", "correction_expired": "补正逾期", "correction_extended": "延长补正期限",
    "conclude": "作出结论", "confirm": "复核同意", "return_conclusion": "退回结论", "release": "生效并通知",
    "read_sealed": "查阅封存材料", "read_objector": "查阅异议人",
    # visiting and recommending
    "visit_plan": "安排实地评估", "visit_sign": "评估方签字", "visit_answer": "申报单位签字",
    "promote": "登记宣传推广", "strike_promotion": "作废宣传推广",
    "recommend_propose": "提请推荐", "recommend_confirm": "审签推荐", "recommend_take_back": "收回推荐",
    "not_recommended": "未获推荐", "nominate": "推荐项目", "drop": "收回提名",
    # reviewing
    "add_expert": "专家入库", "change_expert": "修改专家资料", "retire_expert": "专家退出", "link_expert": "开通专家账号",
    "sign_undertaking": "签署承诺", "establish": "成立评审委员会", "freeze_pool": "冻结专家库",
    "draw_commit": "提交承诺值", "draw_reveal": "公布号码和暗语", "draw_result": "抽取专家", "draw_lapse": "抽取作废",
    "seat": "入席", "leave_seat": "离席", "order_exhausted": "抽取顺序用完", "open_scoring": "开始评审",
    "assign_ask": "开始分派", "assign_made": "算出分派方案", "assign_change": "调整分派", "assign_submit": "提交分派方案",
    "assign_return": "退回分派方案", "assign_confirm": "审签分派方案", "assign_drop": "放弃分派方案",
    "declare": "回避声明", "recuse": "回避", "sheet_submit": "提交评分表", "sheet_abstain": "弃权",
    "sheet_reopen": "重新打开评分表", "mark_missing": "记为未评分", "close_scoring": "结束评分",
    "ask_reopening": "申请重新开放", "decide_reopening": "决定重新开放", "open_meeting": "会议开始", "attend": "签到",
    "meeting_note": "记录讨论", "vote": "表决", "mark_unvoted": "记为弃权",
    "settle": "保存纪要和划线", "propose_result": "提请审签评审结果",
    "return_result": "退回评审结果", "sign_result": "审签评审结果", "shortlist": "初步入围",
    # lists, objections, afterwards
    "freeze_list": "冻结名单", "return_list": "退回名单", "begin_publicity": "开始公示", "move_publicity": "改公示期",
    "close_publicity": "公示结束", "object": "提出异议", "accept_objection": "受理异议",
    "take_over_objection": "接手核查", "propose_objection": "提出核查意见",
    "return_objection": "退回核查意见", "decide_objection": "决定异议", "remove": "取消入围", "publish_list": "公布名单",
    "recognise": "认定", "propose_correction": "提请更正名单", "publish_correction": "公布名单更正",
    "refuse_correction": "不同意更正名单", "correct_place": "更正类别和方向",
    # feedback and improvement
    "feedback_submit": "提交反馈", "feedback_return": "退回反馈", "feedback_release": "发出反馈",
    "improvement_ask": "要求改进", "improvement_offer": "提出改进", "improvement_agree": "列入改进",
    "improvement_decline": "不列入改进", "improvement_report": "报告改进", "improvement_pass": "复查通过",
    "improvement_again": "复查不通过",
    "settle_retention": "定保存期限", "clear": "清除",
}  # fmt: skip


_STATES = {**dict(Call.State.choices), **dict(Objection.State.choices)}
_VERDICTS = {"qualified": "符合", "unqualified": "不符合", "yes": "是", "no": "否"}
_RECUSALS = {
    "declared": "本人声明", "employer": "同一工作单位", "telephone": "同一电话", "past_post": "曾任职单位",
    "past_project": "以往项目",
}  # fmt: skip
_ANSWERS = {
    "yes": "是",
    "no": "否",
    "open": "待查",
    "ask": "待人工判断",
    "ambiguous": "两解",
    "silent": "未规定",
}


def _nominated(entry: Entry, value: Any) -> str:
    """What was nominated by its name; the application keeps it."""
    labels = Application.objects.filter(subject_key=value).values_list("subject_label", flat=True)
    return labels.order_by("-id").first() or "已不在库中"


def _call(entry: Entry) -> Call | None:
    """The call that an entry is about, by the records that it names."""
    found = dict(name.split(":", 1) for name in reversed(entry.about))
    if "calls.call" in found:
        return Call.objects.select_related("document").filter(pk=found["calls.call"]).first()
    if "calls.application" in found:
        return (
            Call.objects.select_related("document")
            .filter(applications=int(found["calls.application"]))
            .first()
        )
    return None


def _law(entry: Entry) -> policy.Document | None:
    call = _call(entry)
    return law_of(call) if call else None


def _stage(entry: Entry, value: Any) -> str:
    call = _call(entry)
    return (call.stages.filter(key=value).values_list("label", flat=True).first() if call else "") or str(
        value
    )


def _document(entry: Entry, value: Any) -> str:
    law = _law(entry)
    return f"《{law.title}》" if law and value in (law.key, law.digest) else str(value)


def _used_law(entry: Entry, value: Any) -> str:
    """Title, version where it is kept, and digest."""
    known = value if isinstance(value, dict) else {"digest": value}
    law = _law(entry)
    title = f"《{law.title}》" if law else ""
    return f"{title}{known.get('version', '')}，校验值 {known['digest']}"


def _condition(entry: Entry, value: Any) -> str:
    law = _law(entry)
    found = next((c for c in law.conditions if c.key == value), None) if law else None
    return f"{found.clause} {found.label}" if found else str(value)


def _fact(entry: Entry, value: Any) -> str:
    law = _law(entry)
    found = law.facts.get(str(value)) if law else None
    return found.label if found else str(value)


def _answer(entry: Entry, value: Any) -> str:
    return ("是" if value else "否") if isinstance(value, bool) else _ANSWERS.get(str(value), str(value))


def _answers(entry: Entry, value: Any) -> str:
    return "\n".join(f"{_fact(entry, name)}：{_answer(entry, given)}" for name, given in value.items())


def _findings(entry: Entry, value: Any) -> str:
    return "\n".join(f"{_condition(entry, key)}：{STATUS_KINDS[status][1]}" for key, status in value.items())


def _materials(entry: Entry) -> dict[str, str]:
    call = _call(entry)
    return dict(call.materials.values_list("key", "label")) if call else {}


def _evidence(entry: Entry, value: Any) -> str:
    labels = _materials(entry)
    return "\n".join(f"{labels.get(key, key)}：{'、'.join(digests)}" for key, digests in value.items())


def _items(entry: Entry, value: Any) -> str:
    """How many items of a score sheet, or which parts of an application are to be mended."""
    if not isinstance(value, list):
        return str(value)
    labels = {f"material:{key}": label for key, label in _materials(entry).items()}
    return "、".join(labels.get(key) or section_label(key) for key in value)


def _points(entry: Entry, value: Any) -> str:
    law = _law(entry)
    labels = {p.key: p.label for p in terms.points_of(law)} if law else {}
    return "、".join(labels.get(key, key) for key in value)


def _changes(entry: Entry, value: Any) -> str:
    return "\n".join(f"{c['label']}由“{c['before'] or '--'}”改为“{c['after'] or '--'}”" for c in value)


def _place(entry: Entry, value: Any) -> str:
    return f"{value['category_label']}：{'、'.join(value['directions'])}"


def _rules(entry: Entry, value: Any) -> str:
    labels = {rule.key: rule.label for rule in retention.RULES}
    return "、".join(f"{labels.get(key, key)} {number}" for key, number in value.items())


def _fields(entry: Entry, value: Any) -> str:
    """Category keys, by the labels of whatever call of the union had them last."""
    rows = CallCategory.objects.filter(key__in=value).order_by("call_id").values_list("key", "label")
    labels = dict(rows)
    return "、".join(labels.get(key, WHOLE_FIELD if key == WHOLE else key) for key in value)


_application = ("申报", words.named("calls.application"))
_person = words.named("accounts.person")
_stages = words.chosen(dict(Stage.choices))
_FACTS: dict[str, words.Word] = {
    "from": ("原阶段", _stages), "to": ("新阶段", _stages), "verdict": ("结论", words.chosen(_VERDICTS)),
    "state": ("状态", words.chosen(_STATES)), "stage": ("办理阶段", _stage),
    "application": _application, "applications": "申报件数",
    "organisation": ("单位", words.named("registry.organisation")),
    "document": ("依据", _document), "materials": "材料项数", "items": ("项目", _items), "keys": ("事项", _points),
    "changes": ("更正内容", _changes), "ordinal": "第几个类别",
    "slot": "第几个名额", "at_most": "名额", "arrived_at": "到达时间", "round": "第几次",
    "on": "日期", "url": "网址", "total": "合计得分",
    "due": "期限", "until": "延至", "granted": "同意", "clerk": ("经办人", _person), "paper": "文书校验值（SHA-256）",
    "run": "第几次判断", "law": ("适用的办法", _used_law), "law_on": "适用办法的日子", "facts_on": "事实截至",
    "inputs": "判断所用数据的校验值", "answer": ("答复", _answer), "fact": ("事项", _fact),
    "answers": ("人工判断", _answers),
    "condition": ("条件", _condition), "reading": "选定的理解", "findings": ("逐条结果", _findings),
    "evidence": ("证明材料校验值", _evidence), "submission": "申报内容校验值", "people": "参与人",
    "judged_by": ("判断人", _person), "settle.before": "原划线名次", "ticked": "已核对",
    "conclusion": "结论编号", "concluded": "结论编号",
    "size": "委员会人数", "aggregation": ("计分方法", words.chosen(dict(Aggregation.choices))),
    "reviews_each": "每份评审人数", "load_limit": "每位委员最多份数", "assignment": "第几次分派", "reviews": "分派份数",
    "gaps": "缺额家数",
    "calibration": ("评分校准", words.chosen(dict(Calibration.choices))),
    "pool": "专家库人数", "seats": "席位数", "party": ("出号方", words.chosen(PARTIES)),
    "parties": ("出号方", words.chosen(PARTIES)), "value": "承诺值或号码和暗语", "seed": "随机种子",
    "order": "抽取顺序（专家编号）", "draw": "第几次抽取", "position": "抽取顺位", "passed": "跳过的编号",
    "conflicts": "声明回避家数",
    "nominate.subject": ("推荐对象", _nominated), "nominate.digest": "事实清单校验值",
    "recuse.kind": ("情形", words.chosen(_RECUSALS)),
    "leave_seat.state": ("状态", words.chosen(dict(Seat.State.choices))),
    "seat": ("席位", words.named("calls.seat")), "sheet": "评分表编号", "sheets": "评分表份数",
    "ranking": "排名校验值", "outcome": "评审结果校验值", "shortlisted": "拟入围家数", "cut_after": "划线名次",
    "picks": _application, "n": "表决家数", "meeting": ("会议", words.named("calls.meeting")), "rank": "名次",
    "certificate": "证书编号", "honour": ("荣誉", words.named("recognition.honour")), "closes_at": "截止时间",
    "list": ("名单", words.named("calls.publiclist")),
    "object.kind": ("来源", words.chosen(dict(Objection.Kind.choices))), "objections": "异议和线索件数",
    "files": "附件个数", "correction": "更正编号", "place": ("类别和方向", _place),
    "months": ("保存月数", _rules), "settle_retention.due": ("到期条数", _rules),
    "rule": ("清除范围", words.chosen({r.key: r.label for r in retention.RULES})), "plan": "保存期限版次",
    "fields": ("评审领域", _fields), "change_expert.fields": ("项目", words.fields), "year": "年度",
}  # fmt: skip


_VALUES = {
    "calls.expert": "评审专家账号", "calls.notice": "遴选或评选通知", "calls.amendment": "更正通知", "calls.publicity": "公示",
    "calls.publicity_change": "公示延期公告", "calls.formal": "正式名单", "calls.list_correction": "名单更正公告",
    "calls.correction": "补正通知书", "calls.audit_sheet": "资格审核表", "calls.sheet": "评分表", "calls.minutes": "评审会议纪要",
    "calls.objection_acceptance": "异议受理单", "calls.objection_reply": "异议答复书", "calls.feedback": "评审反馈意见",
}  # fmt: skip


def register() -> None:
    """Tell the journal."""
    words.register(
        "calls", verbs={f"calls.{verb}": word for verb, word in _VERBS.items()}, facts=_FACTS, values=_VALUES
    )
