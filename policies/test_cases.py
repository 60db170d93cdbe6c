"""Every decided case of every document is a test of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from shuniu import policy
from shuniu.policy.cases import Case, read_cases, run_case

HERE = Path(__file__).parent
FOLDERS = sorted(path.parent for path in HERE.glob("*/document.yaml"))
DOCUMENTS = {folder.name: policy.load(folder) for folder in FOLDERS}
CASES = [
    pytest.param(folder.name, case, id=f"{folder.name}:{case.name}")
    for folder in FOLDERS
    for case in read_cases(DOCUMENTS[folder.name], policy.read_folder(folder))
]


@pytest.mark.feature("B5")
@pytest.mark.feature("C7")
@pytest.mark.parametrize(("key", "case"), CASES)
def test_case(key: str, case: Case) -> None:
    result = run_case(DOCUMENTS[key], case)
    assert not result.differences, [(f.clause, f.label, f.status, f.reason) for f in result.decision.findings]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_folder_is_named_after_the_document(folder: Path) -> None:
    assert DOCUMENTS[folder.name].key == folder.name


@pytest.mark.feature("B2")
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_part_cites_a_clause_and_quotes_briefly(folder: Path) -> None:
    document = DOCUMENTS[folder.name]
    numbers = {clause.number for clause in document.clauses}
    cited = {part.clause for part in document.conditions} | {part.clause for part in document.consequences}
    cited |= {part.clause for part in document.stages} | {part.clause for part in document.duties}
    assert cited <= numbers
    assert all(len(clause.quote) <= 30 for clause in document.clauses)
