"""Sealing, every minute."""

from __future__ import annotations

from shuniu.foundation.jobs import sweep
from shuniu.foundation.journal import actions


@sweep("journal.seal")
def seal() -> int:
    """Chain what was written since the last block; the number of entries."""
    sealed = 0
    while block := actions.seal():
        sealed += block.entries
    return sealed
