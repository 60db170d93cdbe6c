"""Small files of every kind, good and hostile, made on the spot."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from pypdf import PdfWriter

EXE = b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 200 + b"This program cannot be run in DOS mode."


def pdf(pages: int = 1, *, password: str = "", owner_password: str = "", note: str = "") -> bytes:
    """A PDF of blank A4 pages; `note` makes another file of it."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    if note:
        writer.add_metadata({"/Title": note})
    if password or owner_password:
        writer.encrypt(password, owner_password or None, algorithm="AES-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def png(width: int = 2, *, extra: bytes = b"") -> bytes:
    """A white picture of one line."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, 1, 8, 0, 0, 0, 0)
    data = zlib.compress(b"\0" + b"\xff" * width)
    start = b"\x89PNG\r\n\x1a\n"
    return start + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"") + extra


def jpeg(*, tail: bytes = b"") -> bytes:
    """The segments of a picture, as far as anybody looks at them here."""
    app0 = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
    scan = b"\xff\xda" + struct.pack(">H", 8) + b"\x01\x01\x00\x00\x3f\x00" + b"\x12\x34\x56" * 20
    return b"\xff\xd8" + app0 + scan + b"\xff\xd9" + tail


def archive(entries: dict[str, bytes], *, stored: bool = False) -> bytes:
    """A zip of these entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as file:
        for name, body in entries.items():
            file.writestr(name, body)
    return out.getvalue()


_TYPES = b'<Types><Override PartName="/x" ContentType="application/vnd.%s.main+xml"/></Types>'


def office(kind: str, extra: dict[str, bytes] | None = None, *, macro_type: bool = False) -> bytes:
    """A docx, xlsx or pptx in its bare parts."""
    part = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}[kind]
    types = _TYPES % (b"ms-word.document.macroEnabled" if macro_type else b"openxmlformats")
    return archive({"[Content_Types].xml": types, part: b"<x/>", **(extra or {})})


def bomb(megabytes: int = 500) -> bytes:
    """A zip that unpacks to `megabytes` of zeros."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file,
        file.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as entry,
    ):
        for _ in range(megabytes):
            entry.write(b"\0" * 1024 * 1024)
    return out.getvalue()


def lying_bomb() -> bytes:
    """The same, with a directory that says it is small."""
    data = bytearray(bomb(60))
    at = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 1000)
    return bytes(data)


def encrypted_zip() -> bytes:
    """A zip whose entry says that it is encrypted."""
    data = bytearray(archive({"名单.txt": b"x" * 50}))
    data[6] |= 1
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def ole(name: str) -> bytes:
    """An old Office container with one stream of this name."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + name.encode("utf-16-le") + b"\0" * 64
