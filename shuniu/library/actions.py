"""Storing a document when something is first published under it."""

from __future__ import annotations

from django.db import transaction

from shuniu.foundation.access import Who, require
from shuniu.foundation.journal import actions as journal
from shuniu.library import queries, rules
from shuniu.library.models import Document
from shuniu.policy.load import read_folder


@transaction.atomic
def store(*, by: Who, key: str) -> Document:
    """The document of this folder as a row; the same digest is stored once.

    Raises Refused("library.changed") when the folder differs from what was used under its version, and
    PolicyError when it is malformed.
    """
    path = queries.folder() / key
    files = read_folder(path)
    loaded = queries.loaded(files)
    existing = Document.objects.filter(digest=loaded.digest).first()
    if existing is not None:
        return existing
    require(rules.may_store(title=loaded.title, key=loaded.key, version=loaded.version, digest=loaded.digest))
    document = Document.objects.create(
        key=loaded.key,
        version=loaded.version,
        title=loaded.title,
        issuer=loaded.issuer.name,
        digest=loaded.digest,
        files={name: data.decode() for name, data in files.items()},
    )
    journal.record(
        by=by,
        verb="library.store",
        text=f"存入制度《{loaded.title}》{loaded.version} 版，校验值 {loaded.digest[:12]}",
        subject=document,
        facts={"digest": loaded.digest},
    )
    return document


def changed_folders() -> list[str]:
    """Folders that differ from what was used under their version, as sentences with both digests."""
    found = []
    for loaded in queries.all_on_disk():
        verdict = rules.may_store(
            title=loaded.title, key=loaded.key, version=loaded.version, digest=loaded.digest
        )
        if not verdict:
            found.append(verdict.reason)
    return found
