"""Form fields that take what people type: any form of a date, full-width digits, money in 元."""

from __future__ import annotations

import datetime as dt
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms

from shuniu.foundation.files import kinds, receiving
from shuniu.foundation.files.receiving import Received
from shuniu.foundation.files.rules import FileRefused
from shuniu.registry import codes
from shuniu.registry.excel.columns import BadCell, date

REQUIRED = "没有填写{label}。请填写。"


class Day(forms.DateField):
    """2026-03-01, 2026.3.1, 2026年3月1日, 20260301."""

    widget = forms.DateInput

    def to_python(self, value: Any) -> dt.date | None:
        if isinstance(value, dt.date):
            return value
        try:
            text = date(str(value or ""))
        except BadCell as bad:
            raise forms.ValidationError(str(bad) + "。") from bad
        return dt.date.fromisoformat(text) if text else None


class Whole(forms.IntegerField):
    """A whole number, full-width digits and separators taken."""

    def to_python(self, value: Any) -> int | None:
        text = unicodedata.normalize("NFKC", str(value if value is not None else "")).replace(",", "").strip()
        try:
            return super().to_python(text)
        except forms.ValidationError:
            raise forms.ValidationError(f"“{text}”不是整数。请只填数字。") from None


class Yuan(forms.DecimalField):
    """An amount in 元, kept in fen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_digits=16, decimal_places=2, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = unicodedata.normalize("NFKC", str(value if value is not None else ""))
        text = text.replace(",", "").replace("¥", "").removesuffix("元").strip()
        try:
            return super().to_python(text)
        except forms.ValidationError:
            raise forms.ValidationError(f"“{text}”不是金额。请填数字，最多两位小数。") from None

    def clean(self, value: Any) -> Any:
        amount = super().clean(value)
        return None if amount is None else int(Decimal(amount) * 100)


class Code(forms.CharField):
    """统一社会信用代码, normalised and checked."""

    def clean(self, value: Any) -> str:
        text = codes.normalise(str(super().clean(value)))
        if why := codes.problem(text):
            raise forms.ValidationError(why)
        return text


class Paper(forms.FileField):
    """A file, received and checked by its content when the form is valid otherwise; gives `Received` or None."""

    def __init__(self, *, allowed: frozenset[str] = kinds.EVIDENCE, **kwargs: Any) -> None:
        self.allowed = allowed
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": kinds.accept(allowed)}))
        super().__init__(allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Received | None:
        found = super().clean(data, initial)
        if not found:
            return None
        try:
            return receiving.receive(
                found.file, name=found.name, allowed=self.allowed, max_bytes=kinds.DEFAULT_MAX_BYTES
            )
        except FileRefused as refused:
            raise forms.ValidationError(refused.verdict.reason) from refused


def say(form: forms.BaseForm) -> None:
    """Our words for what is missing and too long."""
    for field in form.fields.values():
        field.error_messages["required"] = REQUIRED.format(label=field.label)
        field.error_messages["invalid_choice"] = f"{field.label}不在可选的内容里。请重新选择。"
        if isinstance(field, forms.FileField):
            field.error_messages["required"] = f"没有上传{field.label}。请选择文件。"
