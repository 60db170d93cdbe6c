"""停用: the reason, and the second person's word."""

from __future__ import annotations

from django import forms


class EndForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label="停用理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明依据和原因，例如被哪份文件代替；停用后所有人都能看到",
        error_messages={"required": "没有写停用理由。请填写。", "max_length": "停用理由最多 300 字。请精简。"},
    )  # fmt: skip
