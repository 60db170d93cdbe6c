"""A registry of random rows: several sources, corrections, withdrawals, merged records, blanks, edges of every date."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any

from shuniu.foundation.accounts.models import Person
from shuniu.registry.models import (
    BusinessScope,
    Exchange,
    FactRow,
    Grade,
    Inspection,
    InspectionResult,
    LegalType,
    Licence,
    MediaReport,
    Organisation,
    PastProject,
    Penalty,
    PenaltyKind,
    PublicLevel,
    Rating,
    RegistrarLevel,
    Specialist,
    StaffFigures,
    Statement,
    Status,
    UnionBuilding,
)
from shuniu.registry.tests import factories as make
from shuniu.unions.models import Union

ON = dt.date(2026, 7, 1)
# Around the edges that documents ask for: today, two years ago, the ends of years, the end of February.
DAYS = [
    ON, ON - dt.timedelta(days=1), dt.date(2024, 7, 1), dt.date(2024, 7, 2), dt.date(2024, 6, 30), dt.date(2024, 2, 29),
    dt.date(2025, 12, 31), dt.date(2026, 1, 1), dt.date(2024, 1, 1), dt.date(2023, 12, 31), dt.date(2018, 5, 3),
    dt.date(2026, 6, 30),
]  # fmt: skip
LATER = [*DAYS, ON + dt.timedelta(days=1), dt.date(2027, 3, 1), dt.date(2031, 1, 1)]


class Chance:
    """Random rows from one seed."""

    def __init__(self, seed: int, person: Person) -> None:
        self.random, self.person = random.Random(seed), person

    def one(self, of: Sequence[Any]) -> Any:
        return self.random.choice(list(of))

    def maybe(self, value: Any, nothing: Any = None, share: float = 0.25) -> Any:
        return nothing if self.random.random() < share else value

    def origin(self) -> dict[str, Any]:
        source = self.one(["self_reported", "imported", "verified"])
        named = {"verified_by": self.person, "verified_on": ON} if source == "verified" else {}
        detail = self.one(["名册", "证书"]) if source == "verified" else self.one(["", "名册", "证书"])
        return {"source": source, "source_detail": detail, "recorded_by": self.person, **named}

    def statement(self) -> dict[str, Any]:
        said = {
            "name": self.one(["晨曦中心", "晨曦 中心", "暖心社", "望海市职工之家"]),
            "legal_type": self.one(LegalType.values),
            "registrar": self.one(["望海市民政局", "", "民政局"]),
            "registrar_level": self.one([*RegistrarLevel.values, ""]),
            "region": self.one(["东港区", "西山区", "", "东%区"]),
            "registered_on": self.one([*(day.isoformat() for day in DAYS), ""]),
            "status": self.one(Status.values),
        }
        kept = {name: value for name, value in said.items() if self.random.random() < 0.6}
        return {"values": kept or {"name": "晨曦中心"}}

    def rows(self, kind: str) -> dict[str, Any]:
        """The fields of a row of that kind."""
        start = self.one(DAYS)
        end = self.maybe(self.one([day for day in LATER if day >= start]))
        return {
            "inspection": lambda: {"year": self.one(range(2021, 2027)), "result": self.one(InspectionResult.values),
                                   "concluded_on": self.maybe(start)},
            "rating": lambda: {"grade": self.one(Grade.values), "valid_from": start, "valid_to": end or start},
            "penalty": lambda: {"penalty": self.one(PenaltyKind.values), "authority": self.one(["民政局", "", "税务局"]),
                                "from_on": start, "to_on": end},
            "licence": lambda: {"title": self.one(["登记证书", "许可"]), "valid_from": start, "valid_to": end},
            "scope": lambda: {"text": self.one(["职工服务", "职工心理服务", " 养老服务 "])},
            "staff": lambda: {"full_time": self.one(range(4)), "part_time": 9, "specialists": self.one(range(4)),
                              "party_members": self.one(range(5)), "union_members": self.one(range(20))},
            "specialist": lambda: {"person_name": "甲", "role": self.one(Specialist.Role.values),
                                   "certificate": self.one(["社工师", "", "会计师"]), "field": self.one(["社工", ""]),
                                   "since_year": self.maybe(self.one(range(2015, 2027)))},
            "project": lambda: {"name": "项目", "client_kind": self.one(PastProject.Client.values),
                                "client": self.one(["甲公司", "乙公司", ""]), "year": self.one(range(2020, 2027)),
                                "amount_fen": self.maybe(self.one([0, 100, 333, 1000, 99999])),
                                "headcount": self.maybe(self.one([0, 3, 7, 100])), "result": self.one(["", "合格"])},
            "union": lambda: {"status": self.one(UnionBuilding.Status.values)},
            "report": lambda: {"title": self.one(["报道一", "报道二"]), "level": self.one(PublicLevel.values),
                               "medium": self.one(["日报", "晚报"]), "on": start},
            "exchange": lambda: {"title": "交流", "level": self.one(PublicLevel.values), "host": "市总工会", "on": start},
        }[kind]()  # fmt: skip


MODELS: dict[str, type[FactRow]] = {
    model.kind: model
    for model in (Inspection, Rating, Penalty, Licence, BusinessScope, StaffFigures, Specialist, PastProject,
                  UnionBuilding, MediaReport, Exchange)
}  # fmt: skip


def fill(union: Union, number: int, seed: int) -> list[Organisation]:
    """`number` organisations with random facts; every tenth has another merged into it."""
    chance = Chance(seed, make.person())
    found = [
        Organisation(
            name=f"组织{n}", owning_union=union, code=make.code(), legal_type="service", pinyin=f"{n:05}"
        )
        for n in range(number)
    ]
    Organisation.objects.bulk_create(found)
    merged = [
        Organisation(name=f"并入{n}", owning_union=union, code=make.code(), legal_type="service", merged_into=found[n])
        for n in range(0, number, 10)
    ]  # fmt: skip
    Organisation.objects.bulk_create(merged)
    _write(chance, Statement, [*found, *merged], (1, 1, 2, 3, 4), lambda: chance.statement())
    for kind, model in MODELS.items():
        _write(chance, model, [*found, *merged], (0, 1, 1, 2, 3, 4), lambda kind=kind: chance.rows(kind))
    return found


def _write(
    chance: Chance, model: type[FactRow], of: Sequence[Organisation], times: Sequence[int], fields: Any
) -> None:
    """Rows of one kind; some correct or withdraw an earlier one, some are of a day to come."""
    rows = [
        model(organisation=each, as_of=chance.one([*DAYS[-6:], DAYS[0], *chance.maybe([], [LATER[-3]])]), **fields(),
              **chance.origin())
        for each in of
        for _ in range(chance.one(times))
    ]  # fmt: skip
    model._default_manager.bulk_create(rows)
    corrections = [
        model(organisation=row.organisation, as_of=row.as_of, supersedes_id=row.pk, retracted=chance.one([True, False]),
              reason="更正", **fields(), **chance.origin())  # type: ignore[misc]
        for row in rows
        if chance.random.random() < 0.12
    ]  # fmt: skip
    model._default_manager.bulk_create(corrections)
