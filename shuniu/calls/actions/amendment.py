"""更正: a published call is changed only by a recorded, approved, published amendment."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from shuniu.calls.actions import steps
from shuniu.calls.actions.clauses import require_under
from shuniu.calls.actions.papers import issue_amendment
from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.entry import entry_of
from shuniu.calls.models import Amendment, Application, Call
from shuniu.calls.queries.people import people_of_many
from shuniu.calls.rules import amendment as rules
from shuniu.calls.rules import call as call_rules
from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.foundation.ui.formats import day
from shuniu.unions.queries import people_with

CONTACT = {
    "contact": "联系人",
    "phone": "联系电话",
    "email": "邮箱",
    "address": "来信来访地址",
    "postcode": "邮编",
}


NOTE, NOTE_LABEL = "note", "其他更正"  # in words alone: text, materials, categories
EDGES = {"starts_on": "开始", "ends_on": "结束"}


def _stated(call: Call) -> dict[str, tuple[str, str]]:
    """What can be amended as the notice states it now: field → label and words, empty or -- for none."""
    found = {name: (label, str(getattr(call, name))) for name, label in CONTACT.items()}
    for stage in call.stages.all():
        for edge, label in EDGES.items():
            on = getattr(stage, edge)
            found[f"{stage.key}.{edge}"] = (f"{stage.label}{label}", day(on) if on else "--")
    return found


def _differences(
    call: Call, values: dict[str, str], days: dict[str, tuple[dt.date | None, dt.date | None]]
) -> list[dict[str, Any]]:
    wanted = {name: values[name] for name in CONTACT if name in values}
    for key, edges in days.items():
        wanted |= {f"{key}.{edge}": day(on) if on else "--" for edge, on in zip(EDGES, edges, strict=True)}
    found = [
        {"field": field, "label": label, "before": before, "after": wanted[field]}
        for field, (label, before) in _stated(call).items()
        if field in wanted and wanted[field] != before
    ]
    if note := values.get(NOTE, "").strip():
        found.append({"field": NOTE, "label": NOTE_LABEL, "before": "--", "after": note})
    return found


@transaction.atomic
def propose(
    *,
    by: Who,
    call_id: int,
    reason: str,
    values: dict[str, str],
    days: dict[str, tuple[dt.date | None, dt.date | None]],
) -> Amendment:
    """本办法未规定: propose a change of dates or contact, or another in words; nothing changes until it is approved.

    `values` by the names in CONTACT, and NOTE.

    The same changes proposed once more, while the first wait, are those.
    """
    call = steps.lock(call_id)
    require_under(call, call_rules.is_clerk(by, call.union), "notice")
    require_under(call, call_rules.is_running(call), "notice")
    require(call_rules.has_reason(reason))
    changes = _differences(call, values, days)
    if not changes:
        raise Refused(refuse("calls.amend_nothing"))
    _refuse_backwards(call, changes)
    assert by.person is not None
    waiting = call.amendments.filter(proposed_by=by.person, published_at__isnull=True, refused_reason="")
    if same := waiting.filter(changes=changes).first():
        return same
    amendment = Amendment.objects.create(
        call=call,
        number=call.amendments.count() + 1,
        reason=reason,
        changes=changes,
        proposed_by=by.person,
        proposed_identity=by.person.identity,
    )
    journal.record(
        by=by,
        verb="calls.propose_amendment",
        text=f"提出更正第 {amendment.number} 号：{reason}",
        subject=amendment,
        also=(call,),
        union_id=call.union_id,
    )
    tell(
        people_with(call.union_id, *call_rules.APPROVERS).exclude(pk=by.person.pk),
        title=f"请审签更正：{call.title}",
        kind="calls.amendment",
        url=f"/calls/{call.pk}/amendments/{amendment.number}/",
    )
    return amendment


def _refuse_backwards(call: Call, changes: list[dict[str, Any]]) -> None:
    """The end of a window moves later only, and never into the past: nobody is shut out by an amendment."""
    after = {change["field"]: change["after"] for change in changes}
    entry = entry_of(call.stages.all())
    for stage in call.stages.filter(ends_on__isnull=False):
        if stage.kind != "publicity" and (entry is None or stage.key != entry.key):
            continue
        moved = after.get(f"{stage.key}.ends_on")
        if moved is None:
            continue
        assert stage.ends_on is not None
        if moved == "--" or dt.date.fromisoformat(moved) < max(stage.ends_on, clock.today()):
            raise Refused(refuse("calls.amend_backwards"))


def _refuse_stale(call: Call, changes: list[dict[str, Any]]) -> None:
    """Another amendment was published in the meantime: this one would tell a wrong "before"."""
    now = _stated(call)
    for change in changes:
        if change["field"] != NOTE and now.get(change["field"], ("", None))[1] != change["before"]:
            raise Refused(refuse("calls.amend_stale", what=change["label"]))


@transaction.atomic
def publish(*, by: Who, call_id: int, number: int) -> Amendment:
    """本办法未规定: a second person approves; the change takes effect and everybody concerned is told.

    Refused("calls.amend_stale") when the notice was amended otherwise since; MissingYear as for the notice itself.
    """
    call = steps.lock(call_id)
    amendment = Amendment.objects.select_for_update().get(call=call, number=number)
    amendment.call = call
    require_under(call, rules.may_approve(by, amendment), "notice")
    _refuse_stale(call, amendment.changes)
    _refuse_backwards(call, amendment.changes)
    assert by.person is not None
    amendment.approved_by, amendment.approved_identity = by.person, by.person.identity
    amendment.published_at = clock.now()
    amendment.paper = issue_amendment(amendment, by=by)
    amendment.save()
    with database_refusals():
        _apply(call, amendment)
        call_rules.table_covers(call)
        steps.step(
            call,
            by=by,
            verb="amend",
            text=f"审签并公布更正第 {amendment.number} 号",
            reason=amendment.reason,
            facts={"changes": amendment.changes},
        )
    applicants = Application.objects.filter(call=call).values_list("organisation_id", flat=True)
    concerned = {person for people in people_of_many(applicants).values() for person in people}
    tell(
        concerned,
        title=f"通知有更正：{call.title}",
        body=amendment.reason,
        kind="calls.amended",
        url=f"/notices/{call.pk}/",
        effect_key=f"calls.amended:{amendment.pk}",
    )
    tell(
        [amendment.proposed_by],
        title=f"更正已公布：{call.title}",
        kind="calls.published",
        url=f"/calls/{call.pk}/amendments/{number}/",
        effect_key=f"calls.amended_office:{amendment.pk}",
    )
    return amendment


def _apply(call: Call, amendment: Amendment) -> None:
    entry = entry_of(call.stages.all())
    for change in amendment.changes:
        field = change["field"]
        if field == NOTE:
            continue
        if "." not in field:
            setattr(call, field, change["after"])
            continue
        key, edge = field.split(".")
        stage = call.stages.get(key=key)
        value = None if change["after"] == "--" else dt.date.fromisoformat(change["after"])
        setattr(stage, edge, value)
        stage.save()
        if entry is not None and stage.key == entry.key:
            if edge == "starts_on" and value:
                call.apply_from = clock.start_of_day(value)
            if edge == "ends_on" and value:
                call.apply_until = clock.end_of_day(value)


@transaction.atomic
def refuse_amendment(*, by: Who, call_id: int, number: int, reason: str) -> Amendment:
    """The approver does not agree, with a reason."""
    call = steps.lock(call_id)
    amendment = Amendment.objects.select_for_update().get(call=call, number=number)
    amendment.call = call
    require_under(call, rules.may_approve(by, amendment), "notice")
    require(call_rules.has_reason(reason))
    amendment.refused_reason = reason
    amendment.save()
    journal.record(
        by=by,
        verb="calls.refuse_amendment",
        text=f"不同意更正第 {number} 号：{reason}",
        subject=amendment,
        also=(call,),
        union_id=call.union_id,
    )
    tell(
        [amendment.proposed_by],
        title="更正未获同意",
        body=reason,
        kind="calls.returned",
        url=f"/calls/{call.pk}/",
    )
    return amendment
