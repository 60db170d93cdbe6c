"""What a new call begins with where its document says nothing: ours, to be changed, marked 本办法未规定."""

from __future__ import annotations

from shuniu import policy

# key, label, guide, weight; totals 100
RUBRIC = (
    (
        "ability",
        "专业能力",
        "专职人员和资质与工作方向相匹配，有稳定的专业督导。完全匹配 25 分，基本匹配 15 分。",
        25,
    ),
    ("design", "项目设计", "服务对象、内容和步骤清楚，指标可以衡量，风险有预案。", 25),
    ("experience", "实施经验", "近三年同类项目每个 4 分，最高 20 分，须有验收证明。", 20),
    ("effect", "服务成效", "服务人次、满意度和职工反馈有第三方或工会证明。", 15),
    ("governance", "内部治理", "章程、财务和档案制度健全，年检合格。", 15),
)

INTRO = (
    "根据《{title}》，{union}决定开展{year}年度{outcome}{work}工作，"
    "欢迎符合条件的社会组织自愿报名。现将有关事项通知如下。"
)
NOMINATED = (
    "根据《{title}》，{union}决定开展{year}年度{outcome}{work}工作，"
    "请各级工会按要求推荐。现将有关事项通知如下。"
)
# A document without categories is applied for as a whole.
WHOLE, WHOLE_LABEL = "all", "全部"
TITLE = "关于开展{year}年度{outcome}{work}工作的通知"


def words_of(law: policy.Document, union: str, year: int) -> tuple[str, str]:
    """Title and first paragraph of a notice under this document: an honour is chosen for, a partner is recognised."""
    outcome = law.outcome
    honour = outcome is not None and outcome.kind == "honour"
    said = {
        "title": law.title, "union": union, "year": year, "outcome": outcome.label if outcome else "社会组织",
        "work": "评选" if honour else "遴选和认定",
    }  # fmt: skip
    nominated = outcome is not None and outcome.per == "project"
    return TITLE.format(**said), (NOMINATED if nominated else INTRO).format(**said)


def rubric_of(law: policy.Document) -> tuple[tuple[str, str, str, int], ...]:
    """The document's own score sheet, where it totals 100 in whole points; ours where it has none."""
    named = next((s.sheet for s in law.stages if s.kind == "review" and s.sheet), "")
    sheet = next((s for s in law.sheets if named in ("", s.key)), None)
    plain = [item for item in sheet.items if item.kind == "points"] if sheet else []
    if not plain or any(item.points % 1 for item in plain) or sum(item.points for item in plain) != 100:
        return RUBRIC
    return tuple(
        (item.key, item.label, item.words or item.evidence or item.clause, int(item.points)) for item in plain
    )
