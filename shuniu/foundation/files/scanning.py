"""The scanner's port: no scanner releases at once, ClamAV answers over its socket (INSTREAM)."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

_CHUNK = 64 * 1024
NO_SCANNER = "未配置查毒"


class NoAnswer(Exception):
    """The scanner could not be reached or did not judge; the file stays in quarantine."""


@dataclass(frozen=True)
class Judgement:
    """What the scanner says: `virus` is empty for a clean file."""

    scanner: str
    virus: str = ""


def is_remote() -> bool:
    """Whether files wait for a scanner that answers later."""
    return bool(settings.CLAMAV)


def judge(path: Path, *, timeout: float = 60.0) -> Judgement:
    """Ask the configured scanner about the file. Raises NoAnswer."""
    if not is_remote():
        return Judgement(NO_SCANNER)
    host, _, port = str(settings.CLAMAV).rpartition(":")
    try:
        with socket.create_connection((host or "127.0.0.1", int(port)), timeout=timeout) as link:
            link.sendall(b"zINSTREAM\0")
            with path.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    link.sendall(struct.pack(">I", len(chunk)) + chunk)
            link.sendall(struct.pack(">I", 0))
            answer = _answer(link)
    except (OSError, ValueError) as problem:
        raise NoAnswer(f"{type(problem).__name__}: {problem}") from problem
    if answer == "stream: OK":
        return Judgement("ClamAV")
    if answer.endswith(" FOUND"):
        return Judgement("ClamAV", answer.removeprefix("stream: ").removesuffix(" FOUND"))
    raise NoAnswer(answer)


def _answer(link: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < 4096:
        piece = link.recv(4096)
        if not piece:
            break
        said += piece
    return said.rstrip(b"\0").decode("utf-8", "replace").strip()
