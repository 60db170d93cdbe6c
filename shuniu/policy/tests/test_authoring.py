"""docs/policy-authoring.md: every word of the rules has an example there, and every example is run."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from shuniu import policy
from shuniu.policy import examine, source, words
from shuniu.policy.cases import fact_value, try_cases
from shuniu.policy.decision import STATUS_LABELS
from shuniu.policy.parse_records import DATE_UNITS
from shuniu.policy.parse_rules import LOGIC
from shuniu.policy.parse_values import SUBJECTS
from shuniu.policy.tests.build import ON, ROOT

pytestmark = [pytest.mark.feature("B5"), pytest.mark.feature("B6")]

TEXT = (ROOT / "docs" / "policy-authoring.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "docs" / "examples" / "binjiang-2026"
BLOCKS = re.findall(r"```yaml (\w+)\n(.*?)```", TEXT, re.DOTALL)
RULES = [block for kind, block in BLOCKS if kind == "rule"]
PARTS = [block for kind, block in BLOCKS if kind == "parts"]
QUOTED = [block for kind, block in BLOCKS if kind == "example"]
(FACTS,) = (block for kind, block in BLOCKS if kind == "facts")
HEAD = """\
format: 1
key: guide
version: "1"
title: 手册
short: 手册
issuer: {name: 某会, level: city, clause: 第一条, may_open: [city]}
clauses: [{number: 第一条, words: 手册, kind: rule, does: 测试}]
"""


def law(parts: str) -> dict[str, bytes]:
    return {"document.yaml": (HEAD + FACTS + parts).encode()}


def condition(rule: str) -> str:
    indented = "".join(f"    {line}\n" for line in rule.splitlines())
    return f"conditions:\n  - key: c\n    clause: 第一条\n    label: 例\n    asks: [eligibility]\n{indented}"


@pytest.mark.parametrize("block", RULES, ids=lambda block: block.splitlines()[0][6:60])
def test_every_example_of_a_rule(block: str) -> None:
    rule, _, _ = block.partition("cases:\n")
    document = policy.load_bytes(law(condition(rule)))
    for case in source.read("guide.yaml", block.encode()).entries["cases"].items:
        facts = {name: fact_value(each.plain()) for name, each in case.entries["facts"].entries.items()}
        found = policy.judge(document, "eligibility", facts, ON, working_day=lambda day: day.weekday() < 5)
        assert STATUS_LABELS[found.finding("c").status] == case.entries["expect"].value, facts


@pytest.mark.parametrize("block", PARTS, ids=lambda block: block.splitlines()[0])
def test_every_example_of_a_part(block: str) -> None:
    parts, _, cases = block.partition("cases:\n")
    files = {**law(parts), "cases.yaml": ("cases:\n" + cases).encode()}
    results, problems = try_cases(policy.load_bytes(files), files)
    assert results
    assert [str(each) for each in problems] == []


@pytest.mark.parametrize(
    "word",
    sorted({*LOGIC, *SUBJECTS, *words.COMPARISONS, *words.CALCULATIONS, *words.ROUNDINGS, *DATE_UNITS, "between",
            "elapsed", "distinct", "each", "anchor", "last", "deadlines", "votes", "quotas", "score_sheets", "gradings",
            "fundings", "share", "total_of", "passes", "norms", "above", "supersedes", "mandatory", "deduction"}),
)  # fmt: skip
def test_every_word_has_an_example(word: str) -> None:
    assert any(re.search(rf"\b{word}\b", block) for block in (*RULES, *PARTS)), word


def test_the_worked_example_is_whole() -> None:
    files = {path.name: path.read_bytes() for path in EXAMPLE.iterdir()}
    report = examine(files)
    assert [str(each) for each in (*report.problems, *report.remarks)] == []
    assert len(report.results) >= 20


@pytest.mark.parametrize("block", QUOTED, ids=lambda block: block.splitlines()[-1].strip()[:50])
def test_what_the_guide_quotes_stands_in_the_example(block: str) -> None:
    whole = (EXAMPLE / "document.yaml").read_text(encoding="utf-8")
    lines = [line for line in block.splitlines() if not line.endswith(":")]
    assert all(line in whole.splitlines() for line in lines), block


def test_a_running_call_of_the_example_knows_its_stages_and_open_points() -> None:
    document = policy.load(Path(EXAMPLE))
    assert [stage.kind for stage in document.stages][-2:] == ["publicity", "publish"]
    assert document.settled("publicity_days") is not None
    assert document.effective == date(2026, 3, 1)
