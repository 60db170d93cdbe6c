"""A code or name that an organisation carried before."""

from __future__ import annotations

from typing import Any

from django import forms

from shuniu.registry import codes
from shuniu.registry.forms.fields import Day, Paper
from shuniu.registry.forms.organisations import BASIS_HINT, Spoken


class FormerForm(Spoken):
    """What is recorded, until when it was so, and what it rests on."""

    what = forms.ChoiceField(
        label="登记什么", widget=forms.RadioSelect, initial="change",
        choices=[("change", "统一社会信用代码已变更"), ("code", "补记曾用代码或旧证号"), ("name", "补记曾用名")],
    )  # fmt: skip
    text = forms.CharField(
        label="代码或名称", max_length=100, help_text="代码变更填新代码；补记填原来的代码、证号或名称"
    )
    until = Day(label="原代码或名称使用至", help_text="改用新代码或新名称以前的最后一天")
    basis = forms.CharField(label="依据", max_length=200, help_text=BASIS_HINT)
    evidence = Paper(label="依据材料", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("what") == "change" and data.get("text"):
            data["text"] = codes.normalise(data["text"])
            if why := codes.problem(data["text"]):
                self.add_error("text", why)
        return data
