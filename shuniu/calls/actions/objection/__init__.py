"""异议: received, accepted, looked into, decided, answered."""

from shuniu.calls.actions.objection.deciding import decide, return_proposal
from shuniu.calls.actions.objection.handling import accept, note_reading, propose, take_over
from shuniu.calls.actions.objection.receiving import receive

__all__ = ["accept", "decide", "note_reading", "propose", "receive", "return_proposal", "take_over"]
