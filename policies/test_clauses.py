"""Every clause of every document is carried by features or is text only, and the page says so."""

from __future__ import annotations

import pytest

from shuniu.policy.paper import same_number
from tools import clauses

pytestmark = pytest.mark.feature("B2")

FEATURES = clauses.features_by_clause()
DOCUMENTS = clauses.documents()


@pytest.mark.parametrize("key", DOCUMENTS)
def test_the_catalogue_names_only_clauses_that_are_there(key: str) -> None:
    assert clauses.lost(DOCUMENTS[key], FEATURES) == []


@pytest.mark.feature("B4")
@pytest.mark.parametrize("key", DOCUMENTS)
def test_a_clause_without_a_feature_is_text_only(key: str) -> None:
    found = clauses.rows(DOCUMENTS[key], FEATURES)
    assert [row.number for row in found if not row.features and not row.text_only] == []


@pytest.mark.feature("B4")
def test_principles_that_the_catalogue_calls_text_only_carry_no_logic() -> None:
    only = [each for each, features in FEATURES.items() if set(features) == {"B4"}]
    assert only
    for key, number in only:
        if key not in DOCUMENTS:
            continue
        row = next(row for row in clauses.rows(DOCUMENTS[key], FEATURES) if same_number(row.number) == number)
        assert row.text_only, (key, number)


@pytest.mark.parametrize(
    ("reference", "number"),
    [
        ("art.5(3)", "第五条（三）"),
        ("art.19", "第十九条"),
        ("§三(2)", "三（二）"),
        ("§二(1)1", "二（一）1"),
        ("§四0", "四"),
        ("§五1", "五1"),
        ("§附2r5", "附件2第5行"),
        ("§末", "末"),
    ],
)
def test_how_the_catalogue_writes_a_clause(reference: str, number: str) -> None:
    assert clauses.number_of(reference) == number


def test_the_page_is_the_one_that_is_generated() -> None:
    """But for the counts of cases and the tests behind it, which change every day."""

    def told(page: str) -> list[list[str]]:
        table = page.partition("## 功能由")[0].splitlines()
        return [line.split(" | ")[:4] for line in table if line.startswith(("## ", "| "))]

    assert told(clauses.PAGE.read_text(encoding="utf-8")) == told(clauses.page({})), "run: make clauses"


def test_a_text_only_clause_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    law = DOCUMENTS["beijing-2017"]
    monkeypatch.setattr(clauses, "documents", lambda: {law.key: law})
    said = clauses.page({})
    assert "其中仅文字 3 条：第一条、第三条、第十一条" in said
