"""Sealing in tests: what the database itself does at that moment may hold the horizon for an instant."""

from __future__ import annotations

import time

from shuniu.foundation.journal import actions
from shuniu.foundation.journal.models import Block


def seal() -> Block:
    """The next block, as soon as everything committed is behind the horizon (autovacuum takes numbers as well)."""
    for _ in range(200):
        if (block := actions.seal()) is not None:
            return block
        time.sleep(0.05)
    raise AssertionError("nothing could be sealed for ten seconds")
