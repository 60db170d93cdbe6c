"""The table of shapes in docs/policy-format.md: each has its words, an example in the guide and a property test."""

from __future__ import annotations

import re

import pytest

from shuniu.policy.tests import test_shape_measures, test_shape_rules, test_shape_sheets
from shuniu.policy.tests.build import ROOT

pytestmark = pytest.mark.feature("B5")


def test_every_row_of_the_table_has_its_example_and_its_test() -> None:
    table = (ROOT / "docs" / "policy-format.md").read_text(encoding="utf-8").partition("## Shapes")[2]
    rows = [line.split(" | ") for line in table.partition("\n## ")[0].splitlines() if "`test_shape_" in line]
    guide = (ROOT / "docs" / "policy-authoring.md").read_text(encoding="utf-8")
    tests = []
    for _, words, heading, test in rows:
        part = re.search(rf"^##+ {re.escape(heading)}$(.*?)(?=^##+ |\Z)", guide, re.MULTILINE | re.DOTALL)
        assert part, heading
        examples = "".join(re.findall(r"```yaml (?:rule|parts)\n(.*?)```", part[1], re.DOTALL))
        named = [w for code in re.findall(r"`([^`]+)`", words) for w in re.findall(r"[a-z_]+", code)]
        facts = re.search(r"```yaml facts\n(.*?)```", guide, re.DOTALL)
        assert facts
        missing = [w for w in named if not re.search(rf"\b{w}\b", examples + facts[1])]
        assert missing == [], (heading, missing)
        tests.append(re.findall(r"test_shape_\w+", test)[0])
    modules = (test_shape_rules, test_shape_measures, test_shape_sheets)
    mine = [name for module in modules for name in vars(module) if name.startswith("test_shape_")]
    assert sorted(tests) == sorted(mine)
