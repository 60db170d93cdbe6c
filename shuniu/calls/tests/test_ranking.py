"""From sheets to a ranking, and who sees what when: pure functions."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shuniu.calls import phases, ranking

db = pytest.mark.django_db


# --- pure ------------------------------------------------------------------------------------------


@pytest.mark.feature("D5")
@pytest.mark.parametrize(
    ("totals", "way", "digits", "score"),
    [
        ("80 90", "mean", 2, "85.00"),
        ("80 90 91", "mean", 2, "87.00"),
        ("80 80 81", "mean", 1, "80.3"),
        ("80.5 80", "mean", 1, "80.3"),  # 80.25, rounded half up
        ("10 80 90 100", "trimmed", 2, "85.00"),
        ("10 90", "trimmed", 2, "50.00"),
        ("10 80 100", "median", 0, "80"),
        ("70 80", "median", 1, "75.0"),
        ("", "mean", 2, None),
    ],
)
def test_one_score_of_several_sheets(totals: str, way: str, digits: int, score: str | None) -> None:
    found = ranking.combined([Decimal(t) for t in totals.split()], way, digits)
    assert (None if found is None else str(found)) == score


def test_an_unknown_way_is_an_error() -> None:
    with pytest.raises(ValueError, match="best"):
        ranking.combined([Decimal(1)], "best", 2)


@pytest.mark.feature("D8")
def test_ties_share_a_rank_and_stand_across_the_line() -> None:
    sheets = {n: [Decimal(v)] for n, v in enumerate((90, 80, 80, 80, 50), 1)} | {9: []}
    places = ranking.ranked(sheets, "mean", 2)
    assert [(p.application, p.rank, p.tied) for p in places] == [
        (1, 1, False), (2, 2, True), (3, 2, True), (4, 2, True), (5, 5, False), (9, None, False),
    ]  # fmt: skip
    assert ranking.cut(places, 4) == ranking.Line((1, 2, 3, 4), (), 0)
    assert ranking.cut(places, 3) == ranking.Line((1,), (2, 3, 4), 2)
    assert ranking.cut(places, 9) == ranking.Line((1, 2, 3, 4, 5), (), 0)
    assert ranking.cut(places, 4, Decimal(85)) == ranking.Line((1,), (), 0)
    assert ranking.chosen_by_vote((2, 3, 4), {2: 5, 3: 4, 4: 1}, 2) == (2, 3)
    assert ranking.chosen_by_vote((2, 3, 4), {2: 5, 3: 1, 4: 1}, 2) is None


@pytest.mark.feature("D4")
def test_the_table_of_phases() -> None:
    for phase in (phases.BEFORE, phases.UNDECLARED, phases.SCORING):
        for viewer in phases.SEES:
            assert not phases.sees(viewer, phase, phases.SCORES)
            assert not phases.sees(viewer, phase, phases.RANKING)
    for phase in phases.SEES[phases.APPLICANT]:
        assert not phases.SEES[phases.APPLICANT][phase] | phases.SEES[phases.PUBLIC][phase]
    assert phases.sees(phases.STAFF, phases.SCORING, phases.PROGRESS)
    assert not phases.sees(phases.EXPERT, phases.UNDECLARED, phases.MATERIALS)
