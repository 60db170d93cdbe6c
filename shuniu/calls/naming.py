"""Whether names go on public view before they are honoured, afterwards, or not at all: the order of the stages says it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from shuniu.calls.models import Call


class Way(StrEnum):
    """How a document comes from the review's outcome to the names that count."""

    SHOWN_FIRST = "shown_first"  # 公示 of a shortlist, then the formal list
    NAMED_FIRST = "named_first"  # 命名, then 公示 of those who are named
    NOT_SHOWN = "not_shown"  # named and published; the document knows no 公示


def granting_kind(call: Call) -> str:
    """The kind of stage in which names begin to count, and whose clause the formal list rests on."""
    return _granting([stage.kind for stage in call.stages.all()])


def _granting(kinds: Sequence[str]) -> str:
    return "publish" if "publish" in kinds else "name" if "name" in kinds else "publicity"


def way_of(kinds: Sequence[str]) -> Way:
    """The way of a procedure, by its kinds of stages in order."""
    if "publicity" not in kinds:
        return Way.NOT_SHOWN if {"publish", "name"} & set(kinds) else Way.SHOWN_FIRST
    return Way.NAMED_FIRST if kinds.index(_granting(kinds)) < kinds.index("publicity") else Way.SHOWN_FIRST


def way(call: Call) -> Way:
    """The same of a call, whose stages are its document's."""
    return way_of([stage.kind for stage in call.stages.all()])
