"""What the clock and the calendar do to 公示."""

from __future__ import annotations

from shuniu.calls.actions.listing import close_due, recompute_open
from shuniu.foundation.jobs import job, sweep

sweep("calls.close_publicity")(close_due)


@job("calls.recompute_publicity")
def recompute_publicity() -> None:
    """A working day changed: count every running 公示 again."""
    recompute_open()
