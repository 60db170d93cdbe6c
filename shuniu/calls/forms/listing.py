"""The shape of what comes in about lists: reasons and corrections."""

from __future__ import annotations

from typing import Any

from django import forms

from shuniu.calls.models import PublicList


class CorrectionForm(forms.Form):
    """What is wrong in a published list: words, a category or direction, a name that does not belong there."""

    entry = forms.ChoiceField(label="更正哪一家", required=False)
    removes = forms.ChoiceField(
        label="更正什么",
        choices=[
            ("", "文字有误"),
            ("place", "类别或者方向有误（已经认定的，证书同时更正）"),
            ("yes", "移出名单（已经认定的，资质同时撤回）"),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    place = forms.MultipleChoiceField(
        label="正确的类别和方向",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="只在类别或者方向有误时填写，选同一个类别里的全部正确方向",
    )
    label = forms.CharField(label="事项", max_length=60, required=False, help_text="例如“组织名称”“方向”")
    before = forms.CharField(label="原来", max_length=200, required=False)
    after = forms.CharField(label="改为", max_length=200, required=False)
    reason = forms.CharField(
        label="更正理由",
        max_length=500,
        widget=forms.Textarea,
        help_text="写进公布的更正公告",
        error_messages={"required": "请写明更正理由，它会写进更正公告。"},
    )

    def __init__(self, row: PublicList, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entries = {e.application_id: e.pk for e in row.entries.exclude(state="removed")}
        self.fields["entry"].choices = [  # type: ignore[attr-defined]
            ("", "名单整体"),
            *(
                (str(entries[r["application"]]), f"{r['order']}. {r['name']}")
                for r in row.frozen
                if r["application"] in entries
            ),
        ]
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            (f"{category.key}:{d['key']}", f"{category.label}：{d['label']}")
            for category in row.call.categories.all()
            for d in category.directions
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("removes"):
            if not data.get("entry"):
                self.add_error("entry", "请指明是哪一家单位。")
            if data["removes"] == "place" and len({p.split(":")[0] for p in data.get("place", ())}) != 1:
                self.add_error("place", "请在一个类别里选一个或者几个方向。")
        elif not self.errors:
            for name, words in (("label", "请填写事项，例如“组织名称”。"), ("after", "请填写改为什么。")):
                if not data.get(name):
                    self.add_error(name, words)
        return data

    def values(self) -> dict[str, Any]:
        """As the action takes them."""
        data = self.cleaned_data
        places = [p.split(":", 1) for p in data["place"]] if data["removes"] == "place" else []
        return {
            "reason": data["reason"],
            "category": places[0][0] if places else "",
            "directions": [direction for _, direction in places],
            "entry_id": int(data["entry"]) if data["entry"] else None,
            "label": data["label"],
            "before": data["before"],
            "after": data["after"],
            "removes": data["removes"] == "yes",
        }
