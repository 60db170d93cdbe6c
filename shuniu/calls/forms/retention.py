"""The shape of what comes in about periods of retention."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from shuniu.calls import retention
from shuniu.foundation.ui import typed


class PeriodsForm(forms.Form):
    """Whole months for every rule."""

    def __init__(self, *args: Any, now: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for rule in retention.RULES:
            said = f"“{rule.label}”的保存期限应为 {rule.least} 到 {retention.MOST} 个月的整数。"
            self.fields[rule.key] = typed.Whole(
                label=rule.label,
                min_value=rule.least,
                max_value=retention.MOST,
                initial=now[rule.key],
                help_text=f"自{rule.since}之日起，不少于 {rule.least} 个月",
                error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), said),
            )

    def months(self) -> dict[str, int]:
        """As the action takes them."""
        return {rule.key: int(self.cleaned_data[rule.key]) for rule in retention.RULES}


class ConfirmForm(PeriodsForm):
    """The periods with what the 试算 showed, and why."""

    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea,
        help_text="例如依据的制度或者会议决定",
        error_messages={"required": "请写明理由，例如依据的制度或者会议决定。"},
    )

    def __init__(self, *args: Any, now: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, now=now, auto_id="confirm_%s", **kwargs)  # beside the other form
        for rule in retention.RULES:
            self.fields[rule.key].widget = forms.HiddenInput()
            self.fields[f"seen_{rule.key}"] = forms.IntegerField(min_value=0, widget=forms.HiddenInput())

    def values(self) -> dict[str, Any]:
        """As the action takes them: the periods, what the page showed, and why."""
        seen = {rule.key: int(self.cleaned_data[f"seen_{rule.key}"]) for rule in retention.RULES}
        return {"months": self.months(), "seen": seen, "reason": self.cleaned_data["reason"]}
