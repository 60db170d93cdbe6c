"""Roles at the same time: one of two who do the same gets it, the other a sentence."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from shuniu.foundation.access import Refused, Who
from shuniu.foundation.accounts import actions as accounts
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.unions import actions, rules
from shuniu.unions.models import RoleGrant, Union
from shuniu.unions.tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.feature("O1")]


def refused(code: str) -> Any:
    return pytest.raises(Refused, check=lambda r: r.verdict.code == code)


def give(by: Who, somebody: Person, where: Union, role: str = "clerk", **more: object) -> Any:
    return actions.grant_role(
        by=by,
        person=somebody,
        union=where,
        role=role,
        **({"first_day": clock.today()} | more),  # type: ignore[arg-type]
    )


def invited(admin: Who, city: Union, **more: object) -> str:
    return actions.invite_to_role(
        by=admin,
        union=city,
        invited_name="新来的",
        **({"role": "clerk", "first_day": clock.today()} | more),  # type: ignore[arg-type]
    )


def accept(token: str, **more: str) -> Person:
    details = {"username": "newcomer", "password": cast.PASSWORD, "phone": "13900005555"} | more
    return accounts.accept_invitation(token=token, **details)


@pytest.mark.real_transactions
@pytest.mark.refusal("unions.clash")
def test_two_grants_at_once_give_one() -> None:
    city = cast.union()
    admins = [cast.who("sys_admin", city) for _ in range(2)]
    somebody = cast.person()
    outcomes = race(*[lambda a=a: give(a, somebody, city) for a in admins])
    assert sorted(outcomes) in (["done", "unions.granted_already"], ["done", "unions.clash"])
    assert RoleGrant.objects.filter(person=somebody).count() == 1


@pytest.mark.real_transactions
def test_two_administrators_roles_at_once_give_one() -> None:
    city = cast.union()
    somebody = cast.person()
    outcomes = race(
        lambda: cast.grant(somebody, city, "sys_admin"), lambda: cast.grant(somebody, city, "audit_admin")
    )
    assert sorted(outcomes) in (["done", "unions.admins_apart"], ["done", "unions.clash"])


@pytest.mark.real_transactions
def test_the_same_rows_without_the_lock_clash_in_words() -> None:
    from shuniu.unions.actions.refused import clash_is_refused

    city = cast.union()
    somebody = cast.person()
    period = rules.days(clock.today(), None)

    def write() -> None:
        with clash_is_refused():
            RoleGrant.objects.create(person=somebody, union=city, role="clerk", period=period)

    assert sorted(race(*[write] * 4)) == ["done", "unions.clash", "unions.clash", "unions.clash"]


@pytest.mark.real_transactions
def test_an_invitation_opened_twice_at_once_works_once() -> None:
    city = cast.union()
    token = invited(cast.who("sys_admin", city), city)
    outcomes = race(*[lambda n=n: accept(token, username=f"new{n}", phone="") for n in range(3)])
    assert sorted(outcomes) == ["accounts.link_used", "accounts.link_used", "done"]
    assert RoleGrant.objects.filter(role="clerk").count() == 1


def race(*acts: Callable[[], object]) -> list[str]:
    """Run the acts at the same time in threads of their own; "done" or the code of the refusal of each."""
    outcomes: list[str] = []
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        except Refused as refusal:
            outcomes.append(refusal.verdict.code)
        else:
            outcomes.append("done")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
