"""Holds a document against the text of its paper: every clause has its entry, every quotation its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from shuniu.policy import lint, reading
from shuniu.policy.paper import FOREWORD, Paper, paragraph_of, same_number, split, without_paragraph
from shuniu.policy.problems import PolicyError, Problem
from shuniu.policy.source import Node

PAPERS = tuple(f"{name}.{kind}" for name in ("原文", "paper") for kind in reading.KINDS)
"""Names under which the text of the paper may lie beside ``document.yaml``."""
_UNNUMBERED = (FOREWORD, "末", "附")


def paper_of(files: Mapping[str, bytes]) -> tuple[str, Paper] | None:
    """The paper of a folder, split, with the name of its file; ``None`` where none is attached.

    Raises ``PolicyError`` for a file that cannot be read and for one that holds no words (a scan).
    """
    name = next((each for each in PAPERS if each in files), "")
    if not name:
        return None
    try:
        words = reading.words(name.rpartition(".")[2], files[name])
    except reading.Unreadable as error:
        raise PolicyError([Problem(name, 0, "", "原文应能打开", "损坏，或不是这种格式")]) from error
    if not words.strip():
        raise PolicyError([Problem(name, 0, "", "原文应含有可以复制的文字", "扫描件，或空白")])
    return name, split(words)


def damages(name: str, paper: Paper) -> list[Problem]:
    """What of the paper's own numbering is broken; nothing is renumbered."""
    return [Problem(name, each.line, "", f"原文编号：{each.words}") for each in paper.damages]


def against(root: Node, name: str, paper: Paper) -> list[Problem]:
    """Clauses without an entry, entries without a clause, quotations that do not stand where they are cited."""
    entries = {without_paragraph(number): row for number, row in lint.numbered(root)}
    found = [
        Problem(
            name,
            each.line,
            each.number,
            f"原文的“{each.number}”在 clauses 中没有条目",
            f"“{each.text[:16]}…”",
        )
        for each in paper.clauses
        if _wants_entry(each.number, entries) and not each.title_only
    ]
    known = {same_number(each.number) for each in paper.clauses}
    for number, row in lint.numbered(root):
        article, paragraph = paragraph_of(number)
        if number and not number.startswith(_UNNUMBERED) and without_paragraph(number) not in known:
            found.append(Problem(lint.DOCUMENT, row.line, "clauses", f"条款“{number}”在所附原文中没有"))
        elif article and paragraph > (most := paper.paragraphs(article)):
            said = f"条款“{number}”在所附原文中没有：“{article}”至多 {most} 款"
            found.append(Problem(lint.DOCUMENT, row.line, "clauses", said))
    return [*found, *_quotes(root, paper)]


def _wants_entry(number: str, entries: Mapping[str, Node]) -> bool:
    if number == FOREWORD:
        return False
    if number.startswith("附"):  # an annex may be entered row by row
        return not any(each.startswith(same_number(number)) for each in entries)
    return same_number(number) not in entries


def _quotes(root: Node, paper: Paper) -> Iterator[Problem]:
    texts = {same_number(each.number): _bare(each.text) for each in paper.clauses}
    cited = [(number, row, "clauses") for number, row in lint.numbered(root)]
    cited += [(lint.word(row, "clause"), row, path) for path, row in lint.parts(root)]
    for number, row, path in cited:
        quote, wanted = _bare(lint.word(row, "quote")), without_paragraph(number)
        if not quote or not wanted:
            continue
        near = [text for key, text in texts.items() if key.startswith(wanted) or wanted.startswith(key)]
        if number.startswith(_UNNUMBERED):
            near = list(texts.values())
        if near and not any(quote in text for text in near):
            yield Problem(
                lint.DOCUMENT, row.line, f"{path}.quote", f"引文应在所引条款的原文之中（{number}）",
                f"“{lint.word(row, 'quote')}”",
            )  # fmt: skip


def _bare(text: str) -> str:
    """The text without blanks and punctuation, so that widths and line breaks do not matter."""
    return re.sub(r"[\W_]", "", text)
