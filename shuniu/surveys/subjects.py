"""What a survey can be about besides an organisation: higher slices tell it here, surveys know only key and words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shuniu.foundation.access import Who
from shuniu.registry.models import Organisation


@dataclass(frozen=True)
class Subject:
    """A record of a higher slice: its key ("projects.project:12"), its name, whose work it is."""

    key: str
    label: str
    organisation: Organisation


Finder = Callable[[Who, int], Subject | None]

_finders: dict[str, Finder] = {}


def register(kind: str, find: Finder) -> None:
    """`find` gives the subject of a key that begins with `kind`, to whoever may have it surveyed, else None."""
    _finders[kind] = find


def find(who: Who, key: str) -> Subject | None:
    """The subject that the asker may have surveyed; None for everything else."""
    kind, _, pk = key.partition(":")
    if kind not in _finders or not pk.isdecimal() or len(pk) > 18:
        return None
    return _finders[kind](who, int(pk))
