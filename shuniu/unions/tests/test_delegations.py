"""Standing in for somebody who is away: who may, what is refused, what the page names."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from shuniu.foundation.access import Who
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui import slots
from shuniu.unions import actions
from shuniu.unions.models import Delegation, RoleGrant, Union
from shuniu.unions.queries import hats_from_grants
from shuniu.unions.tests import cast
from shuniu.unions.tests.cast import give, refused

pytestmark = [pytest.mark.django_db, pytest.mark.feature("O1")]


def lend(by: Who, grant: RoleGrant, to: Person, **more: object) -> Delegation:
    today = clock.today()
    details = {"first_day": today, "last_day": today + dt.timedelta(days=4), "reason": "外出培训"} | more
    return actions.delegate(by=by, grant=grant, to_person=to, **details)  # type: ignore[arg-type]


@pytest.fixture
def checker(city: Union) -> Who:
    return cast.who("checker", city)


def own(asker: Who) -> RoleGrant:
    return RoleGrant.objects.get(person=cast.me(asker))


@pytest.mark.feature("O3")
def test_a_colleague_stands_in_and_the_page_names_both(city: Union, checker: Who) -> None:
    clerk = cast.who("clerk", city)
    row = lend(checker, own(checker), cast.me(clerk))
    lent = next(h for h in hats_from_grants(cast.me(clerk)) if h.role == "checker")
    assert lent.on_behalf_of == cast.me(checker).name
    assert lent.role_label == f"复核人（代{cast.me(checker).name}）"
    actions.end_delegation(by=checker, delegation_id=row.pk)
    assert [h.role for h in hats_from_grants(cast.me(clerk))] == ["clerk"]
    with refused("unions.delegation_over"):
        actions.end_delegation(by=checker, delegation_id=row.pk)


@pytest.mark.refusal("unions.delegate_not_yours")
@pytest.mark.refusal("unions.delegate_self")
@pytest.mark.refusal("unions.delegate_stranger")
@pytest.mark.refusal("unions.delegate_same_role")
@pytest.mark.refusal("unions.delegate_expert")
@pytest.mark.refusal("unions.delegate_outside")
@pytest.mark.refusal("unions.delegate_twice")
@pytest.mark.refusal("unions.delegation_over")
def test_what_cannot_be_delegated(city: Union, checker: Who) -> None:
    clerk = cast.who("clerk", city)
    with refused("unions.delegate_not_yours"):
        lend(clerk, own(checker), cast.me(clerk))
    with refused("unions.delegate_self"):
        lend(checker, own(checker), cast.me(checker))
    with refused("unions.delegate_stranger"):
        lend(checker, own(checker), cast.person())
    with refused("unions.delegate_same_role"):
        lend(checker, own(checker), cast.me(cast.who("checker", city)))
    expert = cast.who("expert", city)
    with refused("unions.delegate_expert"):
        lend(expert, own(expert), cast.me(clerk))
    short = cast.person()
    grant = cast.grant(short, city, "leader", last_day=clock.today())
    with refused("unions.delegate_outside"):
        lend(cast.as_role(short, city, "leader"), grant, cast.me(clerk))
    lend(checker, own(checker), cast.me(clerk))
    with refused("unions.delegate_twice"):
        lend(checker, own(checker), cast.me(cast.who("finance", city)))


def test_an_administrator_does_not_stand_in_for_another(city: Union, admin: Who) -> None:
    security = cast.who("sec_admin", city)
    with refused("unions.admins_apart"):
        lend(security, own(security), cast.me(admin))
    clerk = cast.who("clerk", city)
    lend(security, own(security), cast.me(clerk))
    cast.who("sec_admin", city)
    with refused("unions.admins_apart"):
        give(admin, cast.me(clerk), city, "audit_admin")


def test_a_lent_role_is_not_lent_on(city: Union, checker: Who) -> None:
    clerk = cast.who("clerk", city)
    lend(checker, own(checker), cast.me(clerk))
    lent = cast.as_role(cast.me(clerk), city, "checker")
    with refused("unions.delegate_not_yours"):
        lend(lent, own(checker), cast.me(cast.who("finance", city)))


def test_the_bench_tells_of_work_under_another_role(
    city: Union, checker: Who, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def todos(asker: Who) -> list[slots.Todo]:
        return [slots.Todo("复核", "待复核的结论", "/x/")] if asker.role == "checker" else []

    monkeypatch.setattr(slots, "_todos", [todos])
    clerk = cast.who("clerk", city)
    assert "其他身份的待办" not in cast.log_in(client, clerk).get("/work/").content.decode()
    lend(checker, own(checker), cast.me(clerk))
    page = cast.log_in(client, clerk).get("/work/").content.decode()
    assert "其他身份的待办" in page and f"复核人（代{cast.me(checker).name}）" in page
    assert "1 件</span>" in client.get("/work/hats/").content.decode()
    there = client.post("/hat/", {"choice": f"union:{city.pk}:checker"}, follow=True).content.decode()
    assert "待复核的结论" in there
    assert "0 件</span>" in client.get("/work/hats/").content.decode()
