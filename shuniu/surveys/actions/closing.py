"""计票: the answers are counted once, the result stands for ever, low scores become items, papers are made."""

from __future__ import annotations

from django.db import transaction

from shuniu.foundation.access import Who, require, system
from shuniu.foundation.calendar import clock, working_days
from shuniu.foundation.jobs import enqueue
from shuniu.foundation.notices.actions import tell
from shuniu.foundation.papers.actions import issue
from shuniu.foundation.ui.formats import day
from shuniu.registry.queries import people_of
from shuniu.surveys import papers, rules
from shuniu.surveys.actions.common import database_refusals, lock, note
from shuniu.surveys.models import INVALID, Evidence, Formula, Item, Result, Survey, Tally
from shuniu.surveys.queries import counted, exact, forgotten

OTHER = "未写明原因"


@transaction.atomic
def close(*, by: Who, survey_id: int, reason: str = "") -> Result:
    """J1（本办法未规定）: close the survey and count it; each reason of a low answer opens a 整改 item.

    The items are due so many working days after today as the survey says; MissingYear when the calendar is missing.
    """
    row = lock(survey_id)
    tally = Tally.objects.select_for_update().get(survey=row)  # whoever answers waits here until it is over
    left = tally.tickets - tally.voided - tally.used
    if by.system:
        require(rules.in_state(row, Survey.State.OPEN))
    else:
        require(rules.may_close(by, row, left=left, reason=reason))
    counts = counted(row)
    levels = counts["levels"]
    issued = tally.tickets - tally.voided
    good = ("5", "4", "3") if row.formula == Formula.BASIC else ("5", "4")
    valid = sum(levels.values()) - levels.get(str(INVALID), 0)
    row.state, row.closed_at = Survey.State.CLOSED, clock.now()
    with database_refusals():
        made = Result.objects.create(
            survey=row, roster=tally.roster, given=row.entries.exclude(given_on=None).count(), issued=issued,
            formula=row.formula, numerator=sum(levels.get(level, 0) for level in good),
            denominator=issued if row.formula == Formula.ISSUED else valid, by=by.person, **counts,
        )  # fmt: skip
        row.save()
    early = f"，提前计票：{reason.strip()}" if reason.strip() and clock.today() <= row.ends_on else ""
    note(
        row, by=by, act="close", about=(row.organisation,), facts={"levels": levels, "rate": str(made)},
        text=f"计票：收回 {made.received} 份，有效 {valid} 份，满意率 {exact(made.numerator, made.denominator)}{early}",
    )  # fmt: skip
    _open_items(row, counts["reasons"], levels)
    enqueue("surveys.evidence", survey_id=row.pk)
    return made


def _open_items(row: Survey, reasons: dict[str, int], levels: dict[str, int]) -> None:
    low = levels.get("1", 0) + levels.get("2", 0)
    if not low:
        return
    # A paper sheet may be low without a reason.
    wanted = reasons or {OTHER: low}
    due = working_days.add(clock.today(), row.due_days)
    Item.objects.bulk_create([Item(survey=row, reason=why, count=n, due=due) for why, n in wanted.items()])
    tell(
        people_of(row.organisation_id), title=f"满意度测评有 {len(wanted)} 项需要整改：{row.title}",
        body=f"请于 {day(due)} 前填报整改情况。", kind="surveys.items", url=f"/own-surveys/{row.pk}/", due=due,
        effect_key=f"surveys.items:{row.pk}",
    )  # fmt: skip


@transaction.atomic
def issue_evidence(*, survey_id: int) -> int:
    """J3: the evidence pack of a counted survey: 名单, 测评表, 结果; how many papers were new."""
    row = lock(survey_id)
    require(rules.in_state(row, Survey.State.CLOSED))
    have = set(row.evidence.values_list("part", flat=True))
    by = system("测评计票后自动生成证明材料")
    new = [part for part in Evidence.Part if part not in have]
    for part in new:
        template, title, data = papers.of(part, row)
        made = issue(
            by=by, union=row.union, kind=f"surveys.{part.value}", title=title, template=template, data=data,
            with_number=False, about=(row,),
        )  # fmt: skip
        Evidence.objects.create(survey=row, part=part, paper=made)
    return len(new)


def close_forgotten() -> int:
    """Sweep: surveys that nobody counted for ten days after their end are counted; how many."""
    ids = forgotten(clock.today())
    for survey_id in ids:
        close(by=system("截止后满十日，自动计票"), survey_id=survey_id)
    return len(ids)
