"""What a file is by its content. Runs in the limited child process: no Django, no network.

`inspect({"path"})` answers {"kind", "pages"} or {"refused": code, …words}; the sentences are in rules.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Any

HEAVY = ("pypdf", "puremagic")  # what the nursery imports beforehand, and nobody else
MIB = 1024 * 1024
MOST_ENTRIES = 5_000
MOST_UNPACKED = 400 * MIB
MOST_RATIO = 200  # counted above 10 MiB only: small texts pack well
_CHUNK = 256 * 1024

_FOREIGN = {
    "exe": "Windows 程序", "dll": "Windows 程序", "elf": "Linux 程序", "sh": "脚本",
    "html": "网页", "htm": "网页", "rtf": "RTF 文档", "xml": "XML 文件",
    "rar": "RAR 压缩包", "7z": "7z 压缩包", "gz": "压缩包", "heic": "HEIC 照片", "gif": "GIF 图片",
    "bmp": "BMP 图片", "tif": "TIFF 图片", "tiff": "TIFF 图片", "webp": "WebP 图片", "svg": "SVG 图片",
    "mp4": "视频", "mov": "视频", "avi": "视频", "mp3": "音频", "wav": "音频",
}  # fmt: skip
_PLAIN = "纯文本或 CSV"
_PROGRAMS = {
    ".exe", ".dll", ".scr", ".com", ".msi", ".bat", ".cmd", ".ps1", ".vbs", ".js", ".jse", ".wsf", ".hta",
    ".jar", ".lnk", ".sh", ".apk", ".app", ".zip", ".rar", ".7z", ".gz", ".tar", ".bz2", ".xz", ".iso",
    ".docm", ".xlsm", ".pptm", ".doc", ".xls", ".ppt",
}  # fmt: skip


class Bad(Exception):
    """Refused with a code and the words of its sentence."""

    def __init__(self, code: str, **words: Any) -> None:
        super().__init__(code)
        self.answer = {"refused": code, **words}


def inspect(argument: dict[str, Any]) -> dict[str, Any]:
    """{"path": file} → {"kind": key, "pages": number or None} or {"refused": code, …}."""
    path = Path(argument["path"])
    try:
        with path.open("rb") as file:
            head = file.read(4096)
        if head.startswith(b"%PDF-"):
            return _pdf(path)
        if head.startswith(b"\x89PNG\r\n\x1a\n"):
            return _png(path)
        if head.startswith(b"\xff\xd8\xff"):
            return _jpeg(path)
        if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return _zip(path)
        if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
            return _ole(path)
    except Bad as bad:
        return bad.answer
    found = _foreign(head)
    return {"kind": "txt" if found == _PLAIN else "", "found": found, "pages": None}


def _foreign(head: bytes) -> str:
    import puremagic

    if head.startswith(b"MZ"):
        return _FOREIGN["exe"]
    if head[4:8] == b"ftyp" and head[8:12] in {b"heic", b"heix", b"mif1", b"msf1"}:
        return _FOREIGN["heic"]
    if head.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html", b"<script")):
        return _FOREIGN["html"]
    if head.startswith(b"#!"):
        return _FOREIGN["sh"]
    try:
        ending = puremagic.from_string(head).lstrip(".").lower()
    except (puremagic.PureError, ValueError):
        ending = ""
    if ending in _FOREIGN:
        return _FOREIGN[ending]
    return _PLAIN if _is_text(head) else "无法识别的格式"


def _is_text(head: bytes) -> bool:
    """In either of the two codings that Chinese tables are saved in; a cut may fall into a letter's middle."""
    if any(byte < 32 and byte not in b"\t\n\r\f" for byte in head):
        return False
    for coding in ("utf-8", "gb18030"):
        for end in range(4):
            try:
                head[: len(head) - end].decode(coding)
            except UnicodeDecodeError:
                continue
            return True
    return False


