"""The shape of what comes in on score sheets and in the meeting."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from shuniu.calls.models import Application, RubricItem
from shuniu.calls.queries.scoring import Row
from shuniu.calls.rules.scoring import CHOICES
from shuniu.foundation.ui import typed


class PointsField(typed.Number):
    """Points of one item; the bounds are said in words."""

    def __init__(self, item: RubricItem, **kwargs: Any) -> None:
        self.item = item
        name = item.label
        super().__init__(
            label=name,
            required=False,
            min_value=Decimal(0),
            max_value=Decimal(item.weight),
            max_digits=5,
            decimal_places=1,
            localize=False,
            widget=forms.TextInput,
            error_messages={
                "invalid": f"“{name}”请填数字，例如 {item.weight * 3 // 4}。",
                "min_value": f"“{name}”不能低于 0 分。",
                "max_value": f"“{name}”最多 {item.weight} 分，请改为 0 到 {item.weight} 之间的数。",
                "max_digits": f"“{name}”最多一位小数。",
                "max_decimal_places": f"“{name}”最多一位小数。",
                "max_whole_digits": f"“{name}”最多 {item.weight} 分。",
            },
            **kwargs,
        )


class SheetForm(forms.Form):
    """The whole sheet, or with `only` the fields that changed (autosave)."""

    def __init__(
        self,
        items: Mapping[int, RubricItem],
        *args: Any,
        only: Collection[str] | None = None,
        complete: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        self.complete = complete
        for pk, item in items.items():
            self.fields[f"p{pk}"] = PointsField(item)
        self.fields["comment"] = forms.CharField(
            label="评语",
            required=False,
            max_length=1000,
            widget=forms.Textarea(attrs={"rows": 4}),
            error_messages={"max_length": "评语最多 1000 字，请精简。"},
        )
        if only is not None:
            for name in [n for n in self.fields if n not in only]:
                del self.fields[name]

    @property
    def criteria(self) -> list[tuple[RubricItem, forms.BoundField]]:
        """Items with their inputs, tied to the guide and to the error for those who hear the page."""
        found = []
        for pk, item in self.items.items():
            bound = self[f"p{pk}"]
            told = f"{bound.auto_id}_helptext" + (f" {bound.auto_id}_error" if bound.errors else "")
            attrs = {
                "class": "input",
                "inputmode": "decimal",
                "autocomplete": "off",
                "aria-describedby": told,
            }
            attrs |= {"data-points": str(item.weight), "data-kind": item.kind} | (
                {"aria-invalid": "true"} if bound.errors else {}
            )
            bound.field.widget.attrs.update(attrs)
            found.append((item, bound))
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.complete:
            for pk, item in self.items.items():
                name = f"p{pk}"
                if name not in self.errors and data.get(name) is None:
                    self.add_error(name, f"“{item.label}”还没有打分。")
        return data

    def points(self) -> dict[int, Decimal | None]:
        """Points by item, of the fields that came in."""
        return {pk: self.cleaned_data[f"p{pk}"] for pk in self.items if f"p{pk}" in self.cleaned_data}

    def comment(self) -> str | None:
        """The comment, None when it did not come in."""
        return self.cleaned_data.get("comment")


class MeetingForm(forms.Form):
    """Minutes, line, tie."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    place = forms.CharField(label="地点", required=False, max_length=100)
    minutes = forms.CharField(
        label="会议纪要", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 8})
    )
    cut_after = typed.Whole(
        label="入围至第几名",
        required=False,
        min_value=0,
        max_value=10000,
        error_messages={"invalid": "请填名次，例如 8。", "min_value": "名次不能小于 0。"},
    )
    cut_reason = forms.CharField(
        label="划线理由",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="与名额不同或没有规定名额时必填。",
    )
    tie_reason = forms.CharField(
        label="同分处理理由",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="划线处同分、表决也分不出先后时填写，并在下面选定入围的单位。",
    )
    tie_picks = forms.TypedMultipleChoiceField(
        label="同分单位中入围的", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, tied: Sequence[Application], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if tied:
            self.fields["tie_picks"].choices = [(a.pk, a.organisation.name) for a in tied]  # type: ignore[attr-defined]
        else:
            del self.fields["tie_picks"]
            del self.fields["tie_reason"]


class MeetingNoteForm(forms.Form):
    """What was said about one application."""

    application = forms.TypedChoiceField(
        label="单位", coerce=int, error_messages={"required": "请选择单位。"}
    )
    text = forms.CharField(
        label="讨论意见",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请填写讨论意见。"},
    )

    def __init__(self, rows: Sequence[Row], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["application"].choices = [  # type: ignore[attr-defined]
            (r.application.pk, r.application.organisation.name) for r in rows
        ]


class VoteForm(forms.Form):
    """One choice per application; those left empty can be voted on later."""

    def __init__(self, rows: Sequence[Row], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = [r.application.pk for r in rows if not r.mine]
        for r in rows:
            if not r.mine:
                self.fields[f"v{r.application.pk}"] = forms.ChoiceField(
                    label=r.application.organisation.name,
                    choices=list(CHOICES.items()),
                    widget=forms.RadioSelect,
                    required=False,
                )

    def bound(self) -> dict[int, forms.BoundField]:
        """The choice of each application that is open."""
        return {pk: self[f"v{pk}"] for pk in self.names}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(f"v{pk}") for pk in self.names):
            raise forms.ValidationError("请至少对一家单位表决。")
        return data

    def choices(self) -> dict[int, str]:
        """Application → choice."""
        return {pk: self.cleaned_data[f"v{pk}"] for pk in self.names if self.cleaned_data.get(f"v{pk}")}
