"""The public site: everybody's pages, nothing that is not published, a constant number of queries."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from shuniu.calls.tests import cast, cast_listing
from shuniu.recognition import actions as recognition_actions
from shuniu.recognition.tests.cast import recognition
from shuniu.unions.tests.cast import log_in

pytestmark = pytest.mark.django_db


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


@pytest.mark.feature("L1")
def test_an_empty_site_says_what_will_come(client: Client) -> None:
    for address in ("/", "/notices/", "/lists/", "/recognised/", "/notices/?kind=publicity&page=x"):
        assert "还没有" in text(client, address) or "没有" in text(client, address)


@pytest.mark.feature("L1")
def test_home_shows_what_runs_and_hides_what_is_not_published(client: Client, travel: Any) -> None:
    of = cast.office()
    running = cast.published_call(of)
    draft = cast.draft_call(of)
    draft_title = "关于起草中的秘密通知"
    type(draft).objects.filter(pk=draft.pk).update(title=draft_title)
    _, applications, publicity = cast_listing.on_view(of)
    home = text(client, "/")
    assert running.title in home and "个工作日" in home and publicity.list.title in home
    for page in (home, text(client, "/notices/")):
        assert draft_title not in page
    assert publicity.list.title in text(client, "/notices/?kind=publicity")
    assert publicity.list.title not in text(client, "/notices/?kind=notice")
    cast_listing.after_publicity(publicity, travel)
    from shuniu.calls import demo_listing as acts

    formal = acts.publish_formal(publicity.list.call, clerk=of.clerk, approver=of.checker)
    assert formal.title in text(client, "/lists/")
    name = applications[0].organisation.name
    assert name in text(client, "/recognised/") and name in text(client, f"/recognised/?q={name[3:6]}")
    assert name not in text(client, "/recognised/?category=nothing")


@pytest.mark.feature("L1")
def test_only_what_is_valid_today_stands_in_the_directory(client: Client) -> None:
    of = cast.office()
    organisation = cast.organisation_of(cast.applicant(of))
    row = recognition(of, organisation)
    assert organisation.name in text(client, "/recognised/")
    recognition_actions.suspend(by=of.leader, recognition_id=row.pk, reason="核查")
    assert organisation.name not in text(client, "/recognised/")


def test_whoever_is_logged_in_goes_to_their_own_first_page(client: Client) -> None:
    of = cast.office()
    log_in(client, of.clerk)
    answer = client.get("/")
    assert answer.status_code == 302 and answer["Location"] == "/work/"
    assert client.get("/?portal").status_code == 200


@pytest.mark.feature("L1")
def test_lists_ask_as_often_for_one_row_as_for_thirty(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    of = cast.office()
    organisation = cast.organisation_of(cast.applicant(of))
    recognition(of, organisation)
    counts = {}
    for address in ("/", "/recognised/", "/notices/", "/lists/"):
        with django_assert_max_num_queries(30) as asked:
            client.get(address)
        counts[address] = len(asked)
    assert counts["/recognised/"] <= 6
    for n in range(30):
        recognition(of, organisation, category=f"c{n}", category_label=f"类别{n}")
    for _ in range(3):
        cast.published_call(of)
    for address in ("/recognised/", "/notices/", "/lists/"):
        with django_assert_max_num_queries(counts[address]):
            client.get(address)
