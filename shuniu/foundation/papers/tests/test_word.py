"""D3: the same paper as Word: opens, says every word, has the page of an official paper, and no live content."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from docx import Document
from docx.shared import Mm

from shuniu.foundation.papers.rendering import OFFICIAL, PLAIN, TABLE
from shuniu.foundation.papers.word import BODY, TITLE, word

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C13")]

NOTICE: dict[str, Any] = {
    "title": "关于开展遴选工作的\n通知",
    "number": "望工办〔2026〕12号",
    "to": "各有关社会组织",
    "blocks": [
        {"kind": "h1", "text": "一、申报条件"},
        {"kind": "p", "text": "=HYPERLINK(\"x\") <w:b/>\x07原样"},
        {"kind": "table", "columns": [{"title": "环节", "width": "40mm"}, {"title": "时间"}], "rows": [["公示", "5天"]]},
        {"kind": "fields", "rows": [["申报单位", "望海市暖心服务中心"]]},
        {"kind": "table", "columns": [{"title": "甲"}, {"title": "乙"}], "rows": []},
        {"kind": "signatures", "labels": ["主持人", "记录人"]},
    ],
    "signer": "望海市总工会",
    "date": "2026年11月22日",
    "attachments": ["申报表", "材料清单"],
}  # fmt: skip


def _all_words(body: bytes) -> str:
    made = Document(io.BytesIO(body))
    cells = [c.text for t in made.tables for r in t.rows for c in r.cells]
    return "\n".join([*(p.text for p in made.paragraphs), *cells])


def test_a_paper_says_every_word_in_word() -> None:
    body = word(OFFICIAL, NOTICE)
    said = _all_words(body)
    for words in (
        "关于开展遴选工作的", "望工办〔2026〕12号", "各有关社会组织：", "一、申报条件", "=HYPERLINK(\"x\") <w:b/>原样", "环节",
        "5天", "望海市暖心服务中心", "（无）", "主持人：", "附件：1. 申报表", "2. 材料清单", "望海市总工会", "2026年11月22日",
    ):  # fmt: skip
        assert words in said, words
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        assert not [n for n in parts.namelist() if "vba" in n.lower() or "embeddings" in n]


def test_the_page_and_the_faces_of_an_official_paper() -> None:
    made = Document(io.BytesIO(word(OFFICIAL, NOTICE)))
    page = made.sections[0]
    mm = [round((side or 0) / Mm(1)) for side in (
        page.page_width, page.page_height, page.top_margin, page.left_margin, page.bottom_margin, page.right_margin,
    )]  # fmt: skip
    assert mm == [210, 297, 37, 28, 35, 26]
    xml = [p._p.xml for p in made.paragraphs]
    assert f'w:eastAsia="{TITLE}"' in xml[0]
    assert any(f'w:eastAsia="{BODY}"' in each for each in xml)
    assert "w:tblHeader" in made.tables[0].rows[0]._tr.xml, "the head on every page"


def test_a_table_page_lies_across() -> None:
    data = {
        "title": "汇总表",
        "meta": "某次遴选",
        "columns": [{"title": "名次"}],
        "rows": [["1"]],
        "blocks": [],
    }
    made = Document(io.BytesIO(word(TABLE, data)))
    page = made.sections[0]
    assert (page.page_width or 0) > (page.page_height or 0)
    assert made.tables[0].cell(1, 0).text == "1"


def test_what_has_no_word_form() -> None:
    with pytest.raises(ValueError, match="no Word form"):
        word("recognition/typst/certificate.typ", {"title": "证书"})
    with pytest.raises(ValueError, match="unknown block"):
        word(PLAIN, {"title": "回执", "blocks": [{"kind": "picture"}]})
