"""The check of a document that adopts an upper one, and papers as Word or PDF beside a document."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from shuniu.policy import reading
from shuniu.policy.examine import Report, examine
from shuniu.policy.tests.build import files
from shuniu.policy.tests.test_check import PAPER, said
from shuniu.policy.tests.test_extending import LOWER, UPPER

pytestmark = [pytest.mark.feature("B5"), pytest.mark.feature("B6")]
QUOTED = UPPER.replace("kind: rule, does: 测试}", "kind: rule, does: 测试, quote: 依法登记}")


def adopted(*clauses: str, paper: str = "", upper: str = UPPER) -> Report:
    """The check of a lower document with more clauses of its own."""
    lines = "".join(f"  - {{{clause}}}\n" for clause in clauses)
    lower = LOWER.replace("stated:\n", lines + "stated:\n")
    own = {"原文.txt": paper.encode()} if paper else {}
    return examine({"document.yaml": lower.encode(), "base/document.yaml": upper.encode(), **own})


def test_what_the_upper_document_has_itself_is_not_said_again() -> None:
    upper = examine({"document.yaml": UPPER.encode()})
    assert any("没有持有者" in each for each in said(upper.problems))  # of its quota
    assert any("没有一处规则用到" in each for each in said(upper.remarks))
    found = adopted()
    assert found.problems == () and not any("用到" in each for each in said(found.remarks))


def test_a_clause_of_its_own_is_looked_at() -> None:
    found = adopted("number: 二, words: 另行规定, kind: rule, does: 判断")
    assert "条款“二”写明要执行，但没有一处规则引用它" in said(found.remarks)
    (twice,) = adopted("number: 二, words: 又一条, kind: text, quote: 依法登记", upper=QUOTED).problems
    assert twice.expected == "同一句引文 base/document.yaml 第 10 行记在“第一条”，这里记在“二”，只能有一处"
    assert (twice.file, twice.line) == ("document.yaml", 12)


def test_cases_of_its_own_need_not_try_what_the_upper_document_asks() -> None:
    case = "cases: [{case: 一例, ask: eligibility, on: 2026-07-01, facts: {n: 1}, expect: {decision: yes}}]\n"
    lower, upper = LOWER.encode(), UPPER.encode()
    found = examine({"document.yaml": lower, "base/document.yaml": upper, "cases.yaml": case.encode()})
    assert found.problems == () and len(found.results) == 1
    assert not any("没有判为" in each for each in said(found.remarks))


def test_its_own_paper_holds_its_own_clauses_only() -> None:
    own = "number: 一、, words: 采用, kind: text, quote: 采用市总工会的办法"
    found = adopted(own, paper="关于采用的通知\n一、本会采用市总工会的办法。\n二、自印发之日起执行。\n")
    assert sorted(said(found.problems)) == [
        "原文的“二”在 clauses 中没有条目",
        "条款“采用通知”在所附原文中没有",
    ]


def word(text: str) -> bytes:
    document: Any = docx.Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_paper_as_word_is_split_like_text() -> None:
    plain, office = (
        examine({**files(), name: content})
        for name, content in (("原文.txt", PAPER.encode()), ("原文.docx", word(PAPER)))
    )
    assert [(p.line, p.expected) for p in office.problems] == [(p.line, p.expected) for p in plain.problems]
    assert office.problems[0].file == "原文.docx"


def pdf(words: bytes) -> bytes:
    """A page that says these words; a blank one without any, as a scan is."""
    writer = PdfWriter()
    page = writer.add_blank_page(90, 90)
    face = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    font = DictionaryObject({NameObject(key): NameObject(value) for key, value in face.items()})
    fonts = DictionaryObject({NameObject("/F"): font})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    said = DecodedStreamObject()
    said.set_data(b"BT /F 9 Tf 9 9 Td (%s) Tj ET" % words if words else b"")
    page[NameObject("/Contents")] = said
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_paper_as_pdf_is_read_and_a_scan_or_a_damaged_file_is_named() -> None:
    assert "Article 1" in reading.words("pdf", pdf(b"Article 1"))
    (scan,) = examine({**files(), "原文.pdf": pdf(b"")}).problems
    assert (scan.file, scan.expected) == ("原文.pdf", "原文应含有可以复制的文字")
    for name in ("原文.docx", "原文.pdf"):
        (broken,) = examine({**files(), name: b"no such file"}).problems
        assert (broken.file, broken.expected) == (name, "原文应能打开") and broken.advice
