"""The shape of what comes in on the pages of unions, roles, stand-ins and the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms

from shuniu.foundation.access import UNION_ROLES
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.accounts.queries import person_by
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui import typed
from shuniu.unions.models import Level, RoleGrant, Union

_DATE_WRONG = "{label}不是有效的日期。请按 2026-03-01 的格式填写。"


def _required(label: str) -> str:
    return f"没有填写{label}。请填写。"


def text(
    label: str,
    *,
    required: bool = True,
    max_length: int = 100,
    hint: str = "",
    kind: type[forms.CharField] = forms.CharField,
) -> forms.CharField:
    """One line of words; with `kind=typed.Signs` a telephone number, a postcode, a log-in name."""
    return kind(
        label=label, required=required, max_length=max_length, help_text=hint,
        error_messages={
            "required": _required(label), "max_length": f"{label}最多 {max_length} 个字。请缩短。"
        },
    )  # fmt: skip


def words(label: str, *, required: bool = True, max_length: int = 200, hint: str = "") -> forms.CharField:
    """A few lines of words."""
    field = text(label, required=required, max_length=max_length, hint=hint)
    field.widget = forms.Textarea(attrs={"rows": 3})
    return field


def day(label: str, *, required: bool = True, hint: str = "") -> forms.DateField:
    """A day."""
    return typed.Day(
        label=label, required=required, help_text=hint,
        widget=forms.DateInput(format="%Y-%m-%d"),
        error_messages={"required": _required(label), "invalid": _DATE_WRONG.format(label=label)},
    )  # fmt: skip


def choice(label: str, choices: Iterable[tuple[str, str]], *, required: bool = True) -> forms.ChoiceField:
    """One of a list."""
    return forms.ChoiceField(
        label=label, required=required, choices=[("", "请选择"), *choices],
        error_messages={
            "required": f"没有选择{label}。请选择。", "invalid_choice": f"选择的{label}已不存在。请重新选择。"
        },
    )  # fmt: skip


def email(label: str = "邮箱") -> forms.EmailField:
    """A mail address, may be left out."""
    wrong = f"{label}格式不正确。请按 name@example.cn 的格式填写，或留空。"
    return forms.EmailField(label=label, required=False, error_messages={"invalid": wrong})


class _Period(forms.Form):
    first_day = day("开始日期")
    last_day = day("最后一天", required=False, hint="留空表示长期有效。例如 2026-12-31")
    note = text("说明", required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_day"].initial = clock.today


class GrantForm(_Period):
    """A role for somebody who has an account; `cleaned_data["person"]` is the account."""

    person = text(
        "登录名或手机号",
        max_length=64,
        kind=typed.Signs,
        hint="对方在个人中心可以看到自己的登录名。还没有账号的，请改用“邀请”。",
    )
    role = choice("身份", UNION_ROLES.items())
    field_order = ["person", "role", "first_day", "last_day", "note"]

    def clean_person(self) -> Person:
        found = person_by(self.cleaned_data["person"])
        if found is None:
            raise forms.ValidationError(
                "没有找到这个登录名或手机号的账号。请核对；还没有账号的，请改用“邀请”。"
            )
        return found


class InviteForm(_Period):
    """A role for somebody without an account."""

    invited_name = text("姓名", max_length=40)
    role = choice("身份", UNION_ROLES.items())
    phone = text("手机", required=False, max_length=20, hint="用于识别是否同一人。", kind=typed.Signs)
    email = email()
    field_order = ["invited_name", "role", "phone", "email", "first_day", "last_day", "note"]


class ReasonForm(forms.Form):
    """A reason, nothing else."""

    reason = words("理由", hint="对方和审计人员会看到。")


class UnionForm(forms.Form):
    """The facts of a union; the parents among the unions that the asker administers."""

    name = text("名称")
    short_name = text("简称", max_length=30)
    level = choice("层级", Level.choices)
    parent = choice("上级工会（地方）", [], required=False)
    industry_parent = choice("上级工会（产业）", [], required=False)
    region = text("所在区", required=False, max_length=40)
    responsible_department = text("责任部门", required=False, max_length=60, hint="负责社会组织工作的部门。")
    paper_code = text("机关代字", required=False, max_length=20, hint="发文字号用，例如“望工发”。")
    contact_phone = text("联系电话", required=False, max_length=30, kind=typed.Signs)
    contact_email = email("联系邮箱")
    address = text("地址", required=False, max_length=200)
    postcode = text("邮编", required=False, max_length=6, kind=typed.Signs)

    def __init__(self, *args: Any, parents: Iterable[Union], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._unions = {str(u.pk): u for u in parents}
        for name in ("parent", "industry_parent"):
            options = [("", "没有"), *((pk, u.name) for pk, u in self._unions.items())]
            self.fields[name].choices = options  # type: ignore[attr-defined]

    def clean_parent(self) -> Union | None:
        return self._unions.get(self.cleaned_data["parent"])

    def clean_industry_parent(self) -> Union | None:
        return self._unions.get(self.cleaned_data["industry_parent"])


class ActiveUnionForm(UnionForm):
    """The same for a union that exists: it can be stopped."""

    is_active = forms.BooleanField(
        label="启用",
        required=False,
        help_text="停用后，这个工会的人员不能再以它的名义办理业务，历史记录保留。",
    )


class DelegationForm(forms.Form):
    """Who stands in, in which role, when and why."""

    grant = choice("身份", [])
    to_person = choice("代理人", [])
    first_day = day("开始日期")
    last_day = day("最后一天")
    reason = text("事由", max_length=200, hint="例如“外出培训”。")

    def __init__(
        self, *args: Any, grants: Iterable[RoleGrant], colleagues: Iterable[Person], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._grants = {str(g.pk): g for g in grants if g.role != "expert"}
        self._people = {str(p.pk): p for p in colleagues}
        options = [(pk, f"{g.union.name} · {UNION_ROLES[g.role]}") for pk, g in self._grants.items()]
        self.fields["grant"].choices = [("", "请选择"), *options]  # type: ignore[attr-defined]
        people = [(pk, p.name) for pk, p in self._people.items()]
        self.fields["to_person"].choices = [("", "请选择"), *people]  # type: ignore[attr-defined]
        self.fields["first_day"].initial = clock.today

    def clean_grant(self) -> RoleGrant:
        return self._grants[self.cleaned_data["grant"]]

    def clean_to_person(self) -> Person:
        return self._people[self.cleaned_data["to_person"]]


class DayForm(forms.Form):
    """One day of the calendar, changed."""

    date = day("日期")
    working = forms.ChoiceField(
        label="安排", choices=[("no", "放假"), ("yes", "上班")], widget=forms.RadioSelect,
        error_messages={"required": "没有选择安排。请选择放假或上班。"},
    )  # fmt: skip
    note = text("说明", max_length=60, hint="节日名称或“调休上班”，并写明更改的依据。")


class YearForm(forms.Form):
    """A whole year: one line per day that differs from the week."""

    source = text("依据", max_length=200, hint="国务院办公厅放假通知的名称或文号。")
    days = forms.CharField(
        label="与周次不同的日子", widget=forms.Textarea(attrs={"rows": 14}), strip=True,
        help_text="每行一天：日期、放假或上班、说明，用空格隔开。例如：2027-01-01 放假 元旦。",
        error_messages={"required": "没有填写日子。请按放假通知逐行填写。"},
    )  # fmt: skip

    def clean_days(self) -> list[tuple[dt.date, bool, str]]:
        found = []
        for number, line in enumerate(self.cleaned_data["days"].splitlines(), 1):
            if line.strip():
                found.append(_day_line(number, line))
        return found


def _day_line(number: int, line: str) -> tuple[dt.date, bool, str]:
    parts = [typed.narrow(part) for part in line.split(maxsplit=2)]
    if len(parts) < 3 or parts[1] not in ("放假", "上班"):
        raise forms.ValidationError(
            f"第 {number} 行“{line.strip()}”看不懂。请写成“2027-01-01 放假 元旦”的样子。"
        )
    try:
        date = dt.date.fromisoformat(parts[0].replace("/", "-"))
    except ValueError:
        raise forms.ValidationError(
            f"第 {number} 行的日期“{parts[0]}”不对。请按 2027-01-01 的格式填写。"
        ) from None
    return date, parts[1] == "上班", parts[2]


class HandOnForm(forms.Form):
    """转办: to whom, and why."""

    to = choice("转给谁", [])
    note = words("转办说明", max_length=500, hint="对方会看到，例如“我出差，请你审签”。")

    def __init__(self, *args: Any, people: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", "请选择"), *((p.pk, p.name) for p in people)]  # type: ignore[attr-defined]
