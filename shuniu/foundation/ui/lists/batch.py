"""What may be done with many rows at once: judged row by row first, then done by one action."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any

from django import forms

from shuniu.foundation.access import Verdict, Who

Judge = Callable[[Who, Sequence[Any]], Sequence[Verdict]]
BATCH_LIMIT = 2_000


@dataclass(frozen=True)
class BatchAction:
    """One button of the batch bar.

    `judge(who, rows)`: a verdict per row, from the rules that the action itself obeys.
    `act(by=, ids=, **form)`: the slice's action; it locks, judges again, returns what happened in words.
    `note(who, rows)`: what should be known before (a quota: 已推荐 1/2).
    """

    key: str
    label: str
    judge: Judge
    act: Callable[..., str]
    _: KW_ONLY
    roles: tuple[str, ...] = ()
    form: type[forms.Form] | None = None
    explain: str = ""  # one sentence: what will happen, and what will not yet
    note: Callable[[Who, Sequence[Any]], str] | None = None

    def offered_to(self, who: Who) -> bool:
        """Does the bar show it?"""
        return not self.roles or who.role in self.roles


@dataclass(frozen=True)
class Preview:
    """What a batch would do to which rows; `digest` changes with the rows and with each verdict."""

    can: list[tuple[Any, str]]  # row, label
    cannot: list[tuple[Any, str, Verdict]]
    missing: int  # picked, but no longer visible
    too_many: int  # how many were picked when they are more than a batch may hold

    @property
    def total(self) -> int:
        return len(self.can) + len(self.cannot)

    @property
    def ids(self) -> list[Any]:
        """Keys of the rows that can be done."""
        return [row.pk for row, _ in self.can]

    @property
    def digest(self) -> str:
        lines = [f"{row.pk}:1" for row, _ in self.can]
        lines += [f"{row.pk}:0:{verdict.code}:{verdict.reason}" for row, _, verdict in self.cannot]
        return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def preview(
    action: BatchAction,
    who: Who,
    rows: Sequence[Any],
    label: Callable[[Any], str],
    *,
    missing: int,
    found: int,
) -> Preview:
    """Judge every row; nothing is written."""
    verdicts = action.judge(who, rows)
    can: list[tuple[Any, str]] = []
    cannot: list[tuple[Any, str, Verdict]] = []
    for row, verdict in zip(rows, verdicts, strict=True):
        if verdict:
            can.append((row, label(row)))
        else:
            cannot.append((row, label(row), verdict))
    return Preview(can, cannot, missing, found if found > BATCH_LIMIT else 0)


__all__ = ["BATCH_LIMIT", "BatchAction", "Preview", "preview"]
