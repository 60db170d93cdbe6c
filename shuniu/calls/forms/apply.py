"""The parts of the application form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from shuniu import policy
from shuniu.calls import judging, self_assessment
from shuniu.calls.models import Application, CallCategory
from shuniu.foundation.ui import typed
from shuniu.library.queries import policy_of
from shuniu.unions.models import Union

PHONE = r"^[0-9+\- ]{7,20}$"


class Count(typed.Whole):
    """A number of people or times."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        said = {
            "required": f"请填写{label}。",
            "invalid": f"{label}应是整数，例如 12。",
            "min_value": f"{label}不能小于 0。",
            "max_value": f"{label}填得太大了，请核对。",
        }
        super().__init__(label=label, min_value=0, max_value=10_000_000, error_messages=said, **kwargs)


class StartForm(forms.Form):
    """Which category; past the limit a reason."""

    category = forms.ChoiceField(
        label="申报类别", widget=forms.RadioSelect, error_messages={"required": "请选择一个申报类别。"}
    )
    override_reason = forms.CharField(
        label="超出类别上限的理由", widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=1000
    )

    recommender = forms.ChoiceField(
        label="推荐工会", help_text="申报经这家工会审核和推荐",
        error_messages={"required": "请选择推荐工会。", "invalid_choice": "请从名单中选择推荐工会。"},
    )  # fmt: skip

    def __init__(
        self,
        categories: list[CallCategory],
        needs_reason: bool,
        recommenders: list[Union],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if recommenders:
            choices = [("", "请选择"), *((u.pk, u.name) for u in recommenders)]
            self.fields["recommender"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["recommender"]
        self.fields["category"].choices = [(c.pk, _described(c)) for c in categories]  # type: ignore[attr-defined]
        if not needs_reason:
            del self.fields["override_reason"]


def _described(category: CallCategory) -> str:
    """The category with the directions among which is chosen next."""
    directions = "、".join(d["label"] for d in category.directions)
    return f"{category.label}：{directions}" if directions else category.label


class RegistryForm(forms.Form):
    confirmed = forms.BooleanField(
        label="以上登记信息与登记证书一致",
        error_messages={"required": "请核对后勾选；有不一致的，请先申请更正。"},
    )


class ContactForm(forms.Form):
    name = forms.CharField(label="联系人", max_length=40, error_messages={"required": "请填写联系人姓名。"})
    phone = typed.Pattern(
        PHONE,
        label="手机或电话",
        max_length=20,
        error_messages={
            "required": "请填写联系电话。",
            "invalid": "电话应是 7 到 20 位数字，可以带区号和短横线，例如 010-65000000。",
        },
    )
    email = forms.EmailField(
        label="邮箱", required=False, error_messages={"invalid": "邮箱格式不对，应含 @。"}
    )


class LimitForm(forms.Form):
    reason = forms.CharField(
        label="超出类别上限的理由", widget=forms.Textarea(attrs={"rows": 3}), max_length=1000,
        error_messages={"required": "请写明理由，审核时会看到。", "max_length": "最多 1000 字。"},
    )  # fmt: skip


class DirectionsForm(forms.Form):
    directions = forms.MultipleChoiceField(
        label="工作方向",
        widget=forms.CheckboxSelectMultiple,
        help_text="可以选多个，都应在登记的业务范围之内",
        error_messages={"required": "请至少选择一个工作方向。"},
    )
    basis = forms.CharField(
        label="对应的业务范围",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        help_text="照登记证书或章程写明与所选方向对应的业务范围",
        error_messages={"required": "请写明对应的业务范围。", "max_length": "最多 500 字。"},
    )

    def __init__(self, application: Application, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["directions"].choices = [  # type: ignore[attr-defined]
            (d["key"], d["label"]) for d in application.category.directions
        ]


class ExperienceForm(forms.Form):
    projects = forms.MultipleChoiceField(
        label="社会组织库里已有的项目",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="勾选与本类别有关、已经完成的项目",
    )
    text = forms.CharField(
        label="其他项目经历",
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        max_length=2000,
        help_text="库里没有的，写明名称、时间、委托单位、服务人次和成效，一个项目一段",
        error_messages={"max_length": "最多 2000 字。"},
    )

    def __init__(self, projects: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if projects:
            self.fields["projects"].choices = projects  # type: ignore[attr-defined]
        else:
            del self.fields["projects"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("projects") and not str(data.get("text", "")).strip():
            self.add_error("text", "请勾选或写明至少一个已经完成的项目。")
        return data


class PeopleForm(forms.Form):
    full_time = Count("专职人员")
    part_time = Count("兼职人员", required=False)
    certified = Count("持证专业人员")
    text = forms.CharField(
        label="主要专业人员",
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
        max_length=2000,
        help_text="姓名可以只写姓，写明专业、证书和从业年限",
        error_messages={"max_length": "最多 2000 字。"},
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        total = (data.get("full_time") or 0) + (data.get("part_time") or 0)
        if "full_time" in data and "part_time" in data and (data.get("certified") or 0) > total:
            self.add_error("certified", f"持证专业人员多于专职和兼职人员合计（{total} 人），请核对。")
        return data


class PlanForm(forms.Form):
    text = forms.CharField(
        label="服务方案",
        widget=forms.Textarea(attrs={"rows": 12}),
        max_length=5000,
        help_text="服务谁、做什么、怎么做、谁来做、怎样衡量效果、有什么风险预案",
        error_messages={"required": "请写明服务方案。", "max_length": "最多 5000 字。"},
    )


class FactsForm(forms.Form):
    """Facts that the call's document declares for the application: one field each, by their type."""

    def __init__(self, law: policy.Document, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = judging.may_stay_empty(law)
        for spec in judging.own_facts(law):
            self.fields[spec.name] = fact_field(spec)
            if spec.name in free:
                self.fields[spec.name].required = False
                self.fields[spec.name].help_text = (
                    spec.hint or "原则上的要求没有达到、仍要申报的，写明理由；达到的不填"
                )


class SelfForm(forms.Form):
    """Points and the ground for them, for each item that the applicant scores."""

    def __init__(self, law: policy.Document, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sheet = self_assessment.sheet_of(law)
        for item in self_assessment.given_items(sheet) if sheet else []:
            most = f"{item.points.normalize():f}"
            self.fields[f"points_{item.key}"] = typed.Number(
                label=f"{item.label}自评分", help_text=f"0 到 {most} 分", min_value=0, max_value=item.points,
                error_messages={
                    "required": f"请给“{item.label}”打分；没有的打 0 分。", "invalid": "分数应是数字。",
                    "min_value": "分数不能小于 0。", "max_value": f"这一项最多 {most} 分。",
                },
            )  # fmt: skip
            self.fields[f"note_{item.key}"] = forms.CharField(
                label=f"{item.label}的依据", required=False, max_length=500,
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip


def fact_field(spec: policy.FactSpec) -> forms.Field:
    """The control of a declared fact, by its type."""
    said = {"required": f"请填写{spec.label}。", "invalid": f"{spec.label}的格式不对。"}
    label = f"{spec.label}（{spec.unit}）" if spec.unit else spec.label
    common: dict[str, Any] = {"label": label, "help_text": spec.hint, "error_messages": said}
    match spec.type:
        case "integer" | "year":
            return typed.Whole(**common)
        case "decimal":
            return typed.Number(**common)
        case "date":
            return typed.Day(label=label, help_text=spec.hint)
        case "boolean":
            return forms.TypedChoiceField(
                choices=[("yes", "是"), ("no", "否")],
                coerce=lambda v: v == "yes",
                widget=forms.RadioSelect,
                **common,
            )
        case "choice":
            return forms.ChoiceField(
                choices=[(v, v) for v in spec.values], widget=forms.RadioSelect, **common
            )
        case "choices":
            return forms.MultipleChoiceField(
                choices=[(v, v) for v in spec.values], widget=forms.CheckboxSelectMultiple, **common
            )
    return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, **common)


class SubmitForm(forms.Form):
    signatory = forms.CharField(
        label="法定代表人姓名",
        max_length=40,
        error_messages={"required": "请填写法定代表人姓名，作为承诺的签署人。"},
    )
    undertaken = forms.BooleanField(
        label="本单位承诺：所填内容和所交材料真实、合法、有效，愿意承担相应责任。",
        error_messages={"required": "请阅读并勾选真实性承诺。"},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="撤回的原因", widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=500
    )


def section_form(
    application: Application, section: str, projects: list[tuple[str, str]], data: Any
) -> forms.Form:
    """The form of a part, filled with what was saved; KeyError for an unknown part."""
    saved: dict[str, Any] = dict(application.draft.get(section, {}))
    match section:
        case "registry":
            return RegistryForm(data, initial=saved)
        case "contact":
            return ContactForm(data, initial=saved)
        case "limit":
            return LimitForm(data, initial={"reason": application.override_reason})
        case "directions":
            return DirectionsForm(application, data, initial=saved | {"directions": application.directions})
        case "experience":
            return ExperienceForm(projects, data, initial=saved)
        case "people":
            return PeopleForm(data, initial=saved)
        case "plan":
            return PlanForm(data, initial=saved)
        case "self":
            return SelfForm(policy_of(application.call.document), data, initial=saved)
        case "facts":
            return FactsForm(policy_of(application.call.document), data, initial=saved)
    raise KeyError(section)


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """Cleaned values as JSON keeps them: days as text, decimals as exact text."""
    import datetime as dt
    from decimal import Decimal

    return {
        k: v.isoformat() if isinstance(v, dt.date) else str(v) if isinstance(v, Decimal) else v
        for k, v in values.items()
    }


def plain_where_whole(
    form: forms.Form, data: QueryDict, names: Iterable[str]
) -> tuple[dict[str, Any], list[str]]:
    """Autosaved fields as `plain` keeps them; as typed, and named, where one is not whole yet."""
    values: dict[str, Any] = {}
    wrong = []
    for name in names:
        if name not in form.fields:
            continue
        field = form.fields[name]
        raw = field.widget.value_from_datadict(data, {}, name)
        try:
            values[name] = plain({name: field.clean(raw)})[name]
        except forms.ValidationError:
            values[name] = "" if raw is None else raw
            wrong.append(name)
    return values, wrong
