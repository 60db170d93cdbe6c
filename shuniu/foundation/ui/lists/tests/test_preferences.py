"""What a person keeps: columns and their order, row height, page size, saved views."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from shuniu.foundation.access import NOBODY, Refused
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.ui.lists import actions
from shuniu.foundation.ui.lists.tests import cast, html
from shuniu.foundation.ui.lists.tests.conftest import logged_in, who_of
from shuniu.foundation.ui.models import SavedView

COLUMNS = "/lists/test.people/columns/"
SHOWN = ["姓名", "登录名", "手机", "邮箱", "创建时间", "金额（元）", "状态"]


def choose(client: Client, places: dict[str, int], **more: str) -> Any:
    keys = ["username", "phone", "email", "created", "money", "state", "due"]
    data = {f"place_{k}": str(places.get(k, 50)) for k in keys}
    data |= {f"show_{k}": "on" for k in places}
    return client.post(
        COLUMNS, data | {"density": "middle", "page_size": "20", "next": "/people/?mail=yes"} | more
    )


def test_columns_and_their_order_are_kept_per_person(client: Client, people: list[Person]) -> None:
    assert html.headers(client.get("/people/")) == SHOWN
    answer = choose(client, {"due": 1, "email": 2, "username": 3}, density="tight", page_size="50")
    assert (answer.status_code, answer["Location"]) == (303, "/people/?mail=yes")
    page = client.get("/people/")
    assert html.headers(page) == ["姓名", "到期", "邮箱", "登录名"]
    assert len(html.rows(page)) == 30 and 'data-density="compact"' in html.body(page)
    assert html.rows(page)[0] == ["同名", "逾期 2 工作日", "--", "u00"]
    other = logged_in(cast.person("staff-two", "另一人", "clerk"))
    assert html.headers(other.get("/people/")) == SHOWN
    form = client.get(COLUMNS)
    assert [r[0] for r in html.rows(form)][:3] == ["到期", "邮箱", "登录名"]
    client.post(COLUMNS, {"reset": "1", "next": "/people/"})
    assert html.headers(client.get("/people/")) == SHOWN


def test_a_wrong_column_form_keeps_what_was_typed(client: Client, people: list[Person]) -> None:
    page = choose(client, {})
    assert page.status_code == 422 and "请至少显示一列" in html.body(page)
    page = choose(client, {"email": 1}, place_phone="十")
    assert page.status_code == 422 and "请填写 1 到 99 的整数" in html.body(page)
    assert 'value="十"' in html.body(page)


def test_a_column_of_another_role_cannot_be_chosen(client: Client, people: list[Person]) -> None:
    choose(client, {"email": 1}, show_secret="on", place_secret="1")
    assert html.headers(client.get("/people/")) == ["姓名", "邮箱"]
    actions.prefer(
        by=who_of(client),
        key="test.people",
        columns=["secret"],
        density="",
        page_size=None,
    )
    assert "标识" not in html.headers(client.get("/people/"))


def test_only_own_addresses_lead_back(client: Client, people: list[Person]) -> None:
    answer = choose(client, {"email": 1}, next="https://elsewhere.example/")
    assert answer["Location"] == "/"
    assert client.get("/lists/nobody.knows/columns/").status_code == 404
    assert Client().get(COLUMNS).status_code == 302


def save(client: Client, address: str, **data: str) -> Any:
    ticket = html.hidden(client.get(address), "ticket")[0]
    return client.post("/lists/test.people/views/save/", {"ticket": ticket} | data)


def test_a_view_is_saved_used_and_deleted(client: Client, people: list[Person]) -> None:
    answer = save(client, "/people/?mail=no&sort=-name&page=1", name=" 无邮箱的 ")
    assert (answer.status_code, answer["Location"]) == (303, "/people/?mail=no&sort=-name")
    page = client.get("/people/")
    assert '<a href="/people/?mail=no&amp;sort=-name">无邮箱的</a>' in html.body(page)
    used = client.get("/people/?mail=no&sort=-name")
    assert 'aria-current="true">无邮箱的</a>' in html.body(used) and len(html.rows(used)) == 10
    save(client, "/people/?mail=yes", name="无邮箱的")
    view = SavedView.objects.get()
    assert view.query == "mail=yes"
    other = logged_in(cast.person("staff-two", "另一人", "clerk"))
    assert "无邮箱的" not in html.body(other.get("/people/"))
    refused = other.post("/lists/test.people/views/", {"do": "delete", "view": view.pk})
    assert refused.status_code == 409 and SavedView.objects.count() == 1
    manage = "/lists/test.people/views/?next=%2Fpeople%2F"
    assert client.post(manage, {"do": "delete", "view": view.pk}).status_code == 303
    assert not SavedView.objects.exists()


def test_a_default_view_opens_the_list_and_can_be_left(client: Client, people: list[Person]) -> None:
    save(client, "/people/?mail=no", name="无邮箱", is_default="on")
    opened = client.get("/people/")
    assert (opened.status_code, opened["Location"]) == (302, "/people/?mail=no")
    left = html.links(client.get(opened["Location"]), "btn btn--plain")["清除条件"]
    assert left == "/people/?view=none" and len(html.rows(client.get(left))) == 20
    save(client, "/people/?mail=yes", name="有邮箱", is_default="on")
    assert [v.name for v in SavedView.objects.filter(is_default=True)] == ["有邮箱"]
    pk = SavedView.objects.get(name="有邮箱").pk
    client.post("/lists/test.people/views/", {"do": "no_default", "view": pk})
    assert client.get("/people/").status_code == 200


def test_a_view_needs_a_name(client: Client, people: list[Person]) -> None:
    page = save(client, "/people/?mail=no", name="　")
    assert page.status_code == 422 and "请填写视图名称" in html.body(page)


@pytest.mark.refusal("lists.views")
def test_thirty_views_are_enough(client: Client, people: list[Person]) -> None:
    for i in range(actions.VIEWS_LIMIT):
        assert save(client, "/people/?mail=no", name=f"视图{i}").status_code == 303
    assert save(client, "/people/?mail=no", name="又一个").status_code == 409
    assert save(client, "/people/?mail=yes", name="视图0").status_code == 303


def test_the_database_allows_one_default(client: Client, clerk: Person) -> None:
    SavedView.objects.create(person=clerk, key="k", name="a", is_default=True)
    with pytest.raises(IntegrityError, match="saved_view_default"), transaction.atomic():
        SavedView.objects.create(person=clerk, key="k", name="b", is_default=True)


@pytest.mark.refusal("lists.ticket")
def test_a_foreign_ticket_is_refused(client: Client, people: list[Person]) -> None:
    ticket = html.hidden(client.get("/people/"), "ticket")[0]
    other = logged_in(cast.person("staff-two", "另一人", "clerk"))
    send = {"ticket": ticket, "name": "偷"}
    assert other.post("/lists/test.people/views/save/", send).status_code == 409
    assert client.post("/lists/test.many/views/save/", send).status_code == 409
    assert client.post("/lists/test.people/views/save/", send | {"ticket": ticket[:-2]}).status_code == 409
    assert not SavedView.objects.exists()


@pytest.mark.refusal("lists.hat")
def test_a_ticket_ends_with_the_hat(client: Client, clerk: Person, people: list[Person]) -> None:
    ticket = html.hidden(client.get("/people/"), "ticket")[0]
    cast.HATS[clerk.pk] = (cast.hat("leader"),)
    answer = client.post("/lists/test.people/views/save/", {"ticket": ticket, "name": "旧"})
    assert answer.status_code == 409 and "身份与打开列表时不同" in html.body(answer)


@pytest.mark.refusal("lists.nobody")
@pytest.mark.refusal("lists.query_long")
@pytest.mark.refusal("lists.view_gone")
def test_settings_that_are_not_kept(client: Client, people: list[Person]) -> None:
    asker = who_of(client)
    cases: list[tuple[str, Any]] = [
        ("lists.nobody", lambda: actions.forget_preference(by=NOBODY, key="test.people")),
        (
            "lists.query_long",
            lambda: actions.save_view(by=asker, key="test.people", name="长", query="q" * 2001),
        ),
        ("lists.view_gone", lambda: actions.delete_view(by=asker, key="test.people", view_id=0)),
        ("lists.view_gone", lambda: actions.open_with_view(by=asker, key="test.people", view_id=0)),
    ]
    for code, act in cases:
        with pytest.raises(Refused) as problem:
            act()
        assert problem.value.verdict.code == code
