"""What the clock and the registry do to applications at the desk. Each effect happens once."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from shuniu.calls.actions import ending, stages
from shuniu.calls.actions.audit.conclusion import desk_url
from shuniu.calls.models import Application, Call, Correction, Stage
from shuniu.calls.queries import audit as queries
from shuniu.calls.queries.call import law_of
from shuniu.calls.rules.apply import GONE
from shuniu.foundation.access import Who, system
from shuniu.foundation.calendar import clock, working_days
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.foundation.ui import formats
from shuniu.policy.needs import names_of
from shuniu.registry.actions import Watch, screen
from shuniu.registry.queries import people_of
from shuniu.unions.queries import people_with

# What arrived in time may still be committed for 60 seconds (calls.too_slow): only then has it run out.
_IN_FLIGHT = dt.timedelta(seconds=61)
_RUNNING = (
    Stage.DRAFT, Stage.SUBMITTED, Stage.CORRECTING, Stage.CHECKING, Stage.QUALIFIED, Stage.SHORTLISTED,
)  # fmt: skip


@transaction.atomic
def expire_one(*, by: Who, correction_id: int) -> bool:
    """本办法未规定: a correction that was not handed in in time; the clerk decides on what there is."""
    application_id = Correction.objects.values_list("application_id", flat=True).get(pk=correction_id)
    application = stages.lock(application_id)
    correction = Correction.objects.select_for_update().get(pk=correction_id)
    late = clock.now() - correction.due_at >= _IN_FLIGHT
    if correction.answered_at or correction.expired_at or not late or application.stage != Stage.CORRECTING:
        return False
    correction.expired_at = clock.now()
    correction.save(update_fields=["expired_at"])
    application.due_on = None
    stages.decide(
        application,
        by=by,
        verb="correction_expired",
        to=Stage.SUBMITTED,
        text=f"补正第 {correction.round} 次逾期没有交回（期限 {formats.until(correction.due_at)}），按现有材料审核",
        facts={"round": correction.round, "due": correction.due_at.isoformat()},
    )
    application.due_on = queries.due_day(application)
    application.save(update_fields=["due_on"])
    tell(
        [application.clerk] if application.clerk else people_with(application.desk_union_id, "clerk"),
        title=f"补正逾期：{application.organisation}",
        body="没有在期限内交回，请按现有材料作出结论。",
        kind="calls.correction_expired",
        url=desk_url(application),
        due=application.due_on,
        effect_key=f"calls.correction_expired:{correction.pk}",
    )
    tell(
        people_of(application.organisation_id),
        title=f"补正期限已过：{application.category.label}",
        body="没有收到补正，将按现有材料审核。",
        kind="calls.correction_expired",
        url=f"/apply/{application.pk}/",
        effect_key=f"calls.correction_expired_org:{correction.pk}",
    )
    return True


def expire_due() -> int:
    """Sweep: every correction that ran out; the number of them."""
    waiting = Correction.objects.filter(
        answered_at__isnull=True, expired_at__isnull=True, due_at__lte=clock.now() - _IN_FLIGHT
    )
    by = system("补正期限已过")
    return sum(expire_one(by=by, correction_id=pk) for pk in waiting.values_list("pk", flat=True))


def _ground(application: Application) -> str:
    """The clause of the call's document that asks for a living registration."""
    law = law_of(application.call)
    asking = (c for c in law.conditions if "registration_status" in names_of(law, c))
    return next((c.clause for c in asking if "eligibility" in c.asks), "")


def end_deregistered() -> int:
    """Sweep, 第七条（一）: running applications of organisations that were struck off end; everybody is told.

    A recognition that was granted is not ended here: its cancellation is a decision of its own.
    """
    ids = Application.objects.filter(
        organisation__status__in=GONE, call__state=Call.State.PUBLISHED, stage__in=_RUNNING
    ).values_list("pk", flat=True)
    ended = 0
    for pk in list(ids):
        application = Application.objects.select_related("call__document", "organisation", "clerk").get(pk=pk)
        state = application.organisation.get_status_display()
        ended += _end(application, f"社会组织库显示{application.organisation}{state}", _ground(application))
    return ended


def screen_applicants() -> int:
    """Sweep, A5: adverse information of organisations with an application on its way; the new findings."""
    rows = Application.objects.filter(call__state=Call.State.PUBLISHED, stage__in=_RUNNING)
    handed_in = rows.exclude(stage=Stage.DRAFT).order_by()
    pairs = handed_in.values_list("organisation_id", "call__union_id").distinct()
    return screen(Watch(organisation_id, union_id, "进行中的申报") for organisation_id, union_id in pairs)


@transaction.atomic
def _end(application: Application, reason: str, clause: str) -> int:
    by = system("登记状态变化")
    fresh = stages.lock(application.pk)
    if fresh.stage not in _RUNNING:
        return 0
    was_submitted = fresh.submitted_at is not None
    for correction in fresh.corrections.filter(answered_at__isnull=True, expired_at__isnull=True):
        correction.expired_at = clock.now()
        correction.save(update_fields=["expired_at"])
    ending.end_one(application_id=fresh.pk, by=by, reason=reason, clause=clause)
    if was_submitted:
        tell(
            [fresh.clerk] if fresh.clerk else people_with(fresh.desk_union_id, "clerk"),
            title=f"申报已终止：{fresh.organisation}",
            body=reason,
            kind="calls.ended",
            url=desk_url(fresh),
            effect_key=f"calls.ended_desk:{fresh.pk}",
        )
    return 1


@transaction.atomic
def _extend(correction_id: int) -> bool:
    application_id = Correction.objects.values_list("application_id", flat=True).get(pk=correction_id)
    application = stages.lock(application_id)
    correction = Correction.objects.select_for_update().get(pk=correction_id)
    if correction.answered_at or correction.expired_at or not correction.days:
        return False
    due = working_days.add(correction.sent_at.astimezone(clock.TZ).date(), correction.days)
    if clock.end_of_day(due) <= correction.due_at:
        return False
    correction.due_at = clock.end_of_day(due)
    correction.save(update_fields=["due_at"])
    application.due_on = due
    application.save(update_fields=["due_on"])
    journal.record(
        by=system("工作日历调整"),
        verb="calls.correction_extended",
        text=f"工作日历调整，补正期限顺延至 {due}",
        subject=application,
        facts={"due": due.isoformat()},
        union_id=application.call.union_id,
    )
    tell(
        people_of(application.organisation_id),
        title=f"补正期限顺延至 {due}",
        body="节假日安排有调整，期限相应顺延。",
        kind="calls.correction",
        url=f"/apply/{application.pk}/",
        due=due,
        effect_key=f"calls.correction_due:{correction.pk}:{due}",
    )
    return True


def recompute_due() -> int:
    """M3: after the working calendar changed: open corrections grow (what was told never shrinks), due days follow."""
    working_days.forget()
    waiting = Correction.objects.filter(answered_at__isnull=True, expired_at__isnull=True)
    extended = sum(_extend(pk) for pk in waiting.values_list("pk", flat=True))
    rows = Application.objects.filter(stage__in=(Stage.SUBMITTED, Stage.CHECKING), submitted_at__isnull=False)
    changed = []
    for application in rows.select_related("call").prefetch_related("corrections", "call__stages"):
        due = queries.due_day(application)
        if due != application.due_on:
            application.due_on = due
            changed.append(application)
    Application.objects.bulk_update(changed, ["due_on"], batch_size=500)
    return extended + len(changed)
