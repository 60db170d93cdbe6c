"""A form of a document as blocks that Word and PDF print: from its text (`.md`), or from its score sheet."""

from __future__ import annotations

import re
from typing import Any

from shuniu import policy

Block = dict[str, Any]

_RULE = re.compile(r"^\|[\s:|-]+\|$")
_HEADS = {"# ": "", "## ": "h1", "### ": "h2"}


def data_of(template: policy.Template, law: policy.Document, content: bytes | None) -> dict[str, Any]:
    """Title and blocks for `papers.word`; the text of the form, else the table of the sheet that it names."""
    if content is not None:
        return blocks_of(template.label, content.decode("utf-8-sig"))
    sheet = next(each for each in law.sheets if each.key == template.sheet)
    titles = ("项目", "分值", "评分标准", "资料", "自评分", "评估分")
    rows = [[item.label, f"{item.points}", item.words, item.evidence, "", ""] for item in sheet.items]
    table = {
        "kind": "table",
        "columns": _columns(titles),
        "rows": [*rows, ["合计", f"{sheet.total}", "", "", "", ""]],
    }
    return {"title": template.label, "blocks": [table]}


def blocks_of(title: str, text: str) -> dict[str, Any]:
    """Headings, paragraphs and tables of a text; its first heading is the title."""
    blocks: list[Block] = []
    for line in text.splitlines():
        words = line.strip()
        head = next((mark for mark in _HEADS if words.startswith(mark)), "")
        if head == "# ":
            title = words[2:].strip()
        elif head:
            blocks.append({"kind": _HEADS[head], "text": words.removeprefix(head).strip()})
        elif words.startswith("|"):
            _row(blocks, words)
        elif words:
            blocks.append({"kind": "p", "text": words.removeprefix(">").strip()})
        elif blocks and blocks[-1]["kind"] == "table":
            blocks.append({"kind": "p", "text": ""})
    return {"title": title, "blocks": [b for b in blocks if b.get("text", "x")]}


def _row(blocks: list[Block], line: str) -> None:
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    if not blocks or blocks[-1]["kind"] != "table":
        blocks.append({"kind": "table", "columns": _columns(cells), "rows": []})
    elif not _RULE.match(line):
        table = blocks[-1]
        width = len(table["columns"])
        table["rows"].append([*cells, *[""] * width][:width])


def _columns(titles: list[str] | tuple[str, ...]) -> list[Block]:
    """Long titles get more room than short ones."""
    return [{"title": title, "width": min(max(len(title), 2), 6)} for title in titles]
