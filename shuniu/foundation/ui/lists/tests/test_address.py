"""The address is the state: filters, chips, order, pages, tabs, and words about what means nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui.lists.tests import cast, html
from shuniu.foundation.ui.lists.tests.conftest import logged_in, who_of

pytestmark = pytest.mark.feature("Q1")


def test_filter_search_and_chips_each_removable(client: Client, people: list[Person]) -> None:
    page = client.get("/people/", {"q": "人员", "mail": "no", "sort": "-username"})
    assert len(html.rows(page)) == 9
    chips = html.links(page, "chip")
    assert set(chips) == {"查找：人员移除", "邮箱：没有移除"}
    without = client.get(chips["邮箱：没有移除"])
    assert len(html.rows(without)) == 20 and html.tabs(without)["全部"][0] == "27"
    assert without.wsgi_request.GET["sort"] == "-username" and "mail" not in without.wsgi_request.GET
    assert '<option value="no" selected>' in html.body(page)
    assert html.links(page, "btn btn--plain")["清除条件"] == "/people/"


def test_full_width_and_blanks_are_understood(client: Client, people: list[Person]) -> None:
    assert [r[1] for r in html.rows(client.get("/people/", {"q": " Ｕ０７ "}))] == ["u07"]
    assert html.links(client.get("/people/", {"q": "  "}), "chip") == {}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"mail": "maybe"}, "“maybe”不是“邮箱”的选项，已忽略这一条件。"),
        (
            {"created_from": "yesterday"},
            "“创建时间”中的“yesterday”不是日期（应如 2026-06-04），已忽略这一条件。",
        ),
        (
            {"created_from": "9999-12-31"},
            "“创建时间”中的“9999-12-31”不是日期（应如 2026-06-04），已忽略这一条件。",
        ),
        (
            {"created_from": "2026-02-02", "created_to": "2026-02-01"},
            "“创建时间”的止日早于起日，已忽略这一条件。",
        ),
        ({"sort": "phone"}, "不能按“phone”排序，已按默认顺序显示。"),
        ({"tab": "gone"}, "没有“gone”这一分类，已显示“全部”。"),
        ({"page": "0"}, "页码“0”无效，已忽略。"),
        ({"page": "二"}, "页码“二”无效，已忽略。"),
        ({"page": "9" * 30}, f"页码“{'9' * 30}”无效，已忽略。"),
        ({"size": "7"}, "每页条数“7”无效，已忽略。"),
        ({"<b>x": "1"}, "地址中的“<b>x”不是这张表的条件，已忽略。"),
        ({"page": "3"}, "没有第 3 页，已显示第 2 页。"),
    ],
)
def test_what_means_nothing_is_said_and_ignored(
    client: Client, people: list[Person], query: dict[str, str], words: str
) -> None:
    page = client.get("/people/", query)
    assert page.status_code == 200
    assert words in html.notes(page)
    assert len(html.rows(page)) == (10 if query == {"page": "3"} else 20)
    assert "<b>x" not in html.body(page)


def test_a_column_that_is_hidden_from_me_cannot_be_sorted_by(client: Client, people: list[Person]) -> None:
    assert "不能按“secret”排序，已按默认顺序显示。" in html.notes(client.get("/people/?sort=secret"))


def test_a_filter_outside_the_bar_works_and_survives_a_new_query(
    client: Client, people: list[Person]
) -> None:
    page = client.get("/people/?only=u05")
    assert [r[1] for r in html.rows(page)] == ["u05"] and "限定：五号移除" in html.links(page, "chip")
    assert 'id="list-only"' not in html.body(page)
    assert '<input type="hidden" name="only" value="u05">' in html.body(page)


def test_days_are_whole_days_of_shanghai(client: Client, people: list[Person]) -> None:
    late = clock.end_of_day(dt.date(2026, 3, 3)) - dt.timedelta(microseconds=1)
    Person.objects.filter(username="u01").update(created_at=late)
    Person.objects.filter(username="u02").update(created_at=late + dt.timedelta(microseconds=1))
    page = client.get("/people/?created_from=２０２６年3月3日&created_to=20260303")
    assert [r[1] for r in html.rows(page)] == ["u01"]
    assert html.links(page, "chip") == {"创建时间：2026-03-03 至 2026-03-03移除": "/people/"}


def test_order_by_header_is_stable_on_equal_names(client: Client, people: list[Person]) -> None:
    Person.objects.filter(username__startswith="u").update(name="同名")
    seen: list[str] = []
    for number in (1, 2):
        seen += [r[1] for r in html.rows(client.get(f"/people/?sort=name&page={number}"))]
    assert seen == [f"u{i:02d}" for i in range(30)]
    backwards = [r[1] for n in (1, 2) for r in html.rows(client.get(f"/people/?sort=-name&page={n}"))]
    assert backwards == seen[::-1]


def test_header_says_its_order_and_leads_to_the_other(client: Client, people: list[Person]) -> None:
    page = html.body(client.get("/people/"))
    assert 'aria-sort="ascending"' in page and 'href="/people/?sort=-username"' in page
    down = html.body(client.get("/people/?sort=-username"))
    assert 'aria-sort="descending"' in down and 'id="list-sort-username" href="/people/"' in down


def test_tabs_count_what_they_show_under_the_filters(client: Client, people: list[Person]) -> None:
    page = client.get("/people/", {"q": "人员", "size": "100"})
    assert {k: int(v[0]) for k, v in html.tabs(page).items()} == {"全部": 27, "有邮箱": 18, "无邮箱": 9}
    for count, url in html.tabs(page).values():
        shown = client.get(url)
        assert len(html.rows(shown)) == int(count)
        assert f"共 {count} 人" in html.body(shown)


def test_a_capped_count_says_at_least(client: Client, people: list[Person]) -> None:
    page = client.get("/many/")
    assert html.tabs(page)["全部"][0] == "5+" and "共 5+ 人" in html.body(page)
    assert len(html.rows(page)) == 20 and 'id="list-next"' in html.body(page)
    last = client.get("/many/?page=2")
    assert len(html.rows(last)) == 10 and 'id="list-next"' not in html.body(last)
    beyond = client.get("/many/?page=9")
    assert "没有第 9 页，已显示第 1 页。" in html.notes(beyond) and len(html.rows(beyond)) == 20
    assert html.tabs(client.get("/many/", {"only": "u05"}))["全部"][0] == "1"


def test_pages_cover_every_row_once(client: Client, people: list[Person]) -> None:
    shown = [r[1] for n in (1, 2) for r in html.rows(client.get(f"/people/?page={n}&sort=-created"))]
    assert sorted(shown) == [p.username for p in people]


def test_htmx_gets_the_fragment_and_the_short_address(client: Client, people: list[Person]) -> None:
    part = client.get("/people/", {"q": "", "mail": "no", "created_from": ""}, headers={"HX-Request": "true"})
    assert "<html" not in html.body(part) and '<section class="panel" id="list"' in html.body(part)
    assert part["HX-Push-Url"] == "/people/?mail=no" and "HX-Request" in part["Vary"]
    assert 'hx-swap-oob="true"' in html.body(part) and "/people/?mail=no&amp;export=xlsx" in html.body(part)
    whole = client.get("/people/?mail=no")
    assert html.rows(whole) == html.rows(part) and "hx-swap-oob" not in html.body(whole)
    back = client.get("/people/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in html.body(back)


def test_nobody_sees_rows_that_are_not_theirs(client: Client, people: list[Person]) -> None:
    stranger = logged_in(cast.person("staff-zhou", "周领导", "leader"))
    assert len(html.rows(client.get("/people/"))) == 20
    page = stranger.get("/people/?q=u0")
    assert (
        html.rows(page) == [] and "没有符合条件的记录" in html.body(page) and "人员0" not in html.body(page)
    )


def test_masks_and_columns_by_role(client: Client, people: list[Person]) -> None:
    checker = logged_in(cast.person("staff-wu", "吴复核", "checker"))
    assert html.rows(client.get("/people/"))[0][2] == "13900000000" and "标识" not in html.headers(
        client.get("/people/")
    )
    page = checker.get("/people/")
    assert html.rows(page)[0][2] == "139****0000" and "标识" in html.headers(page)
    assert "13900000000" not in html.body(page)
    assert html.hidden(page, "batch") == []


def test_every_value_is_escaped(client: Client, clerk: Person) -> None:
    cast.person("<i>{0}", '"><script>alert(1)</script>', email="{x}%s<b>")
    page = html.body(client.get("/people/", {"q": '"><script>'}))
    assert "<script>alert" not in page and "<i>{0}" not in page and "%s<b>" not in page
    assert "&lt;i&gt;{0}" in page and "{x}%s&lt;b&gt;" in page


def test_opened_rows_are_marked(client: Client, people: list[Person]) -> None:
    assert 'class="seen"' not in html.body(client.get("/people/"))
    client.get(f"/people/{people[3].pk}/")
    page = html.body(client.get("/people/"))
    assert f'<a href="/people/{people[3].pk}/" class="seen">' in page and page.count('class="seen"') == 1


@pytest.mark.parametrize(
    "address", ["/people/", "/many/", "/people/?q=%E4%BA%BA&mail=yes&sort=-name&tab=mail"]
)
def test_as_many_queries_for_thirty_rows_as_for_one(client: Client, clerk: Person, address: str) -> None:
    counts = []
    for number in (1, 30):
        for i in range(number):
            cast.person(f"n{number}-{i}", f"人{i}", email=f"n{number}-{i}@wanghai.example")
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page = client.get(address)
        counts.append(len(asked))
        own = [q["sql"] for q in asked if "ui_" in q["sql"] or "accounts_person" in q["sql"]]
        assert len(own) <= 7, own  # the log-in's own look at the person among them
    assert len(html.rows(page)) == 20
    assert counts[0] == counts[1] <= 12, counts


def test_a_figure_elsewhere_counts_as_its_list_shows(client: Client, people: list[Person]) -> None:
    who = who_of(client)
    for query in ("", "mail=no", "tab=mail&q=人员", "only=u05"):
        shown = client.get(f"/people/?size=100&{query}")
        assert cast.People.count(who, query) == len(html.rows(shown)) > 0
