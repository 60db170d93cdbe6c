"""The shape of the numbers of recommending unions, as they come in while a call is composed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms

from shuniu import policy
from shuniu.calls.forms.call import Versioned
from shuniu.calls.models import Call
from shuniu.calls.queries import figures
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui import typed


class FiguresForm(Versioned):
    """A number of each union, and day and source of each kind of number; what the last call said stands there."""

    def __init__(self, call: Call, *args: Any, **kwargs: Any) -> None:
        self.asked = figures.wanted(call, clock.today()).typed
        there = figures.last_said(call, self.asked)
        kwargs.setdefault("initial", {"version": call.version})
        super().__init__(*args, **kwargs)
        for name, (fact, unions) in self.asked.items():
            known = next((there[name, u.pk] for u in unions if (name, u.pk) in there), None)
            self.fields[f"as_of_{name}"] = typed.Day(
                label=f"{fact.label}截至", initial=known.as_of if known else None
            )
            self.fields[f"source_{name}"] = forms.CharField(
                label=f"{fact.label}的来源", max_length=200, initial=known.source if known else "",
                help_text="例如：2025 年度工会统计年报",
                error_messages={"required": f"请写明{fact.label}的来源，例如 2025 年度工会统计年报。"},
            )  # fmt: skip
            for union in unions:
                row = there.get((name, union.pk))
                field = _number(fact, union.short_name)
                field.initial = row.shown if row else None
                self.fields[f"{name}_{union.pk}"] = field

    def rows(self) -> list[dict[str, Any]]:
        """One block for each kind of number."""
        return [
            {
                "fact": fact, "as_of": self[f"as_of_{name}"], "source": self[f"source_{name}"],
                "unions": [{"union": union, "value": self[f"{name}_{union.pk}"]} for union in unions],
            }
            for name, (fact, unions) in self.asked.items()
        ]  # fmt: skip

    def facts(self) -> dict[str, tuple[dt.date, str, dict[int, Decimal]]]:
        """Fact → day, source, union id → number."""
        data = self.cleaned_data
        return {
            name: (
                data[f"as_of_{name}"], data[f"source_{name}"],
                {union.pk: Decimal(data[f"{name}_{union.pk}"]) for union in unions},
            )
            for name, (_, unions) in self.asked.items()
        }  # fmt: skip

    def clean(self) -> None:
        super().clean()
        for name in self.asked:
            day = self.cleaned_data.get(f"as_of_{name}")
            if day is not None and day > clock.today():
                self.add_error(f"as_of_{name}", "日期晚于今天。请填写这个数统计到哪一天。")


def _number(fact: policy.FactSpec, of: str) -> forms.Field:
    said = {
        "required": f"请填写{of}的{fact.label}。", "invalid": f"{of}的{fact.label}应是数字。", "min_value": "不能小于 0。",
        "max_digits": "数字太大。", "max_value": "数字太大。",
    }  # fmt: skip
    if fact.type == "integer":
        return typed.Whole(label=f"{of}的{fact.label}", min_value=0, max_value=10**11, error_messages=said)
    return typed.Number(
        label=f"{of}的{fact.label}", min_value=0, max_digits=14, decimal_places=2, error_messages=said
    )
