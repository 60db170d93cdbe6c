"""A survey is made, its roster entered, and with the opening everything is fixed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from shuniu.foundation.access import Who, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.notices.actions import tell
from shuniu.foundation.ui.formats import day
from shuniu.registry.models import Organisation
from shuniu.registry.queries import people_of
from shuniu.surveys import rules
from shuniu.surveys.actions.common import database_refusals, lock, note
from shuniu.surveys.models import REASONS, Entry, Survey
from shuniu.unions.models import Union


@transaction.atomic
def make(*, by: Who, union: Union, organisation: Organisation, **values: Any) -> Survey:
    """J1（本办法未规定）: a survey of an organisation's work, not yet open.

    `values`: fields of `Survey`; a higher slice binds its record by `subject_key` and `subject_label`.
    """
    assert by.person is not None
    row = Survey(union=union, organisation=organisation, made_by=by.person, **values)
    row.reasons = list(row.reasons) or list(REASONS)
    require(rules.may_change(by, row))
    row.save()
    note(
        row,
        by=by,
        act="make",
        text=f"准备测评“{row.title}”，被测评单位：{organisation.name}",
        about=(organisation,),
    )
    return row


@transaction.atomic
def change(*, by: Who, survey_id: int, **values: Any) -> Survey:
    """J1: change the settings before the opening."""
    row = lock(survey_id)
    require(rules.may_change(by, row))
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    note(row, by=by, act="change", text=f"修改测评设置：{row.get_formula_display()}，{day(row.ends_on)} 截止")
    return row


@transaction.atomic
def discard(*, by: Who, survey_id: int) -> None:
    """J1: drop a survey that was never opened, with its roster."""
    row = lock(survey_id)
    require(rules.may_change(by, row))
    note(row, by=by, act="discard", text=f"放弃没有开放的测评“{row.title}”")
    Entry.objects.filter(survey=row).delete()
    row.tally.delete()
    row.delete()


@transaction.atomic
def add_people(*, by: Who, survey_id: int, people: Sequence[tuple[str, str]], source: str = "录入") -> int:
    """J1: put people (name, workplace) on the roster, all or none; how many were added."""
    row = lock(survey_id)
    require(rules.may_change(by, row))
    have = set(row.entries.values_list("name", "workplace"))
    if len(have) + len(people) > rules.MOST:
        require(refuse("surveys.roster_full", most=rules.MOST))
    for name, workplace in people:
        if (name, workplace) in have:
            require(refuse("surveys.twice", name=name, workplace=workplace or "没有写单位或部门"))
        have.add((name, workplace))
    with database_refusals():
        Entry.objects.bulk_create(
            [Entry(survey=row, name=name, workplace=workplace) for name, workplace in people], batch_size=1000
        )
    note(
        row, by=by, act="add_people", text=f"{source}测评名单 {len(people)} 人", facts={"count": len(people)}
    )
    return len(people)


@transaction.atomic
def remove_people(*, by: Who, survey_id: int, entry_ids: Iterable[int]) -> int:
    """J1: take people off the roster before the opening; how many were taken off."""
    row = lock(survey_id)
    require(rules.may_change(by, row))
    gone, _ = Entry.objects.filter(survey=row, pk__in=list(entry_ids)).delete()
    if gone:
        note(row, by=by, act="remove_people", text=f"从测评名单移出 {gone} 人", facts={"count": gone})
    return gone


@transaction.atomic
def open_survey(*, by: Who, survey_id: int) -> Survey:
    """J1: open it. From now on roster, formula and everything else are fixed."""
    row = lock(survey_id)
    roster = row.entries.count()
    require(rules.may_open(by, row, roster=roster))
    row.state, row.opened_at = Survey.State.OPEN, clock.now()
    with database_refusals():
        row.save()
    note(
        row, by=by, act="open", about=(row.organisation,), facts={"formula": row.formula, "count": roster},
        text=f"开放测评：名单 {roster} 人，满意率＝{row.get_formula_display()}，{day(row.ends_on)} 24:00 截止",
    )  # fmt: skip
    tell(
        people_of(row.organisation_id), title=f"对贵单位的满意度测评已开始：{row.title}", kind="surveys.opened",
        body=f"由{row.conductor_name or row.union.name}组织，{day(row.ends_on)} 截止。评价不记名，计票后公布结果。",
        url=f"/own-surveys/{row.pk}/", effect_key=f"surveys.opened:{row.pk}",
    )  # fmt: skip
    return row
