"""How papers write dates, amounts, numbers and names: the conventions of `ui.formats`, and 大写 from yuan.

One place for the words of papers; what pages share with them is written in `ui.formats` only.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation

from shuniu.foundation.ui.formats import (
    chinese_number,
    day,
    day_cn,
    document_number,
    file_name,
    item_number,
    money_words,
    name_mask,
    period,
    phone_mask,
)


def in_eights(digest: str) -> str:
    """A digest in groups, so that it can be read out and broken into lines."""
    return " ".join(digest[n : n + 8] for n in range(0, len(digest), 8))


def amount_words(yuan: Decimal | str | int) -> str:
    """大写 of an amount in yuan: Decimal("325.04") → 叁佰贰拾伍元零肆分.

    ValueError for more than two places (nothing is cut off silently), for a float and for what is no number.
    """
    if isinstance(yuan, float):
        raise ValueError("an amount is never a binary float")
    try:
        value = Decimal(yuan)
        fen = value * 100
        exact = fen == fen.to_integral_value()
    except InvalidOperation as problem:
        raise ValueError(f"not an amount: {yuan!r}") from problem
    if not exact or not value.is_finite():
        raise ValueError(f"an amount has at most two places: {yuan}")
    return money_words(int(fen))


def print_date(on: dt.date) -> str:
    """印发日期 of the 版记: 2017年6月14日印发."""
    return f"{day_cn(on)}印发"


__all__ = [
    "amount_words", "chinese_number", "day", "day_cn", "document_number", "file_name", "in_eights", "item_number",
    "money_words", "name_mask", "period", "phone_mask", "print_date",
]  # fmt: skip
