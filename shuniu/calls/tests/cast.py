"""The cast of the calls' tests: a municipal union and its office, organisations, calls and applications.

Everything is made by the actions, as the product makes it. Append functions; do not change others'.
"""

from __future__ import annotations

import datetime as dt
import io
import uuid
from dataclasses import dataclass
from typing import Any

from shuniu.calls.actions import apply, material, procedure, steps
from shuniu.calls.actions import call as calls
from shuniu.calls.models import Application, Call
from shuniu.foundation.access import Who, system
from shuniu.foundation.calendar import actions as calendar
from shuniu.foundation.calendar import clock
from shuniu.foundation.calendar.models import Year
from shuniu.foundation.files.tests import samples
from shuniu.registry.models import Organisation
from shuniu.registry.tests import factories as registry
from shuniu.unions.models import Union
from shuniu.unions.tests import cast as unions

SYSTEM = system("测试准备")
LAW = "beijing-2017"


@dataclass(frozen=True)
class Office:
    """The union that runs a call, and the people who work on it: all of them different."""

    union: Union
    clerk: Who
    clerk2: Who
    checker: Who
    checker2: Who
    leader: Who


def office(name: str = "望海市总工会") -> Office:
    """A municipal union with its office; working days of three years are confirmed."""
    confirm_years()
    union = unions.union(
        name, level="city", paper_code="望工办" if name.startswith("望海") else "邻工办",
        responsible_department="社会联络部", contact_phone="0532-80000000",
    )  # fmt: skip
    return Office(
        union=union,
        clerk=unions.who("clerk", union, unions.person("林经办")),
        clerk2=unions.who("clerk", union, unions.person("吴经办")),
        checker=unions.who("checker", union, unions.person("周复核")),
        checker2=unions.who("checker", union, unions.person("郑复核")),
        leader=unions.who("leader", union, unions.person("陈主任")),
    )


def confirm_years() -> None:
    """This year, the one before and the one after have confirmed calendars (weekends only)."""
    this = clock.today().year
    for year in (this - 1, this, this + 1):
        if not Year.objects.filter(year=year).exists():
            calendar.confirm_year(by=SYSTEM, year=year, source="测试日历", days=[])


def draft_call(of: Office, *, starts: dt.date | None = None, days: int = 10, law: str = "") -> Call:
    """A complete draft; the window runs `days` days from `starts` (default today)."""
    call = calls.compose(by=of.clerk, union=of.union, document_key=law or LAW, year=clock.today().year)
    calls.change_basics(by=of.clerk, call_id=call.pk, version=1, values={"contact": "林经办"})
    start = starts or clock.today()
    table: dict[str, tuple[dt.date | None, dt.date | None]] = {}
    for stage in call.stages.all():
        if stage.kind in ("notice", "self_assess"):  # no days of its own
            table[stage.key] = (None, None)
            continue
        # 公示 counts working days, also over the longest holiday.
        end = start + dt.timedelta(days=max(days, 16 if stage.kind == "publicity" else 1) - 1)
        table[stage.key] = (start, end)
        start = end + dt.timedelta(days=1)
    return calls.change_timetable(by=of.clerk, call_id=call.pk, version=2, days=table)


def published_call(of: Office, *, starts: dt.date | None = None, days: int = 10, law: str = "") -> Call:
    """A published call whose window is open (when it starts today)."""
    call = draft_call(of, starts=starts, days=days, law=law)
    calls.submit(by=of.clerk, call_id=call.pk)
    calls.publish(by=of.checker, call_id=call.pk)
    procedure.advance_by_clock()
    return Call.objects.get(pk=call.pk)


def applicant(of: Office, name: str = "", **values: Any) -> Who:
    """A member acting for a new organisation in the union's registry, with good papers."""
    from shuniu.registry import actions

    organisation = registry.organisation(
        of.clerk,
        name,
        **(
            {
                "legal_representative": "何法人", "contact_name": "何专员", "contact_phone": "13900001234",
                "registered_on": dt.date(2018, 5, 1), "status": "normal",
            }
            | values
        ),
    )  # fmt: skip
    year = clock.today().year - 1
    actions.add_fact(
        by=of.clerk,
        organisation=organisation,
        kind="inspection",
        values={"year": year, "result": "passed", "concluded_on": dt.date(year + 1, 6, 20)}
        if clock.today() > dt.date(year + 1, 6, 20)
        else {"year": year, "result": "passed"},
        basis="市民政局年检公告",
    )
    return registry.member(organisation)


def organisation_of(who: Who) -> Organisation:
    """The organisation that somebody acts for."""
    return Organisation.objects.get(pk=who.organisation_id or 0)


def filled_application(who: Who, call: Call, category: str = "", *, reason: str = "") -> Application:
    """A draft in which every part is filled in, with one file for each material."""
    categories = call.categories.all()
    chosen = categories.get(key=category) if category else categories[0]
    made = apply.start(
        by=who, call_id=call.pk, category_id=chosen.pk, arrived_at=clock.now(), override_reason=reason
    )
    return fill(who, made)


def fill(who: Who, made: Application) -> Application:
    """Every part of a draft, and one file for each material."""
    call, chosen = made.call, made.category
    parts: dict[str, dict[str, Any]] = {
        "registry": {"confirmed": True},
        "contact": {"name": "何专员", "phone": "13900001234"},
        "directions": {"directions": [chosen.directions[0]["key"]], "basis": "职工心理健康服务"},
        "experience": {"text": "港区一线职工心理驿站，2025 年，服务 3,260 人次。"},
        "people": {"full_time": 11, "certified": 6},
        "plan": {"text": "为一线职工提供心理健康讲座和个案服务。"},
    }
    for section, values in parts.items():
        apply.save_section(by=who, application_id=made.pk, section=section, values=values)
    for item in call.materials.all():
        body = samples.pdf(note=f"{item.key}-{made.pk}")
        upload = io.BytesIO(body)
        upload.name = f"{item.key}.pdf"
        material.upload(by=who, application_id=made.pk, item_id=item.pk, upload=upload)
    return Application.objects.get(pk=made.pk)


def submitted_application(
    who: Who, call: Call, category: str = "", *, at: dt.datetime | None = None
) -> Application:
    """An application that was handed in."""
    return hand_in(who, filled_application(who, call, category), at=at)


def hand_in(who: Who, made: Application, *, at: dt.datetime | None = None) -> Application:
    """Submit a whole draft."""
    apply.submit(
        by=who, application_id=made.pk, key=uuid.uuid4(), arrived_at=at or clock.now(),
        signatory="何法人", undertaken=True,
    )  # fmt: skip
    return Application.objects.get(pk=made.pk)


def move_to(call: Call, kind: str, by: Who) -> Call:
    """Put a call at its stage of `kind` through the one door, for tests of a later part."""
    from django.db import transaction

    with transaction.atomic():
        locked = steps.lock(call.pk)
        stage = locked.stages.filter(kind=kind).first()
        assert stage is not None, f"the document has no stage of kind {kind}"
        steps.step(locked, by=by, verb="open", text=f"进入“{stage.label}”", stage=stage.key)
    return locked
