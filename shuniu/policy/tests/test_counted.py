"""Facts that are counted from the files under the rows of a score sheet."""

from __future__ import annotations

import pytest

from shuniu import policy
from shuniu.policy.tests.build import HEAD, document

pytestmark = pytest.mark.feature("B5")

SHEET = """\
score_sheets:
  - key: s
    clause: 第一条
    label: 评分
    total: 20
    items:
      - {key: visit, clause: 第一条, label: 现场, points: 10}
      - {key: papers, clause: 第一条, label: 材料, points: 10, per: 5, of: {count: {of: papers}}}
"""
FIELDS = "fields: [{name: item, type: choice, label: 依据, values: [材料]}]"


def fact(more: str) -> str:
    """The facts of the fixed head go on: the parts of a test stand right behind them."""
    assert HEAD.rstrip().endswith("label: 金额}")
    return f"  - {{name: papers, label: 佐证, source: evidence, {more}}}\n"


def refused(parts: str) -> str:
    with pytest.raises(policy.PolicyError) as told:
        document(parts)
    return str(told.value)


def test_a_row_reads_what_is_counted_for_it() -> None:
    law = document(fact(f"type: records, {FIELDS}") + SHEET)
    visit, papers = law.sheets[0].items
    assert policy.names_read(law, (papers.scoring, papers.readings)) == {"papers"}
    assert policy.names_read(law, (visit.scoring, visit.readings)) == frozenset()


def test_counted_facts_are_records_of_rows_that_exist() -> None:
    assert "类型应为 records" in refused(
        fact("type: integer") + SHEET.replace("{count: {of: papers}}", "{fact: papers}")
    )
    assert "item 应为评分表各行的 label" in refused(
        fact(f"type: records, {FIELDS}".replace("[材料]", "[材料, 别的]")) + SHEET
    )
    assert "须有评分表" in refused(fact(f"type: records, {FIELDS}"))
