"""A paper, a question about a clause, its answer, the second person's word."""

from __future__ import annotations

from typing import Any

from django import forms

from shuniu import policy
from shuniu.foundation.files import kinds
from shuniu.library.forms.uploads import Sent


def _words(label: str, most: int, hint: str = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=required, help_text=hint, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": f"没有写{label}。请填写。", "max_length": f"{label}最多 {most} 字。请精简。"},
    )  # fmt: skip


class PaperForm(forms.Form):
    """The union's own copy."""

    file = Sent(
        label="制度原文", allowed=kinds.TEXTS, help_text="可以复制文字的 Word、PDF 或纯文本，扫描件读不出文字",
        error_messages={"required": "没有选择文件。请选择制度原文。"},
    )  # fmt: skip


class AskForm(forms.Form):
    """Which clause, and what is not clear."""

    clause = forms.ChoiceField(
        label="条款",
        error_messages={"required": "没有选择条款。请选择。", "invalid_choice": "请从列出的条款中选择。"},
    )
    text = _words("问题", 500, "写明哪里不清楚、关系到哪件事；公布时不写提问人姓名")

    def __init__(self, *args: Any, law: policy.Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clause"].choices = [  # type: ignore[attr-defined]
            ("", "请选择"), *((c.number, f"{c.number} {c.words[:30]}") for c in law.clauses)
        ]  # fmt: skip


class AnswerForm(forms.Form):
    """The interpreting department's answer."""

    answer = _words("答复", 1000, "审签后公布在条款旁边，所有人都能看到")
