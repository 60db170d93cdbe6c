"""docs/policy-format.md names every word of the format, and its examples are what the loader reads."""

from __future__ import annotations

import re

import pytest

from shuniu.policy import source, words
from shuniu.policy.parse_rules import LOGIC
from shuniu.policy.parse_values import SUBJECTS
from shuniu.policy.tests.build import BEIJING, ROOT, files, problems
from shuniu.policy.words import EFFECTS, FACT_TYPES, FILLERS, SOURCES

pytestmark = pytest.mark.feature("B5")

TEXT = (ROOT / "docs" / "policy-format.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
TOP = {"horizon", "deadlines", "votes", "quotas", "score_sheets", "gradings", "fundings", "supersedes"} | set(
    source.read("document.yaml", (BEIJING / "document.yaml").read_bytes()).entries
)


@pytest.mark.parametrize(
    "word", sorted({*LOGIC, *SUBJECTS, *words.COMPARISONS, *words.CALCULATIONS, *words.ROUNDINGS, *TOP})
)
def test_every_word_is_described(word: str) -> None:
    assert re.search(rf"\b{word}\b", TEXT)


@pytest.mark.parametrize("word", sorted({*FACT_TYPES, *SOURCES, *FILLERS, *EFFECTS}))
def test_every_value_of_the_closed_lists_is_named(word: str) -> None:
    assert re.search(rf"\b{word}\b", TEXT)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split(":")[0])
def test_examples_are_yaml(block: str) -> None:
    assert source.read("example.yaml", block.encode()).kind == "map"


def test_the_example_head_is_complete() -> None:
    assert source.read("document.yaml", files()["document.yaml"]).entries.keys() <= TOP


EXAMPLE_FACTS = """\
  - {name: received_on, type: date, label: 收到日, source: application}
  - {name: union_kind, type: choice, label: 种类, source: union, values: [市, 省]}
  - {name: reports, type: records, label: 报道, source: application, fields: [{name: title, type: text, label: 题}]}
  - {name: papers, type: records, label: 材料, source: application, fields: [{name: kind, type: text, label: 种}]}
  - {name: rate, type: decimal, label: 率, source: survey}
  - {name: extra, type: decimal, label: 加分, source: call}
  - {name: total, type: decimal, label: 总分, source: call}
  - {name: level, type: choice, label: 级, source: recognition, values: [国家]}
  - {name: paid, type: decimal, label: 已付, source: union}
  - {name: honoured, type: boolean, label: 获奖, source: recognition}
"""


def test_the_example_of_the_measuring_parts_is_read() -> None:
    block = next(each for each in BLOCKS if each.startswith("deadlines:"))
    assert problems(EXAMPLE_FACTS + block.replace("第九条", "第一条")) == []
