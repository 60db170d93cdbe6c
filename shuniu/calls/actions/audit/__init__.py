"""资格审核: everything that is written at the check desk."""

from shuniu.calls.actions.audit.clockwork import (
    end_deregistered,
    expire_due,
    expire_one,
    recompute_due,
    screen_applicants,
)
from shuniu.calls.actions.audit.conclusion import conclude, confirm, reopen, return_conclusion
from shuniu.calls.actions.audit.correction import send_correction
from shuniu.calls.actions.audit.desk import assign, assign_many, save_tick
from shuniu.calls.actions.audit.findings import accept_reason, answer, choose_reading, look_at, run_findings
from shuniu.calls.actions.audit.late import ask_late, decide_late
from shuniu.calls.actions.audit.release import release, release_many

__all__ = [
    "accept_reason", "answer", "ask_late", "assign", "assign_many", "choose_reading", "conclude", "confirm",
    "decide_late", "end_deregistered", "expire_due", "expire_one", "look_at", "recompute_due", "release",
    "release_many", "reopen", "return_conclusion", "run_findings", "save_tick", "screen_applicants",
    "send_correction",
]  # fmt: skip
