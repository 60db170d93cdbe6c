"""What the library refuses."""

from shuniu.library.rules.documents import may_store
from shuniu.library.rules.uploads import (
    may_adopt,
    may_confirm,
    may_discard,
    may_propose,
    may_publish,
    may_upload,
)

__all__ = [
    "may_adopt", "may_confirm", "may_discard", "may_propose", "may_publish", "may_store", "may_upload",
]  # fmt: skip