def _no_second_file(path: Path) -> None:
    """A zip directory that ends exactly where the file ends makes a second file of it."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 65_557))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at >= 0 and len(tail) - at >= 22 and at + 22 + struct.unpack_from("<H", tail, at + 20)[0] == len(tail):
        raise Bad("files.polyglot")


# --- PDF and pictures -------------------------------------------------------------------------------


def _pdf(path: Path) -> dict[str, Any]:
    from pypdf import PdfReader

    _no_second_file(path)
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4096))
        if b"%%EOF" not in file.read():
            raise Bad("files.damaged_pdf")
    try:
        reader = PdfReader(path)
        # Rights without a password to open are no hindrance: the empty password opens those.
        if reader.is_encrypted and not reader.decrypt(""):
            raise Bad("files.encrypted_pdf")
        pages = len(reader.pages)
        if pages:
            _ = reader.pages[0].mediabox
    except (Bad, MemoryError):
        raise
    except Exception as problem:  # pypdf meets broken files with every kind of exception
        raise Bad("files.damaged_pdf") from problem
    if not pages:
        raise Bad("files.damaged_pdf")
    return {"kind": "pdf", "pages": pages}


def _png(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        file.read(8)
        seen_data = False
        while True:
            head = file.read(8)
            if len(head) < 8:
                raise Bad("files.damaged_picture")
            length, name = struct.unpack(">I4s", head)
            if length > path.stat().st_size:
                raise Bad("files.damaged_picture")
            body = file.read(length)
            check = file.read(4)
            if len(check) < 4 or zlib.crc32(name + body) != struct.unpack(">I", check)[0]:
                raise Bad("files.damaged_picture")
            seen_data = seen_data or name == b"IDAT"
            if name == b"IEND":
                break
        if not seen_data:
            raise Bad("files.damaged_picture")
        if file.read(1):
            raise Bad("files.polyglot")
    return {"kind": "png", "pages": None}


def _jpeg(path: Path) -> dict[str, Any]:
    _no_second_file(path)
    data = path.read_bytes()
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:  # the segments before the picture itself
        marker, length = data[at + 1], struct.unpack_from(">H", data, at + 2)[0]
        if marker == 0xDA:
            # Cameras append a film or a thumbnail behind the end, so the end need not be the last byte.
            if data.find(b"\xff\xd9", at) < 0:
                break
            return {"kind": "jpeg", "pages": None}
        at += 2 + max(length, 2)
    raise Bad("files.damaged_picture")


# --- zip and what is made of it ---------------------------------------------------------------------


def _zip(path: Path) -> dict[str, Any]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_entries(entries, path.stat().st_size)
            kind = _office_kind(archive, {e.filename for e in entries})
            _read_all(archive, entries, path.stat().st_size)
    except (Bad, MemoryError):
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as problem:
        raise Bad("files.damaged_zip") from problem
    if kind == "zip":
        for entry in entries:
            if PurePosixPath(entry.filename.lower()).suffix in _PROGRAMS:
                raise Bad("files.program", entry=entry.filename[-60:])
    return {"kind": kind, "pages": None}


def _check_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > MOST_ENTRIES:
        raise Bad("files.bomb")
    unpacked = sum(e.file_size for e in entries)
    if unpacked > MOST_UNPACKED or (unpacked > 10 * MIB and unpacked > MOST_RATIO * size):
        raise Bad("files.bomb")
    for entry in entries:
        parts = entry.filename.replace("\\", "/").split("/")
        linked = (entry.external_attr >> 16) & 0o170000 == 0o120000
        if ".." in parts or entry.filename.startswith(("/", "\\")) or ":" in parts[0] or linked:
            raise Bad("files.path")
        if entry.flag_bits & 1:
            raise Bad("files.encrypted_zip")


def _office_kind(archive: zipfile.ZipFile, names: set[str]) -> str:
    if "OFD.xml" in names:
        return "ofd"
    if "[Content_Types].xml" not in names:
        return "zip"
    info = archive.getinfo("[Content_Types].xml")
    if info.file_size > 5 * MIB:
        raise Bad("files.bomb")
    types = archive.read(info).lower()
    if b"macroenabled" in types or any(n.lower().endswith("vbaproject.bin") for n in names):
        raise Bad("files.macros")
    for kind, part in (("docx", "word/"), ("xlsx", "xl/"), ("pptx", "ppt/")):
        if any(n.startswith(part) for n in names):
            return kind
    return "zip"


def _read_all(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], size: int) -> None:
    """Unpack everything once, counting real bytes: what the directory says may be a lie."""
    total = 0
    for entry in entries:
        with archive.open(entry) as part:
            first = True
            while chunk := part.read(_CHUNK):
                total += len(chunk)
                if total > MOST_UNPACKED or (total > 10 * MIB and total > MOST_RATIO * size):
                    raise Bad("files.bomb")
                if first and entry.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in chunk[:2048]:
                    raise Bad("files.damaged_zip")  # no office writes one; it only carries entity bombs
                first = False


def _ole(path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Bad("files.encrypted_office")
    if "_VBA_PROJECT".encode("utf-16-le") in data or "VBA".encode("utf-16-le") + b"\0\0" in data:
        raise Bad("files.macros")
    raise Bad("files.old_office")
