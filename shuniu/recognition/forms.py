"""The shape of what comes in about recognitions."""

from __future__ import annotations

from django import forms

from shuniu.foundation.ui import typed


class ReasonForm(forms.Form):
    """A written reason."""

    reason = forms.CharField(
        label="理由", max_length=500, widget=forms.Textarea, error_messages={"required": "请写明理由。"}
    )


class VerifyForm(forms.Form):
    """What is printed on a certificate."""

    q = typed.Signs(
        label="证书编号或统一社会信用代码",
        max_length=60,
        error_messages={"required": "请填写证书编号或统一社会信用代码。"},
    )
