"""Calls on their way through 公示, objection and formal list, for the tests of that part."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import transaction

from shuniu.calls import demo_listing as acts
from shuniu.calls.actions import listing, objection, stages, steps
from shuniu.calls.models import Application, Call, ListEntry, Objection, Publicity, Stage
from shuniu.calls.tests import cast
from shuniu.foundation.access import Who, system
from shuniu.foundation.calendar import clock

WAY = (Stage.CHECKING, Stage.QUALIFIED, Stage.SHORTLISTED)


def shortlisted(of: cast.Office, call: Call, who: Who | None = None, *, rank: int = 1) -> Application:
    """An application that the review let in, decided by people who are not asked again."""
    made = cast.submitted_application(who or cast.applicant(of), call)
    for by, to in ((of.clerk, WAY[0]), (of.checker, WAY[1]), (system("集中评审"), WAY[2])):
        with transaction.atomic():
            locked = stages.lock(made.pk)
            locked.rank = rank
            if to == Stage.QUALIFIED:
                locked.released_at = clock.now()
            stages.decide(locked, by=by, verb="decide", to=to, text=f"测试：{to}")
    return Application.objects.get(pk=made.pk)


def reviewed_call(of: cast.Office, n: int = 2) -> tuple[Call, list[Application]]:
    """A call at its stage of the shortlist with `n` shortlisted applications."""
    call = cast.published_call(of)
    applications = [shortlisted(of, call, rank=k) for k in range(1, n + 1)]
    with transaction.atomic():
        locked = steps.lock(call.pk)
        stage = locked.stages.get(kind="shortlist")
        steps.step(locked, by=system("测试准备"), verb="open", text="进入初步确定", stage=stage.key)
    return Call.objects.get(pk=call.pk), applications


def on_view(of: cast.Office, n: int = 2) -> tuple[Call, list[Application], Publicity]:
    """A call whose 公示 runs: frozen by the clerk, approved by the checker."""
    call, applications = reviewed_call(of, n)
    publicity = acts.run_publicity(call, clerk=of.clerk, approver=of.checker)
    return Call.objects.get(pk=call.pk), applications, publicity


def send(publicity: Publicity, entry: ListEntry | None = None, **values: Any) -> tuple[Objection, str]:
    """An objection from the public page."""
    given: dict[str, Any] = {
        "publicity_id": publicity.pk, "key": uuid.uuid4(), "arrived_at": clock.now(), "address": "203.0.113.9",
        "kind": "named", "entry_id": entry.pk if entry else None, "name": "秦举报", "contact": "",
        "phone": "13900007777", "text": "该单位去年没有通过年检。",
    } | values  # fmt: skip
    return objection.receive(**given)


def entry_of(application: Application) -> ListEntry:
    """Its place on the shortlist."""
    return ListEntry.objects.get(application=application, list__kind="shortlist")


def after_publicity(publicity: Publicity, travel: Any) -> dt.datetime:
    """Go to the first second after the 公示 and let the clock close it."""
    now: dt.datetime = travel(publicity.closes_at + dt.timedelta(seconds=1))
    listing.close_due()
    return now


def finished(of: cast.Office, travel: Any, n: int = 2) -> tuple[Call, list[Application], Any]:
    """A call whose formal list is public."""
    call, applications, publicity = on_view(of, n)
    after_publicity(publicity, travel)
    formal = acts.publish_formal(call, clerk=of.clerk, approver=of.checker)
    return Call.objects.get(pk=call.pk), [Application.objects.get(pk=a.pk) for a in applications], formal
