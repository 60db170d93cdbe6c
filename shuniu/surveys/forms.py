"""The shape of what comes in about surveys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest

from shuniu.foundation.access import Who
from shuniu.foundation.accounts.kept import refill
from shuniu.foundation.ui import typed
from shuniu.registry.models import Organisation
from shuniu.registry.picking import organisation_field, organisation_meant
from shuniu.surveys.models import INVALID, LEVELS, LOW, REASONS, Conductor, Formula, Sampling, Survey

_FIELDS = (
    "title", "project", "conductor", "conductor_name", "population", "sampling", "formula", "basis", "due_days", "ends_on",
)  # fmt: skip


class SurveyForm(forms.Form):
    """Everything that is fixed with the opening."""

    code = organisation_field("被测评单位")
    title = forms.CharField(
        label="测评名称", max_length=100, help_text="印在测评票和结果上，例如“2026 年职工心理关爱服务满意度测评”",
        error_messages={"required": "请填写测评名称。"},
    )  # fmt: skip
    project = forms.CharField(
        label="服务项目", max_length=100, required=False, help_text="测评某一个项目的，写项目名称"
    )
    conductor = forms.ChoiceField(
        label="组织方式", choices=Conductor.choices, widget=forms.RadioSelect, initial="union"
    )
    conductor_name = forms.CharField(
        label="组织者名称", max_length=100, required=False, help_text="由第三方组织的必须写明，印在票和结果上"
    )
    population = typed.Whole(
        label="服务对象人数", min_value=1, max_value=10_000_000, help_text="名单是从这些人中抽取的",
        error_messages={"required": "请填写服务对象人数。"},
    )  # fmt: skip
    sampling = forms.ChoiceField(
        label="抽样方式", choices=Sampling.choices, widget=forms.RadioSelect, initial="all"
    )
    formula = forms.ChoiceField(
        label="满意率公式（本办法未规定）", choices=Formula.choices, widget=forms.RadioSelect, initial="satisfied",
        help_text="开放以后不能再改；结果按分数精确计算，不作取舍",
    )  # fmt: skip
    basis = forms.CharField(
        label="公式的依据",
        max_length=120,
        required=False,
        help_text="文件另有规定的写明；不写，结果上注明“本办法未规定”",
    )
    reasons = forms.CharField(
        label="不满意的原因选项", widget=forms.Textarea(attrs={"rows": 8}), help_text="一行一个，最多 12 个",
        error_messages={"required": "请至少写一个原因。"},
    )  # fmt: skip
    due_days = typed.Whole(
        label="整改期限", min_value=1, max_value=250, initial=15, help_text="自计票次日起算（本办法未规定）"
    )
    ends_on = typed.Day(label="测评截止日", help_text="到这一天 24:00 为止")

    def __init__(
        self,
        who: Who,
        *args: Any,
        row: Survey | None = None,
        rated: Organisation | None = None,
        **kwargs: Any,
    ) -> None:
        """`row` is changed; `rated`: whom a new one rates, where that stands already."""
        if row is not None:
            kwargs["initial"] = {name: getattr(row, name) for name in _FIELDS} | {
                "reasons": "\n".join(row.reasons), "code": row.organisation.code
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        self.who, self.row = who, row
        self.fields["reasons"].initial = "\n".join(REASONS)
        if row is not None or rated is not None:
            del self.fields["code"]

    def clean_code(self) -> Organisation:
        """The organisation, when the asker sees it."""
        return organisation_meant(self.who, self.cleaned_data["code"])

    def clean_reasons(self) -> list[str]:
        """One a line, each once."""
        found = list(
            dict.fromkeys(filter(None, (line.strip() for line in self.cleaned_data["reasons"].splitlines())))
        )
        if not found or len(found) > 12 or any(len(one) > 40 for one in found):
            raise forms.ValidationError("原因应有 1 至 12 个，每个不超过 40 字，一行一个。")
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("conductor") == Conductor.THIRD and not data.get("conductor_name"):
            self.add_error("conductor_name", "由第三方组织的，请写明第三方的名称。")
        return data

    def values(self) -> dict[str, Any]:
        """The fields of the survey."""
        return {name: self.cleaned_data[name] for name in (*_FIELDS, "reasons")}


class PeopleForm(forms.Form):
    """People typed, one a line: 姓名，单位."""

    people = forms.CharField(
        label="逐行录入", widget=forms.Textarea(attrs={"rows": 6}), help_text="一行一人：姓名，单位或部门",
        error_messages={"required": "请至少写一行。"},
    )  # fmt: skip

    def clean_people(self) -> list[tuple[str, str]]:
        """(name, workplace) of every line."""
        found = []
        for n, line in enumerate(filter(str.strip, self.cleaned_data["people"].splitlines()), 1):
            name, _, workplace = (
                part.strip() for part in line.replace(",", "，").replace("\t", "，").partition("，")
            )
            if not name or len(name) > 40 or len(workplace) > 100:
                raise forms.ValidationError(f"第 {n} 行应写成“姓名，单位或部门”，姓名不超过 40 字。")
            found.append((name, workplace))
        return found


class FileForm(forms.Form):
    """An Excel file."""

    file = forms.FileField(
        label="Excel 文件", help_text="用本页的模板，.xlsx，5 MB 以内",
        error_messages={"required": "请选择文件。", "empty": "这是空文件（0 字节），请重新选择。"},
    )  # fmt: skip


class ReasonForm(forms.Form):
    """A reason or remark; needed or not as the act says."""

    reason = forms.CharField(
        label="理由", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "最多 200 字，请精简。"},
    )  # fmt: skip


class WordsForm(forms.Form):
    """What was done, in words."""

    text = forms.CharField(
        label="情况", max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "请写明情况。", "max_length": "最多 2000 字，请精简。"},
    )  # fmt: skip

    def __init__(self, *args: Any, label: str = "情况", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label


_Key = TypeVar("_Key")


def words_for(request: HttpRequest, keys: Iterable[_Key], named: str, label: str) -> dict[_Key, WordsForm]:
    """One form for each of several things on a page; bound is that of the key which was sent as `named`."""
    asked = request.POST.get(named, "")
    made = {
        key: WordsForm(request.POST if asked == str(key) else None, label=label, prefix=f"w{key}")
        for key in keys
    }
    refill(request, made.values())
    return made


class AnswerForm(forms.Form):
    """The second screen: why, in words if one likes, a telephone only with a low level."""

    reasons = forms.MultipleChoiceField(
        label="哪些地方不满意", required=False, widget=forms.CheckboxSelectMultiple, help_text="可以多选"
    )
    comment = forms.CharField(
        label="意见和建议", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="请不要写姓名、电话", error_messages={"max_length": "最多 500 字，请精简。"},
    )  # fmt: skip
    phone = typed.Signs(
        label="愿意接回访的，请留电话", max_length=20, required=False,
        help_text="由工会人员回访，不给被测评单位；办结后清除，不与您的评价存在一起",
    )  # fmt: skip

    def __init__(self, row: Survey, level: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reasons"].choices = [(why, why) for why in row.reasons]  # type: ignore[attr-defined]
        if level not in LOW:
            del self.fields["reasons"], self.fields["phone"]


class SheetForm(AnswerForm):
    """One paper sheet."""

    code = typed.Signs(label="票码", max_length=24, error_messages={"required": "请填写票上的票码。"})
    level = forms.TypedChoiceField(
        label="评价", coerce=int, choices=[*LEVELS.items(), (INVALID, "无效（看不出选了哪一项）")],
        widget=forms.RadioSelect, error_messages={"required": "请选择票上勾选的一项。"},
    )  # fmt: skip

    def __init__(self, row: Survey, *args: Any, **kwargs: Any) -> None:
        super().__init__(row, LOW[0], *args, **kwargs)
        del self.fields["phone"]
        self.fields["reasons"].help_text = "只有不满意、很不满意的才填"
        self.order_fields(["code", "level", "reasons", "comment"])


class CodeForm(forms.Form):
    """A ticket's code, typed."""

    code = typed.Signs(label="票码", max_length=24, error_messages={"required": "请填写票上的票码。"})
