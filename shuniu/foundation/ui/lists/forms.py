"""The forms of a list: its columns, a view's name, what is to be done with a view."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from shuniu.foundation.ui import typed
from shuniu.foundation.ui.lists.base import List
from shuniu.foundation.ui.lists.columns import Column
from shuniu.foundation.ui.lists.filters import tidy
from shuniu.foundation.ui.lists.state import SIZES
from shuniu.foundation.ui.models import Density


class ColumnsForm(forms.Form):
    """Which columns, in which order, how high, how many."""

    density = forms.ChoiceField(label="行高", choices=Density.choices, widget=forms.RadioSelect)
    page_size = forms.TypedChoiceField(
        label="每页条数", choices=[(n, f"{n}") for n in SIZES], coerce=int, widget=forms.RadioSelect
    )

    def __init__(self, listing: List, data: Any = None) -> None:
        preference = listing.preference
        size = (preference.page_size if preference else None) or listing.page_size
        super().__init__(
            data,
            initial={
                "density": (preference.density if preference else "") or listing.density,
                "page_size": min(SIZES, key=lambda n: abs(n - size)),
            },
        )
        shown = listing.shown_columns
        rest = [c for c in listing.allowed_columns if c not in shown]
        self.choices: list[Column] = [c for c in [*shown, *rest] if not c.first]
        self.first = [c for c in shown if c.first]
        for place, column in enumerate(self.choices, 1):
            self.fields[f"show_{column.key}"] = forms.BooleanField(
                label=f"显示{column.label}", required=False, initial=column in shown,
                widget=forms.CheckboxInput(attrs={"class": "tick"}),
            )  # fmt: skip
            self.fields[f"place_{column.key}"] = typed.Whole(
                label=f"{column.label}的顺序", min_value=1, max_value=99, initial=place,
                error_messages={"required": "请填写顺序", "invalid": "请填写 1 到 99 的整数"},
                widget=forms.NumberInput(attrs={"class": "input input--short", "inputmode": "numeric"}),
            )  # fmt: skip

    def lines(self) -> Iterator[tuple[Column, BoundField, BoundField]]:
        """One line of the page per column."""
        for column in self.choices:
            yield column, self[f"show_{column.key}"], self[f"place_{column.key}"]

    def clean(self) -> dict[str, Any] | None:
        found = super().clean() or {}
        if not self.errors and not any(found[f"show_{c.key}"] for c in self.choices):
            raise forms.ValidationError("请至少显示一列。")
        return found

    def chosen(self) -> list[str]:
        """The keys of the shown columns by their places; equal places keep the order of the page."""
        found = self.cleaned_data
        shown = [c.key for c in self.choices if found[f"show_{c.key}"]]
        return sorted(shown, key=lambda key: int(found[f"place_{key}"]))


class ViewForm(forms.Form):
    """A name for the conditions that are set now."""

    name = forms.CharField(
        label="视图名称", max_length=30, error_messages={"required": "请填写视图名称"},
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )  # fmt: skip
    is_default = forms.BooleanField(label="打开列表时用它", required=False)

    def clean_name(self) -> str:
        return tidy(self.cleaned_data["name"])


class ViewDo(forms.Form):
    """A button on the page of views."""

    do = forms.ChoiceField(choices=[("delete", ""), ("default", ""), ("no_default", "")])
    view = typed.Whole(required=False)


__all__ = ["ColumnsForm", "ViewDo", "ViewForm"]
