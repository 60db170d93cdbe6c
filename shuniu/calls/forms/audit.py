"""Forms of the check desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms

from shuniu import policy
from shuniu.calls.forms.apply import fact_field, plain
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui import typed

# Stock reasons for a correction, by kind of item; a part may have its own first.
STOCK = {
    "material": (
        "缺少该项材料", "内容不清晰，无法辨认", "未签字或未盖章", "材料已过有效期", "缺少验收或结项证明",
        "与填报的内容不一致",
    ),
    "section": ("填写不完整", "与登记信息不一致", "与证明材料不一致", "内容过于笼统，请写明时间、对象和成效"),
}  # fmt: skip
OWN = "own"


def assign_form(clerks: Iterable[Person]) -> type[forms.Form]:
    """A form that offers these clerks; `clerk` is the key of the chosen one."""
    choices = [("", "请选择"), *((str(p.pk), p.name) for p in clerks)]

    class AssignForm(forms.Form):
        clerk = forms.ChoiceField(
            label="经办人",
            choices=choices,
            error_messages={"required": "请选择经办人。", "invalid_choice": "请从名单中选择经办人。"},
        )

    return AssignForm


class AnswerForm(forms.Form):
    """One question: yes, no with its reason, or to be mended."""

    YES, NO, FIX = "yes", "no", "fix"

    fact = forms.CharField(widget=forms.HiddenInput, max_length=80)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    value = forms.ChoiceField(
        label="判断",
        choices=[(YES, "符合"), (NO, "不符合"), (FIX, "需要补正")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择“符合”“不符合”或“需要补正”。"},
    )
    note = forms.CharField(label="理由（判断为“不符合”时必填）", max_length=1000, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("value") == self.NO and not cleaned.get("note", "").strip():
            self.add_error("note", "判断为“不符合”的，请写明理由。")
        return cleaned

    def given(self) -> bool:
        """As the action takes it."""
        return bool(self.cleaned_data["value"] == self.YES)


class ValueForm(forms.Form):
    """A question whose answer is a number, a day, a choice or words, by the type of the judged fact."""

    fact = forms.CharField(widget=forms.HiddenInput, max_length=80)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(label="说明（选填）", max_length=1000, required=False)

    def __init__(self, spec: policy.FactSpec, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = fact_field(spec)

    def given(self) -> Any:
        """As the engine reads it from JSON: days and decimals as text."""
        return plain({"value": self.cleaned_data["value"]})["value"]


class AcceptForm(AnswerForm):
    """Whether the written reason beyond a soft limit is accepted."""

    value = forms.ChoiceField(
        label="是否认可这一理由",
        choices=[(AnswerForm.YES, "认可"), (AnswerForm.NO, "不认可")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择“认可”或“不认可”。"},
    )
    note = forms.CharField(label="理由（不认可时必填）", max_length=1000, required=False)


class TickForm(forms.Form):
    """Tick and note of one condition; `_changed` names what an autosave sent."""

    condition = forms.CharField(max_length=60)
    version = typed.Whole(required=False, min_value=0)
    ticked = forms.BooleanField(required=False)
    note = forms.CharField(
        max_length=500, required=False, error_messages={"max_length": "备注最多 500 字，请删减。"}
    )


class ReadingForm(forms.Form):
    """Which reading counts, and why."""

    condition = forms.CharField(widget=forms.HiddenInput, max_length=60)
    reading = forms.ChoiceField(
        label="按哪一种理解", widget=forms.RadioSelect, error_messages={"required": "请选择一种理解。"}
    )
    reason = forms.CharField(
        label="理由", max_length=1000, error_messages={"required": "请写明选择这种理解的理由。"}
    )

    def __init__(self, readings: Iterable[dict[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reading"].choices = [(r["key"], r["words"]) for r in readings]  # type: ignore[attr-defined]


class CorrectionForm(forms.Form):
    """What is to be mended: per item a tick, a stock reason or one's own words."""

    run = forms.IntegerField(widget=forms.HiddenInput, required=False)
    message = forms.CharField(
        label="补充说明", widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=1000
    )

    def __init__(
        self,
        known: dict[str, str],
        *args: Any,
        picked: Iterable[str] = (),
        given: Iterable[str] = (),
        **kwargs: Any,
    ) -> None:
        """`picked`: keys that begin ticked; `given`: materials that are there and thus not missing."""
        super().__init__(*args, **kwargs)
        self.known = list(known.items())
        chosen, there = set(picked), set(given)
        for n, (key, label) in enumerate(self.known):
            stock = STOCK["material" if key.startswith("material:") else "section"]
            self.fields[f"pick_{n}"] = forms.BooleanField(label=label, required=False, initial=key in chosen)
            self.fields[f"stock_{n}"] = forms.ChoiceField(
                label=f"{label}的补正原因",
                required=False,
                choices=[*((s, s) for s in stock), (OWN, "其他原因（写在右边）")],
                initial=stock[key in there],
            )
            self.fields[f"own_{n}"] = forms.CharField(
                label=f"{label}的其他原因", required=False, max_length=500
            )

    def rows(self) -> list[dict[str, Any]]:
        """The lines of the table: tick, stock reason, own words, label."""
        return [
            {"pick": self[f"pick_{n}"], "stock": self[f"stock_{n}"], "own": self[f"own_{n}"], "label": label}
            for n, (_, label) in enumerate(self.known)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        picked = [n for n in range(len(self.known)) if cleaned.get(f"pick_{n}")]
        if not picked:
            self.add_error(None, "请至少选择一项要补正的内容。")
        for n in picked:
            if cleaned.get(f"stock_{n}") in (OWN, "", None) and not cleaned.get(f"own_{n}", "").strip():
                self.add_error(f"own_{n}", f"请写明“{self.known[n][1]}”需要补正的原因。")
        return cleaned

    def items(self) -> list[dict[str, str]]:
        """[{key, label, reason}] as the action takes them; own words win."""
        found = []
        for n, (key, label) in enumerate(self.known):
            if self.cleaned_data.get(f"pick_{n}"):
                own = self.cleaned_data.get(f"own_{n}", "").strip()
                stock = self.cleaned_data.get(f"stock_{n}", "")
                reason = own or ("" if stock == OWN else stock)
                found.append({"key": key, "label": label, "reason": reason})
        return found


class ConcludeForm(forms.Form):
    """The conclusion; reason and clause are needed for 不符合."""

    run = forms.IntegerField(widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        label="审核结论",
        choices=[("qualified", "符合"), ("unqualified", "不符合")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择“符合”或“不符合”。"},
    )
    clause = forms.ChoiceField(label="依据的条款（“不符合”时必选）", required=False)
    note = forms.CharField(
        label="理由（“不符合”时必填，会告知申报单位）",
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=1000,
    )

    def __init__(
        self, failed: list[tuple[str, str]], others: list[tuple[str, str]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        groups: list[Any] = [("", "请选择")]
        if failed:
            groups.append(("没有满足的条件", failed))
        groups.append(("制度的其他条款", others))
        self.fields["clause"].choices = groups  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("verdict") == "unqualified":
            if not cleaned.get("clause"):
                self.add_error("clause", "“不符合”的结论要写明依据的条款。")
            if not cleaned.get("note", "").strip():
                self.add_error("note", "请写明“不符合”的理由。")
        return cleaned


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label="退回的理由",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        error_messages={"required": "请写明退回重新审核的理由。"},
    )


class LateForm(forms.Form):
    """Which organisation may submit late, until the end of which day, and why."""

    code = typed.Signs(
        label="统一社会信用代码", max_length=40, error_messages={"required": "请填写统一社会信用代码。"}
    )
    day = typed.Day(label="延至（当日 24:00）", help_text="写成 2026-03-01 的样子")
    reason = forms.CharField(
        label="理由",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        error_messages={"required": "请写明准许补报的理由。"},
    )

    def until(self) -> dt.datetime:
        """The half-open end."""
        return clock.end_of_day(self.cleaned_data["day"])
