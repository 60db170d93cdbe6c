"""Reads of the library."""

from shuniu.library.queries.documents import (
    all_on_disk,
    folder,
    keys,
    law_of_key,
    laws,
    laws_for,
    loaded,
    on_disk,
    policy_of,
    stored_versions,
)
from shuniu.library.queries.uploads import (
    Difference,
    adoptions_below,
    difference,
    newest_release,
    shelf,
    uploads_visible_to,
    uploads_waiting,
)

__all__ = [
    "Difference", "adoptions_below", "all_on_disk", "difference", "folder", "keys", "law_of_key", "laws", "laws_for",
    "loaded", "newest_release", "on_disk", "policy_of", "shelf", "stored_versions", "uploads_visible_to", "uploads_waiting",
]  # fmt: skip
