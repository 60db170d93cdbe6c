"""制度库: a document of the union's own, from its first mistake to a district that adopts it; paper and questions."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

from shuniu.config.demo.clock import Line
from shuniu.config.demo.days import at, back, on_or_before
from shuniu.config.demo.scene import Scene
from shuniu.foundation.files import kinds, receiving
from shuniu.foundation.files.receiving import Received
from shuniu.foundation.papers.rendering import PLAIN
from shuniu.library import actions
from shuniu.library.forms.templates import EDITABLE
from shuniu.library.models import Upload
from shuniu.library.template_text import blocks_of
from shuniu.library.unpacking import make_zip
from shuniu.policy.load import read_folder

KEY = "wanghai-contractors"
DISTRICT = "东港区总工会"
_FOLDER = Path(__file__).parent / "law"
_PAPER = Path(__file__).parent / "law_paper.txt"
_NAME = "望海市工会服务职工项目承接单位遴选办法"
_MISTAKE = ("rule: {fact: full_time_staff,", "rule: {fact: full_time_staf,")
_STRICTER = (
    ('version: "1.0"', 'version: "2.0"'),
    ("不少于五人", "不少于八人"),
    ("{fact: full_time_staff, at_least: 5}", "{fact: full_time_staff, at_least: 8}"),
    ("full_time_staff: 5", "full_time_staff: 8"),
)


def lines(scene: Scene) -> list[Line]:
    """The document and those who ask about it."""
    return [_in_use(scene), _asked(scene)]


def _in_use(scene: Scene) -> Line:
    """Mended, published, its paper attached, adopted by a district; a stricter version waits for a second person."""
    last = on_or_before(scene.today)
    admin, district = scene.who("lianq"), scene.who("gaoaq")
    yield at(back(last, 45), "10:10")
    actions.upload(by=admin, received=_folder(scene, _MISTAKE))
    yield at(back(last, 45), "10:32")
    first = _proposed(scene)
    yield at(back(last, 44), "15:20")
    actions.confirm(by=scene.who("zhoufh"), upload_id=first.pk)
    yield at(back(last, 43), "09:40")
    actions.attach_paper(by=admin, key=KEY, received=_paper(scene))
    yield at(back(last, 40), "11:25")
    actions.revise_template(by=scene.who("linjb"), key=KEY, template="application", received=_form())
    yield at(back(last, 30), "14:15")
    own = actions.Local(
        title="东港区工会服务职工项目承接单位遴选办法", issued=back(last, 30), effective=back(last, 25),
        numbers={"limits.categories": 1, "stated.publicity_days": 7, "score_sheets.review": 70},
    )  # fmt: skip
    adopted = actions.adopt(by=district, key=KEY, local=own)
    actions.propose(by=district, upload_id=adopted.pk)
    yield at(back(last, 29), "16:05")
    actions.confirm(by=scene.who("tangzx"), upload_id=adopted.pk)
    yield at(back(last, 1), "16:40")
    stricter = _proposed(scene, *_STRICTER)
    yield at(back(last, 1), "16:50")
    actions.compute_impact(impact_id=actions.estimate(by=admin, upload_id=stricter.pk).pk)


def _proposed(scene: Scene, *changes: tuple[str, str]) -> Upload:
    row = actions.upload(by=scene.who("lianq"), received=_folder(scene, *changes))
    return actions.propose(by=scene.who("lianq"), upload_id=row.pk)


def _folder(scene: Scene, *changes: tuple[str, str]) -> Received:
    files = read_folder(_FOLDER)
    for old, new in (*_days(scene), *changes):
        files = {name: content.replace(old.encode(), new.encode()) for name, content in files.items()}
    return receiving.receive(
        io.BytesIO(make_zip(files)), name=f"{_NAME}.zip", allowed=frozenset({"zip"}), max_bytes=kinds.MIB
    )


def _days(scene: Scene) -> list[tuple[str, str]]:
    """The days of the invented document, as days of the story."""
    issued = back(on_or_before(scene.today), 48)
    effective = issued + dt.timedelta(days=14)
    return [
        ("2026-03-02", f"{issued:%Y-%m-%d}"),
        ("2026-04-01", f"{effective:%Y-%m-%d}"),
        ("2026年4月1日", f"{effective.year}年{effective.month}月{effective.day}日"),
    ]


def _paper(scene: Scene) -> Received:
    """The union's own copy as Word; whoever typed it left a clause out, and the library says so."""
    import docx

    text = _PAPER.read_text(encoding="utf-8")
    for old, new in _days(scene):
        text = text.replace(old, new)
    document: Any = docx.Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return receiving.receive(
        io.BytesIO(out.getvalue()), name=f"{_NAME}.docx", allowed=kinds.TEXTS, max_bytes=kinds.MIB
    )


def _form() -> Received:
    """The form of the document with a row more, as the office made it in Word."""
    from shuniu.foundation.papers.word import word

    text = (_FOLDER / "templates" / "附件1-申报表.md").read_text(encoding="utf-8")
    more = text.replace("| 专职人数 | |", "| 专职人数 | |\n| 近两年承接的工会项目 | |")
    body = word(PLAIN, blocks_of("承接单位申报表", more))
    return receiving.receive(
        io.BytesIO(body), name="承接单位申报表（修订）.docx", allowed=EDITABLE, max_bytes=kinds.MIB
    )


def _asked(scene: Scene) -> Line:
    """A district asks; one answer is published, another question waits."""
    last = on_or_before(scene.today)
    yield at(back(last, 12), "09:30")
    row = actions.ask(
        by=scene.who("majb"), key=KEY, clause="第十条", text="有效期内单位更名的，承接资格是否需要重新申报？"
    )
    yield at(back(last, 11), "14:05")
    actions.answer(
        by=scene.who("linjb"), question_id=row.pk,
        text="统一社会信用代码不变的，承接资格继续有效，凭登记机关的变更材料换发证书，有效期不变。",
    )  # fmt: skip
    yield at(back(last, 11), "16:30")
    actions.publish_answer(by=scene.who("zhengfh"), question_id=row.pk)
    yield at(back(last, 1), "11:15")
    actions.ask(
        by=scene.who("majb"), key=KEY, clause="第四条（四）", text="签订劳务协议的人员是否计入专职工作人员？"
    )
