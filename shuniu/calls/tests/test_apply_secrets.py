"""Two worlds: what an applicant may not know yet leaves no trace on any page of theirs."""

from __future__ import annotations

import re

import pytest
from django.db import transaction
from django.test import Client

from shuniu.calls.actions import stages
from shuniu.calls.models import Application, Stage
from shuniu.calls.tests import cast
from shuniu.foundation.access import Who, system
from shuniu.unions.tests.cast import log_in

pytestmark = pytest.mark.django_db
_CHANGING = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]+"|data-upload-token="[^"]+"|name="key" value="[^"]+"'
    r"|\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?"
)


def pages(client: Client, who: Who, made: Application) -> list[str]:
    """Every page of the application as its organisation sees it, without what changes on each visit."""
    log_in(client, who)
    addresses = (
        "/org/",
        "/apply/",
        f"/apply/call/{made.call_id}/",
        f"/apply/{made.pk}/",
        f"/apply/{made.pk}/receipt/",
    )
    return [_CHANGING.sub("", client.get(a).content.decode()) for a in addresses]


def in_world(made: Application, *way: str) -> None:
    for to in way:
        with transaction.atomic():
            locked = stages.lock(made.pk)
            stages.decide(
                locked,
                by=system("测试"),
                verb="shortlist" if "shortlist" in to else "confirm",
                to=to,
                text=to,
            )


@pytest.mark.feature("D4")
@pytest.mark.parametrize(
    ("one", "other"),
    [((Stage.QUALIFIED,), (Stage.UNQUALIFIED,)), ((Stage.SHORTLISTED,), (Stage.NOT_SHORTLISTED,))],
    ids=["audit", "review"],
)
def test_pages_are_the_same_whatever_was_decided(
    one: tuple[str, ...], other: tuple[str, ...], client: Client
) -> None:
    of = cast.office()
    call = cast.published_call(of)
    who = cast.applicant(of)
    made = cast.submitted_application(who, call)
    seen = []
    for way in (one, other):
        with transaction.atomic():
            in_world(made, *way)
            seen.append(pages(client, who, made))
            transaction.set_rollback(True)
    assert seen[0] == seen[1]
    in_world(made, Stage.WITHDRAWN)
    assert pages(client, who, made) != seen[0], "the pages do show what may be known"
