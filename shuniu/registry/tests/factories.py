"""A small fixed cast: a city union with a district below it, their clerks, organisations and their people."""

from __future__ import annotations

import datetime as dt
import io
import itertools
from typing import Any

from psycopg.types.range import DateRange as Days

from shuniu.foundation.access import Hat, Who, who_is
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.files import receiving
from shuniu.foundation.files.kinds import EVIDENCE
from shuniu.foundation.files.receiving import Received
from shuniu.foundation.files.tests import samples
from shuniu.registry import actions, codes
from shuniu.registry.models import Membership, Organisation
from shuniu.unions.models import Level, RoleGrant, Union

_number = itertools.count(1)


def person(name: str = "", phone: str = "") -> Person:
    """Somebody with a telephone of their own."""
    n = next(_number)
    name = name or f"测试员{n}"
    # Not the numbers of the unions' cast: a telephone makes two accounts one human being.
    one = Person(username=f"user{n}", name=name, phone=phone or f"139005{n:05d}")
    one.set_password("a-long-password-1")
    one.save()
    return one


def union(name: str = "望海市总工会", level: Level = Level.CITY, parent: Union | None = None) -> Union:
    """A union; the same name gives the same one."""
    found, _ = Union.objects.get_or_create(
        name=name, defaults={"short_name": name[:20], "level": level, "parent": parent}
    )
    return found


def grant(somebody: Person, of: Union, role: str) -> None:
    """Give a role since 2020."""
    RoleGrant.objects.create(person=somebody, union=of, role=role, period=Days(dt.date(2020, 1, 1), None))


def staff(of: Union, role: str = "clerk") -> Who:
    """Somebody in that role of the union."""
    somebody = person()
    grant(somebody, of, role)
    return who_is(somebody, f"union:{of.pk}:{role}")


def code(prefix: str = "52379900") -> str:
    """A code that nobody has yet."""
    return codes.make_code(prefix, 200000 + next(_number))


def organisation(clerk: Who, name: str = "", **values: Any) -> Organisation:
    """An organisation in the registry of the clerk's union, entered by the action."""
    assert clerk.union_id is not None
    own = Union.objects.get(pk=clerk.union_id)
    return actions.register_organisation(
        by=clerk, union=own, code=values.pop("code", code()), name=name or f"望海市第{next(_number)}服务中心",
        values={"region": "东港区", "registrar": "望海市民政局", "registrar_level": "city"} | values,
        basis="登记证书副本", as_of=values.pop("as_of", dt.date(2024, 3, 1)),
    )  # fmt: skip


def member(of: Organisation, role: str = "org_owner", somebody: Person | None = None) -> Who:
    """Somebody who acts for the organisation."""
    somebody = somebody or person()
    Membership.objects.create(organisation=of, person=somebody, role=role)
    return Who(person=somebody, hat=Hat("organisation", of.pk, of.name, role))


def paper(text: str = "证明") -> Received:
    """A PDF as it was received, different for each text."""
    body = samples.pdf(note=f"{text}{next(_number)}")
    return receiving.receive(io.BytesIO(body), name=f"{text}.pdf", allowed=EVIDENCE, max_bytes=1 << 20)
