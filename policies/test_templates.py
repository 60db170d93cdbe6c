"""Forms that a paper names and does not contain: marked as ours, and the list says what the sheet counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from shuniu import policy

HERE = Path(__file__).parent
DOCUMENTS = [policy.load(path.parent) for path in sorted(HERE.glob("*/document.yaml"))]
TEMPLATES = [
    pytest.param(law, template, id=f"{law.key}:{template.key}")
    for law in DOCUMENTS
    for template in law.templates
]


@pytest.mark.feature("C4")
@pytest.mark.feature("F1")
@pytest.mark.feature("J1")
@pytest.mark.parametrize(("law", "template"), TEMPLATES)
def test_a_template_says_that_it_is_ours(law: policy.Document, template: policy.Template) -> None:
    text = (HERE / law.key / template.file).read_text(encoding="utf-8")
    assert text.startswith(f"# {template.label}\n")
    assert template.ours is ("本产品拟定" in text) is ("本产品拟定" in template.words)
    if not template.sheet:
        return
    sheet = next(each for each in law.sheets if each.key == template.sheet)
    assert sheet.ours is template.ours
    for item in sheet.items:
        assert f"| {item.label} | {item.points} | {item.words} | {item.evidence} |" in text
    assert f"合计：{sheet.total}分" in text


@pytest.mark.feature("F1")
def test_the_six_standards_are_all_scored() -> None:
    law = next(each for each in DOCUMENTS if each.key == "jiangsu")
    standards = {clause.number for clause in law.clauses if clause.number.startswith("三（")}
    assert {item.clause for sheet in law.sheets for item in sheet.items} == standards
