"""F1, C4: the forms that a document names are offered where they are filled in; a union may put its own in their place."""

from __future__ import annotations

import io

import docx
import pytest
from django.db import DatabaseError, transaction
from django.http.response import HttpResponseBase
from django.test import Client

from shuniu.foundation.files import receiving
from shuniu.foundation.files.receiving import Received
from shuniu.foundation.journal.models import Entry
from shuniu.library import actions, queries
from shuniu.library.forms.templates import EDITABLE
from shuniu.library.models import OwnTemplate
from shuniu.library.template_text import blocks_of
from shuniu.library.tests import folders
from shuniu.unions.models import Union
from shuniu.unions.tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F1"), pytest.mark.feature("C4")]
LAW, FORM, SHEET = "jiangsu", "application_form", "standards"
PAGE = f"/library/{LAW}/templates/{FORM}/"


@pytest.fixture
def province() -> Union:
    return cast.union("海东省总工会", level="province")


def office(text: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def sent(text: str = "本会的表", name: str = "申报表.docx") -> Received:
    return receiving.receive(io.BytesIO(office(text)), name=name, allowed=EDITABLE, max_bytes=6_000_000)


def words(answer: HttpResponseBase) -> str:
    body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]
    found = docx.Document(io.BytesIO(body))
    cells = (cell.text for table in found.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(p.text for p in found.paragraphs), *cells])


def test_a_form_comes_as_a_word_file_that_an_office_goes_on_writing(client: Client) -> None:
    shown = client.get(f"/library/{LAW}/").content.decode()
    assert "附件1 服务职工优秀社会组织申报表" in shown and shown.count("本系统拟定") >= 3
    said = words(client.get(PAGE))
    assert "统一社会信用代码" in said and "本系统" not in said and "|" not in said
    assert client.get(f"/library/{LAW}/templates/nothing/").status_code == 404
    assert client.get(f"{PAGE}?union=x&version=9").status_code == 404


def test_a_union_puts_its_own_in_the_place_and_gives_the_documents_back(province: Union) -> None:
    clerk = cast.who("clerk", province)
    file = io.BytesIO(office("本会修订的表"))
    file.name = "申报表.docx"
    assert "还没有修订过" in cast.text(cast.page(clerk, f"{PAGE}revise/"))
    assert cast.post(clerk, f"{PAGE}revise/", file=file).status_code == 303
    below = cast.who("clerk", cast.union("望海市总工会", parent=province))
    elsewhere = cast.who("clerk", cast.union("邻海市总工会"))
    assert "海东省总工会修订" in cast.text(cast.page(below, f"/library/{LAW}/"))
    assert "海东省总工会修订" not in cast.text(cast.page(elsewhere, f"/library/{LAW}/"))
    assert "本会修订的表" in words(cast.page(below, PAGE))
    assert "本会修订的表" in words(Client().get(f"{PAGE}?union={province.pk}"))  # from a call of that union
    assert "统一社会信用代码" in words(cast.page(below, f"{PAGE}?own=no"))
    assert "统一社会信用代码" in words(cast.page(elsewhere, PAGE))
    assert cast.post(clerk, f"{PAGE}revise/", do="restore").status_code == 303
    assert "统一社会信用代码" in words(cast.page(below, PAGE))
    assert "恢复原表样" in cast.text(cast.page(clerk, f"{PAGE}revise/"))
    verbs = list(
        Entry.objects.filter(verb__endswith="_template").order_by("id").values_list("verb", flat=True)
    )
    assert verbs == ["library.revise_template", "library.restore_template"]
    with pytest.raises(DatabaseError), transaction.atomic():
        OwnTemplate.objects.update(template="other")


@pytest.mark.refusal("library.no_template", "library.template_role", "library.template_not_ours")
def test_who_may(province: Union) -> None:
    clerk = cast.who("clerk", province)
    with cast.refused("library.no_template"):
        actions.revise_template(by=clerk, key=LAW, template="nothing", received=sent())
    with cast.refused("library.template_role"):
        actions.revise_template(by=cast.who("finance", province), key=LAW, template=FORM, received=sent())
    with cast.refused("library.template_not_ours"):
        actions.restore_template(by=clerk, key=LAW, template=FORM)
    file = io.BytesIO(b"no office file")
    file.name = "申报表.docx"
    assert cast.post(clerk, f"{PAGE}revise/", file=file).status_code == 422


SHEETED = """\
score_sheets:
  - key: review
    clause: 第二条
    label: 评审
    total: 100
    items: [{key: plan, clause: 第二条, label: 方案, words: 写得清楚, evidence: 方案书, points: 100}]
templates:
  - {key: sheet, kind: score_sheet, annex: 附件, clause: 第二条, label: 评分表, sheet: review}
"""


def test_any_document_with_forms_and_one_that_is_a_sheet_alone() -> None:
    city = cast.union()
    admin, clerk = (cast.who(role, city) for role in ("sec_admin", "clerk"))
    row = actions.upload(by=admin, received=folders.received(folders.files(folders.DOCUMENT + SHEETED)))
    assert row.state == "checked", row.problems
    actions.propose(by=admin, upload_id=row.pk)
    actions.confirm(by=cast.who("leader", city), upload_id=row.pk)
    said = words(cast.page(clerk, f"/library/{folders.KEY}/templates/sheet/"))
    assert "方案" in said and "写得清楚" in said and "合计" in said
    assert "制度所附" in cast.text(cast.page(clerk, f"/library/{folders.KEY}/"))
    actions.revise_template(by=clerk, key=folders.KEY, template="sheet", received=sent())
    law = queries.law_of_key(folders.KEY)
    assert law is not None
    assert [each.whose for each in queries.templates_for(law, city.pk)] == ["望海市总工会修订"]
    stranger = cast.who("clerk", cast.union("邻海市总工会"))
    with cast.refused("library.template_role"):
        actions.revise_template(by=stranger, key=folders.KEY, template="sheet", received=sent())


def test_a_text_becomes_headings_paragraphs_and_tables() -> None:
    text = "# 表\n\n> 说明\n\n## 一\n\n| 甲 | 乙 |\n|---|---|\n| 1 | |\n| 2 |\n\n签字：\n"
    said = blocks_of("无", text)
    assert said["title"] == "表"
    assert [block["kind"] for block in said["blocks"]] == ["p", "h1", "table", "p"]
    assert said["blocks"][2]["rows"] == [["1", ""], ["2", ""]]
