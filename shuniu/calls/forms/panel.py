"""The shape of what comes in about experts, draws, undertakings and declarations."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.cache import cache

from shuniu.calls import defaults
from shuniu.calls.models import Application, Expert
from shuniu.calls.rules.panel import APPLICANT, AUDITOR, PARTIES
from shuniu.foundation.accounts.models import clean_phone
from shuniu.foundation.ui import typed
from shuniu.library.queries import laws
from shuniu.registry import codes

TIERS = (("province", "省级"), ("city", "市级"), ("district", "区级"), ("outside", "市外"))


def category_choices() -> list[tuple[str, str]]:
    """Every category of every document at hand, each key once, and that of documents without any; kept for a minute."""

    def ask() -> list[tuple[str, str]]:
        found: dict[str, tuple[str, str]] = {}
        for document in laws():
            for category in document.categories:
                found.setdefault(category.key, (category.label, document.short))
            if not document.categories:
                found.setdefault(defaults.WHOLE, (defaults.WHOLE_FIELD, ""))
        return list(_told_apart(found).items())

    return list(cache.get_or_set("calls.category_choices", ask, 60) or [])


def _told_apart(found: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Labels by key; one that two documents use says whose it is."""
    often = Counter(label for label, _ in found.values())
    return {
        key: f"{label}（{short}）" if often[label] > 1 else label for key, (label, short) in found.items()
    }


def direction_choices() -> list[tuple[str, str]]:
    """Every direction of every category at hand, as "category:direction", each key once."""
    found: dict[str, str] = {}
    called = dict(category_choices())
    for document in laws():
        for category in document.categories:
            for direction in category.directions:
                label = called.get(category.key, category.label)
                found.setdefault(f"{category.key}:{direction.key}", f"{label}：{direction.label}")
    return list(found.items())


