"""The shape of what comes in about recognitions."""

from __future__ import annotations

from django import forms

from shuniu.foundation.files.fields import Paper
from shuniu.foundation.ui import typed
from shuniu.recognition.models.honour import HonourLevel
from shuniu.registry.picking import organisation_field


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


class HonourForm(forms.Form):
    """An honour that another body granted, with its paper."""

    code = organisation_field("获誉单位")
    leader = forms.CharField(
        label="获誉负责人", max_length=40, required=False, help_text="授予个人的填写姓名；授予单位的不填"
    )
    level = forms.ChoiceField(
        label="级别", choices=HonourLevel.choices, widget=forms.RadioSelect, initial=HonourLevel.PROVINCE,
        error_messages={"required": "请选择级别。"},
    )  # fmt: skip
    title = forms.CharField(label="荣誉名称", max_length=120, error_messages={"required": "请填写荣誉名称。"})
    granted_by = forms.CharField(
        label="授予单位", max_length=100, error_messages={"required": "请填写授予单位。"}
    )
    decision = forms.CharField(
        label="文件名称和文号", max_length=200, error_messages={"required": "请填写表彰文件的名称和文号。"}
    )
    awarded_on = typed.Day(label="授予日期")
    proof = Paper(
        label="证明材料", help_text="表彰文件、证书或奖牌照片",
        error_messages={"required": "没有上传证明材料。请选择文件。"},
    )  # fmt: skip


class UpwardForm(forms.Form):
    """To which level an honour is put forward, under which name, to whom, and why."""

    level = forms.ChoiceField(
        label="参评级别", choices=[c for c in HonourLevel.choices if c[0] in ("province", "national")],
        widget=forms.RadioSelect, error_messages={"required": "请选择参评级别。"},
    )  # fmt: skip
    title = forms.CharField(
        label="参评荣誉", max_length=120, error_messages={"required": "请填写参评荣誉的名称。"}
    )
    to = forms.CharField(label="报送单位", max_length=100, error_messages={"required": "请填写报送单位。"})
    reason = forms.CharField(
        label="推荐理由", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明推荐理由。"},
    )  # fmt: skip


class OutcomeForm(forms.Form):
    """That the higher level said no, when and in which paper."""

    result_on = typed.Day(label="结果日期")
    note = forms.CharField(
        label="结果说明", max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明结果的来源，例如公布名单的文件。"},
    )  # fmt: skip
