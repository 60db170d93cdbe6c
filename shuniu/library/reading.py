"""The words of a paper that a union attached: txt, docx or pdf.

Runs in the limited child process: no Django, no network. `text({"path", "kind"})` answers {"text"}; empty where the
file holds no words, as a scanned PDF does.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

HEAVY = ("docx", "pypdf")
MOST = 1_000_000  # characters


def text(argument: dict[str, Any]) -> dict[str, Any]:
    """{"path", "kind"} → {"text"}; at most a million characters."""
    path = Path(argument["path"])
    found = _READERS[argument["kind"]](path)
    return {"text": found.replace("\0", "")[:MOST]}


def _txt(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def _docx(path: Path) -> str:
    import docx

    return "\n".join(_paragraphs(docx.Document(str(path))))


def _paragraphs(document: Any) -> Iterator[str]:
    """Paragraphs and the cells of tables, in the order of the page."""
    from docx.table import Table

    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                yield "\t".join(cell.text for cell in row.cells)
        else:
            yield block.text


def _pdf(path: Path) -> str:
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


_READERS = {"txt": _txt, "docx": _docx, "pdf": _pdf}
