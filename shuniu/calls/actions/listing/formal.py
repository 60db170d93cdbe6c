"""正式名单: frozen after the publicity, published by a second person; every name on it is recognised."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from shuniu import policy
from shuniu.calls.actions import procedure, stages, steps
from shuniu.calls.actions.clauses import require_under
from shuniu.calls.actions.listing import papers
from shuniu.calls.actions.listing.shortlist import freeze, lock_list, require_unchanged
from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.models import Application, Call, PublicList, Stage
from shuniu.calls.queries import listing as queries
from shuniu.calls.queries.call import law_of, stage_clause
from shuniu.calls.rules import listing as rules
from shuniu.calls.rules import procedure as procedure_rules
from shuniu.foundation.access import Who, system
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.foundation.ui.formats import day_cn
from shuniu.recognition import actions as recognition
from shuniu.registry.queries import people_of


@transaction.atomic
def freeze_formal(*, by: Who, call_id: int) -> PublicList:
    """第五条（六）: freeze the formal list, or its supplement: the shortlisted who are neither held nor named."""
    call = steps.lock(call_id)
    require_under(call, rules.may_freeze_formal(by, call), "publish")
    named = call.lists.filter(kind=PublicList.Kind.FORMAL, published_at__isnull=False).exists()
    label = queries.outcome_label(call)
    title = f"关于公布{call.year}年度{label}{'增补' if named else ''}名单的公告"
    return freeze(call, PublicList.Kind.FORMAL, queries.formal_rows(call), title, by=by)


@transaction.atomic
def publish_formal(*, by: Who, list_id: int) -> PublicList:
    """第五条（六）、第九条: a second person approves; in the same act every name is recognised.

    Refused("recognition.already") when a period would overlap: then nothing is published.
    """
    row, call = lock_list(list_id)
    # Locked in the order of their numbers, so that a withdrawal and the publication meet in one place.
    locked = {
        a.pk: a
        for a in Application.objects.select_for_update(of=("self",))
        .filter(pk__in=[r["application"] for r in row.frozen])
        .select_related("call__union", "call__document", "organisation", "category")
        .order_by("pk")
    }
    require_under(call, rules.may_publish_formal(by, row), "publish")
    require_unchanged(row, queries.formal_rows(call))
    assert by.person is not None
    today, law = clock.today(), law_of(call)
    days = {
        key: policy.validity_period(law, start)
        for key, start in queries.starts_of(call, row.frozen, today).items()
    }
    clause = stage_clause(call, "publish")
    row.approved_by, row.approved_identity = by.person, by.person.identity
    row.published_at = clock.now()
    row.paper = papers.issue_formal(row, by=by, days=days, held=queries.held_count(call))
    with database_refusals():
        row.save()
        for r in row.frozen:
            _recognise(row, locked[r["application"]], r, days[r["application"]][0], clause, by=by)
    journal.record(
        by=by, verb="calls.publish_list", subject=row, also=(call,), clause=clause, union_id=call.union_id,
        text=f"审签并公布正式名单 {len(row.frozen)} 家次", facts={"digest": row.digest, "rows": len(row.frozen)},
    )  # fmt: skip
    finish(call)
    return row


def _recognise(
    row: PublicList,
    application: Application,
    named: dict[str, Any],
    first_day: dt.date,
    clause: str,
    *,
    by: Who,
) -> None:
    assert row.paper is not None
    granted = recognition.grant(
        by=by, organisation=application.organisation, union=row.call.union, document=row.call.document,
        category=named["category"], category_label=named["category_label"], directions=named["directions"],
        first_day=first_day, decision=f"{row.paper.number}《{row.title}》", decided_on=clock.today(),
        effect_key=queries.effect_key(application.pk), clause=clause,
    )  # fmt: skip
    stages.decide(
        application, by=by, verb="recognise", to=Stage.RECOGNISED, clause=clause, verdict="yes", also=(row,),
        text=f"列入正式名单，证书 {granted.certificate_no}，有效期至 {day_cn(granted.last_day)}",
        facts={"certificate": granted.certificate_no, "list": row.pk},
    )  # fmt: skip
    tell(
        people_of(application.organisation_id), title=f"已认定：{named['category_label']}",
        body=f"证书编号 {granted.certificate_no}，有效期至 {day_cn(granted.last_day)}。",
        kind="calls.recognised", url=f"/certificates/{granted.pk}/",
        effect_key=f"calls.recognised:{application.pk}",
    )  # fmt: skip


def finish(call: Call) -> None:
    """第五条: on to the end of the procedure as far as nothing is left; with names held it waits for them."""
    for _ in range(call.stages.count() + 1):
        call.refresh_from_db(fields=["state", "stage"])
        if call.state != Call.State.PUBLISHED or not procedure_rules.may_advance(call):
            return
        procedure.advance(by=system("正式名单已公布"), call_id=call.pk)
