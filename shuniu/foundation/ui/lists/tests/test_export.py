"""An export is what I see: same rows, columns, order; no formula; large ones by the worker, for me alone."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.models import Entry
from shuniu.foundation.notices.models import Message
from shuniu.foundation.ui import tasks
from shuniu.foundation.ui.lists import Column, actions, export
from shuniu.foundation.ui.lists.columns import exported
from shuniu.foundation.ui.lists.tests import cast, html
from shuniu.foundation.ui.lists.tests.conftest import logged_in, who_of
from shuniu.foundation.ui.models import Export

pytestmark = pytest.mark.feature("Q1")
HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    '=HYPERLINK("http://x.example","点")',
    "\x01\x0b=",
    "http://x.example",
    "{=1}",
    "a" * 300,
]


def content(response: Any) -> bytes:
    return response.getvalue() if response.streaming else bytes(response.content)


def sheet(data: bytes) -> list[list[Any]]:
    return (
        CalamineWorkbook.from_filelike(io.BytesIO(data))
        .get_sheet_by_name("数据")
        .to_python(skip_empty_area=False)
    )


def xml(data: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()


def test_the_workbook_is_the_page(client: Client, people: list[Person]) -> None:
    query = {"mail": "yes", "sort": "-username", "tab": "mail"}
    page = client.get("/people/", query)
    answer = client.get("/people/", query | {"export": "xlsx"})
    assert (
        answer["Content-Type"] == export.XLSX
        and "filename*=UTF-8''%E4%BA%BA%E5%91%98_" in answer["Content-Disposition"]
    )
    lines = sheet(content(answer))
    assert lines[0][0] == "人员"
    assert "导出人：林经办（望海市总工会）" in lines[1][0] and f"导出时间：{clock.today()}" in lines[1][0]
    assert "条件：状态：有邮箱；邮箱：有" in lines[1][0]
    assert lines[2] == html.headers(page)
    assert [line[1] for line in lines[3:]] == [row[1] for row in html.rows(page)] and len(lines) == 23
    first = lines[3]
    assert first[2] == "13900000029" and first[5] == 1234.56
    assert isinstance(first[4], dt.datetime) and f"{first[4]:%Y-%m-%d %H:%M}" == html.rows(page)[0][4]


def test_my_columns_and_my_masks(client: Client, people: list[Person]) -> None:
    checker_person = cast.person("staff-wu", "吴复核", "checker")
    checker = logged_in(checker_person)
    who = who_of(checker)
    actions.prefer(by=who, key="test.people", columns=["phone", "secret"], density="", page_size=None)
    lines = sheet(content(checker.get("/people/?export=xlsx")))
    assert lines[2] == ["姓名", "手机", "标识"] and lines[3][1] == "139****0000"


def test_hostile_values_are_words(client: Client, clerk: Person) -> None:
    for i, value in enumerate(HOSTILE):
        person = cast.person(f"h{i}", "x")
        Person.objects.filter(pk=person.pk).update(name=value[:40], email=value[:200])
    for bulk in (False, True):
        listing = cast.People.rebuilt(who_of(client), "/people/", "sort=username", {})
        target = io.BytesIO()
        assert export.write(listing, target, bulk=bulk) == len(HOSTILE)
        data = target.getvalue()
        assert "<f>" not in xml(data) and "<f " not in xml(data) and "<hyperlink" not in xml(data)
        names = [line[0] for line in sheet(data)[3:]]
        assert names[:4] == HOSTILE[:4] and names[5] == HOSTILE[5][:40]


def test_more_than_a_cell_holds_is_cut(clerk: Person) -> None:
    column = Column("x", "x", lambda row: row)
    assert len(exported(column, "长" * 40_000)) == 32_767


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> None:
    """The limit of a direct export at ten rows, so that thirty people are many."""
    monkeypatch.setattr(export, "DIRECT_LIMIT", 10)
    settings.DATA = tmp_path


def ask(client: Client, address: str = "/people/?mail=yes&export=xlsx") -> Export:
    page = client.get(address)
    assert page.status_code == 200 and "导出 20 人" in html.text(html.body(page))
    assert not Export.objects.exists()
    answer = client.post("/lists/test.people/export/", {"ticket": html.hidden(page, "ticket")[0]})
    assert answer.status_code == 303
    asked = Export.objects.get()
    assert answer["Location"] == f"/lists/exports/{asked.pk}/"
    return asked


def test_a_large_export_is_made_by_the_worker_and_told(
    client: Client, people: list[Person], few: None
) -> None:
    asked = ask(client)
    entry = Entry.objects.get(verb="lists.export")
    assert entry.facts == {"list": "test.people", "query": "mail=yes", "rows": 20}
    progress = client.get(f"/lists/exports/{asked.pk}/")
    assert "等待中，已写 0 条，共 20 条" in html.body(progress) and "<progress" in html.body(progress)
    assert client.get(f"/lists/exports/{asked.pk}/file/").status_code == 404
    tasks.make_export(str(asked.pk))
    tasks.make_export(str(asked.pk))  # a repeated job changes nothing
    message = Message.objects.get(kind="export")
    assert (
        message.title == "“人员”已导出 20 条，请在一天内下载" and message.url == f"/lists/exports/{asked.pk}/"
    )
    assert "下载 Excel" in html.body(client.get(message.url))
    lines = sheet(content(client.get(f"/lists/exports/{asked.pk}/file/")))
    direct = sheet(content(client.get("/people/?mail=yes&export=xlsx&q=人员0")))
    assert lines[2] == direct[2] and len(lines) == 23


def test_a_stranger_cannot_fetch_it(client: Client, people: list[Person], few: None) -> None:
    asked = ask(client)
    tasks.make_export(str(asked.pk))
    colleague = logged_in(cast.person("staff-two", "同事", "clerk"))
    for door in ("", "file/"):
        assert client.get(f"/lists/exports/{asked.pk}/{door}").status_code == 200
        assert colleague.get(f"/lists/exports/{asked.pk}/{door}").status_code == 404
        assert Client().get(f"/lists/exports/{asked.pk}/{door}").status_code == 302


def test_it_is_made_and_given_only_under_the_hat_it_was_asked_in(
    client: Client, clerk: Person, people: list[Person], few: None
) -> None:
    asked = ask(client)
    cast.HATS[clerk.pk] = (cast.hat("checker"),)
    tasks.make_export(str(asked.pk))
    asked.refresh_from_db()
    assert asked.state == Export.State.FAILED and asked.file == ""
    assert "不再担任提出导出时的身份" in html.body(client.get(f"/lists/exports/{asked.pk}/"))
    cast.HATS[clerk.pk] = (cast.hat("clerk"),)
    Export.objects.update(state=Export.State.WAITING)
    tasks.make_export(str(asked.pk))
    assert client.get(f"/lists/exports/{asked.pk}/file/").status_code == 200
    cast.HATS[clerk.pk] = (cast.hat("checker"),)
    assert client.get(f"/lists/exports/{asked.pk}/file/").status_code == 404


def test_it_is_deleted_after_a_day(client: Client, people: list[Person], few: None) -> None:
    asked = ask(client)
    tasks.make_export(str(asked.pk))
    assert actions.clear_exports() == 0 and len(list(actions.exports_folder().iterdir())) == 1
    Export.objects.update(asked_at=clock.now() - dt.timedelta(hours=25))
    assert tasks.clear_exports() == 1 and list(actions.exports_folder().iterdir()) == []
    assert "现已清除" in html.body(client.get(f"/lists/exports/{asked.pk}/"))
    assert client.get(f"/lists/exports/{asked.pk}/file/").status_code == 404
    tasks.make_export(str(asked.pk))
    assert list(actions.exports_folder().iterdir()) == []


@pytest.mark.refusal("lists.busy")
def test_three_at_a_time(client: Client, people: list[Person], few: None) -> None:
    ticket = html.hidden(client.get("/people/?export=xlsx"), "ticket")[0]
    answers = [client.post("/lists/test.people/export/", {"ticket": ticket}).status_code for _ in range(4)]
    assert answers == [303, 303, 303, 409]
