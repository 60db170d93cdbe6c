"""Freezing a list from the recorded decisions, and sending a frozen one back."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from shuniu.calls.actions import steps
from shuniu.calls.actions.clauses import require_under
from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.models import Call, ListEntry, PublicList
from shuniu.calls.queries import listing as queries
from shuniu.calls.queries import outcome
from shuniu.calls.rules import call as call_rules
from shuniu.calls.rules import listing as rules
from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.unions.queries import people_with


def lock_list(list_id: int) -> tuple[PublicList, Call]:
    """The call first, then its list: the order in which every act locks them."""
    call = steps.lock(PublicList.objects.values_list("call_id", flat=True).get(pk=list_id))
    row = PublicList.objects.select_for_update(of=("self",)).get(pk=list_id)
    row.call = call
    return row, call


@transaction.atomic
def freeze_shortlist(*, by: Who, call_id: int) -> PublicList:
    """第五条（四）: freeze the shortlist from the decisions of the review; nothing is typed in by hand."""
    call = steps.lock(call_id)
    require_under(call, rules.may_freeze_shortlist(by, call), "shortlist", "review")
    rows = queries.shortlist_rows(call)
    title = f"关于{call.year}年度{outcome.outcome_label(call)}初步入围名单的公示"
    return freeze(call, PublicList.Kind.SHORTLIST, rows, title, by=by)


def freeze(call: Call, kind: str, rows: list[dict[str, Any]], title: str, *, by: Who) -> PublicList:
    """The frozen rows with their digest, told to who approves. The caller has checked its rule."""
    if not rows:
        raise Refused(refuse("calls.list_empty"))
    assert by.person is not None
    with database_refusals():
        made = PublicList.objects.create(
            call=call, kind=kind, number=call.lists.filter(kind=kind).count() + 1, title=title, frozen=rows,
            digest=queries.digest_of(rows), frozen_by=by.person, frozen_identity=by.person.identity,
        )  # fmt: skip
        ListEntry.objects.bulk_create(
            ListEntry(list=made, application_id=r["application"], order=r["order"]) for r in rows
        )
    journal.record(
        by=by, verb="calls.freeze_list", subject=made, also=(call,), union_id=call.union_id,
        text=f"冻结{outcome.list_word(made)} {len(rows)} 家，校验值 {made.digest[:12]}",
        facts={"digest": made.digest, "rows": len(rows)},
    )  # fmt: skip
    tell(
        people_with(call.union_id, *call_rules.APPROVERS).exclude(pk=by.person.pk),
        title=f"请审签：{made.title}", kind="calls.list", url=f"/calls/lists/{made.pk}/",
        effect_key=f"calls.list:{made.pk}",
    )  # fmt: skip
    return made


@transaction.atomic
def return_list(*, by: Who, list_id: int, reason: str) -> PublicList:
    """本办法未规定: the approver sends a frozen list back; it is void, and the clerk freezes anew."""
    row, call = lock_list(list_id)
    require_under(call, rules.may_approve_list(by, row), "publicity")
    require(call_rules.has_reason(reason))
    row.returned_at, row.returned_reason = clock.now(), reason.strip()
    row.save()
    journal.record(
        by=by, verb="calls.return_list", subject=row, also=(call,), union_id=call.union_id,
        text=f"退回{outcome.list_word(row)}：{reason}",
    )  # fmt: skip
    tell(
        [row.frozen_by], title=f"名单被退回：{row.title}", body=reason, kind="calls.returned",
        url=f"/calls/{call.pk}/lists/",
    )  # fmt: skip
    return row


def require_unchanged(row: PublicList, rows: list[dict[str, Any]]) -> None:
    """Refused("calls.list_changed") when the decisions say something else than the frozen rows."""
    if what := queries.difference(row.frozen, rows):
        raise Refused(refuse("calls.list_changed", what=what))
