"""补报: a recorded permission to submit after the deadline, by two people."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from shuniu.calls.actions import steps
from shuniu.calls.actions.audit.findings import person_of
from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.models import LateGrant, LateRequest
from shuniu.calls.rules import audit as rules
from shuniu.calls.rules.call import APPROVERS, has_reason
from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.foundation.ui import formats
from shuniu.registry.queries import organisation_by_code, people_of
from shuniu.unions.queries import people_with


@transaction.atomic
def ask_late(*, by: Who, call_id: int, code: str, until: dt.datetime, reason: str) -> LateRequest:
    """本办法未规定: a clerk proposes that one organisation may submit after the deadline, until an instant."""
    call = steps.lock(call_id)
    require(rules.may_ask_late(by, call, until))
    require(has_reason(reason))
    organisation = organisation_by_code(code)
    if organisation is None:
        raise Refused(refuse("calls.late_unknown", number=code))
    if call.late_requests.filter(organisation=organisation, granted__isnull=True).exists():
        raise Refused(refuse("calls.late_pending", organisation=organisation))
    person = person_of(by)
    with database_refusals():
        row = LateRequest.objects.create(
            call=call,
            organisation=organisation,
            until=until,
            reason=reason.strip(),
            asked_by=person,
            asked_identity=person.identity,
        )
    journal.record(
        by=by,
        verb="calls.ask_late",
        text=f"提请准许{organisation}补报至 {formats.until(until)}：{reason.strip()}",
        subject=call,
        also=(organisation, row),
        facts={"organisation": organisation.pk, "until": until.isoformat()},
        union_id=call.union_id,
    )
    tell(
        people_with(call.union_id, *APPROVERS).exclude(identity=person.identity),
        title=f"请批准补报：{organisation}",
        body=reason.strip(),
        kind="calls.late",
        url=f"/calls/{call.pk}/late/{row.pk}/",
        effect_key=f"calls.late:{row.pk}",
    )
    return row


@transaction.atomic
def decide_late(*, by: Who, request_id: int, granted: bool, answer: str = "") -> LateRequest:
    """本办法未规定: another natural person grants or refuses; a grant opens the window for that organisation."""
    row = (
        LateRequest.objects.select_for_update(of=("self",))
        .select_related("call__union", "organisation", "asked_by")
        .get(pk=request_id)
    )
    require(rules.may_decide_late(by, row))
    if granted:
        require(rules.late_is_ahead(row.call, row.until))
    else:
        require(has_reason(answer))
    person = person_of(by)
    row.decided_by, row.decided_identity = person, person.identity
    row.decided_at, row.granted, row.answer = clock.now(), granted, answer.strip()
    row.save()
    if granted:
        LateGrant.objects.create(
            call=row.call,
            organisation=row.organisation,
            until=row.until,
            reason=row.reason,
            by=row.asked_by,
            approved_by=person,
        )
    words = (
        f"准许{row.organisation}补报至 {formats.until(row.until)}"
        if granted
        else f"不准许{row.organisation}补报"
    )
    journal.record(
        by=by,
        verb="calls.decide_late",
        text=words + (f"：{answer.strip()}" if answer.strip() else ""),
        subject=row.call,
        also=(row.organisation, row),
        facts={"organisation": row.organisation_id, "granted": granted, "until": row.until.isoformat()},
        union_id=row.call.union_id,
    )
    told = [row.asked_by, *(people_of(row.organisation_id) if granted else ())]
    tell(
        told,
        title=words,
        body=answer.strip(),
        kind="calls.late",
        url=f"/apply/call/{row.call_id}/" if granted else f"/calls/{row.call_id}/late/",
        effect_key=f"calls.late_decided:{row.pk}",
    )
    return row
