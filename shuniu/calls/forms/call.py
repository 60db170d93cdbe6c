"""The shape of what comes in while a call is composed, approved, amended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms

from shuniu import policy
from shuniu.calls import defaults, terms
from shuniu.calls.entry import entry_of
from shuniu.calls.models import Call
from shuniu.foundation.ui import typed


class Versioned(forms.Form):
    """A form over a draft that two people may have open."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ComposeForm(forms.Form):
    document = forms.ChoiceField(label="依据的制度", error_messages={"required": "请选择依据的制度。"})
    year = typed.Whole(
        label="年度",
        min_value=2000,
        max_value=2100,
        error_messages={"required": "请填写年度，例如 2026。", "invalid": "年度应是四位数字，例如 2026。"},
    )

    def __init__(self, laws: Iterable[policy.Document], *args: Any, **kwargs: Any) -> None:
        """`laws`: the documents under which the asker's union may open a call."""
        super().__init__(*args, **kwargs)
        self.fields["document"].choices = [  # type: ignore[attr-defined]
            (d.key, f"《{d.title}》（{d.issuer.name}）") for d in laws
        ]


class BasicsForm(Versioned):
    title = forms.CharField(
        label="标题", max_length=200, error_messages={"required": "请填写标题，例如“关于开展……的通知”。"}
    )
    intro = forms.CharField(
        label="正文", widget=forms.Textarea, error_messages={"required": "请填写通知正文。"},
        help_text="一段写完换行；条件、类别、材料、时间表由后面各项自动列出，不必重复。",
    )  # fmt: skip
    department = forms.CharField(
        label="责任部门", max_length=60, error_messages={"required": "请填写责任部门。"}
    )
    contact = forms.CharField(label="联系人", max_length=40, error_messages={"required": "请填写联系人。"})
    phone = typed.Signs(label="联系电话", max_length=30, error_messages={"required": "请填写联系电话。"})
    email = forms.EmailField(
        label="邮箱", required=False, error_messages={"invalid": "邮箱格式不对，应含 @。"}
    )
    address = forms.CharField(label="来信来访地址", max_length=200, required=False)
    postcode = typed.Pattern(
        r"^\d{6}$", label="邮编", required=False, error_messages={"invalid": "邮编是 6 位数字。"}
    )


