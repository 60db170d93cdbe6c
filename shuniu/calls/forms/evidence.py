"""What is said about a file that the document counts: its kind, its day, its title."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from shuniu import policy
from shuniu.foundation.ui import typed


class SaidForm(forms.Form):
    """One field for each that the document declares of a counted file; none for files that are only read."""

    def __init__(self, fields: Mapping[str, policy.Field], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, spec in fields.items():
            self.fields[name] = _field(spec)

    def plain(self) -> dict[str, str]:
        """The values as they are kept."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value not in (None, "")}


def _field(spec: policy.Field) -> forms.Field:
    said = {"required": f"请填写{spec.label}。", "invalid": f"{spec.label}的格式不对。"}
    match spec.type:
        case "choice":
            choices = [("", "请选择"), *((v, v) for v in spec.values)]
            said["invalid_choice"] = f"请从列表中选择{spec.label}。"
            return forms.ChoiceField(label=spec.label, choices=choices, error_messages=said)
        case "date":
            return typed.Day(label=spec.label)
        case "integer" | "year":
            return typed.Whole(label=spec.label, error_messages=said)
        case "decimal":
            return typed.Number(label=spec.label, error_messages=said)
    return forms.CharField(label=spec.label, required=False, max_length=200)
