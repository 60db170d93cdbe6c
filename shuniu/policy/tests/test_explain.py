"""An official reads every part of a document in Chinese, without a word of the file's own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from shuniu import policy
from shuniu.policy.explain import explain
from shuniu.policy.tests.build import ROOT, document
from shuniu.policy.tests.test_authoring import PARTS, RULES, condition, law

pytestmark = pytest.mark.feature("B5")

FOLDERS = [
    *sorted((ROOT / "policies").glob("*/document.yaml")),
    *(ROOT / "docs" / "examples").glob("*/document.yaml"),
]


@pytest.mark.parametrize("path", FOLDERS, ids=lambda path: path.parent.name)
def test_every_part_is_said(path: Path) -> None:
    law = policy.load(path.parent)
    said = explain(law)
    parts: tuple[Any, ...] = (
        *law.conditions, *law.stages, *law.consequences, *law.deadlines, *law.votes, *law.quotas, *law.sheets,
        *law.gradings, *law.fundings, *law.not_stated, *law.stated, *law.templates,
    )  # fmt: skip
    assert [part.label for part in parts if part.label not in said] == []
    assert [duty.words for duty in law.duties if duty.words not in said] == []
    assert [item.label for sheet in law.sheets for item in sheet.items if item.label not in said] == []
    assert [clause.number for clause in law.clauses if clause.number not in said] == []


@pytest.mark.parametrize("path", FOLDERS, ids=lambda path: path.parent.name)
def test_no_word_of_the_file_is_left(path: Path) -> None:
    law = policy.load(path.parent)
    said = explain(law).replace(law.key, "").replace(law.digest, "")
    assert re.findall(r"[a-z]+_[a-z_]+|\b[a-z]{4,}\b", said) == []


@pytest.mark.parametrize("block", RULES, ids=lambda block: block.splitlines()[0][6:60])
def test_every_operator_is_said(block: str) -> None:
    said = explain(policy.load_bytes(law(condition(block.partition("cases:\n")[0]))))
    (line,) = (each for each in said.splitlines() if each.startswith("    要求："))
    assert re.findall(r"[a-z]{3,}|None|True|False", line) == []


@pytest.mark.parametrize("block", PARTS[:-1], ids=lambda block: block.splitlines()[0])
def test_every_measure_is_said(block: str) -> None:
    parts = block.partition("cases:\n")[0]
    said = explain(policy.load_bytes(law(parts)))
    # What a document replaces has no label, only the key of the other one.
    named = re.findall(r"label: ([^,}\n]+)", parts) or re.findall(r"key: ([^,}\n]+)", parts)
    assert named[0] in said


def test_windows_gates_and_what_is_asked() -> None:
    found = document(
        "conditions: [{key: c, clause: 第一条, label: 自评八十分, asks: [eligibility], rule: {fact: n, at_least: 80}}]\n"
        "quotas: [{key: q, clause: 第一条, label: 每市, holder: recommender, at_most: 2, applies: {fact: word, is: 甲}}]\n"
        "procedure:\n  - {key: a, kind: apply, label: 申报, actor: applicant, clause: 第一条, gate: c, quotas: [q], "
        'asks: [days], window: {from: "11-10", to: "11-20"}}\n'
        "not_stated: [{key: days, label: 公示天数, filled_by: call, kind: days, note: 请写明}]\n"
    )
    said = explain(found)
    for words in (
        "时间：11月10日至11月20日",
        "先要：自评八十分",
        "名额：每市",
        "须由通知或工会写明：公示天数",
        "每个推荐单位不超过 2",
        "适用：词为“甲”",
        "由本次通知规定。请写明",
    ):
        assert words in said
