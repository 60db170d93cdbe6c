"""The small cast of the tests: unions, people, hats; made by the actions, as the product makes them."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from django.test import Client

from shuniu.foundation.access import Hat, Refused, Who, system
from shuniu.foundation.accounts import actions as accounts
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.unions import actions
from shuniu.unions.models import RoleGrant, Union

PASSWORD = "shuniu-test-2026"
SETUP = system("测试准备")
_numbers = itertools.count(1)


def person(name: str = "", *, username: str = "", phone: str = "", password: str = PASSWORD) -> Person:
    """Somebody with an account; a name, log-in name and telephone of their own unless given."""
    n = next(_numbers)
    return accounts.create_person(
        by=SETUP, username=username or f"person{n}", name=name or f"测试员{n}", password=password,
        phone=phone or f"1390000{n:04d}",
    )  # fmt: skip


def union(
    name: str = "望海市总工会", *, level: str = "city", parent: Union | None = None,
    industry_parent: Union | None = None, **facts: str,
) -> Union:  # fmt: skip
    """A union; the same name gives the same union."""
    found = Union.objects.filter(name=name).first()
    return found or actions.create_union(
        by=SETUP, name=name, short_name=name.removesuffix("总工会"), level=level, parent=parent,
        industry_parent=industry_parent, **facts,
    )  # fmt: skip


def grant(who: Person, where: Union, role: str, *, last_day: dt.date | None = None) -> RoleGrant:
    """A role from today on, given by the system."""
    given = actions.grant_role(
        by=SETUP, person=who, union=where, role=role, first_day=clock.today(), last_day=last_day
    )
    assert isinstance(given, RoleGrant)
    return given


def who(role: str, where: Union, somebody: Person | None = None) -> Who:
    """Somebody who holds `role` in `where`, under that hat."""
    somebody = somebody or person()
    grant(somebody, where, role)
    return as_role(somebody, where, role)


def as_role(somebody: Person, where: Union, role: str) -> Who:
    """The person under this hat, whether granted or not."""
    hat = Hat("union", where.pk, where.name, role)
    return Who(person=somebody, hat=hat, hats=(hat,))


def me(asker: Who) -> Person:
    """The person under the hat."""
    assert asker.person is not None
    return asker.person


def log_in(client: Client, asker: Who, **session: Any) -> Client:
    """Log the client in under the asker's hat."""
    assert asker.person is not None
    client.force_login(asker.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    if asker.hat is not None:
        kept = client.session
        kept["hat"] = asker.hat.key
        kept.update(session)
        kept.save()
    return client


def page(asker: Who, path: str) -> Any:
    """What the asker gets there."""
    return log_in(Client(), asker).get(path)


def post(asker: Who, path: str, **data: object) -> Any:
    """What the asker gets for sending this there."""
    return log_in(Client(), asker).post(path, data)


def text(response: Any) -> str:
    """The page as text."""
    return str(response.content.decode())


def refused(code: str) -> Any:
    """The block is refused for this reason."""
    return pytest.raises(Refused, check=lambda r: r.verdict.code == code)


def give(by: Who, somebody: Person, where: Union, role: str = "clerk", **more: object) -> Any:
    return actions.grant_role(
        by=by,
        person=somebody,
        union=where,
        role=role,
        **({"first_day": clock.today()} | more),  # type: ignore[arg-type]
    )
