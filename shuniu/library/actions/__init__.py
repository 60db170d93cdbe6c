"""Every write to the library."""

from shuniu.library.actions.adopting import Local, adopt
from shuniu.library.actions.endings import confirm_end, decline_end, propose_end
from shuniu.library.actions.impact import compute_impact, estimate
from shuniu.library.actions.papers import attach_paper
from shuniu.library.actions.questions import answer, ask, publish_answer, return_answer
from shuniu.library.actions.storing import changed_folders, store
from shuniu.library.actions.templates import restore_template, revise_template
from shuniu.library.actions.uploads import confirm, decline, discard, propose, upload

__all__ = [
    "Local", "adopt", "answer", "ask", "attach_paper", "changed_folders", "compute_impact", "confirm", "confirm_end",
    "decline", "decline_end", "discard", "estimate", "propose", "propose_end", "publish_answer", "restore_template",
    "return_answer", "revise_template", "store", "upload",
]  # fmt: skip
