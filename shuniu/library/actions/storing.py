"""Storing a document when something is first published under it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from shuniu import policy
from shuniu.foundation.access import Who, require
from shuniu.foundation.journal import actions as journal
from shuniu.library import queries, rules
from shuniu.library.models import Document
from shuniu.library.unpacking import pack
from shuniu.policy.load import read_folder


@transaction.atomic
def store(*, by: Who, key: str) -> Document:
    """The newest version of a document as a row: what was published here, else its folder; each digest once.

    Raises Refused("library.changed") when the folder differs from what was used under its version, and
    PolicyError when it is malformed.
    """
    release = queries.newest_release(key)
    if release is not None:
        return release.document
    files = read_folder(queries.folder() / key)
    return keep(by=by, law=queries.loaded(files), files=files)


@transaction.atomic
def keep(*, by: Who, law: policy.Document, files: Mapping[str, bytes]) -> Document:
    """The row of exactly these files; Refused("library.changed") for another wording under the same version."""
    existing = Document.objects.filter(digest=law.digest).first()
    if existing is not None:
        return existing
    require(rules.may_store(title=law.title, key=law.key, version=law.version, digest=law.digest))
    document = Document.objects.create(
        key=law.key, version=law.version, title=law.title, issuer=law.issuer.name, digest=law.digest,
        files=pack(files),
    )  # fmt: skip
    journal.record(
        by=by,
        verb="library.store",
        text=f"存入制度《{law.title}》{law.version} 版，校验值 {law.digest[:12]}",
        subject=document,
        facts={"digest": law.digest},
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
