"""What the clock does to calls."""

from __future__ import annotations

from shuniu.calls.actions.procedure import advance_by_clock
from shuniu.foundation.jobs import sweep

sweep("calls.advance")(advance_by_clock)
