"""Form fields for what is typed as signs: codes, telephone numbers, numbers, days and money.

A Chinese input method types ５２１１…Ｋ and ￥１，２３４ as readily as 5211…K and ¥1,234; both are understood and
the plain signs are kept. A form asks for these by the classes below and never by Django's own.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms

_UNSEEN = {"Cc", "Cf"}  # a blank of no width and the like, as they come with a paste
_BEFORE, _AFTER = "¥$", "元"


def narrow(text: str) -> str:
    """Full-width signs made plain, what cannot be seen left out, no blanks at the ends."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if unicodedata.category(c) not in _UNSEEN).strip()


def number(text: str) -> str:
    """A number as it was meant: no separators of thousands, no sign or word of money, a point for 。"""
    plain = narrow(text).replace(",", "").replace(" ", "").replace("。", ".")
    return plain.lstrip(_BEFORE).removesuffix(_AFTER)


if TYPE_CHECKING:
    _Field = forms.Field
else:
    _Field = object


class Typed(_Field):
    """What all of them have in common; goes before Django's field among the bases."""

    understood = staticmethod(narrow)

    def to_python(self, value: Any) -> Any:
        return super().to_python(self.understood(value) if isinstance(value, str) else value)


class Signs(Typed, forms.CharField):
    """A code or a telephone number."""


class Pattern(Typed, forms.RegexField):
    """Signs after a pattern, for example a postcode."""


class Whole(Typed, forms.IntegerField):
    """A whole number."""

    understood = staticmethod(number)


class Number(Typed, forms.DecimalField):
    """A number with a fraction."""

    understood = staticmethod(number)


class Day(Typed, forms.DateField):
    """A day: 2026-03-01, 2026/3/1, 2026.3.1, 2026年3月1日, 20260301."""

    widget = forms.DateInput(format="%Y-%m-%d")

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"])
        kwargs.setdefault(
            "error_messages",
            {"invalid": "日期应写成 2026-03-01 的样子。", "required": "请填写日期，例如 2026-03-01。"},
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> dt.date | None:
        found: dt.date | None = super().to_python(value.replace(" ", "") if isinstance(value, str) else value)
        return found


class Yuan(Number):
    """An amount typed in 元; gives fen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_digits=16, decimal_places=2, **kwargs)

    def clean(self, value: Any) -> int | None:
        amount = super().clean(value)
        return None if amount is None else int(Decimal(amount) * 100)
