"""Reads of documents: on disk for new calls, in the database for calls that run."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from shuniu import policy
from shuniu.library.models import Document

_KEPT = 64  # documents


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
    return loaded({name: text.encode() for name, text in document.files.items()})


def policy_of(document: Document) -> policy.Document:
    """The engine's view of a stored document: the words under which a call runs for ever."""
    return _stored(document.digest)


def stored_versions(key: str) -> list[Document]:
    """The versions of a document under which something was published, newest first."""
    return list(Document.objects.filter(key=key).order_by("-stored_at"))
