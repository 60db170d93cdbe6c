"""What a document leaves open, by the keys that the procedure asks for.

What a document settles itself (`stated`) is taken from it with its clause; what it lists as not stated is
asked of the call, and so are a few points of the product itself (`OWN_POINTS`).
"""

from __future__ import annotations

from typing import Any

from shuniu import policy
from shuniu.calls import quotas
from shuniu.calls.models import Call
from shuniu.library.queries import policy_of

APPLICATION_DAYS = "application_days"
PUBLICITY_DAYS = "publicity_days"
YEAR = "year"  # chosen when the call is begun
CORRECTION_ROUNDS = "correction_rounds"
CORRECTION_DAYS = "correction_days"
COMMITTEE_SIZE = "committee_size"
METHOD = "method"
PASS_MARK = "pass_mark"  # noqa: S105 - a mark, not a password
FIRST_DAY = "first_day"
IN_FORCE_COUNTED = "in_force_counted"
AGGREGATION = "aggregation"
CALIBRATION = "calibration"
REVIEWERS = "reviewers"
LOAD_LIMIT = "load_limit"
REPLY_DAYS = "objection_reply_days"
NOMINATIONS = "nominations"
FEEDBACK = "feedback_scores"

MEAN, TRIMMED, MEDIAN = "平均分", "去掉最高分和最低分后的平均分", "中位数"
UNCALIBRATED, BY_SEVERITY, STANDARDISED = "不校准", "宽严修正得分并列参考", "标准化得分并列参考"
NO_SCORES, TOTAL_ONLY, ITEM_MEANS = "不反馈专家评分", "反馈得分", "反馈得分和各项平均分"
EVERYBODY, UNLIMITED = "全体委员逐份评审", "不限"
REVIEWERS_EACH = {f"每份由 {n} 位委员评审": n for n in range(1, 8)}
LOADS = {f"{n} 份": n for n in (5, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200)}

OWN_POINTS = (
    policy.NotStated(
        key=AGGREGATION,
        label="总分计算方法",
        filled_by="call",
        kind="choice",
        choices=(MEAN, TRIMMED, MEDIAN),
        default=MEAN,
        note="保留两位小数，四舍五入；未评分不按零分计算",
    ),
    policy.NotStated(
        key=CALIBRATION,
        label="评分校准",
        filled_by="call",
        kind="choice",
        choices=(UNCALIBRATED, BY_SEVERITY, STANDARDISED),
        default=UNCALIBRATED,
        note="校准得分列在得分旁边供会议参考，不改变得分和名次",
    ),
    policy.NotStated(
        key=REVIEWERS,
        label="评审分工",
        filled_by="call",
        kind="choice",
        choices=(EVERYBODY, *REVIEWERS_EACH),
        default=EVERYBODY,
        note="由部分委员评审的，按回避、专业和负荷统一分派，由另一人审签后生效",
    ),
    policy.NotStated(
        key=LOAD_LIMIT,
        label="每位委员最多评审份数",
        filled_by="call",
        kind="choice",
        choices=(UNLIMITED, *LOADS),
        default=UNLIMITED,
        note="在几个类别任委员的合并计算；只在分派时适用",
    ),
    policy.NotStated(
        key=FEEDBACK,
        label="向申报单位反馈的评分",
        filled_by="call",
        kind="choice",
        choices=(NO_SCORES, TOTAL_ONLY, ITEM_MEANS),
        default=ITEM_MEANS,
        note="只反馈三份以上评分表的平均分，不反馈专家姓名和各人评分",
    ),
    policy.NotStated(
        key=REPLY_DAYS,
        label="异议答复期限",
        filled_by="call",
        kind="working_days",
        unit="个工作日",
        default=10,
        note="自受理之日的次日起算",
    ),
)

# Asked where unions nominate and the document gives no places.
NOMINATION_POINT = policy.NotStated(
    key=NOMINATIONS,
    label="每个工会最多推荐几个",
    filled_by="call",
    kind="number",
    unit="个",
    default=5,
    note="本级和下级工会各自计算",
)

# Used where neither the document nor the call says anything.
DEFAULTS: dict[str, Any] = {
    PUBLICITY_DAYS: 5,
    CORRECTION_ROUNDS: 1,
    CORRECTION_DAYS: 5,
    COMMITTEE_SIZE: 5,
    AGGREGATION: MEAN,
    CALIBRATION: UNCALIBRATED,
    REVIEWERS: EVERYBODY,
    LOAD_LIMIT: UNLIMITED,
    REPLY_DAYS: 10,
    NOMINATIONS: 5,
    FEEDBACK: NO_SCORES,  # a call that said nothing of it promised no scores
}


def settled(call: Call, key: str) -> policy.Stated | None:
    """What the call's document says of the point itself."""
    return policy_of(call.document).settled(key)


def basis(call: Call, key: str) -> str:
    """On what a value rests, as pages and papers say it: the document's clause, or this call."""
    said = settled(call, key)
    return f"依据{said.clause}" if said else "本办法未规定，由本次通知规定"


def value_of(call: Call, key: str, category: str = "") -> Any:
    """The document's value, else the call's own for an open point (`category` where it differs), else ours."""
    if said := settled(call, key):
        return said.value
    for term in call.terms.all():
        if term.key == key:
            value = term.value
            if isinstance(value, dict):
                value = value.get(category)
            return value if value not in (None, "") else DEFAULTS.get(key)
    return DEFAULTS.get(key)


def number_of(call: Call, key: str, category: str = "") -> int:
    """Like value_of, as a whole number (days, rounds, people)."""
    return int(value_of(call, key, category) or 0)


def points_of(document: policy.Document) -> tuple[policy.NotStated, ...]:
    """The open points that a call under this document settles; places stand in the categories."""
    listed = tuple(p for p in policy.silent_points(document, "call") if p.key not in {"places", "rubric"})
    known = {p.key for p in listed}
    own = OWN_POINTS if document.quotas or not quotas.nominates(document) else (*OWN_POINTS, NOMINATION_POINT)
    return listed + tuple(p for p in own if p.key not in known and document.settled(p.key) is None)


def must_be_settled(point: policy.NotStated) -> bool:
    """Texts may stay empty (本次通知也不作规定); figures, days and choices are needed to go on."""
    return point.kind != "text"
