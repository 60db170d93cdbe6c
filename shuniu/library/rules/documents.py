"""What the library refuses."""

from __future__ import annotations

from shuniu.foundation.access import YES, Verdict, refuse, register_refusals
from shuniu.library.models import Document

register_refusals(
    {
        "library.changed": (
            "制度《{title}》{version} 版的内容与已使用的版本不同（现在 {now}，已使用 {used}）。"
            "请恢复原文，或把修改作为新的版本。"
        ),
    }
)


def may_store(*, title: str, key: str, version: str, digest: str) -> Verdict:
    """Under one key and version there is one wording."""
    used = Document.objects.filter(key=key, version=version).exclude(digest=digest).first()
    if used is None:
        return YES
    return refuse("library.changed", title=title, version=version, now=digest[:12], used=used.digest[:12])
