"""A folder as zip, an adoption with its numbers, the second person's word."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from shuniu import policy
from shuniu.foundation.files import kinds, receiving
from shuniu.foundation.files.receiving import Received
from shuniu.foundation.files.rules import FileRefused
from shuniu.foundation.ui import typed

_MOST_BYTES = 6 * kinds.MIB


class Sent(forms.FileField):
    """A file, told by its content; gives `Received`."""

    def __init__(self, *, allowed: frozenset[str], **kwargs: Any) -> None:
        self.allowed = allowed
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": kinds.accept(allowed)}))
        super().__init__(allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Received | None:
        found = super().clean(data, initial)
        if not found:
            return None
        try:
            return receiving.receive(found.file, name=found.name, allowed=self.allowed, max_bytes=_MOST_BYTES)
        except FileRefused as refused:
            raise forms.ValidationError(refused.verdict.reason) from refused


class UploadForm(forms.Form):
    """A folder."""

    file = Sent(
        label="制度文件夹", allowed=frozenset({"zip"}),
        help_text="把整个文件夹打包成 .zip，内含 document.yaml 和 cases.yaml",
        error_messages={"required": "没有选择文件。请把制度文件夹打包成 .zip 后上传。"},
    )  # fmt: skip


def _day(label: str) -> forms.DateField:
    return typed.Day(
        label=label, widget=forms.DateInput(format="%Y-%m-%d"),
        error_messages={
            "required": f"没有填写{label}。请填写。", "invalid": f"{label}不是有效的日期。请按 2026-03-01 的格式填写。"
        },
    )  # fmt: skip


class RehearsalForm(forms.Form):
    """On which day."""

    on = _day("判断日")


class AdoptForm(forms.Form):
    """The lower union's own words: what the upper document lets it settle, and nothing else."""

    title = forms.CharField(
        label="名称", max_length=200,
        error_messages={"required": "没有填写名称。请填写。", "max_length": "名称最多 200 字。请精简。"},
    )  # fmt: skip
    issued = _day("印发日期")
    effective = _day("施行日期")

    def __init__(self, *args: Any, law: policy.Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.law = law
        self.numbers = {f"number_{n}": each for n, each in enumerate(law.local)}
        for name, each in self.numbers.items():
            self.fields[name] = typed.Number(
                label=each.label, required=False, min_value=Decimal(each.low), max_value=Decimal(each.high),
                help_text=f"{each.clause}：上级为 {each.value}{each.unit}，可填 {each.low} 到 {each.high}；不填按上级执行",
                error_messages={
                    "invalid": "请填一个数。", "min_value": f"不得小于 {each.low}。请改为 {each.low} 到 {each.high} 之间的数。",
                    "max_value": f"不得大于 {each.high}。请改为 {each.low} 到 {each.high} 之间的数。",
                },
            )  # fmt: skip
        self.points = {
            f"point_{point.key}": point
            for point in law.not_stated
            if point.filled_by in ("call", "union") and not point.per_category and point.kind != "date"
        }
        for name, point in self.points.items():
            self.fields[name] = _point(point)

    @property
    def chosen_numbers(self) -> dict[str, int | Decimal]:
        """path → number, of those that were filled in."""
        given = {each.path: self.cleaned_data.get(name) for name, each in self.numbers.items()}
        return {
            path: int(number) if number == number.to_integral_value() else number
            for path, number in given.items()
            if number is not None
        }

    @property
    def settled(self) -> dict[str, str | int]:
        """key → value, of the open points that were filled in."""
        given = {point.key: self.cleaned_data.get(name) for name, point in self.points.items()}
        return {key: value for key, value in given.items() if value not in (None, "")}

    @property
    def number_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.numbers]

    @property
    def point_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.points]


_WHOLE = frozenset({"days", "working_days", "number"})


def _point(point: policy.NotStated) -> forms.Field:
    near = f"近于{point.near}；" if point.near else ""
    hint = f"{near}不填则仍由每次通知确定" + (f"（单位：{point.unit}）" if point.unit else "")
    choices = ("是", "否") if point.kind == "yes_no" else point.choices
    if choices:
        return forms.ChoiceField(
            label=point.label, required=False, help_text=hint,
            choices=[("", "不确定"), *((choice, choice) for choice in choices)],
            error_messages={"invalid_choice": "请从列出的选项中选择。"},
        )  # fmt: skip
    if point.kind in _WHOLE:
        return typed.Whole(
            label=point.label, required=False, min_value=0, max_value=100_000, help_text=hint,
            error_messages={"invalid": "请填整数。", "min_value": "请填 0 或更大的整数。", "max_value": "数字太大。请核对。"},
        )  # fmt: skip
    return forms.CharField(
        label=point.label, required=False, max_length=200, help_text=hint,
        error_messages={"max_length": "最多 200 字。请精简。"},
    )  # fmt: skip
