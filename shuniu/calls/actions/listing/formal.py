"""正式名单: frozen after the publicity, published by a second person; every name on it is recognised."""

from __future__ import annotations

from django.db import transaction

from shuniu.calls.actions import procedure, stages, steps
from shuniu.calls.actions.clauses import require_under
from shuniu.calls.actions.listing import granting, papers
from shuniu.calls.actions.listing.publicity import begin, go_to
from shuniu.calls.actions.listing.shortlist import freeze, lock_list, require_unchanged
from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.models import Call, PublicList
from shuniu.calls.naming import Way, granting_kind, way
from shuniu.calls.queries import listing as queries
from shuniu.calls.queries import outcome
from shuniu.calls.queries.call import stage_clause
from shuniu.calls.rules import listing as rules
from shuniu.calls.rules import procedure as procedure_rules
from shuniu.foundation.access import Who, system
from shuniu.foundation.calendar import clock
from shuniu.foundation.jobs import enqueue
from shuniu.foundation.journal import actions as journal


@transaction.atomic
def freeze_formal(*, by: Who, call_id: int) -> PublicList:
    """第五条（六）: freeze the formal list, or its supplement: the shortlisted who are neither held nor named.

    A document that names before 公示 (江苏 四3) or knows none has no other list.
    """
    call = steps.lock(call_id)
    require_under(call, rules.may_freeze_formal(by, call), granting_kind(call))
    named = call.lists.filter(kind=PublicList.Kind.FORMAL, published_at__isnull=False).exists()
    label = outcome.outcome_label(call)
    what = f"{call.year}年度{label}"
    title = f"关于公布{what}{'增补' if named else ''}名单的公告"
    if outcome.grants_honour(call):
        title = f"关于{'增补' if named else ''}命名{what}的决定"
    return freeze(call, PublicList.Kind.FORMAL, queries.formal_rows(call), title, by=by)


@transaction.atomic
def publish_formal(*, by: Who, list_id: int) -> PublicList:
    """第五条（六）、第九条: a second person approves; in the same act every name is recognised or honoured.

    江苏 四3: where the document names first, the 公示 of those who are named begins with this act.
    Refused("recognition.already") when a period would overlap: then nothing is published.
    """
    row, call = lock_list(list_id)
    # Locked in the order of their numbers, so that a withdrawal and the publication meet in one place.
    locked = {a.pk: a for a in stages.lock_many(r["application"] for r in row.frozen)}
    require_under(call, rules.may_publish_formal(by, row), granting_kind(call))
    require_unchanged(row, queries.formal_rows(call))
    assert by.person is not None
    days, clause, which = (
        granting.periods_of(call, row.frozen),
        stage_clause(call, granting_kind(call)),
        way(call),
    )
    row.approved_by, row.approved_identity = by.person, by.person.identity
    row.published_at = clock.now()
    row.paper = papers.issue_formal(row, by=by, days=days, held=queries.held_count(call))
    with database_refusals():
        row.save()
        granting.grant(row, locked, days, clause, by=by)
    journal.record(
        by=by, verb="calls.publish_list", subject=row, also=(call,), clause=clause, union_id=call.union_id,
        text=f"审签并公布{outcome.list_word(row)} {len(row.frozen)} 家次", facts={"digest": row.digest, "rows": len(row.frozen)},
    )  # fmt: skip
    if which != Way.SHOWN_FIRST:
        enqueue("calls.tell_shortlist", list_id=row.pk, once=f"calls.tell_shortlist:{row.pk}")
    if which == Way.NAMED_FIRST and not queries.was_shown(call):
        begin(row, by=by)
        go_to(call, "publicity")
    else:
        finish(call)
    return row


def finish(call: Call) -> None:
    """第五条: on to the end of the procedure as far as nothing is left; with names held it waits for them.

    What follows the list (推广、推荐、补助) is opened, and closed by the office alone.
    """
    by_hand = set(call.stages.filter(kind__in=procedure_rules.BY_HAND).values_list("key", flat=True))
    for _ in range(call.stages.count() + 1):
        call.refresh_from_db(fields=["state", "stage"])
        if call.stage in by_hand:
            return
        if call.state != Call.State.PUBLISHED or not procedure_rules.may_advance(call):
            return
        procedure.advance(by=system("正式名单已公布"), call_id=call.pk)
