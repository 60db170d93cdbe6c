"""Sending what is queued, every minute."""

from __future__ import annotations

from shuniu.foundation.jobs import sweep
from shuniu.foundation.notices import actions


@sweep("notices.deliver")
def deliver() -> int:
    """Send queued mail and messages; the number sent."""
    return actions.deliver_queued(limit=500)
