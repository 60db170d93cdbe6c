"""What tests of the review need beside the cast: a pool, a category under review, a committee at any step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction

from shuniu.calls import demo_review as demo
from shuniu.calls.actions import stages
from shuniu.calls.models import Application, Call, Committee, Expert, RubricItem, Seat, Stage
from shuniu.calls.queries.scoring import rubric_of
from shuniu.calls.tests import cast
from shuniu.foundation.access import Who, system
from shuniu.foundation.calendar import clock
from shuniu.unions.tests import cast as unions

Travel = Callable[..., dt.datetime]


@dataclass
class Review:
    """A call whose window is over, with qualified applications of one category, and all who take part."""

    office: cast.Office
    auditor: Who
    call: Call
    applications: list[Application]
    applicants: list[Who]
    experts: list[Expert] = field(default_factory=list)
    committee: Committee | None = None

    @property
    def pk(self) -> int:
        """The committee's key."""
        assert self.committee is not None
        return self.committee.pk

    def again(self) -> Committee:
        """The committee as it is now."""
        return Committee.objects.select_related("call__union", "category").get(pk=self.pk)

    def seats(self) -> list[Seat]:
        """The members who take part, by position."""
        rows = Seat.objects.filter(committee_id=self.pk, state__in=["invited", "active"])
        return list(rows.select_related("expert__person", "expert__union").order_by("position"))

    def members(self) -> list[Who]:
        """The members as they ask."""
        return [demo.as_expert(s.expert) for s in self.seats()]

    def marks(self, share: float = 0.8) -> dict[int, Decimal]:
        """A whole sheet: `share` of each item's weight."""
        items = rubric_of(self.call.pk)
        return {
            pk: (item.weight * Decimal(str(share))).quantize(Decimal("0.1")) for pk, item in items.items()
        }


def qualify(application: Application) -> Application:
    """Through the one door, as the audit leaves it: qualified and released."""
    with transaction.atomic():
        locked = stages.lock(application.pk)
        stages.decide(locked, by=system("测试准备"), verb="confirm", to=Stage.QUALIFIED, text="审核通过")
        locked.released_at = clock.now()
        locked.save()
    return locked


def pool(of: cast.Office, n: int, *, category: str, **values: Any) -> list[Expert]:
    """`n` experts with accounts, all of this category."""
    found = []
    year = clock.today().year
    for _ in range(n):
        person = unions.person()
        entry = {
            "name": person.name, "phone": person.phone, "employer": f"望海{person.username}大学",
            "fields": [category], "term_from": dt.date(year, 1, 1), "term_to": dt.date(year + 1, 12, 31),
        } | values  # fmt: skip
        found += demo.build_pool(
            by=of.clerk, union=of.union, entries=[entry], people={str(entry["phone"]): person}
        )
    return found


def review(
    travel: Travel, *, applications: int = 3, experts: int = 7, until: str = "", **more: Any
) -> Review:
    """A category under review; with `until` driven to that step by `demo_review.run_review`."""
    of = cast.office()
    auditor = unions.who("auditor", of.union, unions.person("审计员"))
    call = cast.published_call(of, days=3)
    category = call.categories.all()[0]
    applicants = [cast.applicant(of, f"望海市第{n}社会服务中心") for n in range(1, applications + 1)]
    made = [cast.submitted_application(who, call) for who in applicants]
    travel(days=4)
    made = [qualify(a) for a in made]
    found = Review(of, auditor, Call.objects.get(pk=call.pk), made, applicants)
    found.experts = pool(of, experts, category=category.key)
    if until:
        run(found, until, **more)
    return found


def run(of: Review, until: str, **more: Any) -> None:
    """Drive it to a step."""
    category = of.call.categories.all()[0]
    of.committee = demo.run_review(
        of.call, clerk=of.office.clerk, second=of.auditor, signer=of.office.checker, until=until,
        categories=[category], **more,
    )[0]  # fmt: skip


def same_marks(share: float = 0.8) -> demo.Marks:
    """Everybody gives every application the same: a tie."""

    def marks(expert: Expert, application: Application, item: RubricItem) -> Decimal:
        return (item.weight * Decimal(str(share))).quantize(Decimal("0.1"))

    return marks


def given_marks(of: Mapping[int, float]) -> demo.Marks:
    """Every expert gives an application this share of each item's weight."""

    def marks(expert: Expert, application: Application, item: RubricItem) -> Decimal:
        return (item.weight * Decimal(str(of[application.pk]))).quantize(Decimal("0.1"))

    return marks
