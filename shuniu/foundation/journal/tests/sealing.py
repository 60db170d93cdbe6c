"""Sealing in tests, where others' transactions may hold the horizon back for a moment."""

from __future__ import annotations

import time

from django.db import connection

from shuniu.foundation.journal import actions
from shuniu.foundation.journal.models import Block, Entry


def seal() -> Block:
    """The next block, as soon as everything committed is behind the horizon (autovacuum takes numbers as well)."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(actions._RUNNING)
            horizon, ahead = cursor.fetchone() or (0, 0)
        late = Entry.objects.filter(seal__isnull=True, xid__gte=horizon, xid__lt=ahead).exists()
        if not late and (block := actions.seal()) is not None:
            return block
        time.sleep(0.05)
    raise AssertionError("nothing could be sealed for ten seconds")
