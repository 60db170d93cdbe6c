"""Forms about organisations: entering, status, profile, duplicates, facts."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db import models
from django.forms.models import fields_for_model

from shuniu.foundation.ui import typed
from shuniu.registry.fields import BY_ACTS, PROFILE, ProfileField
from shuniu.registry.forms.fields import Code, Day, Paper, Whole, Yuan, say
from shuniu.registry.models import FACTS, FactRow, Status

BASIS_HINT = "例如：登记证书副本、民政局公告、走访记录"
_CHOOSE = ("", "请选择")


def profile_field(spec: ProfileField, *, required: bool = False) -> forms.Field:
    """The form field of a profile field."""
    common: dict[str, Any] = {"label": spec.label, "required": required}
    if spec.kind == "date":
        return Day(**common)
    if spec.kind == "choice":
        choices = [c for c in spec.choices if c[0] != Status.CANDIDATE]
        return forms.ChoiceField(choices=[_CHOOSE, *choices], **common)
    if spec.kind == "email":
        return forms.EmailField(
            error_messages={"invalid": "邮箱格式不正确。请按 name@example.cn 的格式填写，或留空。"}, **common
        )
    if spec.kind == "phone":
        tel = forms.TextInput(attrs={"inputmode": "tel"})
        return typed.Signs(max_length=spec.max_length, widget=tel, **common)
    widget = forms.Textarea(attrs={"rows": 3}) if spec.kind == "long" else forms.TextInput()
    return forms.CharField(max_length=spec.max_length, widget=widget, **common)


class Spoken(forms.Form):
    """A form in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self)


_ENTRY = ("registrar", "registrar_level", "region", "registered_on", "legal_representative", "address",
          "supervisor", "contact_name", "contact_phone", "contact_email")  # fmt: skip


