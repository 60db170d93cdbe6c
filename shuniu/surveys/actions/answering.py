"""An answer comes in by its ticket: over the web, or from a paper sheet that somebody keys in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from shuniu.foundation.access import NOBODY, Refused, Who, first_refusal, refuse, require
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
    found = held(code)
    if found is None:
        raise Refused(refuse("surveys.unknown_ticket"))
    require(rules.is_usable(found.usable, found.batch, found.last))
    row = found.survey
    require(rules.in_time(row, arrived_at))
    phone = phone.strip()
    require(rules.is_whole(row, level, reasons, phone, paper=False))
    _take(row, [Sheet(code, level, tuple(reasons), comment)], Channel.WEB)
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
    require(rules.few_enough(len(sheets)))
    digests = [digest_of(sheet.code) for sheet in sheets]
    batches = dict(row.tickets.filter(digest__in=digests).values_list("digest", "batch__number"))
    free = set(Unused.objects.filter(ticket_id__in=batches).values_list("ticket_id", flat=True))
    last = row.batches.count()
    for number, (sheet, digest) in enumerate(zip(sheets, digests, strict=True), 1):
        verdict = first_refusal(
            [
                rules.is_usable(digest in free, batches.get(digest), last),
                rules.is_whole(row, sheet.level, sheet.reasons, "", paper=True),
            ]
        )
        free.discard(digest)  # the same ticket once more in this file
        if not verdict:
            where = f"第 {number} 份：" if len(sheets) > 1 else ""
            raise Refused(replace(verdict, reason=f"{where}{verdict.reason}"))
    _take(row, sheets, Channel.IMPORT if imported else Channel.PAPER)
    note(
        row, by=by, act="key_sheets", text=f"{'导入' if imported else '录入'}纸质测评票 {len(sheets)} 份",
        facts={"count": len(sheets)},
    )  # fmt: skip
    return len(sheets)


def _take(row: Survey, sheets: Sequence[Sheet], channel: Channel) -> None:
    """The tickets vanish and as many answers come, or nothing happens."""
    gone, _ = Unused.objects.filter(ticket_id__in=[digest_of(sheet.code) for sheet in sheets]).delete()
    if gone != len(sheets):  # somebody with the same code was faster
        raise Refused(refuse("surveys.used"))
    rows = [
        Answer(
            survey=row, level=sheet.level, reasons=list(dict.fromkeys(sheet.reasons)), comment=sheet.comment.strip(),
            channel=channel,
        )
        for sheet in sheets
    ]  # fmt: skip
    with database_refusals():
        Answer.objects.bulk_create(rows)
