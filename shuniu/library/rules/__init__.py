"""What the library refuses."""

from shuniu.library.rules.documents import in_use, may_begin, may_store
from shuniu.library.rules.endings import may_decide_end, may_end
from shuniu.library.rules.impact import may_estimate
from shuniu.library.rules.papers import may_answer, may_ask, may_attach, may_publish_answer
from shuniu.library.rules.templates import may_restore, may_revise
from shuniu.library.rules.uploads import (
    may_adopt,
    may_confirm,
    may_discard,
    may_propose,
    may_publish,
    may_upload,
)

__all__ = [
    "in_use", "may_adopt", "may_answer", "may_ask", "may_attach", "may_begin", "may_confirm", "may_decide_end", "may_discard",
    "may_end", "may_estimate", "may_propose", "may_publish", "may_publish_answer", "may_restore", "may_revise", "may_store",
    "may_upload",
]  # fmt: skip
