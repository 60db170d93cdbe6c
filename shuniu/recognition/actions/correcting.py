"""更正: a corrected list says another category or other directions than the certificate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from psycopg.types.range import DateRange

from shuniu.foundation.access import Who, refuse
from shuniu.foundation.calendar import clock
from shuniu.foundation.jobs import enqueue
from shuniu.foundation.notices.actions import tell
from shuniu.recognition import queries, rules
from shuniu.recognition.actions.certificates import print_anew
from shuniu.recognition.actions.changing import shorten
from shuniu.recognition.actions.common import database_refusals, lock, note
from shuniu.recognition.actions.granting import next_number, verify_code
from shuniu.recognition.models import Recognition
from shuniu.registry.queries import people_of


@transaction.atomic
def correct(
    *, by: Who, effect_key: str, category: str, category_label: str, directions: Sequence[str], reason: str,
    decision: str,
) -> Recognition | None:  # fmt: skip
    """本办法未规定: put the recognition of a corrected list right; the caller has checked its rule.

    Other directions of the same category: number and period stay, the certificate is printed anew. Another
    category: this recognition ends today and the same period runs in the right category under a new number,
    by `decision`. Refused("recognition.already") when that category is held already. None when nothing runs.
    """
    found = queries.of_effect([effect_key]).get(effect_key)
    row = lock(found.pk) if found else None
    if row is None or not rules.is_running(row):
        return None
    before = f"{row.category_label}（{'、'.join(row.directions) or '--'}）"
    after = f"{category_label}（{'、'.join(directions) or '--'}）"
    text = f"名单更正，由“{before}”改为“{after}”"
    if category == row.category:
        row.directions = list(directions)
        row.save(update_fields=["directions"])
        print_anew(row, by=by)
        note(row, by=by, verb="correct", text=f"{text}，重新制发证书", reason=reason)
        made = row
    else:
        made = _move(row, by=by, category=category, label=category_label, directions=directions,
                     reason=reason, decision=decision, text=text)  # fmt: skip
    tell(
        people_of(row.organisation_id), title=f"证书已更正：{after}", body=f"{text}。理由：{reason}",
        kind="recognition.changed", url=f"/certificates/{made.pk}/",
    )  # fmt: skip
    return made


def _move(
    row: Recognition, *, by: Who, category: str, label: str, directions: Sequence[str], reason: str,
    decision: str, text: str,
) -> Recognition:  # fmt: skip
    today, state = clock.today(), row.state
    row.state = Recognition.State.CANCELLED
    shorten(row, today)
    row.save()
    number = next_number(row.union, row.document, today.year)
    overlap = refuse("recognition.already", organisation=row.organisation.name, category=label)
    with database_refusals(overlap), transaction.atomic():
        made = Recognition.objects.create(
            organisation=row.organisation, union=row.union, document=row.document, category=category,
            category_label=label, directions=list(directions), certificate_no=number, state=state,
            verify_code=verify_code(), first_day=row.first_day, last_day=row.last_day, decision=decision,
            effective=DateRange(row.first_day, row.last_day + dt.timedelta(days=1)), decided_on=today, replaces=row,
            effect_key=f"{row.effect_key}:{category}",
        )  # fmt: skip
    note(row, by=by, verb="correct", reason=reason, effective_on=today,
         text=f"{text}，本证书自今日起失效，由 {number} 代替")  # fmt: skip
    note(made, by=by, verb="grant", reason=reason, effective_on=made.first_day,
         text=f"{text}，认定日期和有效期不变，证书 {number} 代替 {row.certificate_no}")  # fmt: skip
    enqueue("recognition.certificate", recognition_id=made.pk, once=f"recognition.certificate:{made.pk}")
    return made
