"""A batch: ticks or the filter itself, a preview with reasons, one POST, and a changed set is told."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from shuniu.foundation.accounts.models import Person
from shuniu.foundation.ui.lists.tests import cast, html
from shuniu.foundation.ui.lists.tests.conftest import logged_in

pytestmark = pytest.mark.feature("Q1")
POST = "/lists/test.people/batch/invite/"


def fields(page: Any) -> dict[str, Any]:
    return {name: html.hidden(page, name)[0] for name in ("ticket", "digest", "count")} | {
        "pick": html.hidden(page, "pick")
    }


def test_ticked_rows_are_previewed_then_done_once(client: Client, people: list[Person]) -> None:
    picks = [str(people[i].pk) for i in (1, 3, 4)]
    page = client.get("/people/", {"batch": "invite", "pick": picks, "sort": "-name"})
    words = html.text(html.body(page))
    assert "可以办理 2 项" in words and "不能办理 1 项" in words
    assert html.rows(page) == [["人员03", "没有邮箱，不能通知。", "第五条"]]
    assert cast.DONE == []
    refused = client.post(POST, fields(page))
    assert refused.status_code == 422 and cast.DONE == []
    done = client.post(POST, fields(page) | {"note": "请查收"})
    assert (done.status_code, done["Location"]) == (303, "/people/?sort=-name")
    assert [{"by": "林经办", "ids": [people[1].pk, people[4].pk], "note": "请查收"}] == cast.DONE
    assert "已通知 2 人。" in html.body(client.get(done["Location"]))


def test_all_means_the_filter_not_the_page(client: Client, people: list[Person]) -> None:
    ticked = client.get("/people/?mail=yes&pick=all&size=20")
    assert html.text(html.body(ticked)).count("已选全部 20 人") == 1
    assert html.body(ticked).count("checked disabled") == 20
    page = client.get("/people/?pick=all&batch=invite&q=人员")
    words = html.text(html.body(page))
    assert "可以办理 18 项" in words and "不能办理 9 项" in words
    client.post(POST, fields(page) | {"note": "x"})
    assert len(cast.DONE[0]["ids"]) == 18


def test_a_changed_set_is_told_and_nothing_is_done(client: Client, people: list[Person]) -> None:
    page = client.get("/people/?pick=all&batch=invite")
    Person.objects.filter(pk=people[1].pk).update(email="")
    answer = client.post(POST, fields(page) | {"note": "保留的附言"})
    assert answer.status_code == 409 and cast.DONE == []
    assert "原来可办理 20 项，现在 19 项" in html.body(answer) and "保留的附言" in html.body(answer)
    again = client.post(POST, fields(answer) | {"note": "x"})
    assert again.status_code == 303 and len(cast.DONE[0]["ids"]) == 19


def test_a_row_that_is_gone_or_foreign_is_told(client: Client, people: list[Person], clerk: Person) -> None:
    picks = [str(people[1].pk), str(clerk.pk), str(10**15), "x", "１", "9" * 30]
    page = client.get("/people/", {"batch": "invite", "pick": picks})
    words = html.text(html.body(page))
    assert "可以办理 1 项" in words and "勾选的 2 项已不在您的列表中" in words and "选择 林经办" not in words


def test_no_tick_is_said(client: Client, people: list[Person]) -> None:
    page = client.get("/people/?batch=invite")
    assert "请先勾选要“通知”的人员，再点按钮。" in html.notes(page) and len(html.rows(page)) == 20


def test_only_the_roles_of_the_action_see_and_do_it(client: Client, people: list[Person]) -> None:
    mine = client.get("/people/?pick=all&batch=invite")
    checker = logged_in(cast.person("staff-wu", "吴复核", "checker"))
    page = checker.get("/people/?pick=all&batch=invite")
    assert "可以办理" not in html.body(page) and 'name="batch"' not in html.body(page)
    stolen = checker.post(POST, fields(mine) | {"note": "x"})
    assert stolen.status_code == 409
    own = html.hidden(page, "ticket")[0]
    assert checker.post(POST, fields(mine) | {"note": "x", "ticket": own}).status_code == 404
    assert client.get(POST).status_code == 405 and cast.DONE == []
