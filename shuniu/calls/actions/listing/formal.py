"""正式名单: frozen after the publicity, published by a second person; every name on it is recognised."""

from __future__ import annotations

import datetime as dt

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
from shuniu.calls.queries.people import people_of_many
from shuniu.calls.rules import listing as rules
from shuniu.calls.rules import procedure as procedure_rules
from shuniu.foundation.access import Who, system
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import Letter, tell_all
from shuniu.foundation.ui.formats import day_cn
from shuniu.recognition import actions as recognition


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
    locked = {a.pk: a for a in stages.lock_many(r["application"] for r in row.frozen)}
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
        _recognise(row, locked, {key: first for key, (first, _) in days.items()}, clause, by=by)
    journal.record(
        by=by, verb="calls.publish_list", subject=row, also=(call,), clause=clause, union_id=call.union_id,
        text=f"审签并公布正式名单 {len(row.frozen)} 家次", facts={"digest": row.digest, "rows": len(row.frozen)},
    )  # fmt: skip
    finish(call)
    return row


def _recognise(
    row: PublicList,
    applications: dict[int, Application],
    first_days: dict[int, dt.date],
    clause: str,
    *,
    by: Who,
) -> None:
    """Every name of the list with as many statements as one: the act holds the lock of the whole call."""
    assert row.paper is not None
    places = [
        recognition.Place(
            organisation=applications[r["application"]].organisation, category=r["category"],
            category_label=r["category_label"], directions=r["directions"],
            first_day=first_days[r["application"]], effect_key=queries.effect_key(r["application"]),
        )
        for r in row.frozen
    ]  # fmt: skip
    granted = recognition.grant_all(
        by=by, union=row.call.union, document=row.call.document, places=places, clause=clause,
        decision=f"{row.paper.number}《{row.title}》", decided_on=clock.today(),
    )  # fmt: skip
    both = [(applications[r["application"]], g) for r, g in zip(row.frozen, granted, strict=True)]
    stages.decide_all(
        [
            stages.Ruling(
                application, Stage.RECOGNISED, clause=clause, verdict="yes", also=(row,),
                text=f"列入正式名单，证书 {g.certificate_no}，有效期至 {day_cn(g.last_day)}",
                facts={"certificate": g.certificate_no, "list": row.pk},
            )
            for application, g in both
        ],
        by=by, verb="recognise",
    )  # fmt: skip
    people = people_of_many(application.organisation_id for application, _ in both)
    tell_all(
        Letter(
            person, title=f"已认定：{g.category_label}", kind="calls.recognised", url=f"/certificates/{g.pk}/",
            body=f"证书编号 {g.certificate_no}，有效期至 {day_cn(g.last_day)}。",
            effect_key=f"calls.recognised:{application.pk}",
        )
        for application, g in both
        for person in people[application.organisation_id]
    )  # fmt: skip


def finish(call: Call) -> None:
    """第五条: on to the end of the procedure as far as nothing is left; with names held it waits for them."""
    for _ in range(call.stages.count() + 1):
        call.refresh_from_db(fields=["state", "stage"])
        if call.state != Call.State.PUBLISHED or not procedure_rules.may_advance(call):
            return
        procedure.advance(by=system("正式名单已公布"), call_id=call.pk)
