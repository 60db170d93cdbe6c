"""Reads of documents: what new calls may begin from, and what running calls are judged by."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import Exists, OuterRef

from shuniu import policy
from shuniu.library.models import Document, Ending, Release
from shuniu.library.unpacking import unpacked
from shuniu.unions.queries import ancestor_ids

_KEPT = 64  # documents
WHOLE_FOLDERS = ("document__files", "base__files")
"""What a release need not bring along: a folder is parsed once per process, by its digest."""


def folder() -> Path:
    """Where the documents' folders lie."""
    return Path(settings.ROOT) / "policies"


def keys() -> list[str]:
    """The documents on disk, by key."""
    return sorted(p.parent.name for p in folder().glob("*/document.yaml"))


_loaded: dict[str, policy.Document] = {}


def loaded(files: Mapping[str, bytes]) -> policy.Document:
    """The document of files by relative name; PolicyError when it is malformed. Each is read once per process."""
    digest = policy.digest_of(files)
    if digest not in _loaded:
        if len(_loaded) >= _KEPT:
            _loaded.clear()
        _loaded[digest] = policy.load_bytes(files)
    return _loaded[digest]


@lru_cache(maxsize=_KEPT)
def on_disk(key: str) -> policy.Document:
    """The document of that folder as it is now; PolicyError when it is malformed. Read once per process."""
    return loaded(policy.read_folder(folder() / key))


def all_on_disk() -> list[policy.Document]:
    """Every document in the library, in the order of their keys."""
    return [on_disk(key) for key in keys()]


@lru_cache(maxsize=_KEPT)
def _stored(digest: str) -> policy.Document:
    document = Document.objects.get(digest=digest)
    return loaded(unpacked(document.files))


def policy_of(document: Document) -> policy.Document:
    """The engine's view of a stored document: the words under which a call runs for ever."""
    return policy_under(document.digest)


def policy_under(digest: str) -> policy.Document:
    """The same by the digest of the document, for who has no more of it."""
    return _stored(digest)


def stored_versions(key: str) -> list[Document]:
    """The versions of a document under which something was published, newest first."""
    return list(Document.objects.filter(key=key).order_by("-stored_at"))


def newest_releases() -> dict[str, Release]:
    """The newest version that was published here, by key; `is_ended` says whether it was taken out of use."""
    ended = Ending.objects.filter(release=OuterRef("pk"), state=Ending.State.ENDED)
    rows = Release.objects.order_by("key", "-id").distinct("key").annotate(is_ended=Exists(ended))
    return {row.key: row for row in rows.select_related("document", "union", "base").defer(*WHOLE_FOLDERS)}


def laws() -> list[policy.Document]:
    """Every document at hand in its newest version, by key; one published here goes before one on disk."""
    found = {law.key: law for law in all_on_disk()}
    found |= {key: policy_of(row.document) for key, row in newest_releases().items()}
    return [found[key] for key in sorted(found)]


def laws_for(union_id: int) -> list[policy.Document]:
    """What a union may begin something new under: the product's documents, and what it or a union above it
    published and did not take out of use."""
    above = set(ancestor_ids(union_id))
    found = {law.key: law for law in all_on_disk()}
    for key, row in newest_releases().items():
        if row.union_id in above and not row.is_ended:  # type: ignore[attr-defined]
            found[key] = policy_of(row.document)
    return [found[key] for key in sorted(found)]


def law_of_key(key: str) -> policy.Document | None:
    """The newest version of a document; None where the library has no such key."""
    row = Release.objects.filter(key=key).select_related("document").defer("document__files").first()
    if row is not None:
        return policy_of(row.document)
    return on_disk(key) if key in keys() else None
