"""What the clock and the calendar do to 公示."""

from __future__ import annotations

from shuniu.calls.actions.listing import close_due, recompute_open, tell_outcomes
from shuniu.foundation.jobs import job, sweep

sweep("calls.close_publicity")(close_due)


@job("calls.tell_shortlist")
def tell_shortlist(list_id: int) -> None:
    """Tell every reviewed applicant; a second run goes on where the first stopped."""
    tell_outcomes(list_id=list_id)


@job("calls.recompute_publicity")
def recompute_publicity() -> None:
    """A working day changed: count every running 公示 again."""
    recompute_open()
