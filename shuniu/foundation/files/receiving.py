"""From an upload to bytes at their place: streamed, hashed, told by content. Knows no record."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

import structlog
from django.conf import settings
from django.http import UnreadablePostError

from shuniu.foundation.files import inspection, limited
from shuniu.foundation.files.kinds import KINDS, MIB, labels
from shuniu.foundation.files.rules import FileRefused

log = structlog.get_logger(__name__)
_CHUNK = 256 * 1024
_CHECK_SECONDS = 5.0
_CHECK_MEMORY = 256 * MIB


class Readable(Protocol):
    """An upload, or any open binary file."""

    def read(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True)
class Received:
    """A file that is what it says: it lies at its place under its digest."""

    sha256: str
    size: int
    kind: str
    pages: int | None
    name: str


def shown_size(size: int) -> str:
    """ "20 MB", "350 KB"."""
    return f"{size / MIB:.1f}".removesuffix(".0") + " MB" if size >= MIB else f"{max(1, size // 1024)} KB"


def clean_name(raw: str) -> str:
    """The file's own name: no folders, no control characters; FileRefused when nothing is left."""
    name = unicodedata.normalize("NFC", raw.replace("\\", "/").rsplit("/", 1)[-1]).strip().strip(".")
    if any(unicodedata.category(c) in {"Cc", "Cf"} for c in name):
        # A right-to-left override makes "gpj.exe" of "exe.jpg".
        raise FileRefused("files.name", why="含有看不见的控制字符")
    if not name:
        raise FileRefused("files.name", why="文件名为空")
    stem, ending = PurePosixPath(name).stem, PurePosixPath(name).suffix
    return stem[: 200 - len(ending)] + ending[:20]


def receive(upload: Readable, *, name: str, allowed: frozenset[str], max_bytes: int) -> Received:
    """Stream `upload` to its place under FILES_ROOT and say what it is.

    `allowed`: keys of KINDS. Raises FileRefused with the sentence of the cause; nothing is left behind then.
    Bytes at their place without a row in the database (the act failed afterwards) do no harm.
    """
    name = clean_name(name)
    with _incoming() as path:
        digest, size = _stream(upload, path, name, max_bytes)
        kind, pages = _look(path, name, allowed)
        place = Path(settings.FILES_ROOT) / digest[:2] / digest[2:4] / digest
        _put(path, place)
    return Received(digest, size, kind, pages, name)


def keep(data: bytes, *, kind: str, name: str, pages: int | None = None) -> Received:
    """Put bytes that the product made itself at their place."""
    with _incoming() as path:
        digest, size = _stream(io.BytesIO(data), path, name, len(data))
        _put(path, Path(settings.FILES_ROOT) / digest[:2] / digest[2:4] / digest)
    return Received(digest, size, kind, pages, name)


@contextlib.contextmanager
def _incoming() -> Iterator[Path]:
    folder = Path(settings.FILES_ROOT) / "incoming"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / secrets.token_hex(16)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _stream(upload: Readable, path: Path, name: str, max_bytes: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            while chunk := _read(upload, name):
                size += len(chunk)
                if size > max_bytes:
                    raise FileRefused("files.too_large", name=name, limit=shown_size(max_bytes))
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        if problem.errno in {errno.ENOSPC, errno.EDQUOT}:
            log.error("files.no_room", root=str(settings.FILES_ROOT))
            raise FileRefused("files.no_room", name=name) from problem
        raise
    if not size:
        raise FileRefused("files.empty", name=name)
    return digest.hexdigest(), size


def _read(upload: Readable, name: str) -> bytes:
    try:
        return upload.read(_CHUNK)
    except (UnreadablePostError, ConnectionError, TimeoutError) as problem:
        raise FileRefused("files.broken", name=name) from problem


def _look(path: Path, name: str, allowed: frozenset[str]) -> tuple[str, int | None]:
    try:
        answer: dict[str, Any] = limited.call(
            f"{inspection.__name__}:inspect",
            {"path": str(path)},
            timeout=_CHECK_SECONDS,
            memory=_CHECK_MEMORY,
        )
    except limited.Limited as stopped:
        log.warning("files.inspection", stopped=stopped.kind, detail=stopped.detail)
        raise FileRefused("files.too_complex", name=name) from stopped
    if code := answer.pop("refused", ""):
        words = {"limit": shown_size(inspection.MOST_UNPACKED), "allowed": labels(allowed)} | answer
        raise FileRefused(code, name=name, **words)
    kind = KINDS.get(answer["kind"])
    if kind is None or kind.key not in allowed:
        found = answer.get("found") or (kind.label if kind else "")
        raise FileRefused("files.wrong_type", name=name, found=found, allowed=labels(allowed))
    if PurePosixPath(name).suffix.lower() not in kind.endings:
        raise FileRefused("files.ending", name=name, found=kind.label)
    return kind.key, answer["pages"]


def _put(path: Path, place: Path) -> None:
    """Move the bytes to their place and make the move outlive a power cut."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.rename(place)
    for folder in (place.parent, place.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
