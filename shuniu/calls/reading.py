"""What an application handed in, as experts read it: tabs of rows and tables, without its contacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shuniu import policy

# Not for experts: who to call is nobody's business in a review, and the rest is shown elsewhere.
_HIDDEN = frozenset({"contact", "registry", "materials", "directions", "limit", "undertaking", "self"})

LABELS = {
    "text": "说明",
    "reason": "理由",
    "projects": "项目",
    "name": "名称",
    "year": "年度",
    "client": "委托方",
    "headcount": "服务人次",
    "amount": "金额",
    "result": "成效",
    "full_time": "专职人员（人）",
    "part_time": "兼职人员（人）",
    "specialists": "持证专业人员（人）",
    "volunteers": "志愿者（人）",
    "goal": "目标",
    "content": "服务内容",
    "quality": "质量与风险",
}
SECTIONS = {
    "subject": "推荐项目",
    "plan": "服务方案",
    "facts": "其他情况",
    "experience": "项目经历",
    "people": "人员",
}
TABS = (("form", "申报书"), ("projects", "项目经历"), ("people", "人员"), ("files", "证明材料"))
_TAB_OF = {"experience": "projects", "people": "people"}


@dataclass
class Part:
    """One heading with its rows, and tables of records."""

    title: str
    rows: list[tuple[str, str]] = field(default_factory=list)
    text: str = ""
    head: list[str] = field(default_factory=list)
    table: list[list[tuple[str, str]]] = field(default_factory=list)  # label and value of each cell


def _label(key: str) -> str:
    return LABELS.get(key, key)


def _show(value: Any) -> str:
    if value is True or value is False:
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "、".join(_show(v) for v in value)
    return "--" if value in (None, "") else str(value)


def _part(title: str, values: Mapping[str, Any], labels: Mapping[str, str]) -> Part:
    part = Part(title)
    for key, value in values.items():
        if key.startswith("_") or key == "confirmed":
            continue
        if isinstance(value, list) and value and isinstance(value[0], dict):
            part.head = [labels.get(k, _label(k)) for k in value[0]]
            part.table = [[(labels.get(k, _label(k)), _show(row.get(k))) for k in value[0]] for row in value]
        elif key == "text":
            part.text = _show(value)
        else:
            part.rows.append((labels.get(key, _label(key)), _show(value)))
    return part


def _self(sections: Mapping[str, Any], rows: Sequence[policy.Item]) -> Part | None:
    """The self-assessment as a table; nothing where the applicant gave no points."""
    points, said = sections.get("_self_points") or {}, sections.get("self") or {}
    if not points:
        return None
    head = ["项目", "自评", "满分", "依据"]
    table = [
        list(zip(head, (i.label, _show(points.get(i.key)), f"{i.points:f}", _show(said.get(f"note_{i.key}"))),
                 strict=True))
        for i in rows
    ]  # fmt: skip
    return Part("自查自评", head=head, table=table)


def tabs_of(
    snapshot: Mapping[str, Any],
    directions: Sequence[Mapping[str, str]],
    labels: Mapping[str, str],
    rows: Sequence[policy.Item] = (),
) -> dict[str, list[Part]]:
    """Tab → parts of the submission; `labels`: what the document calls its own facts; `rows`: of its self-assessment."""
    found: dict[str, list[Part]] = {key: [] for key, _ in TABS}
    names = {d["key"]: d["label"] for d in directions}
    chosen = [names.get(k, k) for k in snapshot.get("directions", [])]
    if chosen:
        found["form"].append(Part("工作方向", rows=[("方向", "、".join(chosen))]))
    if own := _self(snapshot.get("sections", {}), rows):
        found["form"].append(own)
    for key, values in snapshot.get("sections", {}).items():
        if key.startswith("_") or key in _HIDDEN or not isinstance(values, dict):
            continue
        found[_TAB_OF.get(key, "form")].append(_part(SECTIONS.get(key, key), values, labels))
    return found
