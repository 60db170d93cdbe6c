"""D1, D2: every template is PDF/A-2b whatever it is given, and stands on the page as GB/T 9704 says."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pypdf import PageObject, PdfReader

from shuniu.foundation.access import Refused
from shuniu.foundation.papers import codes, fonts
from shuniu.foundation.papers.rendering import OFFICIAL, PLAIN, TABLE, BadTemplate, render
from shuniu.foundation.ui.phrases import phrases

pytestmark = [pytest.mark.django_db, pytest.mark.feature("L1")]

MM = 72 / 25.4
LONGEST = "望海市东港区新就业形态劳动者职业技能提升与心理健康关爱综合服务促进中心（民办非企业单位）" * 2
TITLE = "关于2026年度望海市总工会购买社会组织服务\n合作单位初步入围名单的公示"
COLUMNS = [
    {"title": "序号", "width": "14mm", "align": "center"},
    {"title": "名称"},
    {"title": "统一社会信用代码", "width": "50mm"},
    {"title": "得分", "width": "22mm", "align": "right"},
]
ROWS = [[str(n), LONGEST, "52110000MJ0000000X", "88.50"] for n in range(1, 40)]
EVERYTHING: dict[str, Any] = {
    "title": TITLE, "head": "望海市总工会", "number": "望工办〔2026〕12号",
    "to": "各区总工会，各产业、局工会",
    "meta": "填报单位：望海市总工会　填报日期：2026-06-04", "columns": COLUMNS, "rows": ROWS,
    "attachments": ["初步入围名单", "情况反映表"], "signer": "望海市总工会", "date": "2026年6月4日",
    "note": "联系人：张晓明；电话：1390000****", "copies": "市民政局、市财政局。",
    "printed_by": "望海市总工会办公室",
    "printed_on": "2026年6月4日印发", "signatures": ["组长", "监督"],
    "check": {"svg": codes.qr_svg("http://localhost:8000/verify/1/"), "words": "扫码核验\n编号 A-1"},
    "blocks": [
        {"kind": "h1", "text": "一、评审情况"},
        {"kind": "p", "text": "公示期：2026年6月4日至6月11日（5个工作日）。"},
        {"kind": "h2", "text": "（一）结果"},
        {"kind": "h3", "text": "1.名单如下"},
        {"kind": "table", "columns": COLUMNS, "rows": ROWS},
        {"kind": "fields", "rows": [["名称", LONGEST], ["金额", "叁佰贰拾伍元零肆分"]]},
        {"kind": "signatures", "labels": ["评审专家（签名）", "日期"]},
        {"kind": "page"},
        {"kind": "p", "text": "特此公示。"},
    ],
}  # fmt: skip
LEAST: dict[str, Any] = {"title": "题", "blocks": [], "columns": COLUMNS, "rows": []}


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def text_of(pdf: bytes) -> str:
    return squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def leaves(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, str):
        if key not in {"kind", "svg", "align", "width"}:
            yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item, key)


SHOWN = {
    OFFICIAL: {"title", "head", "number", "to", "attachments", "signer", "date", "note", "copies",
               "printed_by", "printed_on", "check", "blocks"},
    PLAIN: {"title", "number", "signer", "date", "check", "blocks"},
    TABLE: {"title", "meta", "columns", "rows", "signatures", "check", "blocks"},
}  # fmt: skip


@pytest.mark.parametrize("template", [OFFICIAL, PLAIN, TABLE])
def test_every_field_is_on_the_paper(template: str) -> None:
    pdf = render(template, EVERYTHING)
    assert b"pdfaid:part" in pdf
    text = text_of(pdf)
    for value in leaves({key: EVERYTHING[key] for key in SHOWN[template]}):
        assert squeezed(value) in text, value
    size = sorted(float(x) for x in PdfReader(io.BytesIO(pdf)).pages[0].mediabox[2:])
    assert size == pytest.approx([210 * MM, 297 * MM], abs=0.5)


@pytest.mark.parametrize("template", [OFFICIAL, PLAIN, TABLE])
def test_an_empty_list_is_a_paper_too(template: str) -> None:
    text = text_of(render(template, LEAST))
    assert "题" in text
    assert ("（无）" in text) == (template == TABLE)


def glyphs(page: PageObject) -> list[tuple[str, float, float]]:
    """Runs of text with their origin in points."""
    found: list[tuple[str, float, float]] = []

    def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        if text.strip():
            found.append((text.strip(), tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]))

    page.extract_text(visitor_text=visit)
    return found


def test_22_lines_of_28_characters_and_the_margins(tmp_path: Path) -> None:
    pdf = render(PLAIN, {"title": "题", "blocks": [{"kind": "p", "text": "国" * 28 * 60}]})
    page = PdfReader(io.BytesIO(pdf)).pages[1]
    lines = [line for line in page.extract_text().splitlines() if set(line.strip()) == {"国"}]
    assert [len(line.strip()) for line in lines] == [28] * 22
    runs = [run for run in glyphs(page) if "国" in run[0]]
    height = float(page.mediabox[3])
    left, top = min(x for _, x, _ in runs), height - (max(y for *_, y in runs) + 0.88 * 16)
    bottom = min(y for *_, y in runs) - 0.12 * 16
    assert left / MM == pytest.approx(28, abs=1)
    assert top / MM == pytest.approx(37, abs=1)
    assert bottom / MM == pytest.approx(35, abs=1)
    if shutil.which("pdftotext"):
        (tmp_path / "a.pdf").write_bytes(pdf)
        done = subprocess.run(
            ["pdftotext", "-bbox", "-f", "2", "-l", "2", tmp_path / "a.pdf", "-"],
            capture_output=True,
            check=True,
        )
        ends = [float(x) for x in re.findall(r'xMax="([\d.]+)"[^>]*>国', done.stdout.decode())]
        assert (float(page.mediabox[2]) - max(ends)) / MM == pytest.approx(26, abs=1)


NOTICE = "关于开展2026年度工会社会组织合作单位遴选和认定工作的通知"


@pytest.mark.parametrize("title", [NOTICE, f"关于更正《{NOTICE}》的公告", "Annual list of partners"])
def test_a_title_breaks_by_sense_into_even_lines(title: str) -> None:
    page = PdfReader(io.BytesIO(render(OFFICIAL, {"title": title, "blocks": []}))).pages[0]
    lines = [line.strip() for line in page.extract_text().splitlines() if "—" not in line]
    lines = [line for line in lines if line]
    assert "".join(lines).replace(" ", "") == title.replace(" ", "")
    ends, at = {0}, 0
    for piece in phrases(title):
        ends.add(at := at + len(piece))
    if " " in title:
        assert lines == [title], "the gaps between Latin words stay"
        return
    broken = [sum(map(len, lines[:n])) for n in range(len(lines) + 1)]
    assert set(broken) <= ends, "no word is cut"
    assert len(lines) == 2 and abs(len(lines[0]) - len(lines[1])) <= 5, lines


def test_page_numbers_outside() -> None:
    pdf = render(PLAIN, {"title": "题", "blocks": [{"kind": "p", "text": "国" * 28 * 60}]})
    places = []
    for number, page in enumerate(PdfReader(io.BytesIO(pdf)).pages, 1):
        runs = [run for run in glyphs(page) if "—" in run[0]]
        assert squeezed("".join(text for text, *_ in runs)) == f"—{number}—"
        x, y = min(x for _, x, _ in runs), runs[0][2]
        places.append(x > 105 * MM)
        assert 22 < y / MM < 28, "7 mm below the text"
    assert places == [True, False, True]


def test_red_head_stands_72_mm_from_the_edge() -> None:
    page = PdfReader(io.BytesIO(render(OFFICIAL, EVERYTHING))).pages[0]
    _, _, y = next(run for run in glyphs(page) if "望海市总工会" in run[0])
    assert (float(page.mediabox[3]) - y - 0.88 * 46) / MM == pytest.approx(72, abs=2)
    assert "12号" in squeezed(page.extract_text()).split("关于2026")[0]
    without = text_of(render(OFFICIAL, EVERYTHING | {"head": "", "copies": "", "printed_by": ""}))
    assert without.startswith(squeezed(TITLE)), "the red head can be switched off"


def test_what_people_type_is_never_markup() -> None:
    evil = '#import "/config/settings.py" $x^2$ *b* _i_ <label> @ref `code` // \\ [#sys.inputs] = 题'
    assert squeezed(evil) in text_of(render(PLAIN, {"title": evil, "blocks": [{"kind": "p", "text": evil}]}))
    assert "甲乙" in text_of(render(PLAIN, {"title": "甲\x0b\u200b乙", "blocks": []}))


@pytest.mark.refusal("papers.glyph")
def test_a_character_that_no_font_has_is_named() -> None:
    with pytest.raises(Refused, match="\U000323af") as refused:
        render(PLAIN, {"title": "张\U000323af的证书", "blocks": []})
    assert refused.value.verdict.code == "papers.glyph"


def test_a_template_that_is_wrong_or_not_ours() -> None:
    with pytest.raises(BadTemplate, match="unknown block nonsense"):
        render(PLAIN, {"title": "题", "blocks": [{"kind": "nonsense"}]})
    for path in ("../README.md", "../../etc/passwd.typ", "config/settings.py"):
        with pytest.raises(ValueError, match="not a template"):
            render(path, {})
    with pytest.raises(TypeError):
        render(PLAIN, {"title": object()})


def test_a_machine_without_chinese_fonts_says_what_to_install() -> None:
    with pytest.raises(fonts.MissingFont, match=r"fonts-noto-cjk.*SHUNIU_FONT_DIR"):
        fonts.choose(None, {("DejaVu Sans", 400)})


def test_faces_by_preference_and_their_stand_ins() -> None:
    noto = {("Noto Serif SC", 400), ("Noto Serif SC", 900), ("Noto Sans SC", 400)}
    found = fonts.choose(None, noto)
    assert found.lists["title-weight"] == 900
    assert found.lists["body"][0] == "Noto Serif SC"
    assert found.stand_ins == {"小标宋": "Noto Serif SC", "仿宋": "Noto Serif SC", "楷体": "Noto Serif SC"}
    real = fonts.choose(None, noto | {("FangSong_GB2312", 400), ("FZXiaoBiaoSong-B05S", 400)})
    assert real.lists["title-weight"] == 400
    assert set(real.stand_ins) == {"楷体"}


def test_one_compiler_for_many_threads() -> None:
    def make(number: int) -> str:
        return text_of(render(PLAIN, {"title": f"证书{number}号", "blocks": []}))

    make(0)
    with ThreadPoolExecutor(4) as pool:
        assert [text[:4] for text in pool.map(make, range(8))] == [f"证书{n}号" for n in range(8)]
