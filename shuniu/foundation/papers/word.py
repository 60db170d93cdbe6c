"""The same paper as a Word file, so that an office can go on writing: GB/T 9704 page, faces by their usual names."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from shuniu.foundation.calendar import clock
from shuniu.foundation.papers.rendering import OFFICIAL, PLAIN, TABLE, clean

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Office and WPS supply the faces; the file only names them.
TITLE, BODY, KAI, HEI = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"
_THREE, _TWO, _TABLE = Pt(16), Pt(22), Pt(12)
_LINE = Pt(28.95)  # 22 lines to a page
_SIDES = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


def word(template: str, data: dict[str, Any]) -> bytes:
    """A .docx of what `rendering.render` prints with OFFICIAL, PLAIN or TABLE; ValueError for other templates.

    What people typed goes in as text. Raises ValueError for a kind of block that the templates do not know.
    """
    if template not in (OFFICIAL, PLAIN, TABLE):
        raise ValueError(f"no Word form of {template}")
    data = clean(data)
    made: Docx = Document()
    _page(made, across=template == TABLE)
    if template == OFFICIAL and data.get("head"):
        _line(made, data["head"], face=TITLE, size=Pt(36), side="center", red=True)
    _title(made, data["title"])
    if data.get("number"):
        _line(made, data["number"], face=KAI, side="center")
    _line(made, "")
    if data.get("to"):
        _line(made, f"{data['to']}：")
    if data.get("meta"):
        _line(made, data["meta"], size=_TABLE)
    if template == TABLE:
        _table(made, data["columns"], data["rows"])
    for block in data.get("blocks", ()):
        _block(made, block)
    names = data.get("attachments") or []
    for n, name in enumerate(names, 1):
        _line(made, f"{'附件：' if n == 1 else '　　　'}{f'{n}. ' if len(names) > 1 else ''}{name}", indent=2)
    _signed(made, data)
    made.core_properties.title = data["title"].replace("\n", "")
    made.core_properties.author = data.get("signer", "")
    # The library's own template carries a date of its own.
    made.core_properties.created = made.core_properties.modified = clock.now().replace(tzinfo=None)
    body = io.BytesIO()
    made.save(body)
    return body.getvalue()


def _page(made: Docx, *, across: bool) -> None:
    section = made.sections[0]
    high, wide = Mm(297), Mm(210)
    margins = (37, 26, 35, 28)  # 天头, right, bottom, 订口
    if across:
        section.orientation = WD_ORIENT.LANDSCAPE
        high, wide, margins = wide, high, (28, 37, 26, 35)
    section.page_height, section.page_width = high, wide
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(Mm, margins)
    _number_pages(section.footer.paragraphs[0])


def _number_pages(at: Paragraph) -> None:
    """— 1 —, which Word counts itself."""
    at.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, words in (("", "— "), ("begin", ""), ("instr", "PAGE"), ("end", ""), ("", " —")):
        run = at.add_run(words if not kind else "")
        _face(run, "宋体", Pt(14))
        if kind == "instr":
            field = OxmlElement("w:instrText")
            field.text = words
            run._r.append(field)
        elif kind:
            field = OxmlElement("w:fldChar")
            field.set(qn("w:fldCharType"), kind)
            run._r.append(field)


def _face(run: Any, face: str, size: Pt) -> None:
    run.font.name, run.font.size = face, size
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:hAnsi", "w:cs"):
        fonts.set(qn(script), face)


def _line(
    made: Any, text: str, *, face: str = BODY, size: Pt = _THREE, side: str = "", indent: int = 0, red: bool = False,
    at: Paragraph | None = None,
) -> Paragraph:  # fmt: skip
    """One paragraph; "甲\\n乙" breaks the line. `indent`: characters before its first line."""
    para = at if at is not None else made.add_paragraph()
    shape = para.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    if size == _THREE:
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, _LINE
    shape.first_line_indent = Pt(size.pt * indent)
    if side:
        para.alignment = _SIDES[side]
    for n, words in enumerate(text.split("\n")):
        run = para.add_run()
        if n:
            run.add_break()
        run.add_text(words)
        _face(run, face, size)
        if red:
            run.font.color.rgb = RGBColor(0xD7, 0x00, 0x0F)
    return para


def _title(made: Docx, text: str) -> None:
    _line(made, text, face=TITLE, size=_TWO, side="center")


def _block(made: Docx, block: dict[str, Any]) -> None:
    match block["kind"]:
        case "p":
            _line(made, block["text"], indent=2)
        case "h1":
            _line(made, block["text"], face=HEI, indent=2)
        case "h2":
            _line(made, block["text"], face=KAI, indent=2)
        case "h3":
            _line(made, block["text"], indent=2)
        case "table":
            _table(made, block["columns"], block["rows"])
        case "fields":
            pairs = [{"title": "", "width": 1, "face": HEI, "align": "center"}, {"title": "", "width": 3}]
            _table(made, pairs, block["rows"], head=False)
        case "signatures":
            _line(made, "")
            _line(made, "　　".join(f"{label}：＿＿＿＿＿＿" for label in block["labels"]))
        case "page":
            made.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        case other:
            raise ValueError(f"unknown block {other}")


def _table(
    made: Docx, columns: Sequence[dict[str, Any]], rows: Sequence[Sequence[str]], *, head: bool = True
) -> None:
    section = made.sections[0]
    room = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    table = made.add_table(rows=0, cols=len(columns), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    widths = _widths(columns, room)
    if head:
        cells = table.add_row()
        for cell, column in zip(cells.cells, columns, strict=True):
            _line(cell, column["title"], face=HEI, size=_TABLE, side="center", at=cell.paragraphs[0])
        again = OxmlElement("w:tblHeader")  # on every page
        cells._tr.get_or_add_trPr().append(again)
    for row in rows or [["（无）", *[""] * (len(columns) - 1)]]:
        cells = table.add_row()
        for cell, column, text in zip(cells.cells, columns, row, strict=True):
            side, face = column.get("align", "left"), column.get("face", BODY)
            _line(cell, str(text), face=face, size=_TABLE, side=side, at=cell.paragraphs[0])
    for row_of in table.rows:
        for cell, width in zip(row_of.cells, widths, strict=True):
            cell.width = width
    _line(made, "", size=_TABLE)


def _widths(columns: Sequence[dict[str, Any]], room: int) -> list[int]:
    """In the document's units: fixed "45mm", or a share of what they leave."""
    given = [column.get("width", 1) for column in columns]
    fixed = {n: Mm(float(w.removesuffix("mm"))) for n, w in enumerate(given) if isinstance(w, str)}
    left = max(room - sum(fixed.values()), room // 4)
    shares = sum(float(w) for w in given if not isinstance(w, str)) or 1
    return [fixed[n] if n in fixed else int(left * float(w) / shares) for n, w in enumerate(given)]


def _signed(made: Docx, data: dict[str, Any]) -> None:
    """落款, four characters from the right."""
    said = [data[key] for key in ("signer", "date") if data.get(key)]
    if said:
        _line(made, "")
        _line(made, "")
    for text in said:
        para = _line(made, text, side="right")
        para.paragraph_format.right_indent = Pt(64)
