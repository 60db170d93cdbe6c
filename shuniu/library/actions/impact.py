"""影响测算: asked for by a person, made by the worker in one statement, told when it is done."""

from __future__ import annotations

import datetime as dt

from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from shuniu.foundation.access import Who, require, system
from shuniu.foundation.calendar import clock
from shuniu.foundation.jobs import enqueue
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.library import rules
from shuniu.library.models import Impact, ImpactRow, Upload
from shuniu.library.queries import impact as queries
from shuniu.library.rules.impact import law_of

State = Impact.State
_MEMORY = "128MB"  # a statement over every organisation of a province sorts in memory


@transaction.atomic
def estimate(*, by: Who, upload_id: int, on: dt.date | None = None) -> Impact:
    """B2: have the impact of a folder on the registry estimated as of a day (by default today); the worker makes it.

    Raises Refused: library.impact_who, library.impact_problems, library.impact_nothing, library.impact_running.
    """
    row = Upload.objects.select_for_update(of=("self",)).select_related("union", "base").get(pk=upload_id)
    require(rules.may_estimate(by, row))
    assert by.person is not None  # the rule asks for a role, which only people hold
    before = queries.replaced_by(row)
    impact = Impact.objects.create(
        upload=row, union=row.union, on=on or clock.today(), digest=row.digest, asked_by=by.person,
        against_digest=before.digest if before else "", against=f"《{before.title}》{before.version} 版" if before else "",
    )  # fmt: skip
    journal.record(
        by=by, verb="library.estimate", subject=row, also=[impact], union_id=row.union_id,
        text=f"测算{row}的影响（判断日 {impact.on}）", facts={"digest": row.digest},
    )  # fmt: skip
    enqueue("library.impact", impact_id=impact.pk)
    return impact


def compute_impact(*, impact_id: int) -> Impact:
    """Make an estimate that waits for it; again: nothing happens. What the database cannot finish is said."""
    impact = Impact.objects.select_related("upload__base", "upload__union").get(pk=impact_id)
    if impact.state != State.COMPUTING:
        return impact
    before = queries.replaced_by(impact.upload)
    made = queries.compiled(law_of(impact.upload), before, impact.on)
    Impact.objects.filter(pk=impact_id, state=State.COMPUTING).update(progress=10)
    try:
        with transaction.atomic():
            return _finish(impact_id, made)
    except DatabaseError as problem:
        return _failed(impact_id, str(problem).splitlines()[0])


def _finish(impact_id: int, made: queries.Compiled) -> Impact:
    impact = _lock(impact_id)
    if impact.state != State.COMPUTING:
        return impact
    ImpactRow.objects.filter(impact__upload=impact.upload).delete()
    statement, values = made.insert(impact)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL work_mem = '{_MEMORY}'; SET LOCAL jit = off")
        cursor.execute(statement, values)
    impact.figures = queries.figures(impact, made)
    impact.state, impact.progress, impact.done_at = State.DONE, 100, clock.now()
    impact.save()
    n = impact.figures["population"]
    journal.record(
        by=system("影响测算"), verb="library.estimated", subject=impact.upload, also=[impact], union_id=impact.union_id,
        text=f"{impact.upload}的影响测算完成，共 {n} 家", facts={"digest": impact.digest},
    )  # fmt: skip
    _tell(impact, f"影响测算已完成：{impact.upload.title}", f"判断日 {impact.on}，共 {n} 家社会组织。")
    return impact


@transaction.atomic
def _failed(impact_id: int, problem: str) -> Impact:
    impact = _lock(impact_id)
    impact.state, impact.problem, impact.done_at = (
        State.FAILED,
        f"数据库没有算完：{problem}"[:300],
        clock.now(),
    )
    impact.save()
    _tell(impact, f"影响测算没有完成：{impact.upload.title}", impact.problem)
    return impact


def _lock(impact_id: int) -> Impact:
    rows = Impact.objects.select_for_update(of=("self",)).select_related("upload", "asked_by")
    return rows.get(pk=impact_id)


def _tell(impact: Impact, title: str, body: str) -> None:
    tell(
        [impact.asked_by], title=title[:200], body=body, kind="library.impact",
        url=reverse("library:impact", args=[impact.upload_id]), effect_key=f"library.impact:{impact.pk}",
    )  # fmt: skip
