"""Ticks and notes beside the evidence, who works on what, who has seen what."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from shuniu.calls.actions import stages
from shuniu.calls.actions.audit.findings import person_of
from shuniu.calls.actions.clauses import require_under
from shuniu.calls.models import Application, Tick
from shuniu.calls.queries import audit as queries
from shuniu.calls.rules import audit as rules
from shuniu.foundation.access import Refused, Who, refuse
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell


@transaction.atomic
def save_tick(
    *,
    by: Who,
    application_id: int,
    condition: str,
    ticked: bool | None = None,
    note: str | None = None,
    version: int | None = None,
) -> Tick:
    """第五条（三）: a clerk's tick and note on a condition; None leaves that part as it is.

    `version`: the one that the page was read with (0: none yet). Refused("calls.tick_version") when a
    colleague saved since; the page shows both.
    """
    application = stages.lock(application_id)
    require_under(application.call, rules.may_judge(by, application), "check")
    found = next((f for f in queries.latest_findings(application) if f.condition == condition), None)
    if found is None:
        raise Refused(refuse("calls.no_such_question", fact=condition))
    row = application.ticks.select_related("by").filter(condition=condition).first()
    if row is not None and version is not None and version != row.version:
        raise Refused(refuse("calls.tick_version", name=row.by))
    fresh = row or Tick(application=application, condition=condition, version=0)
    fresh.ticked = fresh.ticked if ticked is None else ticked
    fresh.note = fresh.note if note is None else note.strip()[:500]
    fresh.version += 1
    fresh.by, fresh.at = person_of(by), clock.now()
    fresh.save()
    journal.record(
        by=by,
        verb="calls.tick",
        text=f"{'已核对' if fresh.ticked else '未核对'}“{found.label}”",
        subject=fresh,  # the desk's own paper: not on the application's 时间线, which its applicant reads
        clause=found.clause,
        facts={"application": application.pk, "condition": condition, "ticked": fresh.ticked},
        union_id=application.call.union_id,
    )
    return fresh


@transaction.atomic
def assign(*, by: Who, application_id: int, clerk_id: int) -> Application:
    """第四条: give an application to a clerk of the union, who is told."""
    application = stages.lock(application_id)
    require_under(application.call, rules.may_assign(by, application), "check")
    clerk = _clerk(application, clerk_id)
    if application.clerk_id == clerk.pk:
        return application
    application.clerk = clerk
    if application.due_on is None:
        application.due_on = queries.due_day(application)
    application.save(update_fields=["clerk", "due_on"])
    journal.record(
        by=by,
        verb="calls.assign",
        text=f"指派给{clerk}" + (f"，{application.due_on} 前办结" if application.due_on else ""),
        subject=application,
        facts={"clerk": clerk.pk},
        union_id=application.call.union_id,
    )
    return application


def _clerk(application: Application, clerk_id: int) -> Person:
    clerk = queries.clerks_of(application.desk_union_id).filter(pk=clerk_id).first()
    if clerk is None:
        named = Person.objects.filter(pk=clerk_id).first()
        union = application.desk_union.name
        raise Refused(refuse("calls.assign_target", name=named or "所选人员", union=union))
    return clerk


@transaction.atomic
def assign_many(*, by: Who, ids: Sequence[int], clerk: int) -> str:
    """第四条: the same for many; what happened, in words."""
    given = 0
    person: Person | None = None
    for pk in sorted(ids):
        application = assign(by=by, application_id=pk, clerk_id=int(clerk))
        person, given = application.clerk, given + 1
    if person is not None and (by.person is None or by.person.pk != person.pk):
        tell([person], title=f"指派给您 {given} 份申报", kind="calls.assigned", url="/work/")
    return f"已指派 {given} 份申报" + (f"给{person}。" if person else "。")
