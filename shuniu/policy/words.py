"""The closed lists of the format, each word with its Chinese."""

from __future__ import annotations

CLAUSE_KINDS = {
    "rule": "条件",
    "limit": "数量限制",
    "category": "类别与方向",
    "stage": "程序环节",
    "authority": "职责权限",
    "definition": "定义",
    "validity": "有效期",
    "consequence": "后果",
    "withdrawal": "退出",
    "name_use": "名义使用",
    "duty": "义务",
    "score": "评分",
    "quota": "名额",
    "funding": "经费",
    "target": "目标",
    "interpretation": "解释权",
    "effective": "施行日期",
    "text": "仅文字",
}
FACT_TYPES = {
    "text": "文字",
    "boolean": "是否",
    "integer": "整数",
    "decimal": "小数",
    "date": "日期",
    "choice": "单选",
    "choices": "多选",
    "category": "类别",
    "directions": "方向",
    "records": "记录",
    "year": "年份",
}
SOURCES = {
    "registry": "社会组织库",
    "application": "申报材料",
    "project": "项目",
    "survey": "测评",
    "evidence": "佐证材料",
    "judgement": "人工判断",
    "call": "本次通知",
    "recognition": "认定台账",
    "union": "工会",
    "derived": "推算",
}
STAGE_KINDS = {
    "notice": "发布通知",
    "self_assess": "自查自评",
    "apply": "申报",
    "check": "资格审核",
    "correct": "补正",
    "site_visit": "实地评估",
    "recommend": "推荐",
    "review": "专家评审",
    "vote": "表决",
    "shortlist": "初步入围",
    "name": "命名",
    "publicity": "公示",
    "publish": "公布",
    "promote": "宣传推广",
    "upward": "向上推荐",
    "fund": "经费补助",
    "certify": "发证",
    "agree": "签约",
    "evaluate": "考核",
}
TEMPLATE_KINDS = {
    "form": "表格",
    "score_sheet": "评分标准",
    "survey": "测评表",
    "text": "文书",
}
ACTORS = {
    "responsible_department": "责任部门",
    "applicant": "社会组织",
    "recommender": "推荐工会",
    "committee": "评审委员会",
    "experts": "专家",
    "union": "工会",
}
LEVELS = {
    "national": "全国",
    "province": "省",
    "city": "市",
    "district": "区县",
    "industry": "产业",
    "bureau": "局",
    "group": "集团公司",
    "university": "高等院校",
    "grassroots": "基层",
    "unit": "所属单位",
}
SCOPES = {
    "category": "该类别",
    "all": "所有类别",
    "none": "不影响资质",
    "honour": "该荣誉",
    "project": "该项目",
}
# The day by whose law a running matter is judged when a document is replaced.
JUDGED_BY = {"application_day": "申报日", "publication_day": "发布日", "decision_day": "决定日"}
EFFECTS = {
    "cancel": "取消资质",
    "record": "记录在案",
    "lower": "降级",
    "suspend": "暂停使用",
    "warn": "警示",
    "bar": "限制申报",
    "recover": "追回经费",
}
VALUE_KINDS = {
    "days": "自然日天数",
    "working_days": "工作日天数",
    "number": "数字",
    "date": "日期",
    "text": "文字",
    "choice": "单选",
    "yes_no": "是否",
}
FILLERS = {
    "call": "由本次通知规定",
    "union": "由工会规定",
    "officer": "由经办人逐件决定",
    "nobody": "本产品不代为规定",
}
# What a condition may be asked for. Questions that have a part of their own follow in ``judge``.
CONDITION_QUESTIONS = {
    "eligibility": "是否符合申报条件",
    "category": "类别与方向是否符合要求",
    "project": "项目内容是否符合所认定的类别和方向",
    "name_use": "能否以合作单位名义与第三方合作",
    "withdrawal": "退出是否已生效",
    "status": "认定是否有效",
    "open_call": "能否依本办法开展遴选",
    "use": "能否使用认定结果",
    "target": "目标是否完成",
    "fund_use": "经费用途是否符合规定",
    "follow_up": "能否推荐参评后续荣誉",
    "renewal": "续期",
    "appeal": "申诉",
    "restoration": "恢复",
    "reapplication": "再次申报",
}
# What a part of its own, or an open point, answers.
MEASURE_QUESTIONS = {
    "consequence": "后果",
    "applicable_law": "是否依本办法判断",
    "validity": "有效期",
    "deadline": "期限",
    "window": "办理时间",
    "score": "得分",
    "grade": "等级",
    "funding": "经费",
    "quota": "名额",
    "vote": "表决",
    "suspension": "暂停",
    "correction": "补正",
    "publicity": "公示",
}
# What the usual points of a procedure answer, where the document does not say it itself.
STATED_QUESTIONS: dict[str, tuple[str, ...]] = {
    "publicity_days": ("publicity",),
    "correction_days": ("correction",),
    "correction_rounds": ("correction",),
}
# The words of comparisons and numbers in rules.
COMPARISONS = {
    "is": "为",
    "is_not": "不为",
    "at_least": "不少于",
    "at_most": "不超过",
    "more_than": "超过",
    "less_than": "少于",
    "before": "早于",
    "after": "晚于",
    "on_or_before": "不晚于",
    "on_or_after": "不早于",
    "in": "属于",
    "not_in": "不属于",
    "includes": "包含",
    "includes_any": "至少包含其一",
    "includes_all": "全部包含",
    "matches": "符合样式",
    "empty": "为空：",
}
LIST_OPERANDS = frozenset({"in", "not_in", "includes_any", "includes_all"})
ORDERED = frozenset(
    {"at_least", "at_most", "more_than", "less_than", "before", "after", "on_or_before", "on_or_after"}
)
CALCULATIONS = frozenset(
    {"add", "subtract", "multiply", "divide", "smallest", "largest", "share", "remainder"}
)
ROUNDINGS = {"half_up": "四舍五入", "down": "舍去", "up": "进一", "half_even": "四舍六入五成双"}
