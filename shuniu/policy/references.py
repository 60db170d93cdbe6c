"""What a rule takes from the document itself: its lists, its numbers, the result of its score sheets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CategoriesListed:
    """The keys of the document's categories."""


@dataclass(frozen=True, slots=True)
class Limit:
    """The number of a limit of the document, so that it stands in one place."""

    key: str
    number: int


@dataclass(frozen=True, slots=True)
class SheetTotal:
    """The total of a score sheet; not known while a row of it is."""

    sheet: str


@dataclass(frozen=True, slots=True)
class Passes:
    """A rule: the score sheet is met, with its mark, its groups, its mandatory rows and its vetoes."""

    sheet: str