class ReasonForm(forms.Form):
    """A written reason."""

    reason = forms.CharField(
        label="理由",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明理由。", "max_length": "理由最多 200 字，请精简。"},
    )

    def __init__(self, *args: Any, label: str = "理由", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label


class ExpertForm(forms.Form):
    """An expert's particulars."""

    name = forms.CharField(
        label="姓名", max_length=40, error_messages={"required": "请填写姓名，例如“张三”。"}
    )
    phone = typed.Signs(
        label="手机", max_length=20, error_messages={"required": "请填写手机号码，用于核对回避情形。"}
    )
    employer = forms.CharField(
        label="工作单位",
        max_length=120,
        help_text="填写全称，用于自动核对回避情形。",
        error_messages={"required": "请填写工作单位全称。"},
    )
    employer_code = typed.Signs(label="工作单位信用代码", required=False)
    past_posts = forms.CharField(
        label="曾任职单位",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一行一个单位全称。",
    )
    position = forms.CharField(label="职称职务", required=False, max_length=60)
    fields_ = forms.MultipleChoiceField(
        label="评审类别",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一个可以评审的类别。"},
    )
    directions = forms.MultipleChoiceField(
        label="擅长方向",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="用于分派评审任务时计算匹配度，可以不选。",
    )
    tier = forms.ChoiceField(label="级别", choices=TIERS)
    term_from = typed.Day(label="聘期自")
    term_to = typed.Day(label="聘期至")
    available = forms.BooleanField(label="可参加抽取", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fields_"].choices = category_choices()  # type: ignore[attr-defined]
        self.fields["directions"].choices = direction_choices()  # type: ignore[attr-defined]

    @classmethod
    def of(cls, expert: Expert, data: Any = None) -> ExpertForm:
        """The form over an expert who is in the pool."""
        names = [name for name in cls.base_fields if name != "fields_"]
        return cls(data, initial={n: getattr(expert, n) for n in names} | {"fields_": expert.fields})

    def clean_phone(self) -> str:
        phone = clean_phone(self.cleaned_data["phone"])
        if not 7 <= len(phone) <= 15:
            raise forms.ValidationError("手机号码不对，请填写 11 位手机号码。")
        return phone

    def clean_employer_code(self) -> str:
        code = codes.normalise(self.cleaned_data["employer_code"])
        if code and (problem := codes.problem(code)):
            raise forms.ValidationError(problem)
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("term_from"), data.get("term_to")
        if start and end and end < start:
            self.add_error("term_to", "聘期的止日早于起日，请改正。")
        return data

    def values(self) -> dict[str, Any]:
        """As the action takes them."""
        data = dict(self.cleaned_data)
        data["fields"] = data.pop("fields_")
        return data


class FreezeForm(forms.Form):
    """Who gives the second number, and why a further draw is held."""

    second_party = forms.ChoiceField(
        label="与责任部门共同产生随机数的一方",
        choices=[(key, PARTIES[key]) for key in (AUDITOR, APPLICANT)],
        widget=forms.RadioSelect,
        initial=AUDITOR,
    )
    reason = forms.CharField(
        label="重新抽取的原因", required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, again: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = again
        if not again:
            del self.fields["reason"]
        else:
            self.fields["reason"].error_messages["required"] = "请写明重新抽取的原因，原因会一起公布。"


class CommitForm(forms.Form):
    """SHA-256 of "number:salt", computed by the party itself."""

    digest = typed.Signs(
        label="承诺值",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-commit-digest": ""}),
        error_messages={"required": "请填写承诺值：“号码:暗语”的 SHA-256，共 64 位。"},
    )


class RevealForm(forms.Form):
    """The number and the salt behind the digest: letter for letter, since the digest was made of these."""

    number = forms.CharField(
        label="号码",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请填写提交承诺值时用的号码。"},
    )
    salt = forms.CharField(
        label="暗语",
        max_length=120,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请填写提交承诺值时用的暗语，一字不差。"},
    )

    def value(self) -> str:
        """ "number:salt", as it was committed to."""
        return f"{self.cleaned_data['number']}:{self.cleaned_data['salt']}"


class UndertakingForm(forms.Form):
    """Signing by typing one's own name under the words."""

    agree = forms.BooleanField(
        label="我已阅读并承诺遵守以上内容", error_messages={"required": "请先勾选，再签署。"}
    )
    name = forms.CharField(
        label="签名（填写本人姓名）", max_length=40, error_messages={"required": "请填写本人姓名，作为签名。"}
    )

    def __init__(self, *args: Any, person_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person_name = person_name

    def clean_name(self) -> str:
        name = unicodedata.normalize("NFKC", self.cleaned_data["name"]).strip()
        if name != self.person_name:
            raise forms.ValidationError("签名与账号的姓名不一致，请填写本人姓名。")
        return name


class DeclarationForm(forms.Form):
    """One line per organisation: is there a relation, and which; then the declaration itself."""

    none = forms.BooleanField(
        label="除以上勾选的单位外，我与其他单位没有需要回避的关系",
        error_messages={"required": "请勾选这一项，完成回避声明。"},
    )

    def __init__(self, applications: Iterable[Application], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.applications = list(applications)
        for a in self.applications:
            self.fields[f"c{a.pk}"] = forms.BooleanField(label=a.organisation.name, required=False)
            self.fields[f"d{a.pk}"] = forms.CharField(
                label=f"与“{a.organisation.name}”的关系", required=False, max_length=300
            )
        self.order_fields([name for name in self.fields if name != "none"] + ["none"])

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Tick and relation of each organisation."""
        return [(self[f"c{a.pk}"], self[f"d{a.pk}"]) for a in self.applications]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for a in self.applications:
            ticked, detail = data.get(f"c{a.pk}"), str(data.get(f"d{a.pk}") or "").strip()
            if ticked and not detail:
                self.add_error(f"d{a.pk}", f"请写明与“{a.organisation.name}”的关系，例如“本人任理事”。")
            if detail and not ticked:
                self.add_error(f"c{a.pk}", f"写了与“{a.organisation.name}”的关系，请同时勾选回避。")
        return data

    def conflicts(self) -> dict[int, str]:
        """Application → relation, as the action takes them."""
        data = self.cleaned_data
        return {a.pk: data[f"d{a.pk}"].strip() for a in self.applications if data[f"c{a.pk}"]}
