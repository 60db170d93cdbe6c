"""What would bring more: the next band of a table, the next grade of a total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from shuniu.policy import rules as r
from shuniu.policy.explain_rules import bands as band_words
from shuniu.policy.measures import Item, ScoreSheet, Scoring
from shuniu.policy.model import Document


@dataclass(frozen=True, slots=True)
class Next:
    """A better band: what it asks, what it gives, and how far away its lower end is where that is a number."""

    label: str
    clause: str
    words: str
    gap: Decimal | None = None


def next_points(item: Item, points: Decimal) -> Next | None:
    """The least that scores more than ``points`` in a row; None at its top, or where a person gives the points."""
    if points >= item.points:
        return None
    scoring = _scoring(item)
    if scoring is None:
        return None
    better = [
        b for b in scoring.bands if isinstance(b.gives, int | Decimal) and not isinstance(b.gives, bool)
    ]
    better = [b for b in better if Decimal(b.gives) > points]  # type: ignore[arg-type]
    if better:
        least = min(better, key=lambda b: Decimal(b.gives))  # type: ignore[arg-type]
        return Next(item.label, item.clause, f"{band_words((least,))} 分")
    if scoring.per is not None:
        return Next(
            item.label, item.clause, f"每增加一件得 {_plain(scoring.per)} 分，最多 {_plain(item.points)} 分"
        )
    return None


def _scoring(item: Item) -> Scoring | None:
    """The one way in which the row is counted; None where its words bear several."""
    return item.scoring if not item.readings else None


def next_grades(document: Document, sheet: ScoreSheet, total: Decimal) -> tuple[Next, ...]:
    """For each grading of this sheet's total, the next grade above ``total``; and the pass mark not reached yet."""
    found = []
    if sheet.pass_mark is not None and total < sheet.pass_mark:
        gap = sheet.pass_mark - total
        found.append(Next(sheet.label, sheet.clause, f"合格线 {_plain(sheet.pass_mark)} 分", gap))
    for grading in document.gradings:
        if _reads(document, grading.of, sheet):
            above = _above(grading.bands, total)
            if above is not None and above.low is not None:
                words = f"{above.gives}：{_plain(above.low)} 分{'起' if above.low_included else '以上'}"
                found.append(Next(grading.label, grading.clause, words, above.low - total))
    return tuple(found)


def _reads(document: Document, value: r.Value, sheet: ScoreSheet) -> bool:
    """Whether a grading grades this sheet: by its total, or by a number that the call hands in."""
    if getattr(value, "sheet", None) == sheet.key:
        return True
    if not isinstance(value, r.FactRef):
        return False
    spec = document.facts[value.name]
    return spec.source == "call" and spec.type in ("decimal", "integer")


def _above(bands: Sequence[r.Band], total: Decimal) -> r.Band | None:
    higher = [b for b in bands if b.low is not None and b.low > total]
    return min(higher, key=lambda b: b.low or Decimal(0)) if higher else None


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
