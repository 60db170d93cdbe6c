"""The words of a paper: txt, docx or pdf; empty where the file holds no words, as a scanned PDF does.

The product reads what was uploaded in the limited child process: `text({"path", "kind"})` answers {"text"}.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HEAVY = ("docx", "pypdf")
MOST = 1_000_000  # characters
KINDS = ("txt", "md", "docx", "pdf")


class Unreadable(Exception):
    """The file is not what its ending says, or is damaged."""


def text(argument: dict[str, Any]) -> dict[str, Any]:
    """{"path", "kind"} → {"text"}; at most a million characters."""
    return {"text": words(argument["kind"], Path(argument["path"]).read_bytes())}


def words(kind: str, content: bytes) -> str:
    """The words of a paper of one of KINDS, at most a million characters. Raises Unreadable."""
    if kind in ("txt", "md"):
        found = _txt(content)
    else:
        try:
            found = _READERS[kind](content)
        except Exception as error:  # the libraries raise whatever a damaged file brings them to
            raise Unreadable(kind) from error
    return found.replace("\0", "")[:MOST]


def _txt(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")


def _docx(content: bytes) -> str:
    import docx

    return "\n".join(_paragraphs(docx.Document(io.BytesIO(content))))


def _paragraphs(document: Any) -> Iterator[str]:
    """Paragraphs and the cells of tables, in the order of the page."""
    from docx.table import Table

    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                yield "\t".join(cell.text for cell in row.cells)
        else:
            yield block.text


def _pdf(content: bytes) -> str:
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


_READERS = {"docx": _docx, "pdf": _pdf}
