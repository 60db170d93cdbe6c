"""What the library refuses."""

from __future__ import annotations

from shuniu.foundation.access import YES, Verdict, refuse, register_refusals
from shuniu.foundation.ui.formats import day
from shuniu.library.models import Document, Release
from shuniu.library.queries import ended

register_refusals(
    {
        "library.changed": (
            "制度《{title}》{version} 版的内容与已使用的版本不同（现在 {now}，已使用 {used}）。"
            "请恢复原文，或把修改作为新的版本。"
        ),
        "library.ended": (
            "《{title}》{version} 版已于 {on} 停用（{reason}），不能据此发起新的工作。"
            "已经开始的仍按它办理。请选择其他制度，或等待新的版本发布。"
        ),
    }
)


def may_store(*, title: str, key: str, version: str, digest: str) -> Verdict:
    """Under one key and version there is one wording."""
    used = Document.objects.filter(key=key, version=version).exclude(digest=digest).first()
    if used is None:
        return YES
    return refuse("library.changed", title=title, version=version, now=digest[:12], used=used.digest[:12])


def in_use(release: Release | None) -> Verdict:
    """Nothing new begins under a version that was taken out of use; what was never published here stays in use."""
    row = ended(release)
    if row is None or release is None or row.decided_at is None:
        return YES
    document = release.document
    return refuse(
        "library.ended",
        title=document.title,
        version=document.version,
        on=day(row.decided_at),
        reason=row.reason,
    )


def may_begin(document: Document) -> Verdict:
    """The same, of a stored document."""
    return in_use(Release.objects.filter(document=document).select_related("document").first())
