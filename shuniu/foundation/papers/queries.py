"""Reading issued papers. The slice that issued one decides who may read it before it is published."""

from __future__ import annotations

from django.http import FileResponse

from shuniu.foundation.access import Who
from shuniu.foundation.files import queries as files
from shuniu.foundation.files import serving
from shuniu.foundation.papers import words
from shuniu.foundation.papers.models import Paper


def papers_of(who: Who, union_id: int, *, kind: str = "") -> list[Paper]:
    """The union's own papers for those who act for it, newest first."""
    if who.union_id != union_id:
        return []
    rows = Paper.objects.filter(union_id=union_id).select_related("pdf", "issued_by")
    return list(rows.filter(kind=kind) if kind else rows)


def is_intact(paper: Paper) -> bool:
    """D6: whether the stored PDF still has the digest that was recorded when it was issued."""
    return paper.pdf.sha256 == paper.sha256 and files.is_intact(paper.pdf)


def download_name(paper: Paper) -> str:
    """〔2026〕12号_关于…的公示_20260604.pdf."""
    number = paper.number[paper.number.find("〔") :] if paper.number else ""
    return words.file_name([number, paper.title], paper.issued_at, "pdf")


def response(paper: Paper, *, inline: bool = True) -> FileResponse:
    """The PDF with safe headers, for the view of the slice that issued it."""
    return serving.bytes_of(paper.pdf, download_name(paper), inline=inline)
