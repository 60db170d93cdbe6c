"""Cells whose formula has no usable result: an error (#N/A), or never computed. Imports nothing of Django.

The reader of cells gives nothing for both, and a blank means "unchanged": it would pass over them in silence.
"""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from xml.etree import ElementTree

ERROR = "#公式出错"
NOT_COMPUTED = "#公式未计算"

_CHUNK = 1 << 20
_CELL = re.compile(rb"<c ([^>]*[^/>])>(.*?)</c>", re.S)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_NO_RESULT = re.compile(rb"<f[ />]")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

Place = tuple[int, int]


def without_result(path: str) -> dict[str, dict[Place, str]]:
    """Sheet → (row, column from 0) → ERROR or NOT_COMPUTED. Empty for what is no xlsx."""
    if not zipfile.is_zipfile(path):
        return {}
    found: dict[str, dict[Place, str]] = defaultdict(dict)
    with zipfile.ZipFile(path) as archive:
        for name, part in _parts(archive):
            for cell in _cells(archive, part):
                if told := _told(*cell.groups()):
                    found[name][told[0]] = told[1]
    return dict(found)


def _parts(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Each sheet with the part of the archive that holds its cells."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return []
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {each.get("Id"): str(each.get("Target", "")).lstrip("/") for each in relations}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    found = []
    for sheet in book.iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(_RELATION), "")
        part = target if target.startswith("xl/") else f"xl/{target}"
        if part in names:
            found.append((str(sheet.get("name")), part))
    return found


def _cells(archive: zipfile.ZipFile, part: str) -> Iterator[re.Match[bytes]]:
    """The cells that carry a formula or an error; read piece by piece, since a sheet may be large."""
    rest = b""
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            text = rest + chunk
            end = text.rfind(b"</row>") + 1
            if not end:
                rest = text[-8 * _CHUNK :]
                continue
            whole, rest = text[:end], text[end:]
            if b"<f" in whole or b't="e"' in whole:
                yield from _CELL.finditer(whole)


def _told(attributes: bytes, inside: bytes) -> tuple[Place, str] | None:
    error = b't="e"' in attributes
    empty = b"<v>" not in inside or b"<v></v>" in inside
    blank = empty and b't="' not in attributes and _NO_RESULT.search(inside) is not None
    place = _PLACE.search(attributes) if error or blank else None
    if place is None:
        return None
    column = 0
    for letter in place[1]:
        column = column * 26 + letter - 64
    return (int(place[2]) - 1, column - 1), ERROR if error else NOT_COMPUTED


__all__ = ["ERROR", "NOT_COMPUTED", "without_result"]
