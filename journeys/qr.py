"""Whether a paper carries a QR code of an address: its modules are read from the drawing in the PDF."""

from __future__ import annotations

import io
import re

import segno
from pypdf import PdfReader

# Rows of dark modules, as the papers draw them: from one column to another at the middle of a row.
_STROKE = re.compile(rb"(\d+) (\d+)\.5 m (\d+) \2\.5 l")


def modules(pdf: bytes) -> set[tuple[int, int]]:
    """Row and column of every dark module on the first page that has a code; empty without one."""
    for page in PdfReader(io.BytesIO(pdf)).pages:
        contents = page.get_contents()
        found = {
            (int(row), column)
            for first, row, last in _STROKE.findall(contents.get_data() if contents is not None else b"")
            for column in range(int(first), int(last))
        }
        if found:
            top, left = min(r for r, _ in found), min(c for _, c in found)
            return {(r - top, c - left) for r, c in found}
    return set()


def carries(pdf: bytes, address: str) -> bool:
    """Every module is that of a code of this address, and none is left over."""
    wanted = segno.make(address, error="m", micro=False).matrix
    return modules(pdf) == {(r, c) for r, row in enumerate(wanted) for c, dark in enumerate(row) if dark}
