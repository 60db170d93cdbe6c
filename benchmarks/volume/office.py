"""The union that runs the volume's calls, its people and its experts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from benchmarks.volume import words
from shuniu.calls import demo_review
from shuniu.calls.models import Expert
from shuniu.foundation.access import Hat, Who, system
from shuniu.foundation.accounts import actions as accounts
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import actions as calendar
from shuniu.foundation.calendar import clock
from shuniu.foundation.calendar.models import Year
from shuniu.library.queries import on_disk
from shuniu.unions import actions as unions
from shuniu.unions.models import Union
from shuniu.unions.queries import people_with

LAW = "beijing-2017"
EXPERTS = 12
_SETUP = system("大体量数据")
_ROLES = ("clerk", "checker", "leader", "auditor")


@dataclass
class Office:
    """A union, who acts for it, and the districts below it that own organisations of their own."""

    union: Union
    people: dict[str, Person]
    districts: dict[str, Union] = field(default_factory=dict)

    def who(self, role: str) -> Who:
        """Somebody of the office under the hat of this role."""
        hat = Hat("union", self.union.pk, self.union.name, role)
        return Who(person=self.people[role], hat=hat, hats=(hat,))

    def owner_of(self, region: str, n: int) -> Union:
        """Two of three organisations belong to the union itself, the others to the district they are in."""
        return self.union if n % 3 else self.districts.get(region, self.union)


def found_office(name: str) -> Office:
    """The office of a union that is there already (the demonstration's), with its experts."""
    union = Union.objects.get(name=name)
    people = {}
    for role in _ROLES:
        somebody = people_with(union.pk, role).order_by("pk").first()
        assert somebody is not None, f"{name} has no {role}"
        people[role] = somebody
    office = Office(union, people, {u.region: u for u in union.children.exclude(region="")})
    _ensure_experts(office)
    return office


def new_office(name: str, *, code: str, districts: bool) -> Office:
    """A municipal union with people of its own, districts below it, and a pool of experts."""
    _confirm_years()
    union = unions.create_union(
        by=_SETUP, name=name, short_name=name.removesuffix("工会"), level="city", paper_code=code,
        responsible_department="社会联络部", contact_phone="0599-88001234",
    )  # fmt: skip
    people = {
        role: _person(f"u{union.pk}-{role}", f"1390001{union.pk:02d}{n:02d}", n)
        for n, role in enumerate(_ROLES)
    }
    office = Office(union, people)
    for role, somebody in people.items():
        unions.grant_role(by=_SETUP, person=somebody, union=union, role=role, first_day=clock.today())
    if districts:
        for region in words.DISTRICTS:
            office.districts[region] = unions.create_union(
                by=_SETUP, name=f"{region}总工会", short_name=f"{region}总", level="district", parent=union,
                region=region,
            )  # fmt: skip
    _ensure_experts(office)
    return office


def _person(username: str, phone: str, n: int) -> Person:
    return accounts.create_person(
        by=_SETUP, username=username, name=words.person(n * 5 + 1), phone=phone, verified=True
    )


def _confirm_years() -> None:
    this = clock.today().year
    for year in (this - 1, this, this + 1):
        if not Year.objects.filter(year=year).exists():
            calendar.confirm_year(by=_SETUP, year=year, source="大体量数据，只按周末计算", days=[])


def _ensure_experts(office: Office) -> None:
    missing = EXPERTS - Expert.objects.filter(union=office.union, person__isnull=False).count()
    if missing <= 0:
        return
    keys = tuple(c.key for c in on_disk(LAW).categories)
    today = clock.today()
    entries, people = [], {}
    for n in range(missing):
        phone = f"1390004{office.union.pk:02d}{n:02d}"
        somebody = people[phone] = _person(f"expert-{office.union.pk}-{n + 1:02d}", phone, 40 + n)
        entries.append(
            {
                "name": somebody.name, "phone": phone, "employer": f"海东第 {n + 1} 研究院", "position": "研究员",
                "fields": keys, "term_from": today - dt.timedelta(days=400),
                "term_to": today + dt.timedelta(days=1000),
            }
        )  # fmt: skip
    demo_review.build_pool(by=office.who("clerk"), union=office.union, entries=entries, people=people)
