"""A document as the engine holds it: immutable, every part with the clause that it executes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from shuniu.policy.measures import Deadline, Funding, Grading, Quota, ScoreSheet, Vote
from shuniu.policy.rules import Rule, Value

Binding = Literal["must", "in_principle"]

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
    "certify": "发证",
    "agree": "签约",
    "evaluate": "考核",
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
}


@dataclass(frozen=True, slots=True)
class Clause:
    """One article or item: its number, our own words, the deciding quotation, and what the system does."""

    number: str
    words: str
    kind: str
    does: str
    quote: str = ""

    @property
    def text_only(self) -> bool:
        return self.kind == "text"

    @property
    def kind_label(self) -> str:
        return CLAUSE_KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record."""

    name: str
    type: str
    label: str
    values: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    aliases: MappingProxyType[str, str] = field(default_factory=lambda: MappingProxyType({}))
    unit: str = ""


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A declared fact. ``question`` is asked of the person who judges; ``pending`` values count as not known.

    ``time`` names the field that dates a record; with ``yearly`` every year should have one, so that a year
    without a record is not known rather than passed.
    """

    name: str
    type: str
    label: str
    source: str
    unit: str = ""
    question: str = ""
    clause: str = ""
    hint: str = ""
    values: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    aliases: MappingProxyType[str, str] = field(default_factory=lambda: MappingProxyType({}))
    fields: MappingProxyType[str, Field] = field(default_factory=lambda: MappingProxyType({}))
    time: str = ""
    yearly: bool = False
    derive: Value | None = None


@dataclass(frozen=True, slots=True)
class Direction:
    key: str
    label: str
    includes: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    key: str
    label: str
    clause: str
    directions: tuple[Direction, ...] = ()
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a clause that bears several."""

    key: str
    words: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Hint:
    """Said instead of the general reason while a condition is not known and ``when`` holds."""

    when: Rule
    say: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A yes/no rule of the document. ``applies`` false makes it not applicable.

    With ``binding`` in principle the text fact ``passed_by`` may carry the written reason that lets it pass.
    ``state`` is the word for the thing judged when this condition is not met.
    """

    key: str
    clause: str
    label: str
    asks: tuple[str, ...]
    binding: Binding
    readings: tuple[Reading, ...]
    quote: str = ""
    applies: Rule | None = None
    passed_by: str = ""
    state: str = ""
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True, slots=True)
class LimitSpec:
    """A number that forms and constraints need as a number: at most ``at_most`` of ``counts``."""

    key: str
    clause: str
    label: str
    at_most: int
    binding: Binding
    counts: str
    passed_by: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the procedure, in the document's order. ``asks`` names the open points it needs filled."""

    key: str
    kind: str
    label: str
    actor: str
    clause: str
    words: str = ""
    asks: tuple[str, ...] = ()

    @property
    def actor_label(self) -> str:
        return ACTORS[self.actor]


@dataclass(frozen=True, slots=True)
class Validity:
    """How long a recognition holds. ``first_day`` names the open point or event that fixes the first day."""

    n: int
    unit: str
    clause: str
    first_day: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a procedure ends in: recognition, honour, grade or funding."""

    kind: str
    label: str
    clause: str
    per: str
    validity: Validity | None = None
    in_force: str = "有效"


@dataclass(frozen=True, slots=True)
class Consequence:
    """Ground, scope and effect. ``automatic`` grounds end a recognition without asking for a choice."""

    key: str
    clause: str
    label: str
    effect: str
    scope: str
    readings: tuple[Reading, ...]
    automatic: bool = True
    judged: bool = False
    quote: str = ""
    applies: Rule | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    clause: str
    label: str
    written: bool
    effective: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class NameUse:
    clause: str
    label: str
    permitted_by: str


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty that the system shows and, where it says so, records; nothing follows from it by itself."""

    key: str
    clause: str
    label: str
    who: str
    words: str


@dataclass(frozen=True, slots=True)
class NotStated:
    """What the document leaves open: who fills it, with what kind of value, and our default, marked as ours.

    ``questions`` are answered *silent* because of it; with ``when`` only while that rule holds.
    """

    key: str
    label: str
    filled_by: str
    kind: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    default: str | int | None = None
    near: str = ""
    note: str = ""
    questions: tuple[str, ...] = ()
    when: Rule | None = None
    per_category: bool = False

    @property
    def filled_by_label(self) -> str:
        return FILLERS[self.filled_by]


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issued the document, and which levels of union may open a call under it and use its results."""

    name: str
    level: str
    clause: str
    may_open: tuple[str, ...]
    may_use: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Succession:
    """The document that this one replaces, and the day by which a running matter is judged."""

    key: str
    judged_by: str
    clause: str


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document. ``digest`` is SHA-256 over its folder; it, not the version, pins a published call."""

    key: str
    version: str
    title: str
    short: str
    issued: date
    effective: date
    interpreter: str
    interpreter_clause: str
    issuer: Issuer
    clauses: tuple[Clause, ...]
    facts: MappingProxyType[str, FactSpec]
    categories: tuple[Category, ...]
    conditions: tuple[Condition, ...]
    limits: tuple[LimitSpec, ...]
    stages: tuple[Stage, ...]
    outcome: Outcome | None
    consequences: tuple[Consequence, ...]
    withdrawal: Withdrawal | None
    name_use: NameUse | None
    duties: tuple[Duty, ...]
    not_stated: tuple[NotStated, ...]
    deadlines: tuple[Deadline, ...] = ()
    votes: tuple[Vote, ...] = ()
    quotas: tuple[Quota, ...] = ()
    sheets: tuple[ScoreSheet, ...] = ()
    gradings: tuple[Grading, ...] = ()
    fundings: tuple[Funding, ...] = ()
    succession: Succession | None = None
    warnings: tuple[str, ...] = ()
    digest: str = ""
    index: MappingProxyType[str, Any] = field(
        default_factory=lambda: MappingProxyType({}), repr=False, compare=False
    )

    def clause(self, number: str) -> Clause | None:
        """The entry of a clause; brackets of either width are understood."""
        wanted = plain_number(number)
        return next((clause for clause in self.clauses if clause.number == wanted), None)

    def category(self, key_or_label: str) -> Category | None:
        return next((each for each in self.categories if key_or_label in (each.key, each.label)), None)

    def open_point(self, key: str) -> NotStated | None:
        """What the document leaves open under this key; ``None`` when it has no such entry."""
        return next((point for point in self.not_stated if point.key == key), None)

    def readings_of(self, key: str) -> tuple[str, ...]:
        """The keys of the readings between which a call may choose for a condition or consequence."""
        parts: tuple[Condition | Consequence, ...] = (*self.conditions, *self.consequences)
        for part in parts:
            if part.key == key and len(part.readings) > 1:
                return tuple(reading.key for reading in part.readings)
        return ()

    def limit(self, key: str) -> LimitSpec | None:
        return next((limit for limit in self.limits if limit.key == key), None)


def plain_number(number: str) -> str:
    """A clause number with half-width brackets and without blanks."""
    return number.replace("（", "(").replace("）", ")").replace(" ", "")
