"""A question about a notice, and its answer."""

from __future__ import annotations

from django import forms


class QuestionForm(forms.Form):
    text = forms.CharField(
        label="问题", widget=forms.Textarea, max_length=1000,
        help_text="请不要写个人信息；问题和答复会对所有人公布，不写明提问单位。",
        error_messages={"required": "请写下要问的问题。", "max_length": "问题最多 1000 字。"},
    )  # fmt: skip


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label="答复", widget=forms.Textarea, max_length=4000,
        error_messages={"required": "请写下答复。", "max_length": "答复最多 4000 字。"},
    )  # fmt: skip
