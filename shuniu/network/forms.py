"""The shape of what comes in about bases and cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms

from shuniu.foundation.calendar import clock
from shuniu.foundation.ui import typed
from shuniu.network.models import Base, BaseStep, Story
from shuniu.recognition.models import Honour
from shuniu.registry.picking import HINT, organisation_field

_PHONE = r"^[0-9+\- ]{7,20}$"
_REVIEW_AFTER = 2  # years; ours, to be changed in the form: 条文没有写复核周期


class BaseForm(forms.Form):
    """An application for a base; `code` only where a clerk applies."""

    code = organisation_field("依托单位")
    kind = forms.ChoiceField(
        label="类型", choices=Base.Kind.choices, widget=forms.RadioSelect, initial=Base.Kind.BASE,
        error_messages={"required": "请选择类型。"},
    )  # fmt: skip
    name = forms.CharField(label="名称", max_length=100, error_messages={"required": "请填写名称。"})
    address = forms.CharField(label="地址", max_length=200, error_messages={"required": "请填写地址。"})
    services = forms.CharField(
        label="服务内容", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="服务谁、做什么、每年多少人次", error_messages={"required": "请填写服务内容。"},
    )  # fmt: skip
    features = forms.CharField(
        label="创新做法", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="与一般服务场所不同、别处可以学的做法", error_messages={"required": "请填写创新做法。"},
    )  # fmt: skip
    contact = forms.CharField(label="联系人", max_length=40, error_messages={"required": "请填写联系人。"})
    phone = typed.Pattern(
        _PHONE, label="联系电话", max_length=20,
        error_messages={
            "required": "请填写联系电话。", "invalid": "电话应是 7 到 20 位数字，可以带区号和短横线。",
        },
    )  # fmt: skip

    def __init__(self, *args: Any, own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if own:
            del self.fields["code"]
        else:
            self.fields["code"].required = False
            self.fields["code"].help_text = f"{HINT}；设在工会自有阵地的不填"


def review_form(kinds: Iterable[str]) -> type[forms.Form]:
    """A review with what can be proposed where the base stands."""
    labels = dict(BaseStep.Kind.choices)
    choices = [(k, labels[BaseStep.Kind(k)]) for k in kinds]

    class Review(forms.Form):
        kind = forms.ChoiceField(
            label="意见",
            choices=choices,
            widget=forms.RadioSelect,
            error_messages={"required": "请选择意见。"},
        )
        findings = forms.CharField(
            label="评审情况", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
            help_text="看了什么、怎样判断", error_messages={"required": "请写明评审情况。"},
        )  # fmt: skip
        review_on = typed.Day(
            label="下次复核",
            required=False,
            initial=_next_review,
            help_text="命名或复核合格的填写；条文没有写复核周期，默认两年",
        )

    return Review


def _next_review() -> dt.date:
    today = clock.today()
    return dt.date(today.year + _REVIEW_AFTER, today.month, min(today.day, 28))


class AnswerForm(forms.Form):
    """Why not."""

    answer = forms.CharField(
        label="不同意的理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明理由。"},
    )  # fmt: skip


class StoryForm(forms.Form):
    """A case; `code` only where a clerk writes, `honour` only where there is one to tell of."""

    code = organisation_field("写到的社会组织")
    kind = forms.ChoiceField(
        label="类型", choices=Story.Kind.choices, widget=forms.RadioSelect, initial=Story.Kind.EXPERIENCE,
        error_messages={"required": "请选择类型。"},
    )  # fmt: skip
    title = forms.CharField(label="标题", max_length=100, error_messages={"required": "请填写标题。"})
    summary = forms.CharField(
        label="摘要", max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text="最多 300 字，列在目录里",
        error_messages={"required": "请填写摘要。", "max_length": "摘要最多 300 字。"},
    )  # fmt: skip
    body = forms.CharField(
        label="正文", max_length=20000, widget=forms.Textarea(attrs={"rows": 14}), help_text="空一行另起一段",
        error_messages={"required": "请填写正文。", "max_length": "正文最多 20000 字。"},
    )  # fmt: skip
    held_on = typed.Day(label="活动日期", required=False, help_text="观摩活动填写")
    place = forms.CharField(label="活动地点", max_length=100, required=False)
    honour = forms.ChoiceField(label="相关荣誉", required=False)

    def __init__(self, *args: Any, honours: Iterable[Honour] = (), own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(str(h.pk), f"{h.subject_label}，{h.title}") for h in honours]
        field = self.fields["honour"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "不关联"), *rows]
        if not rows:
            del self.fields["honour"]
        if own:
            del self.fields["code"]
        else:
            self.fields["code"].required = False
            self.fields["code"].help_text = f"{HINT}；只写工会自己工作的不填"
