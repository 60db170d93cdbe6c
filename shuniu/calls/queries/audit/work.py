"""Whose turn it is and until when: clerks, due days, the next application, late entries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.cache import cache
from django.db import connection, models
from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import JSONObject

from shuniu.calls.models import Application, Call, CallCategory, CallStage, Correction, LateRequest, Stage
from shuniu.calls.queries.audit.desk import desk_applications
from shuniu.calls.queries.call import own_calls
from shuniu.calls.queries.reading import DESK
from shuniu.foundation.access import Who
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock, working_days
from shuniu.unions.queries import people_with

CHECK_DAYS = 20
"""Working days for a check whose call sets no last day: ours (本办法未规定)."""


def clerks_of(union_id: int) -> models.QuerySet[Person]:
    """Whom an application can be given to."""
    return people_with(union_id, "clerk").order_by("name", "id")


def due_day(application: Application) -> dt.date | None:
    """When the desk should be done with an application, or its applicant with the correction.

    The last day of the call's check, else 20 working days from its beginning or the submission, whichever is
    later. The days that a correction took do not count. None when a year's calendar is not confirmed.
    """
    if application.stage not in (Stage.SUBMITTED, Stage.CHECKING, Stage.CORRECTING):
        return None
    corrections = list(application.corrections.all())
    waiting = next((c for c in corrections if c.answered_at is None and c.expired_at is None), None)
    if waiting is not None:
        return clock.local_last_day(waiting.due_at)
    try:
        last = _base_day(application)
        away = sum(_days_away(c) for c in corrections)
        return working_days.add(last, away) if away else last
    except working_days.MissingYear:
        return None


def _base_day(application: Application) -> dt.date:
    check: CallStage | None = next((s for s in application.call.stages.all() if s.kind == "check"), None)
    if check is not None and check.ends_on is not None:
        return check.ends_on
    assert application.submitted_at is not None
    start = application.submitted_at.astimezone(clock.TZ).date()
    if check is not None and check.starts_on is not None:
        start = max(start, check.starts_on)
    return working_days.add(start, CHECK_DAYS)


def _days_away(correction: Correction) -> int:
    back = correction.answered_at or correction.expired_at or correction.sent_at
    first, last = correction.sent_at.astimezone(clock.TZ).date(), back.astimezone(clock.TZ).date()
    return working_days.count(first, last, first_day_counts=False)


def call_with_choices(who: Who, call_id: int) -> tuple[Call, dict[str, list[tuple[str, str]]]] | None:
    """A call of the asker's union with what its list can be narrowed by, in one query; None for strangers.

    The choices, for which every application is looked at, are kept for a minute.
    """
    kept = f"calls.choices:{connection.settings_dict['NAME']}:{call_id}"
    known: dict[str, list[tuple[str, str]]] | None = cache.get(kept)
    rows = (
        own_calls(who)
        .filter(pk=call_id)
        .select_related("union", "document")
        .defer("frozen", "document__files")
    )
    call = (rows if known is not None else rows.annotate(**_choices(who))).first()
    if call is None:
        return None
    if known is None:
        found: Any = call
        known = {
            "category": [(str(c["key"]), c["label"]) for c in found.category_choices],
            "region": [(r, r) for r in found.region_choices],
            "clerk": [("none", "尚未指派"), *((str(c["key"]), c["label"]) for c in found.clerk_choices)],
        }
        cache.set(kept, known, 60)
    return call, known


def _choices(who: Who) -> dict[str, ArraySubquery]:
    categories = CallCategory.objects.filter(call=OuterRef("pk")).order_by("order")
    regions = (
        Application.objects.filter(call=OuterRef("pk"), submitted_at__isnull=False)
        .exclude(organisation__region="")
        .order_by("organisation__region")
    )
    clerks = Person.objects.filter(pk__in=people_with(who.union_id or 0, "clerk").values("pk"))
    return {
        "category_choices": ArraySubquery(categories.values(row=JSONObject(key="pk", label="label"))),
        "region_choices": ArraySubquery(regions.values("organisation__region").distinct()),
        "clerk_choices": ArraySubquery(
            clerks.order_by("name", "pk").values(row=JSONObject(key="pk", label="name"))
        ),
    }


def next_for(who: Who, call: Call) -> Application | None:
    """审核下一份: the asker's own first, then nobody's; earliest due, then earliest handed in."""
    mine = Case(
        When(clerk=who.person, then=Value(0)),
        When(clerk__isnull=True, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    waiting = models.Q(stage=Stage.SUBMITTED)
    if who.role != "clerk":  # what they worked on themselves is another's to check
        me = who.person.identity if who.person else ""
        waiting = models.Q(stage=Stage.CHECKING) & ~models.Q(clerk__identity=me)
    return (
        desk_applications(who)
        .filter(waiting, call=call)
        .order_by(mine, F("due_on").asc(nulls_last=True), "submitted_at", "pk")
        .first()
    )


_DECIDED = Q(stage__in=(Stage.QUALIFIED, Stage.UNQUALIFIED))
_TABS = {
    "all": Count("pk", ~Q(stage__in=(Stage.WITHDRAWN, Stage.ENDED))),
    "waiting": Count("pk", Q(stage__in=(Stage.SUBMITTED, Stage.CHECKING))),
    "correcting": Count("pk", Q(stage=Stage.CORRECTING)),
    "checking": Count("pk", Q(stage=Stage.CHECKING)),
    "release": Count("pk", _DECIDED & Q(released_at__isnull=True)),
    "unassigned": Count("pk", Q(stage__in=(Stage.SUBMITTED, Stage.CHECKING), clerk__isnull=True)),
}


def counts_by_call(calls: Iterable[Call]) -> dict[int, dict[str, int]]:
    """How many applications of each call wait for what, by the key of the call; one query.

    The keys are those of the list's tabs. A call to which nothing was handed in has no entry.
    """
    rows = Application.objects.filter(submitted_at__isnull=False, call__in=list(calls)).order_by()
    found: Any = rows.values("call").annotate(**_TABS)
    return {row.pop("call"): row for row in found}


def counts_of(call: Call) -> dict[str, int]:
    """The same of one call."""
    return counts_by_call([call]).get(call.pk) or dict.fromkeys(_TABS, 0)


def late_requests_of(who: Who) -> models.QuerySet[LateRequest]:
    """Every late entry that was asked for in the asker's union, for those who work at the desk."""
    if who.union_id is None or who.role not in DESK:
        return LateRequest.objects.none()
    return LateRequest.objects.filter(call__union_id=who.union_id).select_related(
        "organisation", "asked_by", "decided_by", "call__union"
    )


def late_requests(who: Who, call: Call) -> models.QuerySet[LateRequest]:
    """Those of one call."""
    return late_requests_of(who).filter(call=call)


def late_to_decide(who: Who) -> models.QuerySet[LateRequest]:
    """Open requests that the asker may decide: another person's, in the asker's union."""
    if who.person is None:
        return LateRequest.objects.none()
    return (
        late_requests_of(who)
        .filter(granted__isnull=True, call__state=Call.State.PUBLISHED)
        .exclude(asked_identity=who.person.identity)
    )
