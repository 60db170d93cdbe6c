"""What waits for a second person of a union. Each slice tells how its approvals are found; 转办 knows no slice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models

from shuniu.foundation.access import Verdict, Who

APPROVERS = ("checker", "leader")


@dataclass(frozen=True)
class Approval:
    """One thing that waits. `matter` is the word that its to-do bears; what comes back anew may bear a new one."""

    matter: str
    record: models.Model  # its 时间线 shows what happened
    union_id: int
    title: str
    url: str
    may: Callable[[Who], Verdict]  # the rule by which it is decided


Finder = Callable[[Who, int], Approval | None]
_finders: dict[str, Finder] = {}


def register(kind: str, finder: Finder) -> None:
    """Tell how an approval of this kind is found by its key; None for a stranger and for what is not there."""
    _finders[kind] = finder


def find(who: Who, kind: str, pk: int) -> Approval | None:
    """The approval as the asker may see it."""
    finder = _finders.get(kind)
    return finder(who, pk) if finder else None
