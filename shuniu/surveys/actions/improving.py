"""整改 and 回访: what the rated put right, what the union accepts, who is called, and the number's end."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction

from shuniu.foundation.access import Who, require, system
from shuniu.foundation.calendar import clock
from shuniu.foundation.notices.actions import tell
from shuniu.registry.queries import people_of
from shuniu.surveys import rules
from shuniu.surveys.actions.common import lock, note
from shuniu.surveys.models import Callback, Item, Survey
from shuniu.unions.queries import people_with

KEPT_DAYS = 30  # how long a number may wait for a call after the count


def _lock_item(item_id: int) -> Item:
    row = lock(Item.objects.values_list("survey_id", flat=True).get(pk=item_id))
    item = Item.objects.select_for_update(of=("self",)).get(pk=item_id)
    item.survey = row
    return item


@transaction.atomic
def report(*, by: Who, item_id: int, text: str) -> Item:
    """J5: the rated organisation tells what it put right."""
    item = _lock_item(item_id)
    require(rules.may_report(by, item))
    require(rules.has_words(text))
    item.state, item.report = Item.State.REPORTED, text.strip()
    item.reported_by, item.reported_at = by.person, clock.now()
    item.save()
    _note(item, by=by, act="report", text=f"填报整改“{item.reason}”")
    tell(
        people_with(item.survey.union_id, "clerk"), title=f"请验收整改：{item.survey.organisation.name}，{item.reason}",
        kind="surveys.reported", url=f"/surveys/items/{item.pk}/", due=item.due,
    )  # fmt: skip
    return item


@transaction.atomic
def accept(*, by: Who, item_id: int, remark: str = "") -> Item:
    """J5: the union accepts; with the last item of the survey the numbers that wait are erased."""
    item = _lock_item(item_id)
    require(rules.may_decide(by, item))
    item.state, item.remark = Item.State.DONE, remark.strip()
    item.decided_by, item.decided_at = by.person, clock.now()
    item.save()
    _note(item, by=by, act="accept", text=f"验收通过“{item.reason}”")
    if not item.survey.items.exclude(state=Item.State.DONE).exists():
        _erase(item.survey, by=by, why="整改全部验收")
    return item


@transaction.atomic
def send_back(*, by: Who, item_id: int, remark: str) -> Item:
    """J5: not put right yet, with the reason; the day stays."""
    item = _lock_item(item_id)
    require(rules.may_decide(by, item))
    require(rules.has_words(remark))
    item.state, item.remark = Item.State.OPEN, remark.strip()
    item.save()
    _note(item, by=by, act="send_back", text=f"退回整改“{item.reason}”：{item.remark}")
    tell(
        people_of(item.survey.organisation_id), title=f"整改情况被退回：{item.reason}", body=item.remark,
        kind="surveys.returned", url=f"/own-surveys/{item.survey_id}/", due=item.due,
    )  # fmt: skip
    return item


def _note(item: Item, *, by: Who, act: str, text: str) -> None:
    note(
        item.survey,
        by=by,
        act=act,
        text=text,
        about=(item,),
        facts={"item": item.reason, "due": str(item.due)},
    )


@transaction.atomic
def call_back(*, by: Who, callback_id: UUID, text: str) -> Callback:
    """J5: the rater was called; what was said is kept, the number is erased."""
    row = Callback.objects.select_for_update(of=("self",)).select_related("survey__union").get(pk=callback_id)
    require(rules.may_call_back(by, row))
    require(rules.has_words(text))
    row.state, row.phone, row.note = Callback.State.DONE, "", text.strip()
    row.done_by, row.done_on = by.person, clock.today()
    row.save()
    note(row.survey, by=by, act="call_back", text="完成一次回访，号码已清除")
    return row


def _erase(row: Survey, *, by: Who, why: str) -> int:
    n = row.callbacks.filter(state=Callback.State.WAITING).update(state=Callback.State.LAPSED, phone="")
    if n:
        note(row, by=by, act="erase_numbers", text=f"{why}，清除没有回访的号码 {n} 个", facts={"count": n})
    return n


def erase_numbers() -> int:
    """Sweep: numbers that nobody called within thirty days after the count are erased; how many."""
    until = clock.now() - dt.timedelta(days=KEPT_DAYS)
    ids = Survey.objects.filter(closed_at__lt=until, callbacks__state=Callback.State.WAITING).distinct()
    found = 0
    for survey_id in list(ids.values_list("pk", flat=True)):
        with transaction.atomic():
            found += _erase(lock(survey_id), by=system(f"计票后满 {KEPT_DAYS} 日"), why="超过保留期")
    return found
