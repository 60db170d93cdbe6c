"""B2: the union's own copy of the paper stands beside the clauses; what does not agree is said, nothing is renumbered."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import docx
import pytest
from django.db import DatabaseError, transaction

from shuniu.foundation.access import Who
from shuniu.foundation.files import receiving
from shuniu.foundation.files.kinds import TEXTS
from shuniu.foundation.files.receiving import Received
from shuniu.foundation.files.tests import samples
from shuniu.library import actions, queries
from shuniu.library.models import Paper
from shuniu.library.tests import folders
from shuniu.unions.models import Union
from shuniu.unions.tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B2")]

TEXT = """望海市职工服务项目办法
第一条 为职工服务，由市总工会组织。
第二条 成立满两年的组织可以申报。
第四条 本办法由权益保障部解释。
第五条 未尽事宜另行通知。
"""


@pytest.fixture
def city() -> Union:
    return cast.union()


@pytest.fixture
def admin(city: Union) -> Who:
    row = actions.upload(by=(who := cast.who("sec_admin", city)), received=folders.received())
    actions.propose(by=who, upload_id=row.pk)
    actions.confirm(by=cast.who("leader", city), upload_id=row.pk)
    return who


def sent(data: bytes, name: str) -> Received:
    return receiving.receive(io.BytesIO(data), name=name, allowed=TEXTS, max_bytes=6_000_000)


def word(text: str) -> bytes:
    document: Any = docx.Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name"),
    [(TEXT.encode(), "原文.txt"), (TEXT.encode("gb18030"), "原文.txt"), (word(TEXT), "原文.docx")],
)
def test_words_stand_beside_the_clauses_and_what_lacks_is_named(admin: Who, data: bytes, name: str) -> None:
    row = actions.attach_paper(by=admin, key=folders.KEY, received=sent(data, name))
    assert any("第三条" in damage["words"] for damage in row.damages)
    law = queries.law_of_key(folders.KEY)
    assert law is not None
    found = queries.beside(row, law, {"第三条": ["限额：类别数"]})
    assert found.words["第二条"].startswith("成立满两年")
    assert found.not_in_paper == [("第三条", ["限额：类别数"])]
    assert [number for number, _ in found.not_in_document] == ["第五条"]  # the title is no clause
    shown = cast.text(cast.page(admin, f"/library/{folders.KEY}/"))
    assert "成立满两年的组织可以申报。" in shown and "原文中没有这一条，引用它的有" in shown
    assert cast.page(admin, f"/library/{folders.KEY}/paper/file/").status_code == 200


def test_the_page_takes_a_file_and_shows_every_clause_of_it(admin: Who) -> None:
    file = io.BytesIO(TEXT.encode())
    file.name = "原文.txt"
    assert cast.post(admin, f"/library/{folders.KEY}/paper/", file=file).status_code == 303
    assert "未尽事宜另行通知" in cast.text(cast.page(admin, f"/library/{folders.KEY}/paper/"))
    with pytest.raises(DatabaseError), transaction.atomic():
        Paper.objects.update(key="x")


@pytest.mark.refusal("library.no_words", "library.no_clauses", "library.paper_keeper", "library.no_law")
def test_a_scan_another_text_and_another_union_are_refused(admin: Who) -> None:
    with cast.refused("library.no_words"):
        actions.attach_paper(by=admin, key=folders.KEY, received=sent(samples.pdf(), "扫描件.pdf"))
    with cast.refused("library.no_clauses"):
        actions.attach_paper(by=admin, key=folders.KEY, received=sent("会议记录".encode(), "记录.txt"))
    with cast.refused("library.no_law"):
        actions.attach_paper(by=admin, key="nowhere", received=sent(TEXT.encode(), "原文.txt"))
    other = cast.who("sec_admin", cast.union("邻海市总工会"))
    with cast.refused("library.paper_keeper"):
        actions.attach_paper(by=other, key=folders.KEY, received=sent(TEXT.encode(), "原文.txt"))
    district = cast.who("sec_admin", cast.union("东港区总工会", level="district"))
    with cast.refused("library.paper_keeper"):
        actions.attach_paper(by=district, key="beijing-2017", received=sent(TEXT.encode(), "原文.txt"))
    file = io.BytesIO("会议记录".encode())
    file.name = "记录.txt"
    assert "没有找到" in cast.text(cast.post(admin, f"/library/{folders.KEY}/paper/", file=file))


def test_each_union_sees_its_own_copy_first(admin: Who) -> None:
    province = cast.union("海东省总工会", level="province")
    neighbour = cast.who("sec_admin", cast.union("邻海市总工会", parent=province))
    mine = actions.attach_paper(by=admin, key="beijing-2017", received=sent(TEXT.encode(), "甲.txt"))
    theirs = actions.attach_paper(
        by=neighbour, key="beijing-2017", received=sent(TEXT.replace("市总", "本会").encode(), "乙.txt")
    )
    assert queries.paper_of(admin, "beijing-2017") == mine
    assert queries.paper_of(neighbour, "beijing-2017") == theirs
    assert queries.paper_of(Who(), "beijing-2017") == theirs


def test_an_adopted_document_is_held_against_its_own_paper_and_shows_the_upper_words(
    city: Union, admin: Who
) -> None:
    actions.attach_paper(by=admin, key=folders.KEY, received=sent(TEXT.encode(), "原文.txt"))
    district = cast.union("东港区总工会", level="district", parent=city)
    lower = cast.who("sec_admin", district)
    day = dt.date(2026, 3, 1)
    row = actions.adopt(by=lower, key=folders.KEY, local=actions.Local("东港办法", day, day))
    actions.propose(by=lower, upload_id=row.pk)
    own = actions.confirm(by=cast.who("leader", district), upload_id=row.pk)
    page = f"/library/{own.key}/"
    assert "成立满两年的组织可以申报。" in cast.text(cast.page(lower, page))  # the city's paper
    notice = "关于采用办法的通知\n一、东港区总工会采用市总工会的办法。\n二、自印发之日起执行。\n"
    paper = actions.attach_paper(by=lower, key=own.key, received=sent(notice.encode(), "通知.txt"))
    found = queries.beside(paper, queries.policy_of(own.document), {})
    assert [number for number, _ in found.not_in_paper] == ["采用通知"]
    assert [number for number, _ in found.not_in_document] == ["一", "二"]
    assert "成立满两年的组织可以申报。" in cast.text(cast.page(lower, page))
