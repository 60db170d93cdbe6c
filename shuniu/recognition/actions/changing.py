"""What happens to a recognition while it runs: suspended, withdrawn, annulled by a corrected list."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from psycopg.types.range import DateRange

from shuniu.foundation.access import Who, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.notices.actions import tell
from shuniu.library.queries import policy_of
from shuniu.recognition import queries, rules
from shuniu.recognition.actions.common import database_refusals, lock, note
from shuniu.recognition.models import Recognition, WithdrawalRequest
from shuniu.registry.queries import people_of
from shuniu.unions.queries import people_with

_CONFLICT = refuse("recognition.conflict")


def _tell_organisation(row: Recognition, title: str, body: str = "") -> None:
    tell(
        people_of(row.organisation_id), title=title, body=body, kind="recognition.changed",
        url=f"/certificates/{row.pk}/",
    )  # fmt: skip


def shorten(row: Recognition, on: dt.date) -> None:
    """In force up to the day before `on`."""
    if row.effective.isempty or row.effective.upper is None or row.effective.upper <= on:
        return
    row.effective = DateRange(row.first_day, on) if row.first_day < on else DateRange(empty=True)


def withdrawal_clause(row: Recognition) -> str:
    """Where the document that the recognition stands under speaks of leaving; "" when it does not."""
    rule = policy_of(row.document).withdrawal
    return rule.clause if rule else ""


@transaction.atomic
def suspend(*, by: Who, recognition_id: int, reason: str, clause: str = "") -> Recognition:
    """本办法未规定: the recognition may not be used for now; its period runs on."""
    row = lock(recognition_id)
    require(rules.may_suspend(by, row))
    require(rules.has_reason(reason))
    row.state = Recognition.State.SUSPENDED
    row.save()
    note(
        row, by=by, verb="suspend", text=f"暂停使用：{reason}", reason=reason, clause=clause,
        effective_on=clock.today(),
    )  # fmt: skip
    _tell_organisation(row, f"资质暂停使用：{row.category_label}", reason)
    return row


@transaction.atomic
def resume(*, by: Who, recognition_id: int, reason: str) -> Recognition:
    """本办法未规定: the suspension ends."""
    row = lock(recognition_id)
    require(rules.may_resume(by, row))
    require(rules.has_reason(reason))
    row.state = Recognition.State.VALID
    row.save()
    note(row, by=by, verb="resume", text=f"恢复使用：{reason}", reason=reason, effective_on=clock.today())
    _tell_organisation(row, f"资质恢复使用：{row.category_label}", reason)
    return row


@transaction.atomic
def request_withdrawal(*, by: Who, recognition_id: int, reason: str) -> WithdrawalRequest:
    """第十七条: ask in writing to leave; nothing changes until the union approves."""
    row = lock(recognition_id)
    require(rules.may_ask_withdrawal(by, row))
    require(rules.has_reason(reason))
    assert by.person is not None
    with database_refusals(_CONFLICT):
        request = WithdrawalRequest.objects.create(
            recognition=row, reason=reason.strip(), requested_by=by.person
        )
    note(
        row,
        by=by,
        verb="ask_withdraw",
        text=f"申请退出：{reason}",
        reason=reason,
        clause=withdrawal_clause(row),
    )
    tell(
        people_with(row.union_id, *rules.APPROVERS), title=f"请审批退出申请：{row.organisation.name}",
        body=reason, kind="recognition.withdrawal", url=f"/recognitions/{row.pk}/",
        effect_key=f"recognition.withdrawal:{request.pk}",
    )  # fmt: skip
    return request


@transaction.atomic
def decide_withdrawal(*, by: Who, request_id: int, approve: bool, reason: str = "") -> WithdrawalRequest:
    """第十七条: the union approves, and from that day on the recognition is over; or it refuses with a reason."""
    request = WithdrawalRequest.objects.get(pk=request_id)
    row = lock(request.recognition_id)
    request = WithdrawalRequest.objects.select_for_update().get(pk=request_id)
    request.recognition = row
    require(rules.may_decide_withdrawal(by, request))
    if not approve:
        require(rules.has_reason(reason))
    request.decided_by, request.decided_at = by.person, clock.now()
    request.approved, request.decision_reason = approve, reason.strip()
    request.save()
    today = clock.today()
    if approve:
        row.state = Recognition.State.WITHDRAWN
        shorten(row, today)
        row.save()
        note(
            row, by=by, verb="withdraw", text="批准退出，自批准之日起生效",
            reason=request.reason, clause=withdrawal_clause(row), effective_on=today,
        )  # fmt: skip
        _tell_organisation(row, f"退出申请已批准：{row.category_label}", reason)
    else:
        note(
            row,
            by=by,
            verb="refuse_withdraw",
            text=f"不批准退出：{reason}",
            reason=reason,
            clause=withdrawal_clause(row),
        )
        _tell_organisation(row, f"退出申请未获批准：{row.category_label}", reason)
    return request


@transaction.atomic
def annul(*, by: Who, effect_key: str, reason: str, clause: str = "") -> Recognition | None:
    """本办法未规定: a corrected list takes a name back; the recognition that it brought is over from today.

    The caller has checked its rule. None when nothing was granted under the key or it is over already.
    """
    found = queries.of_effect([effect_key]).get(effect_key)
    if found is None:
        return None
    row = lock(found.pk)
    if not rules.is_running(row):
        return None
    today = clock.today()
    row.state = Recognition.State.CANCELLED
    shorten(row, today)
    row.save()
    note(
        row, by=by, verb="annul", text=f"名单更正，认定撤回：{reason}", reason=reason, clause=clause,
        effective_on=today,
    )  # fmt: skip
    _tell_organisation(row, f"认定已随名单更正撤回：{row.category_label}", reason)
    return row
