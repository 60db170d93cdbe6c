"""Literals of a file, and the rows of its tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Literal = str | int | Decimal | bool | date


@dataclass(frozen=True, slots=True)
class Band:
    """One row of a table: from ``low`` to ``high``, each end included or not, or an exact ``key``."""

    gives: Literal
    low: Decimal | None = None
    high: Decimal | None = None
    low_included: bool = True
    high_included: bool = True
    key: Literal | None = None

    def covers(self, value: object) -> bool:
        if self.key is not None:
            return self.key == value
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            return False
        number = Decimal(value)
        if self.low is not None and (number < self.low or (number == self.low and not self.low_included)):
            return False
        return not (
            self.high is not None and (number > self.high or (number == self.high and not self.high_included))
        )
