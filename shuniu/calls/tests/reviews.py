"""What tests of the review need beside the cast: a pool, a category under review, a committee at any step."""

from __future__ import annotations

import datetime as dt
import io
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connections, transaction

from shuniu.calls import demo_review as demo
from shuniu.calls.actions import apply, material, stages
from shuniu.calls.models import Application, Call, Committee, Expert, RubricItem, Seat, Stage
from shuniu.calls.queries.scoring import rubric_of
from shuniu.calls.tests import cast
from shuniu.foundation.access import Refused, Who, system
from shuniu.foundation.calendar import clock
from shuniu.foundation.files.models import Attachment
from shuniu.foundation.files.tests import samples
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


def handed_in(who: Who, call: Call, earlier: Attachment | None) -> Application:
    """A submitted application; after the first its files are an earlier one's, since each new file is inspected
    for a third of a second."""
    category = call.categories.all()[0]
    made = apply.start(by=who, call_id=call.pk, category_id=category.pk, arrived_at=clock.now())
    parts: dict[str, dict[str, Any]] = {
        "registry": {"confirmed": True},
        "contact": {"name": "何专员", "phone": "13900001234"},
        "directions": {"directions": [category.directions[0]["key"]], "basis": "职工心理健康服务"},
        "experience": {"text": "港区一线职工心理驿站，2025 年，服务 3,260 人次。"},
        "people": {"full_time": 11, "certified": 6},
        "plan": {"text": "为一线职工提供心理健康讲座和个案服务。"},
    }
    for section, values in parts.items():
        apply.save_section(by=who, application_id=made.pk, section=section, values=values)
    for item in call.materials.all():
        if earlier is None:
            upload = io.BytesIO(samples.pdf())
            upload.name = "证明.pdf"
            earlier = material.upload(
                by=who, application_id=made.pk, item_id=item.pk, upload=upload
            ).attachment
        else:
            material.reuse(by=who, application_id=made.pk, item_id=item.pk, earlier=earlier)
    apply.submit(
        by=who, application_id=made.pk, key=uuid.uuid4(), arrived_at=clock.now(), signatory="何法人",
        undertaken=True,
    )  # fmt: skip
    return Application.objects.get(pk=made.pk)


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
    travel: Travel,
    *,
    applications: int = 3,
    experts: int = 7,
    until: str = "",
    name: str = "望海市总工会",
    **more: Any,
) -> Review:
    """A category under review; with `until` driven to that step by `demo_review.run_review`."""
    of = cast.office(name)
    auditor = unions.who("auditor", of.union, unions.person("审计员"))
    call = cast.published_call(of, days=3)
    category = call.categories.all()[0]
    applicants = [cast.applicant(of, f"望海市第{n}社会服务中心") for n in range(1, applications + 1)]
    made: list[Application] = []
    for who in applicants:
        earlier = made[0].materials.all()[0].attachment if made else None
        made.append(handed_in(who, call, earlier))
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


def refused(code: str) -> Any:
    """The refusal with this code, by rule or by database."""

    class Expect:
        def __enter__(self) -> None:
            self.sink = transaction.atomic()
            self.sink.__enter__()

        def __exit__(self, kind: Any, value: Any, trace: Any) -> bool:
            self.sink.__exit__(kind, value, trace)
            assert isinstance(value, Refused), f"nothing was refused, expected {code} ({value!r})"
            assert value.verdict.code == code, value.verdict
            return True

    return Expect()


def race(*acts: Callable[[], object]) -> list[str]:
    """Run the acts at once in threads of their own: "done" or the refusal's code of each, in order."""
    outcomes = [""] * len(acts)
    start = threading.Barrier(len(acts))

    def run(n: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
            outcomes[n] = "done"
        except Refused as refusal:
            outcomes[n] = refusal.verdict.code
        except Exception as problem:
            outcomes[n] = repr(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return outcomes
