"""推荐参评上级: put forward by two people, answered once, granted by the paper that comes back."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from shuniu.foundation.calendar import clock
from shuniu.foundation.ui import slots
from shuniu.recognition.actions import honours, upward
from shuniu.recognition.models import Honour, Upward
from shuniu.recognition.tests.cast import Office, holder, office, refused
from shuniu.recognition.tests.test_candidates import named
from shuniu.recognition.tests.test_honours import recorded
from shuniu.unions.tests.cast import log_in, text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F3")]


def put(of: Office, honour: Honour, level: str = "province") -> Upward:
    return upward.propose(
        by=of.clerk, honour_id=honour.pk, level=level, title="全省优秀", to="海东省总工会", reason="成效突出"
    )


@pytest.mark.refusal("recognition.upward_own")
@pytest.mark.refusal("recognition.upward_level")
@pytest.mark.refusal("recognition.upward_twice")
@pytest.mark.refusal("recognition.upward_state")
def test_what_is_put_forward_is_agreed_to_and_answered() -> None:
    of = office()
    _, a = holder(of)
    own = named(of, a, "k1")
    above = recorded(of, a)
    with refused("recognition.upward_own"):
        put(of, above, "national")
    with refused("recognition.upward_level"):
        put(of, own, "city")
    row = put(of, own)
    with refused("recognition.upward_twice"):
        put(of, own)
    assert any("推荐参评" in t.sub for t in slots.todos_for(of.checker))
    with refused("recognition.upward_state"):
        upward.not_granted(by=of.clerk, upward_id=row.pk, result_on=clock.today(), note="未列入名单")
    upward.decide(by=of.checker, upward_id=row.pk, approve=True)
    with refused("recognition.upward_state"):
        upward.decide(by=of.leader, upward_id=row.pk, approve=True)
    honours.confirm(by=of.checker, honour_id=above.pk)
    row.refresh_from_db()
    assert (row.state, row.result) == ("granted", above)
    nation = put(of, own, "national")
    upward.decide(by=of.leader, upward_id=nation.pk, approve=True)
    upward.not_granted(by=of.clerk, upward_id=nation.pk, result_on=clock.today(), note="全国名单没有列入")
    assert put(of, own, "national").state == "proposed", "next year again"


@pytest.mark.refusal("recognition.upward_stays")
def test_the_database_keeps_what_was_put_forward() -> None:
    of = office()
    row = put(of, named(of, holder(of)[1], "k1"))
    for change in ({"reason": "别的"}, {"state": "granted"}):
        with pytest.raises(DatabaseError, match="upward"), transaction.atomic():
            Upward.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError, match="upward_stays"), transaction.atomic():
        Upward.objects.filter(pk=row.pk)._raw_delete("default")


def test_the_page_of_the_honour_tells_it(client: Client) -> None:
    of = office()
    own = named(of, holder(of)[1], "k1")
    log_in(client, of.clerk)
    sent = {
        "do": "upward",
        "level": "province",
        "title": "全省优秀",
        "to": "海东省总工会",
        "reason": "成效突出",
    }
    assert "等待复核人或领导审签" in text(client.post(f"/honours/{own.pk}/", sent, follow=True))
    row = Upward.objects.get()
    log_in(client, of.checker)
    page = client.post(f"/honours/{own.pk}/", {"do": f"send_{row.pk}"}, follow=True)
    assert "已同意推荐" in text(page) and "报海东省总工会" in text(page)
