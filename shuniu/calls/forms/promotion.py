"""The shape of what comes in about publicity work."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from shuniu.calls.models import Application, Promotion
from shuniu.foundation.ui import typed


class PromotionForm(forms.Form):
    """Where, what, when; about one of the named or all."""

    form = forms.ChoiceField(
        label="形式", choices=Promotion.Form.choices, error_messages={"required": "请选择宣传的形式。"}
    )
    outlet = forms.CharField(
        label="媒体或者场合", max_length=100, help_text="例如报纸、网站、公众号的名称",
        error_messages={"required": "请填写在哪里宣传。"},
    )  # fmt: skip
    title = forms.CharField(label="标题", max_length=200, error_messages={"required": "请填写标题。"})
    on = typed.Day(label="日期")
    url = forms.URLField(
        label="网址", required=False, max_length=500, assume_scheme="https", help_text="没有的可以不填",
        error_messages={"invalid": "网址不完整，应以 http:// 或者 https:// 开头，请核对后再填。"},
    )  # fmt: skip
    application = forms.TypedChoiceField(label="宣传哪一家", required=False, coerce=int, empty_value=None)

    def __init__(self, named: Iterable[Application], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "全部命名单位"), *((a.pk, a.organisation.name) for a in named)]
        self.fields["application"].choices = choices  # type: ignore[attr-defined]


class StrikeForm(forms.Form):
    """Why a record is struck out."""

    reason = forms.CharField(
        label="作废理由", max_length=300, error_messages={"required": "请写明作废的理由。"}
    )
