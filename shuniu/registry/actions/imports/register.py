"""The union's own register as a filled template: taken out, changed in Excel, sent back as a list."""

from __future__ import annotations

from django.db import transaction

from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.registry import rules
from shuniu.registry.actions.imports.compare import row_of
from shuniu.registry.excel import book
from shuniu.registry.queries import own_register, snapshots
from shuniu.unions.queries import union_of

MOST = 5_000
_CHUNK = 500


@transaction.atomic
def take_register(*, by: Who, region: str = "") -> tuple[bytes, int]:
    """A13, Q1: the workbook, and how many organisations it holds: of one district or, without `region`, of all.

    Read in again on the same day it changes nothing. Refused("registry.register_large") for more than `MOST`.
    """
    require(rules.may_register(by))
    rows = list(own_register(by, region)[: MOST + 1])
    if len(rows) > MOST:
        raise Refused(refuse("registry.register_large", most=MOST))
    today = clock.today()
    filled = []
    for start in range(0, len(rows), _CHUNK):
        part = rows[start : start + _CHUNK]
        now = snapshots(part, today)
        filled += [row_of(now[each.pk]) for each in part]
    union = union_of(by.union_id or 0)
    journal.record(
        by=by, verb="take_register", subject=union, union_id=union.pk,
        text=f"下载社会组织名册{f'（{region}）' if region else ''}，{len(rows)} 家",
    )  # fmt: skip
    return book.template(rows=filled), len(rows)
