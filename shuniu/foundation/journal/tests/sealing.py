"""Sealing in tests, where others' transactions hold the horizon back as long as they run."""

from __future__ import annotations

import time

from django.db import connection

from shuniu.foundation.journal import actions
from shuniu.foundation.journal.models import Block, Entry

# The horizon is the server's: a test in another database that is one long transaction holds it, too.
_LONGEST_TEST = 60.0


def seal() -> Block:
    """The next block, as soon as everything committed is behind the horizon (autovacuum takes numbers as well)."""
    until = time.monotonic() + _LONGEST_TEST
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(actions._RUNNING)
            horizon, ahead = cursor.fetchone() or (0, 0)
        late = Entry.objects.filter(seal__isnull=True, xid__gte=horizon, xid__lt=ahead).exists()
        if not late and (block := actions.seal()) is not None:
            return block
        time.sleep(0.05)
    raise AssertionError(f"nothing could be sealed for {_LONGEST_TEST:.0f} seconds")
