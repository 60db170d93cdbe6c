"""What the night clears (R3)."""

from __future__ import annotations

from shuniu.calls.actions.retention import clear_due
from shuniu.foundation.jobs import NIGHTLY, sweep

sweep("calls.retention", NIGHTLY)(clear_due)
