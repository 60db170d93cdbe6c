"""The shape of what comes in about feedback and improvements."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from shuniu.calls.models import Feedback, RubricItem
from shuniu.foundation.ui import typed

_DAYS = {"required": "请填写工作日数，例如 15。", "invalid": "工作日数应是整数，例如 15。"}


class FeedbackForm(forms.Form):
    """Words for the whole and for each row of the score sheet."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    summary = forms.CharField(
        label="综合意见", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"max_length": "综合意见最多 2000 字，请精简。"},
    )  # fmt: skip

    def __init__(self, items: Iterable[RubricItem], row: Feedback | None, *args: Any, **kwargs: Any) -> None:
        self.items = list(items)
        said = row.comments if row else {}
        initial: dict[str, Any] = {f"c_{key}": text for key, text in said.items()}
        initial |= {"version": row.version if row else 0, "summary": row.summary if row else ""}
        super().__init__(*args, **kwargs | {"initial": initial})
        for item in self.items:
            self.fields[f"c_{item.key}"] = forms.CharField(
                label=f"{item.label}的意见", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
                error_messages={"max_length": "每项意见最多 500 字，请精简。"},
            )  # fmt: skip

    def comments(self) -> dict[str, str]:
        """Row → words, as the action takes them."""
        return {item.key: self.cleaned_data[f"c_{item.key}"] for item in self.items}


class _Row(forms.Form):
    row = forms.ChoiceField(label="项目", required=False)
    what = forms.CharField(
        label="要改进什么", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明要改进什么。", "max_length": "最多 500 字，请精简。"},
    )  # fmt: skip

    def __init__(self, items: Iterable[RubricItem], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "整体"), *((i.key, i.label) for i in items)]
        self.fields["row"].choices = choices  # type: ignore[attr-defined]


class OfferForm(_Row):
    """What an organisation offers to improve."""


class AskForm(_Row):
    """What a union asks for."""

    wants = forms.CharField(
        label="需要的佐证", max_length=200, required=False, help_text="写了的，报告时须上传文件"
    )
    days = typed.Whole(
        label="改进期限（工作日）", min_value=1, max_value=250, initial=15,
        error_messages=_DAYS | {"min_value": "至少 1 个工作日。", "max_value": "最多 250 个工作日。"},
    )  # fmt: skip


class DaysForm(forms.Form):
    """Until when."""

    days = typed.Whole(
        label="改进期限（工作日）", min_value=1, max_value=250, initial=15,
        error_messages=_DAYS | {"min_value": "至少 1 个工作日。", "max_value": "最多 250 个工作日。"},
    )  # fmt: skip


class ReportForm(forms.Form):
    """What was done; files come beside it."""

    text = forms.CharField(
        label="改进情况", max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "请写明改进情况。", "max_length": "最多 2000 字，请精简。"},
    )  # fmt: skip


class RecheckForm(forms.Form):
    """What a fresh look found; a day where it goes on."""

    text = forms.CharField(
        label="复查意见", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="不通过的，写明还缺什么", error_messages={"max_length": "最多 1000 字，请精简。"},
    )  # fmt: skip
    days = typed.Whole(
        label="不通过的，再给几个工作日", min_value=1, max_value=250, initial=15, required=False,
        error_messages=_DAYS | {"min_value": "至少 1 个工作日。", "max_value": "最多 250 个工作日。"},
    )  # fmt: skip
