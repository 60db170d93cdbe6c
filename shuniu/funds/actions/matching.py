"""配套标准 of a district."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction

from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.ui.formats import money
from shuniu.funds import rules
from shuniu.funds.actions.common import person
from shuniu.funds.models import MatchingStandard
from shuniu.unions.models import Union


@transaction.atomic
def set_standard(
    *, by: Who, union: Union, document_key: str, level: str, first_day: dt.date, source: str,
    amount_fen: int | None = None, share: Decimal | None = None,
) -> MatchingStandard:  # fmt: skip
    """I5: from this day on the union adds so much, or such a share, to the subsidy of this level.

    A row is never changed: a later first day takes its place.
    """
    require(rules.is_finance(by, union.pk, union.name))
    if (amount_fen is None) == (share is None):
        raise Refused(refuse("funds.standard_one"))
    row = MatchingStandard.objects.create(
        union=union, document_key=document_key, level=level, first_day=first_day, source=source,
        amount_fen=amount_fen, share=share, recorded_by=person(by),
    )  # fmt: skip
    worth = money(amount_fen) if amount_fen is not None else f"补助的 {share}%"
    journal.record(
        by=by, verb="funds.set_standard", subject=row, union_id=union.pk,
        text=f"{row.get_level_display()}级配套标准：{worth}，自 {first_day} 起（{source}）",
        facts={"level": level, "fen": amount_fen, "share": str(share or ""), "source_text": source},
    )  # fmt: skip
    return row
