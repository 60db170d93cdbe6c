"""The shape of what comes in about visits and recommendations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from shuniu.calls.models import RubricItem, Visit, VisitMark
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui import typed
from shuniu.foundation.ui.formats import local

REASON = {"required": "请写明推荐理由。", "max_length": "推荐理由最多 1000 字，请精简。"}


def _of(item: RubricItem, what: str) -> SafeString:
    """The label of one of an item's fields: in sight what it is, said aloud of which item too."""
    return format_html('<span class="sr-only">{}</span>{}', item.label, what)


class ProposeForm(forms.Form):
    reason = forms.CharField(
        label="推荐理由", max_length=1000, widget=forms.Textarea(attrs={"rows": 5}), error_messages=REASON
    )


class PlanForm(forms.Form):
    """When, where, by whom."""

    day = typed.Day(label="评估日期")
    time = forms.TimeField(
        label="时间", input_formats=["%H:%M"], widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "请填写时间，例如 09:30。", "invalid": "时间应写成 09:30 的样子。"},
    )  # fmt: skip
    place = forms.CharField(label="地点", max_length=200, error_messages={"required": "请填写评估地点。"})
    visitors = forms.CharField(
        label="评估人员", max_length=200, help_text="几位之间用顿号隔开",
        error_messages={"required": "请填写评估人员。"},
    )  # fmt: skip

    def __init__(self, row: Visit | None, *args: Any, **kwargs: Any) -> None:
        if row is not None:
            at = local(row.planned_at)
            kwargs["initial"] = {
                "day": at.date(),
                "time": at.time(),
                "place": row.place,
                "visitors": row.visitors,
            }
        super().__init__(*args, **kwargs)

    def planned_at(self) -> dt.datetime:
        """The instant, in the union's own time."""
        return dt.datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"], clock.TZ)


class MarksForm(forms.Form):
    """Points and a note for each item of the score sheet; what is left empty is not given yet."""

    opinion = forms.CharField(
        label="评估意见", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(
        self, items: Iterable[RubricItem], marks: Iterable[VisitMark], *args: Any, **kwargs: Any
    ) -> None:
        self.items = list(items)
        given = {mark.item_id: mark for mark in marks}
        for item in self.items:
            if mark := given.get(item.pk):
                shown = {f"p{item.pk}": f"{mark.points.normalize():f}", f"n{item.pk}": mark.note}
                kwargs["initial"] = kwargs.get("initial", {}) | shown
        super().__init__(*args, **kwargs)
        for item in self.items:
            self.fields[f"p{item.pk}"] = typed.Number(
                label=_of(item, "得分"), required=False, min_value=0, max_value=item.weight, decimal_places=2,
                error_messages={
                    "invalid": "分数应是数字。", "min_value": "分数不能小于 0。",
                    "max_value": f"这一项最多 {item.weight} 分。", "max_decimal_places": "最多两位小数。",
                },
            )  # fmt: skip
            self.fields[f"n{item.pk}"] = forms.CharField(
                label=_of(item, "说明"), required=False, max_length=500
            )

    def rows(self) -> list[dict[str, Any]]:
        """For the template: each item with its two fields."""
        return [
            {"item": i, "most": f"/ {i.weight} 分", "points": self[f"p{i.pk}"], "note": self[f"n{i.pk}"]}
            for i in self.items
        ]

    def marks(self) -> dict[int, tuple[Decimal | None, str]]:
        """As the action takes them."""
        data = self.cleaned_data
        return {i.pk: (data.get(f"p{i.pk}"), data.get(f"n{i.pk}") or "") for i in self.items}


class AnswerForm(forms.Form):
    """What the organisation says to the record, and its signature."""

    text = forms.CharField(
        label="本单位意见", required=False, max_length=1000, help_text="没有不同意见的可以不填",
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    agreed = forms.BooleanField(
        label="已核对以上实地评估记录，代表本单位签字",
        error_messages={"required": "请核对后勾选，再签字。"},
    )
