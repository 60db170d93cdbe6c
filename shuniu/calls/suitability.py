"""How suitable an expert is for an application, 0 to 100: pure, in three parts that a page can show.

- 专业 0–60: 30 for the category, up to 30 more for the share of the application's directions that the expert names;
  all 60 for the category where the document has no directions.
- 轮换 0–20: 20 for an organisation that the expert has not scored in two years, 10 less for each time they have.
- 负荷 0–20: 20 for an expert with nothing else to score, one less for each open sheet in other calls.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

FIELD, SPREAD, LOAD = 60, 20, 20
YEARS = 2  # so far back the rotation looks


@dataclass(frozen=True)
class Suitability:
    """The three parts."""

    field: int
    spread: int
    load: int

    @property
    def points(self) -> int:
        """0 to 100."""
        return self.field + self.spread + self.load


def suitability(
    category: str, directions: Collection[str], known: Collection[str], *, times: int, busy: int
) -> Suitability:
    """`known`: the expert's "category:direction" keys; `times`: scored this organisation before; `busy`: open sheets
    elsewhere. The expert is of the category."""
    hits = sum(f"{category}:{d}" in known for d in directions)
    half = FIELD // 2
    named = (2 * half * hits + len(directions)) // (2 * len(directions)) if directions else half  # 四舍五入
    return Suitability(half + named, max(0, SPREAD - 10 * times), max(0, LOAD - busy))