class TimetableForm(Versioned):
    """Two dates for each stage; the apply stage is the window, publicity counts working days.

    `reckons`: the end of a 公示 that is left empty is reckoned when it is saved.
    """

    reckons = True

    def __init__(
        self, call: Call, *args: Any, stated: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        self.stages, self.stated = list(call.stages.all()), stated or {}
        kwargs.setdefault("initial", {"version": call.version})
        for s in self.stages:
            kwargs["initial"] |= {f"{s.key}_from": s.starts_on, f"{s.key}_to": s.ends_on}
        super().__init__(*args, **kwargs)
        entry = entry_of(self.stages)
        for s in self.stages:
            needed = s.kind == "publicity" or (entry is not None and s.key == entry.key)
            self.fields[f"{s.key}_from"] = typed.Day(label=f"{s.label}开始", required=needed)
            left = self.reckons and s.kind == "publicity"
            self.fields[f"{s.key}_to"] = typed.Day(label=f"{s.label}结束", required=needed and not left)

    def rows(self) -> list[dict[str, Any]]:
        """For the template: each stage with its two fields."""
        return [
            {
                "stage": s, "start": self[f"{s.key}_from"], "end": self[f"{s.key}_to"],
                "stated": self.stated.get(s.key),
            }
            for s in self.stages
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        previous: tuple[str, dt.date] | None = None
        for s in self.stages:
            start, end = data.get(f"{s.key}_from"), data.get(f"{s.key}_to")
            if start and end and end < start:
                self.add_error(f"{s.key}_to", f"“{s.label}”的结束日期早于开始日期，请改成同日或以后。")
            if start and previous and start < previous[1]:
                self.add_error(f"{s.key}_from", f"“{s.label}”早于“{previous[0]}”结束，请按程序的先后填写。")
            if last := end or start:
                previous = (s.label, last)
        return data

    def days(self) -> dict[str, tuple[dt.date | None, dt.date | None]]:
        """Stage key → first and last day."""
        data = self.cleaned_data
        return {s.key: (data.get(f"{s.key}_from"), data.get(f"{s.key}_to")) for s in self.stages}


class CategoriesForm(Versioned):
    """Which of the document's categories the call opens, and their places."""

    def __init__(self, call: Call, law: policy.Document, *args: Any, **kwargs: Any) -> None:
        chosen = {c.key: c for c in call.categories.all()}
        kwargs.setdefault("initial", {"version": call.version, "keep": list(chosen)})
        super().__init__(*args, **kwargs)
        self.categories: list[Any] = [*(defaults.categories_of(law) or chosen.values())]
        above = {c.key: c.label for c in law.categories}
        parents = {c.key: above.get(c.parent, "") for c in law.categories}
        self.fields["keep"] = forms.MultipleChoiceField(
            label="本次开放的类别",
            choices=[
                (
                    c.key,
                    (f"{parents[c.key]} / " if parents.get(c.key) else "")
                    + (f"{c.label}（{c.clause}）" if c.clause else c.label),
                )
                for c in self.categories
            ],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "请至少选择一个类别。"},
        )
        for c in self.categories:
            self.fields[f"places_{c.key}"] = typed.Whole(
                label=f"{c.label}名额",
                required=False,
                min_value=1,
                max_value=999,
                initial=chosen[c.key].places if c.key in chosen else None,
                help_text="不限名额请留空",
                error_messages={
                    "invalid": "名额应是数字。",
                    "min_value": "名额至少 1 家；不限名额请留空。",
                    "max_value": "名额最多 999 家。",
                },
            )

    def place_fields(self) -> list[Any]:
        return [self[f"places_{c.key}"] for c in self.categories]

    def places(self) -> dict[str, int | None]:
        return {c.key: self.cleaned_data.get(f"places_{c.key}") for c in self.categories}


class MaterialRow(forms.Form):
    label = forms.CharField(label="材料", max_length=100, error_messages={"required": "请填写材料名称。"})
    hint = forms.CharField(label="说明", max_length=300, required=False)
    clause = forms.CharField(label="依据", max_length=80, required=False)
    required = forms.BooleanField(label="必交", required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False)


class RubricRow(forms.Form):
    label = forms.CharField(label="指标", max_length=60, error_messages={"required": "请填写指标名称。"})
    guide = forms.CharField(
        label="评分标准", widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明怎样给分，专家打分时会看到。"},
    )  # fmt: skip
    weight = typed.Whole(
        label="分值", min_value=1, max_value=9000,
        error_messages={
            "required": "请填写分值。", "invalid": "分值应是整数。", "min_value": "分值至少 1 分。",
            "max_value": "分值最多 9000 分。",
        },
    )  # fmt: skip
    key = forms.CharField(widget=forms.HiddenInput, required=False)


if TYPE_CHECKING:
    _BaseRows = forms.BaseFormSet[forms.Form]
else:
    _BaseRows = forms.BaseFormSet


class _Rows(_BaseRows):
    """Rows of a list; a row left empty or ticked for removal is dropped."""

    noun = "行"

    def rows(self) -> list[dict[str, Any]]:
        found = []
        for n, form in enumerate(self.forms, 1):
            data = dict(form.cleaned_data) if form.has_changed() or form.initial else {}
            if not data or data.pop("DELETE", False):
                continue
            data["key"] = data.get("key") or f"own_{n}"
            found.append(data)
        return found

    def clean(self) -> None:
        if any(self.errors):
            return
        if not self.rows():
            raise forms.ValidationError(f"请至少保留一{self.noun}。")


class _MaterialRows(_Rows):
    noun = "项材料"


class _RubricRows(_Rows):
    noun = "项指标"
    most = 100  # what the plain items add up to
    beside: frozenset[str] = frozenset()  # keys of bonus and deduction, which do not count towards it

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        total = sum(row["weight"] for row in self.rows() if row["key"] not in self.beside)
        if total != self.most:
            side = f"少 {self.most - total} 分" if total < self.most else f"多 {total - self.most} 分"
            said = f"各项分值合计 {total} 分，应为 {self.most} 分，还{side}。请调整后再保存。"
            raise forms.ValidationError(said)


MaterialFormSet = forms.formset_factory(MaterialRow, formset=_MaterialRows, extra=2, can_delete=True)
RubricFormSet = forms.formset_factory(RubricRow, formset=_RubricRows, extra=2, can_delete=True)


class LawRubricRow(RubricRow):
    """An item of the document's own sheet: only how points are given may be said more closely."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("label", "weight", "key"):
            self.fields[name].disabled = True


LawRubricFormSet = forms.formset_factory(LawRubricRow, formset=_RubricRows, extra=0)


_RADIOS = 6  # more are chosen from a menu


def _term_field(point: policy.NotStated) -> forms.Field:
    needed = terms.must_be_settled(point)
    label = point.label
    said = {"required": f"请填写“{point.label}”：本办法未规定，由本次通知规定。"}
    match point.kind:
        case "days" | "working_days" | "number":
            most = 9999 if point.key == terms.YEAR else 999
            return typed.Whole(
                label=label, required=needed, min_value=0, max_value=most, help_text=point.note,
                error_messages=said | {
                    "invalid": f"“{point.label}”应是数字。",
                    "min_value": "不能小于 0。", "max_value": f"不能大于 {most}。",
                },
            )  # fmt: skip
        case "choice":
            return forms.ChoiceField(
                label=label, required=needed, choices=[(c, c) for c in point.choices], help_text=point.note,
                widget=forms.RadioSelect if len(point.choices) <= _RADIOS else forms.Select, error_messages=said,
            )  # fmt: skip
        case "yes_no":
            return forms.ChoiceField(
                label=label, required=needed, choices=[("是", "是"), ("否", "否")], help_text=point.note,
                widget=forms.RadioSelect, error_messages=said,
            )  # fmt: skip
        case "date":
            return typed.Day(label=label, required=needed, help_text=point.note)
    return forms.CharField(
        label=label, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=point.note or "留空表示本次通知也不作规定",
    )  # fmt: skip


class TermsForm(Versioned):
    """What the document leaves open: a value and a reason for each point."""

    def __init__(self, call: Call, law: policy.Document, *args: Any, **kwargs: Any) -> None:
        self.points = terms.points_of(law)
        settled = {t.key: t for t in call.terms.all()}
        initial: dict[str, Any] = {"version": call.version}
        for p in self.points:
            initial[p.key] = settled[p.key].value if p.key in settled else p.default
            initial[f"why_{p.key}"] = settled[p.key].why if p.key in settled else ""
        kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)
        for p in self.points:
            self.fields[p.key] = _term_field(p)
            self.fields[f"why_{p.key}"] = forms.CharField(
                label=f"“{p.label}”的理由", max_length=300, required=False
            )

    def rows(self) -> list[dict[str, Any]]:
        return [{"point": p, "value": self[p.key], "why": self[f"why_{p.key}"]} for p in self.points]

    def values(self) -> dict[str, tuple[Any, str]]:
        """Point key → value in plain JSON, reason."""
        data = self.cleaned_data
        found = {}
        for p in self.points:
            value = data.get(p.key)
            if isinstance(value, dt.date):
                value = value.isoformat()
            found[p.key] = (value if value is not None else "", data.get(f"why_{p.key}", ""))
        return found


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="理由", widget=forms.Textarea, error_messages={"required": "请写明理由，办理记录里会保留。"}
    )
