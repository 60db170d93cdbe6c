"""An answer comes in by its ticket: over the web, or from a paper sheet that somebody keys in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from shuniu.foundation.access import NOBODY, Refused, Who, refuse, require
from shuniu.foundation.journal import actions as journal
from shuniu.surveys import rules
from shuniu.surveys.actions.common import database_refusals, lock, note
from shuniu.surveys.models import Answer, Callback, Channel, Survey, Unused
from shuniu.surveys.queries import digest_of, held


@dataclass(frozen=True)
class Sheet:
    """A paper sheet: the code that is printed on it, and what was ticked; level 0 is an invalid one."""

    code: str
    level: int
    reasons: tuple[str, ...] = ()
    comment: str = ""


@transaction.atomic
def answer(
    *,
    code: str,
    level: int,
    arrived_at: dt.datetime,
    reasons: Sequence[str] = (),
    comment: str = "",
    phone: str = "",
) -> Survey:
    """J2（本办法未规定）: whoever holds the ticket answers, once.

    Nothing of the request is kept but the answer; the moment of arrival only decides. A number that is left stands
    by itself, joined to no answer.
    """
    row = _usable(code)
    require(rules.in_time(row, arrived_at))
    phone = phone.strip()
    require(rules.is_whole(row, level, reasons, phone, paper=False))
    _take(row, Sheet(code, level, tuple(reasons), comment), Channel.WEB)
    if phone:
        Callback.objects.create(survey=row, phone=phone)
    # On the count, not on the survey: its 时间线 would tell who looks when each answer came.
    journal.record(
        by=NOBODY, verb="surveys.answer", subject=row.tally, text="收到一份评价", union_id=row.union_id,
        facts={"survey": row.title},
    )  # fmt: skip
    return row


@transaction.atomic
def key_sheets(*, by: Who, survey_id: int, sheets: Sequence[Sheet], imported: bool = False) -> int:
    """J2（本办法未规定）: paper sheets, all or none, each by the ticket that is printed on it; marked as paper."""
    row = lock(survey_id)
    require(rules.may_key(by, row))
    for number, sheet in enumerate(sheets, 1):
        try:
            if _usable(sheet.code).pk != row.pk:
                raise Refused(refuse("surveys.unknown_ticket"))
            require(rules.is_whole(row, sheet.level, sheet.reasons, "", paper=True))
            _take(row, sheet, Channel.IMPORT if imported else Channel.PAPER)
        except Refused as refused:
            if len(sheets) == 1:
                raise
            said = refused.verdict
            raise Refused(replace(said, reason=f"第 {number} 份：{said.reason}")) from refused
    note(
        row, by=by, act="key_sheets", text=f"{'导入' if imported else '录入'}纸质测评票 {len(sheets)} 份",
        facts={"count": len(sheets)},
    )  # fmt: skip
    return len(sheets)


def _usable(code: str) -> Survey:
    found = held(code)
    if found is None:
        raise Refused(refuse("surveys.unknown_ticket"))
    if found.void:
        raise Refused(refuse("surveys.void"))
    if not found.usable:
        raise Refused(refuse("surveys.used"))
    return found.survey


def _take(row: Survey, sheet: Sheet, channel: Channel) -> None:
    """The ticket vanishes and the answer comes, or neither does."""
    gone, _ = Unused.objects.filter(ticket_id=digest_of(sheet.code)).delete()
    if not gone:  # somebody with the same code was faster
        raise Refused(refuse("surveys.used"))
    with database_refusals():
        Answer.objects.bulk_create(
            [
                Answer(
                    survey=row, level=sheet.level, reasons=list(dict.fromkeys(sheet.reasons)),
                    comment=sheet.comment.strip(), channel=channel,
                )
            ]
        )  # fmt: skip
