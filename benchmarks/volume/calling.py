"""One call from the notice to the check stage by its own actions, with one application that shows the way."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Mapping
from typing import Any

from benchmarks.volume.clock import stand_at
from benchmarks.volume.office import LAW, Office
from shuniu.calls import demo_audit, terms
from shuniu.calls.actions import apply, audit, material, procedure
from shuniu.calls.actions import call as calls
from shuniu.calls.models import Application, Call, CallCategory, Stage
from shuniu.foundation.access import Hat, Who, system
from shuniu.foundation.accounts import actions as accounts
from shuniu.foundation.calendar import clock
from shuniu.foundation.files.tests import samples
from shuniu.registry.models import Membership, Organisation

# Days before today: the notice, the window, the audit, the review.
NOTICE, OPENS, ENDS, JUDGED, CHECKED, RELEASED = 41, 39, 30, 25, 24, 22
SET_UP, DECLARED, SCORED, CLOSED, MEETS = 15, 14, 10, 5, 3
_DAY = dt.timedelta(days=1)


def ago(days: int) -> dt.date:
    """So many days before the real today (the clock may be bent)."""
    return dt.datetime.now(clock.TZ).date() - days * _DAY


def publish(office: Office, title: str, sizes: Mapping[str, int]) -> Call:
    """A published call whose window is open; `sizes`: members of the committee by category key."""
    stand_at(ago(NOTICE), 9.5)
    clerk = office.who("clerk")
    call = calls.compose(by=clerk, union=office.union, document_key=LAW, year=ago(NOTICE).year)

    def version() -> int:
        return Call.objects.values_list("version", flat=True).get(pk=call.pk)

    calls.change_basics(
        by=clerk, call_id=call.pk, version=version(), values={"title": title, "contact": clerk.name}
    )
    calls.change_categories(
        by=clerk, call_id=call.pk, version=version(), keep=list(sizes), places=dict.fromkeys(sizes)
    )
    calls.change_terms(
        by=clerk, call_id=call.pk, version=version(),
        values={terms.COMMITTEE_SIZE: (dict(sizes), "大体量数据")},
    )  # fmt: skip
    calls.change_timetable(by=clerk, call_id=call.pk, version=version(), days=_timetable(call))
    calls.submit(by=clerk, call_id=call.pk)
    calls.publish(by=office.who("checker"), call_id=call.pk)
    stand_at(ago(OPENS), 0.1)
    procedure.advance(by=system("到时间自动进入下一环节"), call_id=call.pk)
    return Call.objects.select_related("union", "document").get(pk=call.pk)


def _timetable(call: Call) -> dict[str, tuple[dt.date | None, dt.date | None]]:
    ends = {"apply": ago(ENDS), "check": ago(SET_UP + 1), "review": ago(-20)}
    first = ago(OPENS)
    table: dict[str, tuple[dt.date | None, dt.date | None]] = {}
    for stage in call.stages.all():
        if stage.kind == "notice":
            table[stage.key] = (None, None)
            continue
        last = ends.get(stage.kind, first + 15 * _DAY)
        table[stage.key] = (first, last)
        first = last + _DAY
    return table


def pattern(office: Office, call: Call, organisation_id: int) -> Application:
    """One application handed in, judged, checked and released by the actions; the volume is cast from it."""
    stand_at(ago(ENDS + 3), 10)
    organisation = Organisation.objects.get(pk=organisation_id)
    category = call.categories.order_by("order")[0]
    member = _member(organisation)
    made = apply.start(by=member, call_id=call.pk, category_id=category.pk, arrived_at=clock.now())
    for section, values in _sections(category, organisation).items():
        apply.save_section(by=member, application_id=made.pk, section=section, values=values)
    for item in call.materials.all():
        upload = io.BytesIO(samples.pdf(note=f"{item.key}-{call.pk}"))
        upload.name = f"{item.label[:40]}.pdf"
        material.upload(by=member, application_id=made.pk, item_id=item.pk, upload=upload)
    apply.submit(
        by=member, application_id=made.pk, key=uuid.uuid4(), arrived_at=clock.now(),
        signatory=organisation.legal_representative or "法定代表人", undertaken=True,
    )  # fmt: skip
    stand_at(ago(ENDS - 1), 0.1)
    procedure.advance(by=system("到时间自动进入下一环节"), call_id=call.pk)
    stand_at(ago(JUDGED), 10)
    clerk = office.who("clerk")
    verdict = demo_audit.conclude_one(Application.objects.get(pk=made.pk), clerk)
    assert verdict == "qualified", "the application that shows the way must pass"
    stand_at(ago(CHECKED), 15)
    audit.confirm(by=office.who("checker"), application_id=made.pk)
    stand_at(ago(RELEASED), 9.5)
    audit.release_many(by=clerk, ids=[made.pk])
    found = Application.objects.select_related("organisation", "category", "call__union").get(pk=made.pk)
    assert found.stage == Stage.QUALIFIED
    return found


def _member(organisation: Organisation) -> Who:
    person = accounts.create_person(
        by=system("大体量数据"), username=f"vol-{organisation.pk}", name=organisation.contact_name,
        phone=organisation.contact_phone,
    )  # fmt: skip
    Membership.objects.get_or_create(organisation=organisation, person=person, role="org_owner")
    return Who(person=person, hat=Hat("organisation", organisation.pk, organisation.name, "org_owner"))


def _sections(category: CallCategory, organisation: Organisation) -> dict[str, dict[str, Any]]:
    return {
        "registry": {"confirmed": True},
        "contact": {"name": organisation.contact_name, "phone": organisation.contact_phone},
        "directions": {
            "directions": [category.directions[0]["key"]],
            "basis": "面向职工的宣传、咨询、培训和服务",
        },
        "experience": {"text": "港区一线职工服务站，上一年度服务 3,260 人次，委托单位已验收。"},
        "people": {"full_time": 11, "certified": 6},
        "plan": {"text": "为一线职工提供讲座、小组活动和个案服务，每季度向工会报告进度。"},
    }
