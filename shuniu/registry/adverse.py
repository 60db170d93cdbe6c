"""Adverse information as of a day: what of the registry's facts speaks against an organisation (A5).

活动异常名录 and 严重违法失信 while they stand, penalties of the last two years or not yet carried out,
prosecution, and a registration that is ending or ended.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from shuniu.registry.models import FactRow, Penalty, PenaltyKind, Status
from shuniu.registry.profile import Said

YEARS = 2
_WHILE_IT_STANDS = frozenset({PenaltyKind.ABNORMAL, PenaltyKind.DISHONEST})
_ENDING = frozenset({Status.CLOSING, Status.CANCELLED, Status.REVOKED})


@dataclass(frozen=True)
class Adverse:
    """One thing on record. `key` stays the same when the record is verified or corrected."""

    key: str
    text: str
    since: dt.date
    source: str


def years_before(day: dt.date, years: int = YEARS) -> dt.date:
    """The same day so many years earlier; 29 February becomes the 28th."""
    year = day.year - years
    return dt.date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))


def speaks_against(row: Penalty, on: dt.date) -> bool:
    """Does this row count on the day?"""
    if row.from_on > on:
        return False
    standing = row.to_on is None or row.to_on >= on
    if row.penalty in _WHILE_IT_STANDS:
        return standing
    if row.penalty == PenaltyKind.PENALTY:
        return standing or row.from_on >= years_before(on)
    return row.penalty == PenaltyKind.PROSECUTION


def adverse(
    status: Said | None, rows: Iterable[FactRow], on: dt.date, origins: Mapping[int, int]
) -> list[Adverse]:
    """Everything that counts on the day, the newest first.

    `status`: the statement of 登记状态 that counts; `rows`: the penalties that stand; `origins`: row → the first
    row of its line of corrections, where it is another.
    """
    found = [_penalty(cast(Penalty, row), origins) for row in rows if speaks_against(cast(Penalty, row), on)]
    if status is not None and status.value in _ENDING:
        label = Status(status.value).label
        key = f"status:{status.value}:{status.statement.pk}"
        found.append(Adverse(key, f"登记状态：{label}", status.date, status.source))
    return sorted(found, key=lambda each: each.since, reverse=True)


def _penalty(row: Penalty, origins: Mapping[int, int]) -> Adverse:
    words = [str(PenaltyKind(row.penalty).label), row.authority, row.number, row.content]
    text = "，".join(word for word in words if word)
    return Adverse(f"penalty:{origins.get(row.pk, row.pk)}", text[:200], row.from_on, row.source_text)
