"""Severity, spread and the scores beside the raw one."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.calls import calibration, demo_review
from shuniu.calls.calibration import NONE, SEVERITY, STANDARD, Sheet
from shuniu.calls.models import Application, Expert, RubricItem

WORTH = {1: 90, 2: 80, 3: 70, 4: 60}


def scored(gives: dict[int, int], who: dict[int, tuple[int, ...]] | None = None) -> list[Sheet]:
    """Sheets where every expert gives so much more than the application is worth."""
    return [
        Sheet(e, a, Decimal(WORTH[a] + more))
        for e, more in gives.items()
        for a in (who[e] if who else tuple(WORTH))
    ]


def told(sheets: list[Sheet], method: str = SEVERITY) -> calibration.Report:
    return calibration.report(sheets, sorted(WORTH), method=method, way="mean", digits=2)


@pytest.mark.feature("D7")
@given(st.lists(st.integers(-10, 10), min_size=2, max_size=5), st.data())
def test_who_gives_less_than_colleagues_on_the_same_applications_is_strict(
    more: list[int], data: st.DataObject
) -> None:
    """Known habits are found again, whoever saw what, as long as the experts are connected."""
    gives = dict(enumerate(more))
    seen = {
        e: tuple(sorted(data.draw(st.sets(st.sampled_from(sorted(WORTH)), min_size=1)) | {2})) for e in gives
    }
    found = told(scored(gives, seen))
    middle = Decimal(sum(more)) / len(more)
    for habit in found.habits:
        assert habit.severity is not None
        assert abs(habit.severity - (middle - gives[habit.expert])) <= Decimal("0.01")
        assert habit.notable == (abs(habit.severity) >= 5)
    assert found.groups == 1
    assert not found.unusual


@pytest.mark.feature("D7")
def test_a_mild_pair_does_not_lift_those_whom_only_they_saw() -> None:
    """Raw, the third application beats the second; allowing for who saw it, it does not."""
    seen = {1: (1, 2, 4), 2: (1, 3, 4), 3: (2, 4), 4: (3, 4)}
    sheets = scored({1: -8, 2: 12, 3: -8, 4: 12}, seen)
    beside = {b.application: b for b in told(sheets).beside}
    assert beside[3].raw is not None
    assert beside[2].raw is not None
    assert beside[3].raw > beside[2].raw
    assert [beside[a].rank for a in (1, 2, 3, 4)] == [1, 2, 3, 4]
    assert beside[1].normalised == Decimal("92.00")


@pytest.mark.feature("D7")
@pytest.mark.parametrize("method", [NONE, SEVERITY, STANDARD])
def test_the_raw_score_is_the_same_under_every_method(method: str) -> None:
    sheets = scored({1: -8, 2: 0, 3: 12})
    for b in told(sheets, method).beside:
        totals = sorted(s.total for s in sheets if s.application == b.application)
        assert b.raw == (sum(totals, Decimal(0)) / 3).quantize(Decimal("0.01"))
        assert b.trimmed == totals[1]
        assert (b.normalised is None) == (method == NONE)


@pytest.mark.feature("D7")
def test_standard_scores_bring_narrow_and_wide_scales_together() -> None:
    narrow = [Sheet(1, a, Decimal(75) + Decimal(WORTH[a] - 75) / 5) for a in WORTH]
    wide = [Sheet(2, a, Decimal(WORTH[a])) for a in WORTH]
    found = told(narrow + wide, STANDARD)
    habits = {h.expert: h for h in found.habits}
    assert (habits[1].spread, habits[2].spread) == (Decimal("2.58"), Decimal("12.91"))
    assert habits[1].others == habits[2].spread
    one = calibration.report(narrow, sorted(WORTH), method=STANDARD, way="mean", digits=2)
    assert [b.normalised for b in one.beside] == [b.raw for b in one.beside]
    assert [b.rank for b in found.beside] == [1, 2, 3, 4]


@pytest.mark.feature("D7")
def test_what_cannot_be_told_is_not_told() -> None:
    """Experts who share nothing are two groups; one alone has no severity; a flat scale has no standard score."""
    found = told(scored({1: 0, 2: 4, 3: 20}, {1: (1, 2), 2: (1, 2), 3: (3,)}))
    assert found.groups == 2
    habits = {h.expert: h for h in found.habits}
    assert habits[3].severity is None
    assert habits[3].spread is None
    beside = {b.application: b for b in found.beside}
    assert beside[3].raw == Decimal("90.00")
    assert beside[3].normalised is None
    assert beside[4].raw is None
    assert beside[4].rank is None
    flat = [Sheet(1, a, Decimal(80)) for a in WORTH] + [Sheet(2, a, Decimal(WORTH[a])) for a in WORTH]
    assert {b.normalised for b in told(flat, STANDARD).beside} == {None}


@pytest.mark.feature("D7")
def test_a_sheet_off_the_line_is_named() -> None:
    sheets = scored({1: 0, 2: 0, 3: 0})
    odd = sheets.index(Sheet(2, 3, Decimal(70)))
    sheets[odd] = Sheet(2, 3, Decimal(30))
    found = told(sheets)
    assert (found.unusual[0].sheet.expert, found.unusual[0].sheet.application) == (2, 3)
    assert found.unusual[0].off < -15


@pytest.mark.feature("D7")
def test_the_order_of_the_sheets_does_not_matter_and_an_unknown_method_is_refused() -> None:
    sheets = scored({1: -3, 2: 1, 3: 5}, {1: (1, 2), 2: (2, 3), 3: (3, 4)})
    first = told(sheets)
    for other in itertools.islice(itertools.permutations(sheets), 0, 600, 97):
        assert told(list(other)).beside == first.beside
    with pytest.raises(ValueError, match="silently"):
        told(sheets, "silently")


@pytest.mark.feature("D3")
def test_the_demonstration_has_strict_and_mild_experts() -> None:
    application, item = Application(pk=7), RubricItem(key="plan", weight=100)
    for n in range(1, 16):
        expert = Expert(number=n)
        usual, uneven = (
            f(expert, application, item) for f in (demo_review.usual_marks, demo_review.uneven_marks)
        )
        assert (uneven < usual) == (n % 3 == 0) and (uneven > usual) == (n % 5 == 0 and n % 3 > 0)
