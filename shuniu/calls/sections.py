"""The parts of an application form, in order, by the names that the task list gives them."""

from __future__ import annotations

SECTION_LABELS = {
    "self": "自查自评",
    "registry": "核对登记信息",
    "contact": "确认联系人",
    "limit": "说明超出类别上限的理由",
    "directions": "选择工作方向",
    "facts": "填写申报事项",
    "experience": "填写项目经历",
    "people": "填写专业人员",
    "plan": "说明服务方案",
    "materials": "上传证明材料",
}

# What each part asks, in the form's order and words (a test compares them): answers are read back as they were asked.
FIELDS: dict[str, dict[str, str]] = {
    "registry": {"confirmed": "登记信息"},
    "contact": {"name": "联系人", "phone": "手机或电话", "email": "邮箱"},
    "limit": {"reason": "超出类别上限的理由"},
    "directions": {"directions": "工作方向", "basis": "对应的业务范围"},
    "experience": {"projects": "社会组织库里已有的项目", "text": "其他项目经历"},
    "people": {
        "full_time": "专职人员", "part_time": "兼职人员", "certified": "持证专业人员", "text": "主要专业人员",
    },
    "plan": {"text": "服务方案"},
}  # fmt: skip


def section_label(section: str) -> str:
    """The part of the form in the words of the task list; a material by its own name is shown as such."""
    return SECTION_LABELS.get(
        section, SECTION_LABELS["materials"] if section.startswith("material:") else section
    )
