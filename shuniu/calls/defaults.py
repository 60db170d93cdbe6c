"""What a new call begins with where its document says nothing: ours, to be changed, marked 本办法未规定."""

from __future__ import annotations

from dataclasses import dataclass

from shuniu import policy
from shuniu.calls.models import RubricItem

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
WHOLE_FIELD = "不分类别"  # what experts of such documents are experts of
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


def categories_of(law: policy.Document) -> list[policy.Category]:
    """What is applied for: the categories without any below them; those above are headings."""
    headings = {category.parent for category in law.categories}
    return [category for category in law.categories if category.key not in headings]


@dataclass(frozen=True)
class Sheet:
    """A score sheet as a call takes it over. `clause`: where the document has it; empty for ours."""

    rows: tuple[Row, ...]
    total: int
    clause: str = ""
    bonus_above: bool = False


@dataclass(frozen=True)
class Row:
    """One line of it, in whole points."""

    key: str
    label: str
    guide: str
    weight: int
    kind: str = RubricItem.Kind.POINTS
    mandatory: bool = False


def sheet_for(law: policy.Document, kind: str) -> policy.ScoreSheet | None:
    """The document's sheet for its stage of a kind: the one that the stage names, else its only or first one."""
    named = next((s.sheet for s in law.stages if s.kind == kind and s.sheet), "")
    return next((s for s in law.sheets if named in ("", s.key)), None)


def review_sheet(law: policy.Document) -> Sheet:
    """The experts' sheet: the document's own, whatever its total; ours where it has none."""
    sheet = sheet_for(law, "review")
    if sheet is None:
        return Sheet(tuple(Row(*row) for row in RUBRIC), 100)
    return _taken(sheet)


def visit_sheet(law: policy.Document) -> Sheet | None:
    """The sheet of the visit, where the document names one of its own; None: the experts' sheet serves for both."""
    named = next((s.sheet for s in law.stages if s.kind == "site_visit" and s.sheet), "")
    sheet = next((s for s in law.sheets if s.key == named), None)
    experts = sheet_for(law, "review")
    return None if sheet is None or sheet is experts else _taken(sheet)


def in_fractions(law: policy.Document) -> policy.ScoreSheet | None:
    """A sheet that a call would take over and whose rows are not in whole points; None where there is none."""
    sheets = (sheet_for(law, kind) for kind in ("review", "site_visit"))
    return next((s for s in sheets if s is not None and any(i.points % 1 for i in s.items)), None)


def _taken(sheet: policy.ScoreSheet) -> Sheet:
    rows = tuple(
        Row(
            item.key,
            item.label,
            item.words or item.evidence or item.clause,
            int(item.points),
            item.kind,
            item.mandatory,
        )
        for item in sheet.items
    )
    return Sheet(rows, int(sheet.total), "" if sheet.ours else sheet.clause, sheet.bonus_above_total)
