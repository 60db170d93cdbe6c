"""Recognitions for tests, granted by the action."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import Any

from shuniu.foundation.access import Refused, Who, system
from shuniu.foundation.calendar import actions as calendar
from shuniu.foundation.calendar import clock
from shuniu.foundation.calendar.models import Year
from shuniu.library import actions as library
from shuniu.recognition import actions
from shuniu.recognition.models import Recognition
from shuniu.registry.models import Organisation
from shuniu.registry.tests import factories
from shuniu.unions.models import Union
from shuniu.unions.tests import cast as unions

SYSTEM = system("测试准备")
LAW = "beijing-2017"
_keys = itertools.count(1)


@dataclass(frozen=True)
class Office:
    """A municipal union with its office; working days of five years are confirmed."""

    union: Union
    clerk: Who
    checker: Who
    leader: Who


def office(name: str = "望海市总工会") -> Office:
    """The office of a union of that name."""
    this = clock.today().year
    for year in range(this - 2, this + 4):
        if not Year.objects.filter(year=year).exists():
            calendar.confirm_year(by=SYSTEM, year=year, source="测试日历", days=[])
    union = unions.union(name, level="city", paper_code="望工办" if name.startswith("望海") else "邻工办")
    clerk, checker, leader = (unions.who(role, union) for role in ("clerk", "checker", "leader"))
    return Office(union=union, clerk=clerk, checker=checker, leader=leader)


def holder(of: Office) -> tuple[Who, Organisation]:
    """An organisation with names that must not be seen, and its 负责人."""
    made = factories.organisation(
        of.clerk, legal_representative="何法人", contact_name="何专员", contact_phone="13900001234"
    )
    return factories.member(made), made


def recognition(of: Any, organisation: Organisation, **values: Any) -> Recognition:
    """One recognition in 职工生活服务类 from today on, unless said otherwise; `of` has a `union`."""
    given: dict[str, Any] = {
        "category": "life", "category_label": "职工生活服务类", "directions": ["困难职工帮扶"],
        "first_day": clock.today(), "decision": f"望工办〔2026〕{next(_keys)}号", "decided_on": clock.today(),
        "effect_key": f"test:{next(_keys)}",
    } | values  # fmt: skip
    document = library.store(by=SYSTEM, key=LAW)
    return actions.grant(by=SYSTEM, organisation=organisation, union=of.union, document=document, **given)


class refused:
    """Expect Refused with this code, in words without a placeholder."""

    def __init__(self, code: str) -> None:
        self.code = code

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, problem: BaseException | None, trace: object) -> bool:
        assert isinstance(problem, Refused), f"expected {self.code}, got {problem!r}"
        assert problem.verdict.code == self.code, problem.verdict
        assert "{" not in problem.verdict.reason
        return True


def ago(days: int) -> dt.date:
    """So many days before today."""
    return clock.today() - dt.timedelta(days=days)
