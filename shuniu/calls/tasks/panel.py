"""What the clock does to draws."""

from __future__ import annotations

from shuniu.calls.actions.panel import lapse_due
from shuniu.foundation.jobs import sweep

sweep("calls.draw_lapsed")(lapse_due)
