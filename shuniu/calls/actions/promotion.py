"""宣传推广: what was done to make the named known is recorded, and struck out where it was recorded wrongly."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from shuniu.calls.actions import steps
from shuniu.calls.actions.clauses import require_under
from shuniu.calls.models import Application, Promotion
from shuniu.calls.queries.call import stage_clause
from shuniu.calls.rules import call as call_rules
from shuniu.calls.rules import promotion as rules
from shuniu.foundation.access import Who, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal


@transaction.atomic
def record(
    *, by: Who, call_id: int, form: str, outlet: str, title: str, on: dt.date, url: str = "",
    application_id: int | None = None,
) -> Promotion:  # fmt: skip
    """江苏 四3: 通过报刊、网络等形式宣传推广; `application_id` one of the named, None for all of them."""
    call = steps.lock(call_id)
    application = Application.objects.filter(pk=application_id).first() if application_id else None
    require_under(call, rules.may_record(by, call), "promote", "publish")
    require(rules.fits(call, application, on))
    assert by.person is not None
    row = Promotion.objects.create(
        call=call, application=application, form=form, outlet=outlet.strip(), title=title.strip(), url=url, on=on,
        recorded_by=by.person,
    )  # fmt: skip
    about = (application.organisation,) if application else ()
    journal.record(
        by=by, verb="calls.promote", subject=row, also=(call, *about), clause=stage_clause(call, "promote"),
        text=f"登记宣传推广：{row}", union_id=call.union_id, facts={"on": f"{on}", "url": url},
    )  # fmt: skip
    return row


@transaction.atomic
def strike(*, by: Who, promotion_id: int, reason: str) -> Promotion:
    """本办法未规定: a record that is wrong is struck out; it stays readable."""
    row = Promotion.objects.select_for_update(of=("self",)).select_related("call__union").get(pk=promotion_id)
    require_under(row.call, rules.may_strike(by, row), "promote", "publish")
    require(call_rules.has_reason(reason))
    row.struck_by, row.struck_at, row.struck_reason = by.person, clock.now(), reason.strip()
    row.save()
    journal.record(
        by=by, verb="calls.strike_promotion", subject=row, also=(row.call,), union_id=row.call.union_id,
        text=f"作废宣传推广：{row}，{reason}",
    )  # fmt: skip
    return row
