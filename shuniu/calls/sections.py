"""The parts of an application form, in order, by the names that the task list gives them."""

from __future__ import annotations

SECTION_LABELS = {
    "registry": "核对登记信息",
    "contact": "确认联系人",
    "directions": "选择工作方向",
    "facts": "填写申报事项",
    "experience": "填写项目经历",
    "people": "填写专业人员",
    "plan": "说明服务方案",
    "materials": "上传证明材料",
}


def section_label(section: str) -> str:
    """The part of the form in the words of the task list; a material by its own name is shown as such."""
    return SECTION_LABELS.get(
        section, SECTION_LABELS["materials"] if section.startswith("material:") else section
    )
