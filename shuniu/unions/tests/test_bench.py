"""The work bench and the inbox: figures that open lists of just so many rows, messages that are read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client

from shuniu.foundation.access import Who
from shuniu.foundation.calendar import actions as calendar
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.journal.words import kind_label
from shuniu.foundation.notices.actions import tell
from shuniu.foundation.notices.models import Message
from shuniu.foundation.ui import slots
from shuniu.unions.models import Union
from shuniu.unions.queries import Bench, Row, bench_of
from shuniu.unions.tests import cast
from shuniu.unions.tests.cast import page, text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("O1")]


# --- the work bench --------------------------------------------------------------------------------


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch, clerk: Who) -> Iterator[list[slots.Todo]]:
    today = clock.today()
    todos = [slots.Todo("资格审核", f"逾期{n}", f"/x/{n}/", due=today - dt.timedelta(days=n)) for n in (1, 9)]
    todos += [slots.Todo("复核", f"临近{n}", f"/y/{n}/", due=today) for n in range(3)]
    todos += [
        slots.Todo("更正", "以后", "/z/", due=today + dt.timedelta(days=30)),
        slots.Todo("其他", "没有期限", "/q/"),
    ]
    todos += [slots.Todo("补正", f"等{n}", f"/w/{n}/", due=today, waiting=True) for n in range(4)]
    monkeypatch.setattr(slots, "_todos", [lambda who: todos if who.person == cast.me(clerk) else []])
    yield todos


def test_the_line_under_a_figure_leaves_nothing_out() -> None:
    rows = [Row(tag, "", "", "", "", "", None) for tag in "评评评审审改改异"]
    bench = Bench(clock.today(), clock.today(), 0, {"waiting": rows})
    assert bench.hint("waiting") == "评 3，审 2，其他 3"
    assert Bench(clock.today(), clock.today(), 0, {"waiting": rows[:7]}).hint("waiting") == "评 3，审 2，改 2"


@pytest.mark.usefixtures("waiting")
def test_every_figure_opens_a_list_of_just_so_many_rows(clerk: Who) -> None:
    client = cast.log_in(Client(), clerk)
    bench = client.get("/work/")
    found = re.findall(r'class="stat" href="([^"]+)".*?<b>(\d+)<small>', text(bench), re.S)
    assert [int(n) for _, n in found] == [2, 3, 2, 4, 0]
    for address, number in found[:-1]:
        rows = re.search(r"<main.*</main>", text(client.get(address)), re.S)
        assert rows is not None
        assert rows[0].count('class="todo__what"') == int(number), address
    whole = text(client.get("/work/list/"))
    assert "共 7 件" in whole
    assert whole.index("逾期9") < whole.index("逾期1") < whole.index("临近0") < whole.index("以后")


@pytest.mark.usefixtures("waiting")
def test_the_bench_of_a_colleague_is_their_own(city: Union) -> None:
    assert "现在没有等您办理的事" in text(page(cast.who("checker", city), "/work/"))


@pytest.mark.usefixtures("waiting")
def test_soon_and_late_count_working_days(clerk: Who) -> None:
    monday = dt.date(2026, 11, 16)
    from shuniu.unions.queries.bench import due_words

    calendar.confirm_year(
        by=cast.SETUP, year=2026, source="放假通知", days=[(dt.date(2026, 10, 1), False, "国庆")]
    )
    assert due_words(monday - dt.timedelta(days=3), monday) == "逾期 1 个工作日"
    assert due_words(monday - dt.timedelta(days=1), monday) == "逾期 1 个工作日"
    assert due_words(dt.date(2026, 11, 14), dt.date(2026, 11, 15)) == "已逾期"
    assert due_words(monday + dt.timedelta(days=1), monday) == "明天"
    assert due_words(dt.date(2027, 1, 4), monday) == "2027-01-04"


@pytest.mark.feature("M3")
def test_a_missing_year_is_named_not_guessed(clerk: Who) -> None:
    assert bench_of(clerk).missing_year == clock.today().year
    assert "还没有录入" in text(page(clerk, "/work/"))


def test_panels_of_the_union_stand_on_its_bench(clerk: Who, monkeypatch: pytest.MonkeyPatch) -> None:
    def panels(who: Who, union: Union) -> list[slots.Panel]:
        return [slots.Panel(f"{union.name}的遴选", "unions/todo_groups.html", {"groups": []}, order=10)]

    monkeypatch.setattr(slots, "_panels", {"unions.union": [panels]})
    assert "望海市总工会的遴选" in text(page(clerk, "/work/"))


# --- the inbox -------------------------------------------------------------------------------------


@pytest.mark.feature("M1")
def test_opening_a_message_reads_it_and_goes_there(clerk: Who, city: Union) -> None:
    tell([cast.me(clerk)], title="周复核退回 1 份审核结论", kind="test", url="/work/list/")
    message = Message.objects.get(person=cast.me(clerk), kind="test")
    assert page(cast.who("checker", city), f"/inbox/{message.pk}/").status_code == 404
    client = cast.log_in(Client(), clerk)
    assert 'class="new"' in text(client.get("/inbox/"))
    assert client.get(f"/inbox/{message.pk}/")["Location"] == "/work/list/"
    message.refresh_from_db()
    assert message.read_at is not None


@pytest.mark.feature("M1")
def test_all_messages_are_read_at_once(clerk: Who) -> None:
    for n in range(3):
        tell([cast.me(clerk)], title=f"消息{n}", kind="test", body="内容")
    client = cast.log_in(Client(), clerk)
    assert client.get("/inbox/?unread=1").context["page"].paginator.count == 4
    assert client.post("/inbox/read/").status_code == 303
    assert "没有消息" in text(client.get("/inbox/?unread=1"))
    assert "内容" in text(client.get(f"/inbox/{Message.objects.filter(kind='test')[0].pk}/"))


def test_every_kind_of_matter_has_a_chinese_word() -> None:
    models = [m for m in apps.get_models() if m.__module__.startswith("shuniu.")]
    assert len(models) > 80
    assert [m._meta.label for m in models if kind_label(m._meta.label_lower).isascii()] == []


@pytest.mark.feature("M1")
def test_what_was_done_this_week_is_counted_by_the_journal_each_matter_once(
    city: Union, clerk: Who, travel: Callable[..., None]
) -> None:
    other, stranger = cast.who("clerk", city), cast.who("clerk", cast.union("邻海市总工会"))
    below = cast.union("东港区总工会", level="district", parent=city)

    def act(by: Who, subject: Any, text: str, **more: Any) -> None:
        with transaction.atomic():
            journal.record(by=by, verb="edit", text=text, subject=subject, **more)

    act(clerk, city, "上周的事")
    travel(days=7)
    for text_ in ("先改一次", "再改一次"):
        act(clerk, city, text_)
    act(clerk, below, "另一件")
    act(clerk, below, "只是看看", reading=True)
    act(other, below, "别人的事")
    act(clerk, cast.me(clerk), "换了密码")
    shown = text(page(clerk, "/work/"))
    figure = re.search(r'class="stat" href="(/work/done/)".*?<b>(\d+)<small>', shown, re.S)
    assert figure is not None
    assert figure[2] == "2"
    listed = text(page(clerk, figure[1]))
    assert "共 2 件" in listed
    assert "再改一次" in listed and "另一件" in listed
    for hidden in ("先改一次", "上周的事", "别人的事", "只是看看", "换了密码"):
        assert hidden not in listed
    assert "共 0 件" in text(page(stranger, "/work/done/")) or "还没有办理过" in text(
        page(stranger, "/work/done/")
    )
    assert page(cast.who("expert", city), "/work/done/").status_code == 403
