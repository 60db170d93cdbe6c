"""One part of an application in two tabs: nobody's words are lost, and a page's own autosave is no stranger."""

from __future__ import annotations

import functools
import re

import pytest
from django.test import Client

from shuniu.calls import drafts
from shuniu.calls.actions import apply
from shuniu.calls.queries.apply import snapshot_of
from shuniu.calls.tests import cast
from shuniu.calls.tests.test_call import refused
from shuniu.unions.tests.cast import log_in

pytestmark = pytest.mark.django_db


@pytest.mark.refusal("calls.draft_version")
def test_the_second_saver_of_a_part_is_told() -> None:
    of = cast.office()
    who = cast.applicant(of)
    made = cast.filled_application(who, cast.published_call(of))
    seen = drafts.seal(made.draft["people"])
    one, two = (drafts.Page.of({"seen": seen, "tab": tab}) for tab in ("一", "二"))
    save = functools.partial(apply.save_section, by=who, application_id=made.pk, section="people")
    save(values={"certified": 1}, page=one)
    save(values={"certified": 2, "text": "王老师"}, page=one)  # its own earlier save is nobody else's
    before = made.draft["people"]
    save(values=before | {"full_time": 9}, page=two)
    made.refresh_from_db()
    assert made.draft["people"] == before | {"full_time": 9, "certified": 2, "text": "王老师"}
    for again in ({"certified": 3}, before | {"certified": 3}):
        with refused("calls.draft_version"):
            save(values=again, page=two)
    made.refresh_from_db()
    assert made.draft["people"]["certified"] == 2
    assert drafts.WRITERS not in snapshot_of(made)["sections"]


@pytest.mark.feature("C2")
def test_the_page_of_the_second_saver_shows_both_and_loses_nothing() -> None:
    of = cast.office()
    who = cast.applicant(of)
    made = cast.filled_application(who, cast.published_call(of))
    client, address = log_in(Client(), who), f"/apply/{made.pk}/people/"

    def opened() -> dict[str, str]:
        page = client.get(address).content.decode()
        tags = re.findall(r'<(?:input|textarea)[^>]*name="(\w+)"(?:[^>]*value="([^"]*)")?', page)
        return dict(tags) | {"text": made.draft["people"].get("text", "")}

    one, two = opened(), opened()
    assert client.post(address, one | {"certified": "1", "part_time": "4"}).status_code == 303
    answer = client.post(address, two | {"certified": "2"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "刚在别处保存过" in page and "对方保存的内容" in page
    again = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', page))
    assert (again["certified"], again["part_time"]) == ("2", "4"), "mine, and what only the other changed"
    saving = client.post(address + "autosave/", two | {"_changed": "certified", "certified": "3"})
    assert saving.status_code == 409, "autosave does not overwrite the other tab either"
    assert client.post(address, two | again).status_code == 303
    made.refresh_from_db()
    assert (made.draft["people"]["certified"], made.draft["people"]["part_time"]) == (2, 4)
