"""逐项反馈, pure: what may be told of the experts' scores, and what the next level lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shuniu import policy
from shuniu.calls import terms
from shuniu.calls.ranking import rounded

FEWEST = 3
"""Of fewer sheets a mean would tell what one expert gave."""
_DIGITS = 1


@dataclass(frozen=True)
class Panel:
    """The experts together: how many sheets count, the sum of each row, the score that counted."""

    sheets: int
    sums: Mapping[str, Decimal]
    score: Decimal | None


@dataclass(frozen=True)
class Known:
    """What stands about one row before the experts: key, label, most points, own and on the spot."""

    key: str
    label: str
    most: Decimal
    own: Decimal | None
    visit: Decimal | None


def means_told(panel: Panel, mode: str) -> dict[str, Decimal]:
    """Row → mean of the experts, where the notice promised it and nobody's sheet can be told from it."""
    if mode != terms.ITEM_MEANS or panel.sheets < FEWEST:
        return {}
    return {key: rounded(total / panel.sheets, _DIGITS) for key, total in panel.sums.items()}


def score_told(panel: Panel, mode: str) -> Decimal | None:
    """The score that counted, under the same two conditions."""
    return None if mode == terms.NO_SCORES or panel.sheets < FEWEST else panel.score


def rows(
    known: Sequence[Known],
    sheet: policy.ScoreSheet | None,
    panel: Panel,
    mode: str,
    comments: Mapping[str, str],
) -> list[dict[str, Any]]:
    """The rows as the applicant reads them, in plain values."""
    means = means_told(panel, mode)
    items = {item.key: item for item in sheet.items} if sheet else {}
    told = []
    for row in known:
        item, mean = items.get(row.key), means.get(row.key)
        latest = next((p for p in (mean, row.visit, row.own) if p is not None), None)
        further = policy.next_points(item, latest) if item and latest is not None else None
        told.append(
            {
                "key": row.key, "label": row.label, "most": _plain(row.most),
                "clause": item.clause if item else "", "words": item.words if item else "",
                "own": _plain(row.own), "visit": _plain(row.visit), "panel": _plain(mean),
                "comment": comments.get(row.key, "").strip(),
                "lacks": f"再得分：{further.words}" if further else "",
            }
        )  # fmt: skip
    return told


def levels(
    law: policy.Document, sheet: policy.ScoreSheet | None, total: Decimal | None
) -> list[dict[str, str]]:
    """What the next level of the document asks, and how much is missing."""
    if sheet is None or total is None:
        return []
    return [
        {"label": n.label, "clause": n.clause, "words": n.words, "gap": _plain(n.gap)}
        for n in policy.next_grades(law, sheet, total)
    ]


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"
