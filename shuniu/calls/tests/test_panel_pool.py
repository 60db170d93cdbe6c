"""The expert pool, and the pages of the review for staff."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from shuniu.calls import demo_review as demo
from shuniu.calls.actions import panel
from shuniu.calls.tests import cast, reviews
from shuniu.calls.tests.reviews import refused
from shuniu.foundation.access import Who
from shuniu.foundation.journal.models import Entry
from shuniu.unions.tests import cast as unions

pytestmark = pytest.mark.django_db


PARTICULARS: dict[str, Any] = {
    "name": "钱教授", "phone": "１３９００００8001", "employer": "望海大学", "fields": ["life"],
    "term_from": dt.date(2020, 1, 1), "term_to": dt.date(2099, 12, 31),
}  # fmt: skip


# --- pool -------------------------------------------------------------------------------------------


@pytest.mark.feature("D1")
def test_numbers_follow_one_another_and_are_never_given_again() -> None:
    of = cast.office()
    first = panel.add_expert(by=of.clerk, union=of.union, **PARTICULARS)
    panel.retire_expert(by=of.clerk, expert_id=first.pk, reason="本人辞聘")
    second = panel.add_expert(by=of.clerk, union=of.union, **PARTICULARS | {"phone": "13900008002"})
    assert (first.number, second.number) == (1, 2)
    assert first.phone == "13900008001"
    assert Entry.objects.filter(verb="calls.add_expert").count() == 2


@pytest.mark.feature("D1")
@pytest.mark.refusal("calls.pool_clerk")
def test_only_the_unions_clerk_keeps_the_pool() -> None:
    of = cast.office()
    other = cast.office("邻海市总工会")
    for who in (of.checker, other.clerk):
        with refused("calls.pool_clerk"):
            panel.add_expert(by=who, union=of.union, **PARTICULARS)


@pytest.mark.refusal("calls.expert_known")
def test_one_telephone_is_one_expert() -> None:
    of = cast.office()
    panel.add_expert(by=of.clerk, union=of.union, **PARTICULARS)
    with refused("calls.expert_known"):
        panel.add_expert(by=of.clerk, union=of.union, **PARTICULARS)


@pytest.mark.refusal("calls.expert_retired", "calls.expert_seated", "calls.reason_needed")
def test_retiring(travel: Any) -> None:
    of = reviews.review(travel, until="drawn")
    seated = of.seats()[0].expert
    with refused("calls.expert_seated"):
        panel.retire_expert(by=of.office.clerk, expert_id=seated.pk, reason="期满")
    free = next(e for e in of.experts if e.pk not in {s.expert_id for s in of.seats()})
    with refused("calls.reason_needed"):
        panel.retire_expert(by=of.office.clerk, expert_id=free.pk, reason=" ")
    panel.retire_expert(by=of.office.clerk, expert_id=free.pk, reason="期满")
    with refused("calls.expert_retired"):
        panel.change_expert(by=of.office.clerk, expert_id=free.pk, employer="别处")


@pytest.mark.refusal("calls.expert_linked")
def test_an_invited_expert_gets_account_and_role() -> None:
    from shuniu.foundation.accounts import actions as accounts

    of = cast.office()
    row = panel.add_expert(by=of.clerk, union=of.union, **PARTICULARS)
    token = panel.invite_expert(by=of.clerk, expert_id=row.pk)
    person = accounts.accept_invitation(token=token, username="qianjiaoshou", password="shuniu-test-2026")
    row.refresh_from_db()
    assert row.person == person
    assert person.grants.filter(role="expert", union=of.union).exists()
    with refused("calls.expert_linked"):
        panel.invite_expert(by=of.clerk, expert_id=row.pk)


def test_pool_pages(client: Client, django_assert_num_queries: Any) -> None:
    of = cast.office()
    cast.published_call(of)
    unions.log_in(client, of.clerk)
    data = {
        "name": "钱教授", "phone": "13900008001", "employer": "望海大学", "fields_": [],
        "tier": "city", "term_from": "２０２６-01-01", "term_to": "2025-01-01", "available": "on",
    }  # fmt: skip
    page = client.post("/calls/experts/new/", data)
    assert page.status_code == 422
    assert "聘期的止日早于起日" in page.content.decode()
    key = page.context["form"].fields["fields_"].choices[0][0]
    done = client.post(
        "/calls/experts/new/", data | {"term_to": "2028-01-01", "fields_": [key, "all"], "tier": "province"}
    )
    assert done.status_code == 303
    listed = client.get("/calls/experts/").content.decode()
    assert "钱教授" in listed and "不分类别" in listed, "also of documents that know no categories"
    assert client.get(done["Location"]).status_code == 200
    stranger = unions.log_in(Client(), cast.office("邻海市总工会").clerk)
    assert stranger.get(done["Location"]).status_code == 404
    assert "钱教授" not in stranger.get("/calls/experts/").content.decode()


def test_the_pools_list_asks_the_same_questions_for_1_and_30_rows(client: Client) -> None:
    from django.test.utils import CaptureQueriesContext

    of = cast.office()
    unions.log_in(client, of.clerk)

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/calls/experts/").status_code == 200
        return len(seen)

    reviews.pool(of, 1, category="life")
    client.get("/calls/experts/")
    one = asked()
    reviews.pool(of, 18, category="life")
    assert asked() == one <= 12


# --- staff pages ------------------------------------------------------------------------------------


def test_staff_pages_and_strangers(travel: Any, client: Client) -> None:
    of = reviews.review(travel, until="declared")
    unions.log_in(client, of.office.clerk)
    seat = of.seats()[0]
    pages = [
        f"/calls/panels/of/{of.call.pk}/", f"/calls/panels/{of.pk}/", f"/calls/panels/{of.pk}/freeze/",
        f"/calls/panels/{of.pk}/close/", f"/calls/panels/{of.pk}/seats/{seat.pk}/",
        f"/calls/panels/{of.pk}/seats/{seat.pk}/replace/", f"/calls/panels/{of.pk}/seats/{seat.pk}/missing/",
        f"/calls/panels/{of.pk}/reopen/", f"/calls/{of.call.pk}/",
    ]  # fmt: skip
    stranger = unions.log_in(Client(), cast.office("邻海市总工会").clerk)
    for page in pages:
        assert client.get(page).status_code == 200, page
        assert stranger.get(page).status_code == 404, page
    expert = unions.log_in(Client(), of.members()[0])
    assert expert.get(pages[1]).status_code == 403
    assert expert.get("/calls/experts/").status_code == 403
    outsider = unions.log_in(Client(), demo.as_expert(reviews.pool(of.office, 1, category="x")[0]))
    assert outsider.get(f"/review/{of.pk}/").status_code == 404


def test_todos(travel: Any) -> None:
    from shuniu.foundation.ui.slots import navigation_for, todos_for

    of = reviews.review(travel, until="frozen")

    def titles(who: Who) -> str:
        return " ".join(t.title for t in todos_for(who))

    assert "提交承诺值" in titles(of.office.clerk)
    assert "提交承诺值" in titles(of.auditor)
    reviews.run(of, "open")
    member = of.members()[0]
    assert "承诺" in titles(member)
    reviews.run(of, "declared")
    assert "还有 3 份没有提交" in titles(member)
    assert [i["label"] for i in navigation_for(member, "/review/")] == ["评审"]
    reviews.run(of, "scored")
    assert "可以结束评分" in titles(of.office.clerk)
    reviews.run(of, "proposed")
    assert "评审结果" in titles(of.office.checker)