class RegisterForm(Spoken):
    """A clerk enters an organisation."""

    code = Code(label="统一社会信用代码", help_text="18 位，类型由代码判断")
    name = forms.CharField(label="名称", max_length=100, help_text="与登记证书一致")
    basis = forms.CharField(label="依据", max_length=200, help_text=BASIS_HINT)
    evidence = Paper(label="依据材料", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in _ENTRY:
            self.fields[name] = profile_field(PROFILE[name])
        say(self)
        self.order_fields(["code", "name", *_ENTRY, "basis", "evidence"])

    @property
    def values(self) -> dict[str, Any]:
        """The profile fields that were filled in."""
        return {name: self.cleaned_data[name] for name in _ENTRY if self.cleaned_data[name]}


class CandidateForm(Spoken):
    """A group that is not registered yet."""

    name = forms.CharField(label="名称", max_length=100)
    region = forms.CharField(label="所在区", max_length=40, required=False)
    contact_name = forms.CharField(label="联系人", max_length=40, required=False)
    contact_phone = typed.Signs(label="联系电话", max_length=30, required=False)
    basis = forms.CharField(label="依据", max_length=200, help_text=BASIS_HINT)

    @property
    def values(self) -> dict[str, Any]:
        """The profile fields that were filled in."""
        return {n: self.cleaned_data[n] for n in ("region", "contact_name", "contact_phone")}


class CodeForm(Spoken):
    """A candidate has been registered."""

    code = Code(label="统一社会信用代码")
    registered_on = Day(label="成立登记日期")
    basis = forms.CharField(label="依据", max_length=200, help_text=BASIS_HINT)
    evidence = Paper(label="登记证书", required=False)


class StatusForm(Spoken):
    """A change of status."""

    status = forms.ChoiceField(
        label="登记状态",
        choices=[c for c in Status.choices if c[0] != Status.CANDIDATE],
        widget=forms.RadioSelect,
    )
    since = Day(label="自哪一天起")
    basis = forms.CharField(label="依据", max_length=200, help_text=BASIS_HINT)
    evidence = Paper(label="依据材料", required=False)


class MergeForm(Spoken):
    """A duplicate is merged into another record."""

    keep = Code(label="保留哪一家（统一社会信用代码）", help_text="这条记录将并入它，事实一并保留")
    reason = forms.CharField(label="理由", max_length=200)


class PinyinForm(Spoken):
    """How the name is read."""

    pinyin = forms.CharField(label="拼音", max_length=600, help_text="音节之间空格，用于首字母搜索和排序")


class ProfileForm(Spoken):
    """Master and profile fields. An organisation sees only its own fields."""

    def __init__(self, *args: Any, official: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = [n for n, f in PROFILE.items() if n not in BY_ACTS and (official or not f.official)]
        for name in self.names:
            self.fields[name] = profile_field(PROFILE[name], required=name == "name")
        if official:
            self.fields["as_of"] = Day(label="截至日期", required=False, help_text="空着为今天")
            self.fields["basis"] = forms.CharField(label="依据", max_length=200, help_text=BASIS_HINT)
            self.fields["evidence"] = Paper(label="依据材料", required=False)
        say(self)

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the form, filled in or emptied."""
        return {name: self.cleaned_data[name] for name in self.names}


# --- facts ------------------------------------------------------------------------------------------


def _field_of(field: models.Field[Any, Any], **kwargs: Any) -> forms.Field | None:
    kwargs.pop("widget", None)
    if field.name == "amount_fen":
        return Yuan(label="金额（元）", required=False)
    if field.choices:
        choices = [_CHOOSE, *cast("list[tuple[str, str]]", field.choices)]
        return forms.ChoiceField(label=str(field.verbose_name), required=not field.blank, choices=choices)
    if isinstance(field, models.DateField):
        return Day(label=str(field.verbose_name), required=not field.blank)
    if isinstance(field, models.IntegerField):
        whole = Whole(label=str(field.verbose_name), required=not field.blank and not field.has_default())
        whole.validators = [*whole.validators, *field.validators]
        return whole
    if isinstance(field, models.TextField):
        kwargs["widget"] = forms.Textarea(attrs={"rows": 5})
    if isinstance(field, models.URLField):
        kwargs["assume_scheme"] = "https"
    return field.formfield(**kwargs)


class FactForm(Spoken):
    """The fields that say a fact of one kind, the day it is about, and what it rests on."""

    def __init__(self, *args: Any, kind: str, clerk: bool, row: FactRow | None = None, **kwargs: Any) -> None:
        self.model: type[FactRow] = FACTS[kind]
        if row is not None:
            kwargs.setdefault("initial", row.said() | {"amount_fen": _yuan(row)})
        super().__init__(*args, **kwargs)
        found = fields_for_model(self.model, fields=self.model.shown, formfield_callback=_field_of)
        self.fields.update({name: field for name, field in found.items() if field is not None})
        if kind in {"scope", "staff", "specialist", "project"} and row is None:
            self.fields["as_of"] = Day(label="截至日期", required=False, help_text="空着为今天")
        self.fields["basis"] = forms.CharField(
            label="依据", max_length=200, required=False,
            help_text="核验所依据的材料，不填须上传材料" if clerk else "材料名称，便于核验",
        )  # fmt: skip
        self.fields["evidence"] = Paper(label="依据材料", required=False)
        if row is not None:
            self.fields["reason"] = forms.CharField(label="更正理由", max_length=200)
        say(self)

    @property
    def values(self) -> dict[str, Any]:
        """The fields that say the fact; figures left empty keep the model's default."""
        found = {}
        for name in self.model.shown:
            value = self.cleaned_data[name]
            field = cast("models.Field[Any, Any]", self.model._meta.get_field(name))
            found[name] = field.get_default() if value is None and field.has_default() else value
        return found

    def take(self, problem: Any) -> None:
        """Put the model's objections next to their fields."""
        for name, messages in problem.message_dict.items():
            self.add_error(name if name in self.fields else None, messages)


def _yuan(row: FactRow) -> str:
    fen = getattr(row, "amount_fen", None)
    return "" if fen is None else f"{fen / 100:.2f}"


class VerifyForm(Spoken):
    """A clerk has checked a fact."""

    basis = forms.CharField(label="核验依据", max_length=200, help_text=BASIS_HINT)
    evidence = Paper(label="依据材料", required=False)


class ReasonForm(Spoken):
    """Why."""

    reason = forms.CharField(label="理由", max_length=200)
