"""The shape of a change to a proposed assignment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from shuniu.calls.models import PlannedReview
from shuniu.calls.queries.assignment_page import Able

GAP = "gap"


class ChangeForm(forms.Form):
    """Whom to take out (or a gap to fill), whom to put in, and why."""

    out = forms.ChoiceField(
        label="换下",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择换下哪一位委员，或补派一位。"},
    )
    into = forms.ChoiceField(
        label="换上", help_text="按匹配度排列，应当回避、已经在评和份数已满的不在其中。",
        error_messages={"required": "请选择换上的委员。"},
    )  # fmt: skip
    reason = forms.CharField(
        label="理由",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明调整的理由。", "max_length": "理由最多 200 字，请精简。"},
    )

    def __init__(
        self, reviews: Sequence[PlannedReview], able: Sequence[Able], missing: int, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        outs = [
            (str(r.seat_id), f"{r.seat.expert.number} 号 {r.seat.expert.name}（匹配度 {r.points}）")
            for r in reviews
        ]
        if missing:
            outs.append((GAP, f"不换下，补派一位（还缺 {missing} 位）"))
        self.fields["out"].choices = outs  # type: ignore[attr-defined]
        self.fields["into"].choices = [("", "请选择")] + [  # type: ignore[attr-defined]
            (
                str(a.seat.pk),
                f"{a.seat.expert.number} 号 {a.seat.expert.name}，匹配度 {a.suits.points}"
                f"（专业 {a.suits.field}、轮换 {a.suits.spread}、负荷 {a.suits.load}），已有 {a.load} 份",
            )
            for a in able
        ]

    def values(self) -> dict[str, Any]:
        """As the action takes them."""
        data = self.cleaned_data
        out = data["out"]
        return {"out": None if out == GAP else int(out), "into": int(data["into"]), "reason": data["reason"]}
