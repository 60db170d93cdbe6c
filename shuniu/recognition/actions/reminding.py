"""到期提醒: 90, 30 and 7 days before the last day, on a working day, each once."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from shuniu.foundation.calendar import clock, working_days
from shuniu.foundation.notices.actions import tell
from shuniu.foundation.ui.formats import day_cn
from shuniu.recognition.models import Recognition
from shuniu.recognition.queries import ending_soon
from shuniu.registry.queries import people_of
from shuniu.unions.queries import people_with

DAYS = (90, 30, 7)
_LONGEST_HOLIDAY = 15  # days by which a reminder may move forward


def remind_on(last_day: dt.date, days: int) -> dt.date:
    """`days` days before the last day, or the working day before that; unknown years count as they fall."""
    day = last_day - dt.timedelta(days=days)
    try:
        while not working_days.is_working(day):
            day -= dt.timedelta(days=1)
    except working_days.MissingYear:
        return last_day - dt.timedelta(days=days)
    return day


def _step(row: Recognition, today: dt.date) -> int | None:
    due = [n for n in DAYS if today >= remind_on(row.last_day, n)]
    return min(due) if due else None


def remind_due() -> int:
    """E2: tell organisations and their union what ends soon; the number of messages. Repeating is harmless."""
    today, sent = clock.today(), 0
    for row in ending_soon(today, days=DAYS[0] + _LONGEST_HOLIDAY).order_by("pk"):
        step = _step(row, today)
        if step is None:
            continue
        left = (row.last_day - today).days
        title = f"资质还有 {left} 天到期：{row.category_label}"
        body = f"证书 {row.certificate_no} 有效期至 {day_cn(row.last_day)}。续期请参加下一次遴选。"
        with transaction.atomic():
            sent += tell(
                people_of(row.organisation_id), title=title, body=body, kind="recognition.expiry",
                url=f"/certificates/{row.pk}/", due=row.last_day,
                effect_key=f"recognition.expiry:{row.pk}:{step}",
            )  # fmt: skip
            sent += tell(
                people_with(row.union_id, "clerk"), title=f"{row.organisation.name}：{title}", body=body,
                kind="recognition.expiry", url=f"/recognitions/{row.pk}/", due=row.last_day,
                effect_key=f"recognition.expiry.office:{row.pk}:{step}",
            )  # fmt: skip
    return sent
