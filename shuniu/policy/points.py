"""Points of the procedure: what the document itself settles, and what it leaves open."""

from __future__ import annotations

from dataclasses import dataclass

from shuniu.policy.rules import Rule
from shuniu.policy.words import FILLERS


@dataclass(frozen=True, slots=True)
class Stated:
    """A point of the procedure that the document itself settles: the same keys as open points, with a clause."""

    key: str
    clause: str
    label: str
    value: str | int
    unit: str = ""
    questions: tuple[str, ...] = ()  # the questions that it answers


@dataclass(frozen=True, slots=True)
class NotStated:
    """What the document leaves open: who fills it, with what kind of value, and our default, marked as ours.

    ``questions`` are answered *silent* because of it; with ``when`` only while that rule holds.
    """

    key: str
    label: str
    filled_by: str
    kind: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    default: str | int | None = None
    near: str = ""
    note: str = ""
    questions: tuple[str, ...] = ()
    when: Rule | None = None
    per_category: bool = False

    @property
    def filled_by_label(self) -> str:
        return FILLERS[self.filled_by]
