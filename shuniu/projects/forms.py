"""The shape of what comes in about projects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from shuniu.calls.models import Call
from shuniu.foundation.files.fields import Paper
from shuniu.foundation.ui import typed
from shuniu.library.queries import all_on_disk
from shuniu.recognition.models.honour import HonourLevel
from shuniu.registry.picking import organisation_field


class ProjectForm(forms.Form):
    """A project; `code` names its organisation and is asked for once."""

    code = organisation_field("承接单位")
    name = forms.CharField(label="项目名称", max_length=100, error_messages={"required": "请填写项目名称。"})
    leader = forms.CharField(label="项目负责人", max_length=40, required=False)
    starts_on = typed.Day(label="开始日期")
    ends_on = typed.Day(label="计划结束日期", required=False)
    completed_on = typed.Day(label="完成日期", required=False)
    concluded_on = typed.Day(label="结项日期", required=False, help_text="办理结项手续的日期")
    appraised_on = typed.Day(label="考核评估日期", required=False, help_text="完成考核评估的日期")
    terminated_on = typed.Day(label="终止日期", required=False)
    contract_no = forms.CharField(label="合同编号", max_length=60, required=False)
    signed_on = typed.Day(label="签订日期", required=False)
    amount_fen = typed.Yuan(label="合同金额（元）", required=False)

    def __init__(self, *args: Any, changing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if changing:
            del self.fields["code"]


class ResultForm(forms.Form):
    """What province or nation granted to the project."""

    level = forms.ChoiceField(
        label="级别", choices=HonourLevel.choices, widget=forms.RadioSelect, initial=HonourLevel.PROVINCE
    )
    title = forms.CharField(label="荣誉名称", max_length=120, error_messages={"required": "请填写荣誉名称。"})
    granted_by = forms.CharField(
        label="授予单位", max_length=100, error_messages={"required": "请填写授予单位。"}
    )
    decision = forms.CharField(
        label="文件名称和文号", max_length=200, error_messages={"required": "请填写表彰文件的名称和文号。"}
    )
    awarded_on = typed.Day(label="授予日期")
    document_key = forms.ChoiceField(label="补助依据的制度", required=False, help_text="没有补助规定的不选")
    proof = Paper(label="证明材料", error_messages={"required": "没有上传证明材料。请选择文件。"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        paying = [(law.key, law.title) for law in all_on_disk() if law.fundings]
        field = self.fields["document_key"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "不补助"), *paying]


class NominateForm(forms.Form):
    """In which category of which call a project is recommended, for which directions, and why."""

    category = forms.ChoiceField(
        label="参评类别", widget=forms.RadioSelect, error_messages={"required": "请选择参评类别。"}
    )
    directions = forms.MultipleChoiceField(label="方向", widget=forms.CheckboxSelectMultiple, required=False)
    reason = forms.CharField(
        label="推荐理由", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "请写明推荐理由。", "max_length": "最多 1000 字。"},
    )  # fmt: skip

    def __init__(self, calls: Sequence[Call], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.categories = {str(c.pk): c for call in calls for c in call.categories.all()}
        more = len(calls) > 1
        categories, directions = self.fields["category"], self.fields["directions"]
        assert isinstance(categories, forms.ChoiceField) and isinstance(directions, forms.ChoiceField)
        categories.choices = [
            (k, f"{c.label}（{c.call.title}）" if more else c.label) for k, c in self.categories.items()
        ]
        directions.choices = [
            (f"{k}:{d['key']}", f"{c.label} · {d['label']}")
            for k, c in self.categories.items()
            for d in c.directions
        ]
        if not directions.choices:
            del self.fields["directions"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        chosen = str(data.get("category", ""))
        keys = [d.partition(":")[2] for d in data.get("directions", []) if d.partition(":")[0] == chosen]
        if "directions" in self.fields and chosen and not keys:
            self.add_error("directions", "请在所选类别里至少选择一个方向。")
        return data | {"keys": keys}
