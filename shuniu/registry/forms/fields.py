"""Form fields of the registry: days, numbers and money with its own words, checked codes, files."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from shuniu.foundation.files.fields import Paper
from shuniu.foundation.ui import typed
from shuniu.registry import codes
from shuniu.registry.excel.columns import BadCell, date

REQUIRED = "没有填写{label}。请填写。"


class Day(typed.Day):
    """Whatever the lists of the registry understand as a day."""

    def to_python(self, value: Any) -> dt.date | None:
        if isinstance(value, dt.date):
            return value
        try:
            text = date(str(value or ""))
        except BadCell as bad:
            raise forms.ValidationError(str(bad) + "。") from bad
        return dt.date.fromisoformat(text) if text else None


class Whole(typed.Whole):
    """A whole number."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except forms.ValidationError:
            raise forms.ValidationError(f"“{value}”不是整数。请只填数字。") from None


class Yuan(typed.Yuan):
    """An amount in 元, kept in fen."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except forms.ValidationError:
            raise forms.ValidationError(f"“{value}”不是金额。请填数字，最多两位小数。") from None


class Code(typed.Signs):
    """统一社会信用代码, normalised and checked."""

    def clean(self, value: Any) -> str:
        typed_in = str(super().clean(value))
        text = codes.normalise(typed_in)
        if why := codes.damage(typed_in) or codes.problem(text):
            raise forms.ValidationError(why)
        return text


def say(form: forms.BaseForm) -> None:
    """Our words for what is missing and too long."""
    for field in form.fields.values():
        field.error_messages["required"] = REQUIRED.format(label=field.label)
        field.error_messages["invalid_choice"] = f"{field.label}不在可选的内容里。请重新选择。"
        if isinstance(field, forms.FileField):
            field.error_messages["required"] = f"没有上传{field.label}。请选择文件。"


__all__ = ["REQUIRED", "Code", "Day", "Paper", "Whole", "Yuan", "say"]
