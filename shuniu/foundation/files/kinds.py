"""The kinds of file that the product takes: what they are called, how they end, how they are served."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of file, told by its content."""

    key: str
    label: str
    content_type: str
    endings: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind("pdf", "PDF", "application/pdf", (".pdf",)),
        Kind("jpeg", "JPG 图片", "image/jpeg", (".jpg", ".jpeg", ".jfif")),
        Kind("png", "PNG 图片", "image/png", (".png",)),
        Kind("docx", "Word 文档（.docx）", f"{_OFFICE}.wordprocessingml.document", (".docx",)),
        Kind("xlsx", "Excel 表格（.xlsx）", f"{_OFFICE}.spreadsheetml.sheet", (".xlsx",)),
        Kind("pptx", "演示文稿（.pptx）", f"{_OFFICE}.presentationml.presentation", (".pptx",)),
        Kind("ofd", "OFD 版式文件", "application/ofd", (".ofd",)),
        Kind("zip", "ZIP 压缩包", "application/zip", (".zip",)),
        Kind("txt", "纯文本（.txt）", "text/plain", (".txt",)),
    )
}

PICTURES = frozenset({"jpeg", "png"})
SHEETS = frozenset({"xlsx"})
DOCUMENTS = frozenset({"pdf", "docx", "xlsx", "ofd"})
EVIDENCE = DOCUMENTS | PICTURES
"""What supports a statement: papers, tables and photographs."""
TEXTS = frozenset({"txt", "docx", "pdf"})
"""What words can be read out of."""
SHOWN_IN_PAGE = frozenset({"application/pdf", "image/jpeg", "image/png"})
"""Content types that a browser may show instead of saving."""

MIB = 1024 * 1024
DEFAULT_MAX_BYTES = 20 * MIB


def labels(allowed: frozenset[str]) -> str:
    """ "PDF、JPG 图片、PNG 图片": what may be uploaded here, in the order of KINDS."""
    return "、".join(kind.label for kind in KINDS.values() if kind.key in allowed)


def accept(allowed: frozenset[str]) -> str:
    """The `accept` attribute of the file field: ".pdf,.jpg,…"."""
    return ",".join(end for kind in KINDS.values() if kind.key in allowed for end in kind.endings)
