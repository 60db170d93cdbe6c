"""The shape of what comes in about lists: reasons and corrections."""

from __future__ import annotations

from typing import Any

from django import forms

from shuniu.calls.models import PublicList


class ReturnForm(forms.Form):
    """Why a frozen list goes back, or a correction is refused."""

    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea,
        error_messages={"required": "请写明理由，经办人会看到。"},
    )


class CorrectionForm(forms.Form):
    """What is wrong in a published list: words, or a name that does not belong there."""

    entry = forms.ChoiceField(label="更正哪一家", required=False)
    removes = forms.ChoiceField(
        label="更正什么",
        choices=[("", "文字有误"), ("yes", "移出名单（已经认定的，资质同时撤回）")],
        widget=forms.RadioSelect,
        required=False,
    )
    label = forms.CharField(label="事项", max_length=60, required=False, help_text="例如“组织名称”“方向”")
    before = forms.CharField(label="原来", max_length=200, required=False)
    after = forms.CharField(label="改为", max_length=200, required=False)
    reason = forms.CharField(
        label="更正理由",
        max_length=500,
        widget=forms.Textarea,
        help_text="写进公布的更正公告",
        error_messages={"required": "请写明更正理由，它会写进更正公告。"},
    )

    def __init__(self, row: PublicList, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entries = {e.application_id: e.pk for e in row.entries.exclude(state="removed")}
        self.fields["entry"].choices = [  # type: ignore[attr-defined]
            ("", "名单整体"),
            *(
                (str(entries[r["application"]]), f"{r['order']}. {r['name']}")
                for r in row.frozen
                if r["application"] in entries
            ),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("removes"):
            if not data.get("entry"):
                self.add_error("entry", "移出名单要指明是哪一家。")
        elif not self.errors:
            for name, words in (("label", "请填写事项，例如“组织名称”。"), ("after", "请填写改为什么。")):
                if not data.get(name):
                    self.add_error(name, words)
        return data

    def values(self) -> dict[str, Any]:
        """As the action takes them."""
        data = self.cleaned_data
        return {
            "reason": data["reason"],
            "entry_id": int(data["entry"]) if data["entry"] else None,
            "label": data["label"],
            "before": data["before"],
            "after": data["after"],
            "removes": bool(data["removes"]),
        }
